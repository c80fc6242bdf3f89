"""Ten thousand webhooks, most of them forged, broken or said before."""

import asyncio
import logging
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import said
from fake_api import FakeTelegram
from raw_line import RawLine, posted
from whole_office import SECRET, Open, WholeOffice

from bot.messages import Button, Reply
from bot.model import Acknowledgement, LetterStatus

MANY, CONNECTIONS = 10_000, 12
GENUINE, COPIES = 150, 5  # people who say something, and how often at most
RECEIVERS = 30  # who receive a notice by pressing, replying and saying so again
RECEIVING = 5_000  # the first of their chats
NOTICE = Reply("请于12月30日前报送全年落实情况。", (Button("收到", "收到"),))
FORGED_CHAT = 900_000  # and above: whoever speaks there was never let in
HOSTILE = (
    "</a><b>粗</b><script>alert(1)</script>",
    "'; DROP TABLE letter; --",
    "{{7*7}} ${jndi:ldap://x} %s %n {0}",
    "\u202e\u2066帮助\u0000\ufffe",
    "\ud800 半个字",
    "科" * 4096,
    "&lt;&amp;&#0;<tg-spoiler>",
    "/start " + "A" * 64,
    "\r\nX-Injected: 1\r\n\r\n",
    "谢谢",
)


@dataclass(frozen=True)
class Post:
    """One request and the statuses with which it may be answered."""

    raw: bytes
    may_be: frozenset[int]
    hangs_up: bool = False
    is_good: bool = False


def of(*statuses: int) -> frozenset[int]:
    return frozenset(statuses)


def someone(number: int) -> dict[str, Any]:
    return {"id": number, "is_bot": False, "first_name": "<某>&"}


def genuine(chance: random.Random) -> list[Post]:
    """Say something as each of several people, and each of it several times."""
    posts = []
    for number in range(GENUINE):
        text = chance.choice(HOSTILE)
        body = said.said(text, sender=someone(1000 + number))
        for _ in range(chance.randint(1, COPIES)):
            kind = chance.choice(["application/json", "text/plain", ""])
            raw = posted(body, kind=kind)
            posts.append(Post(raw, of(200), is_good=True))
    return posts


def received(chance: random.Random, numbers: dict[int, int]) -> list[Post]:
    """Receive notices, each of them in three ways and each way several times.

    *numbers* are those of the notices by the chats that they stand in.
    """
    posts = []
    for chat, number in numbers.items():
        sender = someone(chat)
        for update in (
            said.pressed("=收到", sender=sender, about=number),
            said.pressed("=收到", sender=sender, about=number),
            said.answer_to_bot("收到", sender=sender, about=number),
        ):
            copies = chance.randint(1, COPIES)
            posts += [Post(posted(update), of(200), is_good=True)] * copies
            no = posted(update, secret=SECRET[::-1])
            posts.append(Post(no, of(403)))
    return posts


def forged(chance: random.Random) -> Iterator[Post]:
    """Post, for ever, what must not be let in."""
    secrets = (None, "", "x", SECRET[:-1], SECRET + "x", SECRET.upper(), "é" * 32)
    while True:
        body = said.said("帮助", sender=someone(FORGED_CHAT + chance.randrange(999)))
        body["update_id"] = chance.choice([body["update_id"], 1, 2**62])
        wrong = chance.choice(secrets)
        yield Post(posted(body, secret=wrong), of(403))
        yield Post(posted(b"x" * 3_000, secret=wrong, kind="text/xml"), of(403))
        method = chance.choice(["GET", "PUT", "DELETE", "PATCH", "HEAD"])
        yield Post(posted(b"", method=method), of(405))
        if chance.random() < 0.02:
            yield from clumsy(chance, body)
        path = chance.choice(["/telegram/", "/", "/telegram/x", "//telegram"])
        yield Post(posted(body, path=path), of(404, 307))


