"""A robot at work on the fake platform, quick in everything it waits for."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aibot_said import BOT_ID, BOT_NAME
from fake_openws import BOT_SECRET, FakeOpenws

from bot.channels.wecom.link import Rhythm
from bot.channels.wecom.robot import WecomBot
from bot.messages import Incoming, Reply

QUICK = Rhythm(
    ping=0.05, answer=0.15, first=0.02, longest=0.05, refused=0.2, kicked=0.1
)
GROUP = "wrGroupABC"


@dataclass
class RobotOffice:
    """The platform, the robot, and what it took in."""

    openws: FakeOpenws
    robot: WecomBot
    taken: list[Incoming] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)

    async def take(self, incoming: Incoming) -> None:
        self.taken.append(incoming)

    async def keep_unreadable(self, *, raw: str, **_: str) -> None:
        self.unreadable.append(raw)

    async def took(self, count: int = 1) -> Incoming:
        """Wait until so many messages came in; returns the last."""
        await until(lambda: len(self.taken) >= count)
        return self.taken[-1]

    async def send(self, address: str, reply: Reply) -> list[str]:
        return [
            await self.robot.send(address, request)
            for request in self.robot.write(address, reply)
        ]


async def until(is_so: Callable[[], bool], *, within: float = 3.0) -> None:
    async with asyncio.timeout(within):
        while not is_so():  # noqa: ASYNC110  it may be anything
            await asyncio.sleep(0.005)


@asynccontextmanager
async def robot_office(
    *, is_listening: bool = True, **more: Any
) -> AsyncIterator[RobotOffice]:
    async with FakeOpenws().running() as openws:
        settings = {
            "bot_id": BOT_ID,
            "secret": BOT_SECRET,
            "bot_name": BOT_NAME,
            "url": openws.url,
            "clock": openws.clock,
            "rhythm": QUICK,
        }
        robot = WecomBot(**(settings | more))
        office = RobotOffice(openws, robot)
        robot._unreadable = office.keep_unreadable
        if is_listening:
            await robot.start(office.take)
            await openws.subscribed()
            await until(lambda: robot.can_send)
        try:
            yield office
        finally:
            await robot.stop()
