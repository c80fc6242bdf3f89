"""Every channel fits the one protocol that the house speaks."""

import inspect
from datetime import UTC, datetime

import pytest

from bot.channels import CHANNELS
from bot.messages import Channel, Reply
from bot.settings import KNOWN_CHANNELS

NOON = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)


def test_the_settings_know_exactly_the_channels_that_there_are() -> None:
    assert tuple(CHANNELS) == KNOWN_CHANNELS


@pytest.mark.parametrize("name", CHANNELS)
def test_a_channel_has_the_verbs_of_the_protocol(name: str) -> None:
    channel: Channel = CHANNELS[name]("someone", lambda: NOON)

    assert channel.name == name
    for verb in ("start", "send", "stop"):
        assert inspect.iscoroutinefunction(getattr(channel, verb))


@pytest.mark.parametrize("name", CHANNELS)
async def test_stopping_twice_is_harmless(name: str) -> None:
    channel = CHANNELS[name]("someone", lambda: NOON)

    await channel.stop()
    await channel.stop()

    (request,) = channel.write("someone", Reply("还能说话"))
    assert await channel.send("someone", request) == ""


@pytest.mark.parametrize("name", CHANNELS)
def test_equal_replies_are_equal_requests(name: str) -> None:
    first, second = (CHANNELS[name]("someone", lambda: NOON) for _ in range(2))

    assert first.write("a", Reply("通知")) == second.write("b", Reply("通知"))
    assert first.write("a", Reply("通知")) != first.write("a", Reply("另一通知"))