def clumsy(chance: random.Random, body: Any) -> Iterator[Post]:
    """Post with the right secret what no update is, and what never ends."""
    huge = b"[" + b"1," * (600 * 1024) + b"1]"
    yield Post(posted(huge), of(413))
    yield Post(posted(huge, secret="no"), of(403, 0))
    yield Post(posted(body, length=10**6), of(0), hangs_up=True)
    yield Post(posted(body)[: chance.randrange(20, 200)], of(0), hangs_up=True)
    for content in (
        b"",
        b"null",
        b"[]",
        b"7",
        b'"words"',
        b"{",
        b"\xff\xfe{}",
        b'{"update_id": "1"}',
        b'{"update_id": -5, "message": {}}',
        b'{"update_id": 1e400}',
        b"[" * 50_000 + b"]" * 50_000,
        b'{"update_id": 3, "message": ' + b'{"a":' * 20_000 + b"1" + b"}" * 20_001,
    ):
        yield Post(posted(content), of(200))


def storm(seed: int, numbers: dict[int, int]) -> list[Post]:
    """Return all that is posted, in an order that nobody foresees."""
    chance = random.Random(seed)
    posts = genuine(chance) + received(chance, numbers)
    nobodies = forged(chance)
    posts += [next(nobodies) for _ in range(MANY - len(posts))]
    chance.shuffle(posts)
    return posts


async def post_all(office: WholeOffice, posts: list[Post]) -> list[str]:
    """Post from several connections at once; returns the answers that are wrong."""
    port = int(office.door.rpartition(":")[2])
    waiting, wrong = iter(posts), []

    async def go_on() -> None:
        line = RawLine(port)
        for post in waiting:
            status = await line.say(post.raw, hang_up=post.hangs_up)
            if post.is_good and status == 0:  # the line was cut: as Telegram does
                status = await line.say(post.raw)
            if status not in post.may_be:
                wrong.append(f"{status}: {post.raw[:300]!r}")
        line.close()

    await asyncio.gather(*(go_on() for _ in range(CONNECTIONS)))
    return wrong


async def notified(office: WholeOffice, telegram: FakeTelegram) -> dict[int, int]:
    """Tell people a notice; returns its number by the chat of each."""
    for chat in range(RECEIVING, RECEIVING + RECEIVERS):
        one = await office.know(chat, name=f"某{chat}")
        await office.notify(NOTICE, str(chat), key=f"notice {chat}", person=one)
    await office.rest(seconds=60)
    return {chat: number for chat, number in telegram.messages}


async def test_no_webhook_does_anything_twice_and_no_forged_one_anything(
    open_office: Open,
    office_url: str,
    telegram: FakeTelegram,
    seed: int,
    caplog: pytest.LogCaptureFixture,
) -> None:
    strays: list[object] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: strays.append(context))
    office = await open_office(office_url, telegram.base_url, has_webhook=True)
    numbers = await notified(office, telegram)
    before = len(telegram.calls)
    posts = storm(seed, numbers)
    assert len(posts) == MANY

    wrong = await post_all(office, posts)
    await office.rest()

    sent = [call for call in telegram.calls[before:] if call.method == "sendMessage"]
    answers = Counter(call.chat for call in sent if call.chat < RECEIVING)
    assert wrong == []
    assert answers == Counter(range(1000, 1000 + GENUINE))
    letters = await office.letters()
    good = [one for one in letters if one.status is LetterStatus.ANSWERED]
    assert len(good) == GENUINE + 3 * RECEIVERS
    assert len(await office.rows(Acknowledgement)) == RECEIVERS
    presses = telegram.of("answerCallbackQuery")
    asked = [call.parameters["callback_query_id"] for call in presses]
    assert len(asked) == len(set(asked)) == 2 * RECEIVERS
    assert {one.status for one in letters} == {LetterStatus.ANSWERED, LetterStatus.DEAD}
    assert strays == []
    loud = [one for one in caplog.records if one.levelno >= logging.ERROR]
    assert [one.getMessage() for one in loud] == []
