"""Fetches the files that came with letters, and keeps what may be kept."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol, runtime_checkable

from bot.database import Database
from bot.documents.opening import opening_of
from bot.errors import DocumentError, NotSent, Refused
from bot.guard import ADVICE, bears_mark, is_secret_name
from bot.messages import Attachment, Channel
from bot.model import Evidence
from bot.reports import evidence, filing
from handlers.file_fate import refuse_file
from handlers.nudging import Nudging

log = logging.getLogger(__name__)

_AT_ONCE = 4


@runtime_checkable
class Fetching(Protocol):
    """A channel that gives what people sent through it."""

    def fetch(self, attachment: Attachment) -> Awaitable[bytes]:
        """Return the content; raises Refused for good, NotSent for now."""


@dataclass(frozen=True, kw_only=True)
class Collector:
    """Fetches outside any transaction; what became of a file is written afterwards."""

    database: Database
    channels: Mapping[str, Channel]
    folder: Path
    nudging: Nudging
    now: Callable[[], datetime]

    async def collect(self) -> int:
        """Fetch what is due, until nothing is; returns how many files were tried."""
        total = 0
        while True:
            async with self.database.writing() as session:
                rows = await filing.take_to_fetch(
                    session, now=self.now(), limit=_AT_ONCE
                )
            if not rows:
                return total
            total += len(rows)
            await asyncio.gather(*(self._fetch(row) for row in rows))

    async def _fetch(self, row: Evidence) -> None:
        try:
            name, kept = await self._kept(row)
        except NotSent as error:
            log.info("file not fetched", extra={"evidence": row.id, "why": str(error)})
            return await self._put_off(row.id)
        except Refused as error:
            log.info("file is gone", extra={"evidence": row.id, "why": str(error)})
            return await self._refuse(row.id, filing.GONE)
        except DocumentError as error:
            return await self._refuse(row.id, error.reply)
        async with self.database.writing() as session:
            await filing.keep_fetched(
                session,
                row.id,
                name=name,
                digest=kept.digest,
                size=kept.size,
                at=self.now(),
            )

    async def _kept(self, row: Evidence) -> tuple[str, evidence.KeptFile]:
        """Fetch a file, look at it and keep it; returns its name with an ending."""
        channel = self.channels.get(row.channel)
        if not isinstance(channel, Fetching):
            raise NotSent(f"{row.channel} does not give files here")
        content = await channel.fetch(
            Attachment(name=row.name, at=row.reference, size=row.size)
        )
        return await asyncio.to_thread(self._look_and_keep, row.name, content)

    def _look_and_keep(
        self, name: str, content: bytes
    ) -> tuple[str, evidence.KeptFile]:
        name = evidence.with_ending(name, content)
        evidence.check_file(name, content)
        ending = name.rpartition(".")[2]
        if is_secret_name(name) or bears_mark(opening_of(ending, content)):
            raise DocumentError("guard.refused", reply=ADVICE)
        return name, evidence.keep_content(self.folder, content)

    async def _put_off(self, evidence_id: int) -> None:
        async with self.database.writing() as session:
            if await filing.put_off(session, evidence_id, now=self.now()):
                return
        await self._refuse(evidence_id, filing.GONE)

    async def _refuse(self, evidence_id: int, why: str) -> None:
        async with self.database.writing() as session:
            await refuse_file(
                session, evidence_id, self.nudging, why=why, at=self.now()
            )
