"""Presses: each answered once, in words if there are any in time."""

import asyncio
from collections.abc import Callable

import pytest
from fake_api import FakeTelegram, flood

from bot.channels.telegram import TelegramChannel
from bot.channels.telegram.presses import Presses
from bot.errors import NotSent
from bot.messages import Reply

SOON = 0.01  # seconds


class Answers:
    """What presses were answered with."""

    def __init__(self) -> None:
        self.said: list[tuple[str, str]] = []

    async def __call__(self, press: str, aside: str) -> None:
        self.said.append((press, aside))


async def test_a_press_without_a_reply_is_answered_once_though_told_again() -> None:
    answers = Answers()
    presses = Presses(answers, patience=SOON)
    for _ in range(2):
        presses.came("1")
    await asyncio.sleep(5 * SOON)
    presses.came("1")
    await asyncio.sleep(5 * SOON)

    assert answers.said == [("1", "")]


async def test_a_press_that_is_being_answered_is_not_answered_beside_it() -> None:
    answers = Answers()
    presses = Presses(answers, patience=SOON)
    presses.came("1")
    assert presses.claim("1")
    presses.came("1")  # Telegram tells it again, as it was not confirmed
    presses.give_back("1")  # and our answer certainly did not arrive
    await asyncio.sleep(5 * SOON)

    assert answers.said == []
    assert presses.claim("1")  # by the next try, which has the words
    assert not presses.claim("1")


async def test_words_that_were_not_taken_are_said_at_the_next_try(
    make_channel: Callable[..., TelegramChannel], telegram: FakeTelegram
) -> None:
    channel = make_channel()
    telegram.expect("answerCallbackQuery", flood(1))
    (request,) = channel.write("-1001", Reply("", press="99", aside="已签收"))
    with pytest.raises(NotSent):
        await channel.send("-1001", request)
    await channel.send("-1001", request)

    assert [one.text for one in telegram.of("answerCallbackQuery")] == ["已签收"] * 2
    assert telegram.answered == ["99"]
