"""Telegram as a channel of the house."""

import inspect

import msgspec
import pytest
import said
from fake_api import FakeTelegram
from taking import NOON, Taken, until

from bot.channels.telegram import MANNERS, TelegramChannel
from bot.channels.telegram.objects import Me
from bot.channels.telegram.updates import read_update
from bot.messages import Button, Channel, Event, Incoming, Limit, Reply


def test_it_has_the_verbs_of_the_protocol(channel: TelegramChannel) -> None:
    it: Channel = channel

    assert it.name == "telegram"
    for verb in ("start", "send", "stop"):
        assert inspect.iscoroutinefunction(getattr(it, verb))


def test_it_is_polite() -> None:
    assert MANNERS.limits == (Limit(30, 1.0, reserve=1),)
    assert MANNERS.limits_of("4711") == (Limit(1, 1.0),)
    assert MANNERS.limits_of("-1001/42") == (Limit(1, 1.0), Limit(20, 60.0))
    assert MANNERS.in_flight == 8


def test_what_pops_up_is_no_message_of_the_chat() -> None:
    popping = Reply("", aside="已签收", press="77")
    there = MANNERS.answers_at("-1001/42", popping)
    assert there not in ("-1001", "-1001/42", MANNERS.answers_at("-1001", Reply("好")))
    assert there != MANNERS.answers_at("-1001/42", Reply("", press="78"))
    assert MANNERS.is_uncounted(there)
    assert MANNERS.shares(there) not in ("-1001", "-1001/42")
    for reply in (
        Reply("好", press="77"),
        Reply("", (Button("是", "是"),), press="77"),
        Reply("", aside="已签收"),
    ):
        assert MANNERS.answers_at("-1001/42", reply) == "-1001/42"
    assert not MANNERS.is_uncounted("-1001/42")


async def test_a_group_confirms_by_button_and_the_message_says_so(
    channel: TelegramChannel, telegram: FakeTelegram, taken: Taken
) -> None:
    (nudge,) = channel.write("-1001", Reply("请报送。", (Button("已报送", "已报送"),)))
    number = await channel.send("-1001", nudge)
    await channel.start(taken.take)
    telegram.tell(said.pressed("=已报送", chat=said.GROUP, about=int(number)))
    await until(lambda: taken.letters)
    (letter,) = taken.letters

    done = Reply("已记：待核收。", instead_of=letter.about, press=letter.press)
    (request,) = channel.write(letter.conversation, done)
    await channel.send(letter.conversation, request)
    await until(lambda: telegram.answered)

    assert telegram.messages == {(-1001, int(number)): "已记：待核收。"}
    assert telegram.answered == [letter.press]


async def test_what_is_told_of_a_conversation_comes_in_like_a_message(
    channel: TelegramChannel, telegram: FakeTelegram, taken: Taken
) -> None:
    blocked = {"status": "kicked", "until_date": 0}
    telegram.tell(
        said.membership({"status": "member"}, blocked, chat=said.private(said.LI)),
        *said.migration(said.OLD_GROUP, said.GROUP),
    )
    await channel.start(taken.take)
    await until(lambda: len(taken.letters) == 3)

    events = {letter.event for letter in taken.letters}
    assert events == {Event.CLOSED, Event.MOVED}


@pytest.mark.parametrize(
    "update", [said.pressed("~key", chat=said.FORUM, thread=42), said.said("你好")]
)
def test_a_letter_is_kept_whole(update: object) -> None:
    me = Me(id=7, username="plan_test_bot")
    incoming = read_update(update, me=me, channel="telegram", now=NOON)

    kept = msgspec.json.encode(incoming)
    assert msgspec.json.decode(kept, type=Incoming) == incoming
