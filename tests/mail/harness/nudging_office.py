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
    """Kills us the first time that we come to a point: "commit", "notices"."""

    def __init__(self, point: str) -> None:
        self._point = point

    def come_to(self, point: str) -> None:
        """End here as a power failure would, if it is to be here."""
        if point == self._point:
            os.kill(os.getpid(), signal.SIGKILL)


def run(config: dict[str, Any], say: Say) -> None:
    """Make the round until nothing is due, or die at the point of *config*."""
    asyncio.run(_make_round(config["database"], Fate(config["dies_at"])))


async def _make_round(url: str, fate: Fate) -> None:
    database = await Database.open(url)
    event.listen(
        database._writer.sync_engine, "commit", lambda _: fate.come_to("commit")
    )
    nudging = nudging_of(lambda: fate.come_to("notices"))
    count = 1
    while count:
        async with database.writing() as session:
            count = await nudge_round(session, nudging, now=THE_MORNING, limit=PART)
        fate.come_to("between parts")
    await database.close()


def nudging_of(comes_to_notices: Callable[[], None]) -> Nudging:
    """Return what a round takes; a notice is entered when its words are written."""

    def write(lane: str, address: str, reply: Reply) -> Sequence[str]:
        comes_to_notices()
        return (reply.text,)

    return Nudging(policy=POLICY, lanes=(LANE,), write=write)
