"""Fixtures: a Telegram with a script, a channel on it, and what it took in."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from fake_api import TOKEN, FakeTelegram
from taking import NOON, Taken

from bot.channels.telegram import TelegramChannel


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram().running() as fake:
        yield fake


@pytest.fixture
def taken() -> Taken:
    return Taken()


@pytest.fixture
async def make_channel(
    telegram: FakeTelegram, taken: Taken
) -> AsyncIterator[Callable[..., TelegramChannel]]:
    """Give a maker of channels, each of which is stopped in the end."""
    made = []

    def make(**more: Any) -> TelegramChannel:
        settings = {
            "token": TOKEN,
            "clock": lambda: NOON,
            "base_url": telegram.base_url,
            "unreadable": taken.keep_unreadable,
            "tell": taken.take,
            "poll_seconds": 1,
        }
        made.append(TelegramChannel(**(settings | more)))
        return made[-1]

    yield make
    for channel in made:
        await channel.stop()


@pytest.fixture
def channel(make_channel: Callable[..., TelegramChannel]) -> TelegramChannel:
    return make_channel()
