"""A process that makes the round of nudges part by part, and may be killed at it."""

import asyncio
import os
import signal
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from nursery import Say
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession

from bot.app.parts import nudge_in_parts
from bot.database import Database
from bot.messages import Reply
from bot.reports.policy import load_policy
from handlers.nudge import nudge_round
from handlers.nudging import Nudging

POLICY = load_policy(Path(__file__).parents[3] / "config" / "nudges.toml")
DUE_ON = date(2026, 12, 30)
THE_MORNING = datetime(2026, 12, 16, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
"""Ten working days before: a step of the ladder is reached."""

LANE, PART = "telegram", 6  # submissions that a part looks for


class Fate:
    """Kills us when we come to a point, such as "commit", for the *times*-th time."""

    def __init__(self, point: str, times: int = 1) -> None:
        self._point, self._left = point, times
        self._within = asyncio.Barrier(2)

    def come_to(self, point: str) -> None:
        """End here as a power failure would, if it is to be here."""
        self._left -= point == self._point
        if point == self._point and self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    async def made(self, half: int) -> None:
        """Be told that a half has made the rows of a part, and commits them next."""
        if self._point == "within both":
            await self._within.wait()
            self.come_to("within both")
        if self._point == "one ahead":
            if half == 1:
                await asyncio.Event().wait()  # it never commits
            self.come_to("one ahead")


def run(config: dict[str, Any], say: Say) -> None:
    """Make the round until nothing is due, or die at the point of *config*."""
    asyncio.run(_live(config))


async def _live(config: dict[str, Any]) -> None:
    fate = Fate(config["dies_at"], config.get("times", 1))
    database = await Database.open(config["database"])
    event.listen(
        database._writer.sync_engine, "commit", lambda _: fate.come_to("commit")
    )
    nudging = nudging_of(lambda: fate.come_to("notices"))
    make = _in_halves if config.get("in_halves") else _make_round
    await make(database, nudging, fate)
    await database.close()


async def _in_halves(database: Database, nudging: Nudging, fate: Fate) -> None:
    """Make the round as the beat does where many are due."""

    async def part(session: AsyncSession, half: int | None = None) -> int:
        count = await nudge_round(
            session, nudging, now=THE_MORNING, limit=PART, half=half
        )
        if half is not None and count:
            await fate.made(half)
        return count

    await nudge_in_parts(database, part, many=1)


async def _make_round(database: Database, nudging: Nudging, fate: Fate) -> None:
    count = 1
    while count:
        async with database.writing() as session:
            count = await nudge_round(session, nudging, now=THE_MORNING, limit=PART)
        fate.come_to("between parts")


def nudging_of(comes_to_notices: Callable[[], None]) -> Nudging:
    """Return what a round takes; a notice is entered when its words are written."""

    def write(lane: str, address: str, reply: Reply) -> Sequence[str]:
        comes_to_notices()
        return (reply.text,)

    return Nudging(policy=POLICY, lanes=(LANE,), write=write)
