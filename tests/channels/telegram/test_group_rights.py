"""Links that add the bot to a group, and whether he who registers it may."""

from collections.abc import Callable
from typing import Any

import pytest
import said
from fake_api import FakeTelegram, Trouble
from said import ANONYMOUS, FORUM, GROUP, LI
from taking import NOON, Taken, until

from bot.channels.telegram import TelegramChannel
from bot.channels.telegram.objects import Me
from bot.channels.telegram.updates import read_update
from bot.errors import NotSent
from bot.messages import Button, Event, Incoming, Reply

ME = Me(id=7, username="plan_test_bot")
TOKEN = "Zk3-x_9QwErTyUiOpAsDfGhJkLzXcVb0"
LINK = Reply(
    "请选择群。",
    (
        Button("选择群并登记", "登记本群 x", payload=TOKEN, for_group=True),
        Button("绑定链接", "绑定 x", payload="Ab-_9"),
        Button("取消", "取消"),
    ),
)


def read(update: dict[str, Any]) -> Incoming | None:
    return read_update(update, me=ME, channel="telegram", now=NOON)


async def test_a_button_with_a_payload_opens_a_link_of_the_bot(
    channel: TelegramChannel, telegram: FakeTelegram
) -> None:
    for _ in range(2):
        for request in channel.write("4711", LINK):
            await channel.send("4711", request)

    first = telegram.of("sendMessage")[0].parameters["reply_markup"]
    assert f"https://t.me/plan_test_bot?startgroup={TOKEN}" in str(first)
    assert "https://t.me/plan_test_bot?start=Ab-_9" in str(first)
    assert len(telegram.of("getMe")) == 1


def test_a_link_is_written_without_asking_anybody(channel: TelegramChannel) -> None:
    assert channel.write("1", LINK) == channel.write("2", LINK)


async def test_without_the_bots_name_nothing_is_sent_yet(
    channel: TelegramChannel, telegram: FakeTelegram
) -> None:
    telegram.expect("getMe", Trouble(502))

    (request,) = channel.write("4711", LINK)
    with pytest.raises(NotSent):
        await channel.send("4711", request)

    assert telegram.of("sendMessage") == []


@pytest.mark.parametrize(
    ("status", "is_admin"),
    [("creator", True), ("administrator", True), ("member", False), ("left", False)],
)
@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"/start@plan_test_bot {TOKEN}", f"绑定 {TOKEN}"),
        ("/register@plan_test_bot", "登记本群"),
        ("@plan_test_bot 注销本群", "注销本群"),
        ("@plan_test_bot 绑定本群", "绑定本群"),
        ("@plan_test_bot 绑定", "绑定"),
    ],
)
async def test_who_registers_a_group_is_asked_for(
    channel: TelegramChannel,
    telegram: FakeTelegram,
    taken: Taken,
    text: str,
    words: str,
    status: str,
    is_admin: bool,
) -> None:
    telegram.members[LI["id"]] = status
    telegram.tell(said.said(text, chat=FORUM, thread=42))
    await channel.start(taken.take)
    await until(lambda: taken.letters)

    [letter] = taken.letters
    assert (letter.text, letter.by_group_admin) == (words, is_admin)
    assert (letter.title, letter.group) == ("论坛", str(FORUM["id"]))


async def test_what_telegram_does_not_say_nobody_knows(
    channel: TelegramChannel, telegram: FakeTelegram, taken: Taken
) -> None:
    telegram.expect("getChatMember", Trouble(500))
    telegram.tell(said.said("/register@plan_test_bot", chat=GROUP))
    await channel.start(taken.take)
    await until(lambda: taken.letters)

    assert taken.letters[0].by_group_admin is None


async def test_nobody_is_asked_for_where_a_question_is_put(
    make_channel: Callable[..., TelegramChannel],
    telegram: FakeTelegram,
    taken: Taken,
) -> None:
    telegram.tell(
        said.said("/tasks@plan_test_bot", chat=GROUP),
        said.said(f"/start {TOKEN}"),
        said.edited("/register@plan_test_bot", chat=GROUP),
    )
    await make_channel().start(taken.take)
    await until(lambda: len(taken.letters) == 3)

    assert telegram.of("getChatMember") == []


@pytest.mark.parametrize(
    "text", [f"/start@plan_test_bot {TOKEN}", "/register@plan_test_bot"]
)
def test_an_anonymous_admin_who_registers_is_heard_as_nobody(text: str) -> None:
    letter = read(said.said(text, chat=GROUP, sender=ANONYMOUS, sender_chat=GROUP))

    assert letter
    assert (letter.address, letter.event) == ("", Event.SAID)
    assert letter.chat == str(GROUP["id"])


@pytest.mark.parametrize(
    "update",
    [
        said.said("@plan_test_bot 1", chat=GROUP, sender=ANONYMOUS, sender_chat=GROUP),
        said.said(
            "/register@plan_test_bot",
            chat=GROUP,
            sender_chat={"id": -9, "type": "channel"},
        ),
        said.said("/register", sender=ANONYMOUS, sender_chat=GROUP),
        said.said(
            "/register@other_bot", chat=GROUP, sender=ANONYMOUS, sender_chat=GROUP
        ),
    ],
)
def test_all_else_of_those_without_a_name_is_nothing(update: dict[str, Any]) -> None:
    assert read(update) is None
