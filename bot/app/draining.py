"""Lanes of this process: taken, drained by a postman, and handed back."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import StoreError
from bot.mail.commits import GroupCommit, Writing
from bot.mail.errands import Fallback
from bot.mail.express import Batch, Hurry
from bot.mail.lanes import (
    Clock,
    LaneHold,
    LaneLost,
    release_lane,
    store_clock,
    take_lane,
)
from bot.mail.ledger import Outcome
from bot.mail.outbox import Text
from bot.mail.pace import Pace
from bot.mail.postman import Postman
from bot.messages import Channel, Tethered

log = logging.getLogger(__name__)

Observe = Callable[[str, Outcome, float], None]
"""Hears the lane, the outcome and the seconds of every send."""

_TURN = 10.0  # seconds after which a lane that is never empty changes hands
_ASIDE = 0.02  # seconds; until then the ring that brought us here has left the queue


@dataclass(frozen=True, kw_only=True)
class Holder:
    """What all lanes of a process have in common."""

    owner: str
    lease: timedelta
    writing: Writing
    commits: GroupCommit
    clock: Callable[[], datetime]
    on_failed: Fallback
    ring: Callable[[str], Awaitable[None]]
    observe: Observe


class Drains:
    """Drains lanes, one postman a lane; remembers how fast each was spoken to."""

    def __init__(self, channels: Mapping[str, Channel], holder: Holder) -> None:
        self._channels = channels
        self._us = holder
        self._postmen: dict[str, Postman] = {}
        self._paces: dict[str, tuple[int, Pace]] = {}  # with the epoch that used it
        self._later: set[asyncio.Task[None]] = set()
        self._held: set[str] = set()  # also while they are taken, and handed back
        self._again: set[str] = set()  # of these, what was rung meanwhile
        self._stopping = False
        self._at_work = 0
        self._idle = asyncio.Event()
        self._idle.set()

    def wake(self, lane: str) -> bool:
        """Have the postman look at once; False if the lane is not drained here."""
        postman = self._postmen.get(lane)
        if postman:
            postman.wake()
        return postman is not None

    @asynccontextmanager
    async def hurrying(self) -> AsyncIterator[Hurry]:
        """Have answers sent as soon as the block has ended well, in lanes of ours."""
        batches: list[Batch] = []

        async def hurry(
            session: AsyncSession, texts: Sequence[Text], *, at: datetime
        ) -> set[str]:
            going: set[str] = set()
            for lane, postman in [*self._postmen.items()]:
                mine = [text for text in texts if text.to.lane == lane]
                if mine:
                    batches.append(batch := postman.reserve(mine))
                    going |= await batch.mark(session, at=at)
            return going

        try:
            yield hurry
        except BaseException:
            for batch in batches:
                batch.drop()
            raise
        for batch in batches:
            batch.go()

    def may(self, lane: str) -> bool:
        """Tell whether this process can send through a lane now."""
        channel = self._channels.get(lane)
        return not isinstance(channel, Tethered) or channel.can_send

    def is_tethered(self, lane: str) -> bool:
        """Tell whether only the process that listens can send through a lane."""
        return isinstance(self._channels.get(lane), Tethered)

    async def drain(self, lane: str) -> None:
        """Send what is due in a lane, for some seconds; nothing if another has it.

        Raises StoreError.
        """
        if self._stopping or lane not in self._channels or self.wake(lane):
            return
        if not self.may(lane):  # whoever is connected looks by himself, each second
            return
        if lane in self._held:  # nobody may take a lane that he is using
            self._again.add(lane)
            return
        self._held.add(lane)
        self._count(+1)
        try:
            hold, clock = await self._take(lane)
            if hold and await self._empty(hold, clock):
                self._again.add(lane)
        finally:
            self._held.discard(lane)
            self._count(-1)
        if lane in self._again:
            self._again.discard(lane)
            self._ring_later(lane)

    async def _take(self, lane: str) -> tuple[LaneHold | None, Clock]:
        """Take a lane in a transaction of its own; returns its holders' clock, too.

        It may have to wait for that of a holder who is frozen; our other lanes, which
        share the group's, shall not wait with it.
        """
        async with self._us.writing() as session:
            clock = await store_clock(session, self._us.clock)
            hold = await take_lane(
                session,
                lane,
                owner=self._us.owner,
                now=self._us.clock(),
                lease=self._us.lease,
            )
        return hold, clock

    async def _empty(self, hold: LaneHold, clock: Clock) -> bool:
        """Let a postman work in the lane, then hand it back; True if more is due."""
        lane = hold.lane
        postman = self._postmen[lane] = self._postman(hold, clock)
        try:
            if self._stopping:  # while we waited for the store
                return False
            until = asyncio.get_running_loop().time() + _TURN
            is_more = await postman.drain(until=until)
        except LaneLost as lost:
            log.warning("lane lost", extra={"lane": lane, "why": str(lost)})
            return False
        else:  # otherwise it may not know all that was sent
            self._paces[lane] = hold.epoch, postman.pace
            return is_more
        finally:
            del self._postmen[lane]
            await self._release(hold)

    def _postman(self, hold: LaneHold, clock: Clock) -> Postman:
        lane = hold.lane
        epoch, pace = self._paces.get(lane, (0, None))
        return Postman(
            channel=self._channels[lane],
            hold=hold,
            commits=self._us.commits,
            clock=self._us.clock,
            stamp=clock,
            on_failed=self._us.on_failed,
            ring=lambda other: self._us.ring(f"lane:{other}"),
            observe=lambda outcome, span: self._us.observe(lane, outcome, span),
            # Somebody else held it in between: what he sent counts as well.
            pace=pace if hold.epoch == epoch + 1 else None,
            lease=self._us.lease,
        )

    async def _release(self, hold: LaneHold) -> None:
        try:
            await self._us.commits.run(lambda session: release_lane(session, hold))
        except StoreError as error:
            log.warning(
                "lane not released", extra={"lane": hold.lane, "why": f"{error}"}
            )

    def _ring_later(self, lane: str) -> None:
        """Ring for a lane once this ring is over, so that another process may come."""

        async def ring() -> None:
            await asyncio.sleep(_ASIDE)
            await self._us.ring(f"lane:{lane}")

        task = asyncio.create_task(ring())
        self._later.add(task)
        task.add_done_callback(self._later.discard)

    async def stop(self) -> None:
        """Send nothing new; return when all lanes are handed back."""
        self._stopping = True
        for task in self._later:
            task.cancel()
        await asyncio.gather(*(one.stop() for one in self._postmen.values()))
        await self._idle.wait()  # each is handing its lane back

    def _count(self, change: int) -> None:
        """Count the lanes that are being taken, drained or handed back."""
        self._at_work += change
        if self._at_work:
            self._idle.clear()
        else:
            self._idle.set()
