"""An office that broadcasts, as processes of the harness: groups move, people block."""

import asyncio
import json
import logging
import signal
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import uvloop
from sqlalchemy.ext.asyncio import AsyncSession

from bot.app.engine import Engine, Part, doorbell_at
from bot.database import Database
from bot.departments import Departments
from bot.messages import Event, Incoming, Place, Reply, Take
from bot.model import Letter
from bot.reports.policy import load_policy
from handlers.broadcast_round import broadcast_round
from handlers.nudging import Nudging
from handlers.presence import note_event
from harness import chat_platform
from harness.channel import HttpChannel
from harness.chat_platform import LaneOfPlatform
from harness.nursery import Say
from harness.service import manners_of

SHANGHAI = ZoneInfo("Asia/Shanghai")
POLICY = load_policy(Path(__file__).parents[3] / "config" / "nudges.toml")
SECOND = " (2)"  # the second part that groups are told


class MovingLane(LaneOfPlatform):
    """A lane on which a group g1 is refused: it has moved, and is called m-g1."""

    async def handle(self, address: str, request: str) -> tuple[int, bytes] | None:
        """Take one message, unless its group has moved."""
        if address.startswith("moving-"):
            self.arrivals += 1
            return 400, json.dumps({"moved_to": f"m-{address}"}).encode()
        return await super().handle(address, request)


def run_platform(config: dict[str, Any], say: Say) -> None:
    """Serve until killed; says the port that it listens on."""
    chat_platform.LaneOfPlatform = MovingLane  # type: ignore[misc]
    chat_platform.run(config, say)


class Moved(Exception):
    """A group has another address."""


class OfficeChannel(HttpChannel):
    """Follows a group that has moved, and tells the house, as Telegram's does."""

    _take: Take | None = None

    def write(
        self, address: str, reply: Reply, *, instead_of: str = ""
    ) -> tuple[str, ...]:
        """Tell people in one part, groups in two."""
        return write_parts(self.name, address, reply)

    async def start(self, take: Take) -> None:
        """Listen, and remember whom to tell."""
        self._take = take
        await super().start(take)

    async def send(self, address: str, request: str) -> str:
        """Send one message to wherever its group is now."""
        try:
            return await super().send(address, request)
        except Moved as moved:
            new = str(moved)
        if self._take:
            await self._take(self._told(address, new))
        return await super().send(new, request)

    def _read(self, status: int, body: bytes) -> str:
        if status == 400:
            raise Moved(json.loads(body)["moved_to"])
        return super()._read(status, body)

    def _told(self, old: str, new: str) -> Incoming:
        return Incoming(
            channel=self.name,
            address="",
            text=new,
            at=self._clock(),
            place=Place.GROUP,
            chat=old,
            event=Event.MOVED,
            product_id=f"moved:{old}:{new}",
        )


def write_parts(lane: str, address: str, reply: Reply) -> tuple[str, ...]:
    """Write a reply as the channels of this office do."""
    is_group = "g" in address
    return (reply.text, f"{reply.text}{SECOND}") if is_group else (reply.text,)


def now() -> datetime:
    """Return this moment in the office's zone."""
    return datetime.now(UTC).astimezone(SHANGHAI)


def nudging_of(lanes: Sequence[str]) -> Nudging:
    """Return what a broadcast takes, without any channel."""
    return Nudging(policy=POLICY, lanes=tuple(lanes), write=write_parts)


def run(config: dict[str, Any], say: Say) -> None:
    """Be the one process of the office until SIGTERM; says "ready" when it works."""
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s"
    )
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    uvloop.run(_serve(config, say))


async def _serve(config: dict[str, Any], say: Say) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    database = await Database.open(config["database"])
    channels = {
        name: OfficeChannel(
            name,
            config["platform"],
            manners_of(values),
            clock=now,
            timeout=2.0,
            listens=True,
        )
        for name, values in config["lanes"].items()
    }
    nudging, departments = nudging_of(list(channels)), Departments(kinds=())

    async def look_after(session: AsyncSession) -> int:
        return await broadcast_round(session, nudging, departments, now=now())

    engine = Engine(
        database=database,
        doorbell=doorbell_at(config["database"]),
        channels=channels,
        answer=_answer,
        clock=now,
        part=Part(config.get("part", "run")),
        owner=config.get("owner", ""),
        lease=timedelta(seconds=config.get("lease", 1.0)),
        nudge=look_after,
    )
    try:
        await engine.run(stop, started=lambda: say("ready"))
    finally:
        await database.close()


async def _answer(
    session: AsyncSession, letters: Sequence[Letter]
) -> list[Reply | None]:
    """Keep what happened to groups; nobody says anything."""
    return [
        await note_event(session, one.incoming, None) if one.incoming else None
        for one in letters
    ]
