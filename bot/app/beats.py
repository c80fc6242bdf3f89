"""What each beat of the clock does; twice does no more than once."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.app.clock import Body
from bot.app.parts import NudgeRound, nudge_in_parts
from bot.database import Database
from bot.mail.commits import GroupCommit
from bot.mail.due import lanes_to_drain, lanes_to_recover
from bot.mail.inbox import Inbox
from bot.mail.ledger import expire
from handlers.enter_answered import enter_answered
from handlers.health import Health
from handlers.invite import forget_told
from handlers.rounds import audit_round

log = logging.getLogger(__name__)

Housekeep = Callable[[AsyncSession], Awaitable[int]]
"""Deletes a part of what is kept no longer; returns 0 when all is done."""

Collect = Callable[[], Awaitable[int]]
"""Fetches the files that came in; returns how many were tried."""

_LATELY = timedelta(days=1)  # letters that a minute's beat looks through
_CHATS = 200  # rung at a time; the next beat rings for the others


@dataclass(frozen=True, kw_only=True)
class Bodies:
    """The bodies of the beats, and what they work with."""

    database: Database
    commits: GroupCommit
    inbox: Inbox
    lanes: tuple[str, ...]
    owner: str
    now: Callable[[], datetime]
    ring: Callable[[str], Awaitable[None]]
    health: Callable[[], Awaitable[Health]]
    nudge: NudgeRound
    housekeep: Housekeep
    collect: Collect

    def by_name(self) -> Mapping[str, Body]:
        """Return each body under the name of its beat."""
        return {
            "ring": self._ring,
            "recover": self._recover,
            "expire": self._expire,
            "audit": self._audit,
            "nudge": self._nudge,
            "fetch": self._fetch,
            "housekeep": self._housekeep,
        }

    async def _ring(self) -> None:
        """Ring for whatever is due: rings may be lost, rows are not."""
        now = self.now()
        async with self.database.reading() as session:
            lanes = await lanes_to_drain(session, self.lanes, owner=self.owner, now=now)
        for lane in sorted(lanes):
            await self.ring(f"lane:{lane}")
        for channel, chat in await self.inbox.chats_waiting(now, _CHATS):
            await self.ring(f"chat:{channel}:{chat}")

    async def _recover(self) -> None:
        """Ring for lanes in which a dead holder left something in hand."""
        async with self.database.reading() as session:
            lanes = await lanes_to_recover(
                session, self.lanes, owner=self.owner, now=self.now()
            )
        for lane in sorted(lanes):
            await self.ring(f"lane:{lane}")

    async def _expire(self) -> None:
        now = self.now()
        count = await self.commits.run(lambda session: expire(session, now=now))
        if count:
            log.info("deliveries expired", extra={"count": count})

    async def _audit(self) -> None:
        health = await self.health()
        async with self.database.writing() as session:
            found = await audit_round(session, health, now=self.now())
            await forget_told(session)
        for key in found.raised:
            log.warning("alarm raised", extra={"alarm": key})
        for key in found.cleared:
            log.info("alarm cleared", extra={"alarm": key})
        await self._enter_answered(since=self.now() - _LATELY)

    async def _enter_answered(self, *, since: datetime | None) -> None:
        while True:
            async with self.database.writing() as session:
                if not await enter_answered(session, since=since):
                    return

    async def _nudge(self) -> None:
        total = await nudge_in_parts(self.database, self.nudge)
        if total:
            log.info("nudges planned", extra={"submissions": total})

    async def _fetch(self) -> None:
        count = await self.collect()
        if count:
            log.info("files fetched", extra={"count": count})

    async def _housekeep(self) -> None:
        """Delete in small steps, so that nobody waits long for the store."""
        await self._enter_answered(since=None)  # of letters that waited for days, too
        total = 0
        while True:
            async with self.database.writing() as session:
                count = await self.housekeep(session)
            total += count
            if not count:
                break
        log.info("house kept", extra={"deleted": total})
