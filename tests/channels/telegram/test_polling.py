"""Polling: nothing is confirmed before it is kept, and nothing bad is in the way."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
import said
from fake_api import FakeTelegram, Trouble, flood
from taking import Taken, until
from telegram.error import (
    Conflict,
    EndPointNotFound,
    InvalidToken,
    NetworkError,
    TimedOut,
)

from bot.channels.telegram import TelegramChannel, polling
from bot.channels.telegram.objects import ALLOWED_UPDATES
from bot.channels.telegram.polling import Poller
from bot.channels.telegram.transport import Flooded
from bot.errors import StoreError


async def test_what_is_said_is_taken_once_and_then_confirmed(
    channel: TelegramChannel, telegram: FakeTelegram, taken: Taken
) -> None:
    await channel.start(taken.take)
    telegram.tell(*[said.said(str(n)) for n in range(150)])
    await until(lambda: len(taken.letters) >= 150)
    await until(lambda: not telegram.unconfirmed)

    assert taken.texts == [str(n) for n in range(150)]
    assert channel.heard_at
    assert channel.trouble == ""


async def test_every_poll_names_the_kinds_that_we_want(
    channel: TelegramChannel, telegram: FakeTelegram, taken: Taken
) -> None:
    await channel.start(taken.take)
    await until(lambda: telegram.of("getUpdates"))

    wanted = telegram.calls[-1].parameters["allowed_updates"]
    assert tuple(wanted) == ALLOWED_UPDATES
    assert len(telegram.of("setMyCommands")) == 3
    assert len(telegram.of("deleteWebhook")) == 1
    assert "drop_pending_updates" not in telegram.of("deleteWebhook")[0].parameters


async def test_nothing_is_confirmed_before_it_is_kept(
    channel: TelegramChannel, telegram: FakeTelegram, taken: Taken
) -> None:
    first, second, third = (said.said(str(n)) for n in range(3))
    taken.fails += [StoreError("the store is away")]
    telegram.tell(first, second, third)
    await channel.start(taken.take)
    await until(lambda: len(taken.letters) == 3)
    await until(lambda: not telegram.unconfirmed)

    offsets = [call.parameters.get("offset") for call in telegram.of("getUpdates")]
    assert offsets[:2] == [None, first["update_id"]]
    assert taken.texts == ["0", "1", "2"]
    assert taken.unreadable == []


async def test_what_waits_for_the_store_waits_alone(
    channel: TelegramChannel, telegram: FakeTelegram, taken: Taken
) -> None:
    """Those of other chats are taken; they come again, and the inbox knows them."""
    taken.fails += [StoreError("away")]
    telegram.tell(said.said("a"), said.said("b", sender=said.WANG))
    await channel.start(taken.take)
    await until(lambda: len(taken.letters) == 3)

    assert taken.texts == ["b", "a", "b"]


async def test_a_bad_update_blocks_nobody(
    channel: TelegramChannel, telegram: FakeTelegram, taken: Taken
) -> None:
    poison = said.update(message={"message_id": "x"})
    telegram.tell(poison, *[said.said(str(n)) for n in range(3)])
    await channel.start(taken.take)
    await until(lambda: len(taken.letters) == 3)
    await until(lambda: not telegram.unconfirmed)

    (bad,) = taken.unreadable
    assert bad["product_id"] == ""  # its text tells whether it came before
    assert f'"update_id":{poison["update_id"]}' in bad["raw"]
    assert '"message_id":"x"' in bad["raw"]


async def test_an_update_that_cannot_be_taken_is_told_as_unreadable(
    channel: TelegramChannel, telegram: FakeTelegram, taken: Taken
) -> None:
    taken.fails += [RuntimeError("bug"), RuntimeError("bug")]
    telegram.tell(said.said("甲"), said.said("乙"))
    await channel.start(taken.take)
    await until(lambda: taken.texts == ["乙"])
    await until(lambda: not telegram.unconfirmed)

    assert "甲" in taken.unreadable[0]["raw"]


async def test_a_press_is_answered_without_a_reply(
    make_channel: Callable[..., TelegramChannel], telegram: FakeTelegram, taken: Taken
) -> None:
    channel = make_channel(answer_presses_after=0.05)
    telegram.tell(said.pressed("=是", press="99"))
    await channel.start(taken.take)
    await until(lambda: telegram.answered == ["99"])

    assert "text" not in telegram.of("answerCallbackQuery")[0].parameters


async def test_telegram_may_be_away_when_we_begin(
    channel: TelegramChannel, telegram: FakeTelegram, taken: Taken
) -> None:
    telegram.expect("getMe", Trouble(502))
    telegram.expect("setMyCommands", Trouble(400, "Bad Request: no"))
    telegram.tell(said.said("你好"))
    await channel.start(taken.take)
    await until(lambda: "NetworkError" in channel.trouble)
    await until(lambda: taken.texts == ["你好"])

    assert channel.trouble == ""


@pytest.mark.parametrize("method", ["getMe", "deleteWebhook"])
async def test_who_asks_too_much_when_he_begins_waits_as_long_as_told(
    channel: TelegramChannel,
    telegram: FakeTelegram,
    taken: Taken,
    monkeypatch: pytest.MonkeyPatch,
    method: str,
) -> None:
    monkeypatch.setattr("bot.channels.telegram.listening._PAUSES", (0.01,))
    telegram.expect(method, flood(1), Trouble(502))

    loop = asyncio.get_running_loop()
    began = loop.time()
    await channel.start(taken.take)
    await until(lambda: telegram.of("getUpdates"))

    assert loop.time() - began >= 1
    assert len(telegram.of(method)) == 3


async def test_menus_that_could_not_be_shown_are_shown_later(
    channel: TelegramChannel,
    telegram: FakeTelegram,
    taken: Taken,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.channels.telegram.listening.MENUS_AGAIN", 0.01)
    telegram.expect("setMyCommands", Trouble(502), flood(0), Trouble(502))
    telegram.tell(said.said("你好"))

    await channel.start(taken.take)
    await until(lambda: taken.texts == ["你好"])
    await until(lambda: len(telegram.of("setMyCommands")) == 6)
    scopes = [one.parameters["scope"] for one in telegram.of("setMyCommands")[3:]]

    assert len({one["type"] for one in scopes}) == 3
    await channel.stop()


async def test_starting_twice_listens_once_and_stopping_twice_is_harmless(
    channel: TelegramChannel, telegram: FakeTelegram, taken: Taken
) -> None:
    await channel.start(taken.take)
    await channel.start(taken.take)
    telegram.tell(said.said("你好"))
    await until(lambda: taken.letters and not telegram.unconfirmed)
    await channel.stop()
    await channel.stop()
    telegram.tell(said.said("听不到"))
    await channel.start(taken.take)
    await until(lambda: len(taken.letters) == 2)

    assert taken.texts == ["你好", "听不到"]


class Script:
    """A Telegram of which each poll is written down; ends when it is through."""

    def __init__(self, *steps: Any) -> None:
        self.steps = list(steps)
        self.offsets: list[int | None] = []
        self.pauses: list[float] = []
        self.renewed = 0
        self.kept: list[Any] = []
        self.through = asyncio.Event()

    async def fetch(self, offset: int | None) -> list[Any]:
        self.offsets.append(offset)
        if not self.steps:
            self.through.set()
            await asyncio.sleep(3600)
        step = self.steps.pop(0)
        if isinstance(step, Exception):
            raise step
        return list(step)

    async def accept(self, update: Any) -> None:
        self.kept.append(update)

    async def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)

    async def renew(self) -> None:
        self.renewed += 1

    async def run(self) -> Poller:
        poller = Poller(
            self.fetch,
            self.accept,
            renew=self.renew,
            heard=lambda: None,
            sleep=self.sleep,
            chance=lambda: 1.0,
        )
        polling = asyncio.create_task(poller.run())
        await asyncio.wait_for(self.through.wait(), 10)
        polling.cancel()
        await asyncio.wait([polling])
        return poller


@pytest.mark.parametrize(
    ("error", "pauses"),
    [
        (Flooded(344), [344]),
        (Conflict("terminated by other getUpdates request"), [1]),
        (InvalidToken("Unauthorized"), [60]),
        (EndPointNotFound("Not Found"), [60]),
        (TimedOut(), [1]),
        (NetworkError("Bad Gateway"), [1]),
        (ValueError("no list"), [1]),
    ],
    ids=lambda case: type(case).__name__,
)
async def test_each_trouble_has_its_own_pause(
    error: Exception, pauses: list[float]
) -> None:
    script = Script(error, [{"update_id": 5}])
    poller = await script.run()

    assert script.pauses == pauses
    assert script.offsets == [None, None, 6]
    assert poller.trouble == ""


async def test_pauses_grow_and_the_line_is_renewed() -> None:
    script = Script(*[TimedOut()] * 7)
    poller = await script.run()

    assert script.pauses == [1, 2, 4, 8, 16, 30, 30]
    assert script.renewed == 2
    assert poller.trouble == "TimedOut"


async def test_what_has_no_number_is_kept_and_not_asked_for_without_end() -> None:
    script = Script(["nonsense", None], [{"update_id": 3}, "nonsense"], [])
    await script.run()

    assert script.kept == ["nonsense", None, "nonsense", {"update_id": 3}]
    assert script.offsets == [None, None, 4, 4]
    assert script.pauses == [1]


@pytest.mark.parametrize(
    ("seconds", "offsets"),
    [(86400.0, [None, 6, 6, 6, 3]), (0.0, [None, 6, None, None, 3])],
)
async def test_after_a_day_of_silence_numbers_may_begin_anew(
    monkeypatch: pytest.MonkeyPatch, seconds: float, offsets: list[int | None]
) -> None:
    """Telegram forgets its numbers after a week: lower ones would never be told."""
    assert polling._FORGET_AFTER == 86400.0
    monkeypatch.setattr(polling, "_FORGET_AFTER", seconds)
    script = Script([{"update_id": 5}], [], [], [{"update_id": 2}])
    await script.run()

    assert script.offsets == offsets


async def test_chats_are_kept_beside_each_other_and_each_in_order() -> None:
    busy = [said.said(str(n)) for n in range(5)]
    quick = said.said("quick", sender=said.WANG)
    script = Script([*busy, quick])

    async def slow(update: Any) -> None:
        if update is not quick:
            await asyncio.sleep(0.01)
        script.kept.append(update)

    script.accept = slow  # type: ignore[method-assign]
    await script.run()

    assert script.kept == [quick, *busy]


async def test_a_flood_of_polls_is_waited_for(
    channel: TelegramChannel, telegram: FakeTelegram, taken: Taken
) -> None:
    telegram.expect("getUpdates", flood(1))
    telegram.tell(said.said("你好"))
    await channel.start(taken.take)
    await until(lambda: taken.texts == ["你好"] and not channel.trouble)

    assert len(telegram.of("getUpdates")) >= 2


async def test_privacy_mode_leaves_what_is_addressed(
    channel: TelegramChannel, telegram: FakeTelegram, taken: Taken
) -> None:
    group = {"chat": said.GROUP}
    telegram.tell(
        said.said("闲聊", **group),
        said.said("/tasks@plan_test_bot", **group),
        said.answer_to_bot("已报", **group),
        said.pressed("=是", **group),
    )
    await channel.start(taken.take)
    await until(lambda: len(taken.letters) == 3)

    assert taken.texts == ["我们负责哪些任务", "已报", "是"]
    assert not telegram.unconfirmed or len(telegram.unconfirmed) == 3
