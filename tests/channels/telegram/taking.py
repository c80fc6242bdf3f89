"""What a channel takes in during a test, and how to wait for it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot.messages import Incoming

NOON = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)


@dataclass
class Taken:
    """What a channel took in, and how taking may fail."""

    letters: list[Incoming] = field(default_factory=list)
    unreadable: list[dict[str, str]] = field(default_factory=list)
    fails: list[Exception] = field(default_factory=list)

    async def take(self, incoming: Incoming) -> None:
        if self.fails:
            raise self.fails.pop(0)
        self.letters.append(incoming)

    async def keep_unreadable(self, **values: str) -> None:
        self.unreadable.append(values)

    @property
    def texts(self) -> list[str]:
        return [letter.text for letter in self.letters]


async def until(is_so: Callable[[], object], *, seconds: float = 10.0) -> None:
    """Wait until something is so; fail if it never is."""
    async with asyncio.timeout(seconds):
        while not is_so():  # noqa: ASYNC110  it may be anything
            await asyncio.sleep(0.005)
