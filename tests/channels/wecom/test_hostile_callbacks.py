"""Hostile callbacks, on both doors: 4xx, one line in the log, nothing kept."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from aibot_said import BOT_ID, BOT_NAME
from hostile_callbacks import (
    NOT_GENUINE,
    SECRET_WORDS,
    TOO_LARGE,
    Attack,
    Make,
    genuine,
    inner,
    message,
    raw,
    sealed,
)
from hostile_json import JSON_ATTACKS, UNSIGNED
from hostile_xml import XML_ATTACKS
from hypothesis import example, given, settings
from hypothesis import strategies as st
from platform_callbacks import ECHO, AppLine, BotLine
from platform_clock import PlatformClock
from platform_corp import AGENT, CALLBACK_KEY, CALLBACK_TOKEN, CORP_ID, SECRET, Corp
from starlette.applications import Starlette
from starlette.routing import Route

from bot.channels.wecom.app import WecomApp
from bot.channels.wecom.robot_callback import WecomBotCallback
from bot.messages import Incoming

URL = "http://bot.test/callback"


@dataclass
class Door:
    """The real endpoint behind a fake platform, and what it took in."""

    line: AppLine | BotLine
    channel: WecomApp | WecomBotCallback
    app: Starlette
    taken: list[Incoming] = field(default_factory=list)

    async def take(self, incoming: Incoming) -> None:
        self.taken.append(incoming)

    async def post(self, attack: Attack) -> httpx.Response:
        return await self.line.post_raw(attack.body, attack.query)


KEYS = {"token": CALLBACK_TOKEN, "aes_key": CALLBACK_KEY}


def make_door(kind: str = "app") -> Door:
    clock = PlatformClock()
    channel: WecomApp | WecomBotCallback
    if kind == "app":
        who: dict[str, Any] = {"corp_id": CORP_ID, "agent_id": AGENT, "secret": SECRET}
        channel = WecomApp(**who, **KEYS, clock=clock)
    else:
        who = {"bot_id": BOT_ID, "bot_name": BOT_NAME}
        channel = WecomBotCallback(**who, **KEYS, clock=clock)
    route = Route("/callback", channel.endpoint, methods=["GET", "POST"])
    app = Starlette(routes=[route])
    http = httpx.AsyncClient(transport=httpx.ASGITransport(app))
    if kind == "app":
        return Door(AppLine(http, URL, Corp(), clock=clock), channel, app)
    return Door(BotLine(http, URL, clock=clock), channel, app)


@asynccontextmanager
async def open_door(kind: str) -> AsyncIterator[Door]:
    door = make_door(kind)
    await door.channel.start(door.take)
    yield door
    await door.channel.stop()
    await door.line.http.aclose()


@pytest.fixture(params=["app", "robot"])
async def door(
    request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture
) -> AsyncIterator[Door]:
    caplog.set_level(logging.DEBUG)
    async with open_door(request.param) as door:
        yield door


def on(kind: str) -> Any:
    """Have a test look at one of the doors only."""
    return pytest.mark.parametrize("door", [kind], indirect=True)


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what our own code has logged."""
    ours = [one for one in caplog.records if one.name.startswith(("bot", "handlers"))]
    assert all(one.exc_info is None for one in ours)
    return [one.getMessage() for one in ours]


async def refuse(
    door: Door, make: Make, caplog: pytest.LogCaptureFixture
) -> httpx.Response:
    """Post an attack, and hold what holds for each of them."""
    answer = await door.post(make(door.line))
    logged = lines(caplog)
    assert 400 <= answer.status_code < 500
    assert (answer.content, door.taken) == (b"", [])
    assert len(logged) == 1, logged
    for secret in (SECRET_WORDS, "ZhangSan", CALLBACK_TOKEN, CALLBACK_KEY, CORP_ID):
        assert secret not in logged[0] + answer.text
    return answer


def all_of(attacks: dict[str, Make]) -> Any:
    return pytest.mark.parametrize("make", attacks.values(), ids=attacks)


async def test_what_the_attacks_are_made_of_is_taken(door: Door) -> None:
    attack = genuine(door.line)
    assert (await door.post(attack)).status_code == 200
    assert [one.text for one in door.taken] == [SECRET_WORDS]


@all_of(NOT_GENUINE)
async def test_what_is_not_from_the_platform_is_forbidden(
    door: Door, make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    assert (await refuse(door, make, caplog)).status_code == 403


@on("app")
@all_of(XML_ATTACKS)
async def test_xml_that_is_no_message_for_us_is_refused(
    door: Door, make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    assert (await refuse(door, make, caplog)).status_code == 400


@on("robot")
@all_of(JSON_ATTACKS)
async def test_json_that_is_no_message_for_us_is_refused(
    door: Door, make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    assert (await refuse(door, make, caplog)).status_code == 400


@on("robot")
@all_of(UNSIGNED)
async def test_json_without_what_is_signed_for_us_is_refused(
    door: Door, make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    assert (await refuse(door, make, caplog)).status_code in (400, 403)


@on("app")
@pytest.mark.parametrize(
    "words",
    ["<!DOCTYPE html> 怎么填", "<!ENTITY a>", "]]>", "第一行\x0b第二行", "&lt;"],
)
async def test_what_a_person_writes_is_no_attack(door: Door, words: str) -> None:
    assert isinstance(door.line, AppLine)
    assert (await door.line.say("ZhangSan", words)).statuses == [200]
    assert [one.text for one in door.taken] == [words.replace("\x0b", " ")]


@all_of(TOO_LARGE)
async def test_what_is_too_large_is_not_read(
    door: Door, make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    assert (await refuse(door, make, caplog)).status_code == 413


async def test_a_size_that_is_not_admitted_is_found_out(
    door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < 10_000:
            sent += 1
            yield b"x" * 1024

    answer = await door.line.http.post(URL, content=endless())
    assert answer.status_code == 413
    assert (len(lines(caplog)), door.taken) == (1, [])


async def test_a_caller_that_goes_away_is_no_error(
    door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    attack = genuine(door.line)
    query = httpx.QueryParams(attack.query)
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/callback",
        "query_string": str(query).encode(),
        "headers": [(b"content-length", str(len(attack.body)).encode())],
    }
    pieces = [
        {"type": "http.request", "body": attack.body[:99], "more_body": True},
        {"type": "http.disconnect"},
    ]
    said: list[Any] = []

    async def receive() -> Any:
        return pieces.pop(0)

    async def send(message: Any) -> None:
        said.append(message)

    await door.app(scope, receive, send)
    assert 400 <= said[0]["status"] < 500
    assert (len(lines(caplog)), door.taken) == (1, [])


async def test_a_genuine_message_is_taken_in_a_storm_of_others(door: Door) -> None:
    attacks = [*NOT_GENUINE.values(), *TOO_LARGE.values()]
    makes = [one for attack in attacks for one in (attack, genuine)]
    answers = await asyncio.gather(*(door.post(make(door.line)) for make in makes))
    taken = [answer.status_code == 200 for answer in answers]
    assert taken == [make is genuine for make in makes]
    assert len({one.product_id for one in door.taken}) == len(attacks)


async def test_the_window_of_a_replay_has_two_edges(door: Door) -> None:
    for seconds, status in ((-300, 200), (300, 200), (-301, 403), (301, 403)):
        at = door.line.clock.seconds + seconds
        text = door.line.write(message(door.line))
        answer = await door.post(sealed(door.line, text, at=at))
        assert answer.status_code == status, seconds


async def test_the_address_is_verified_for_the_platform_alone(
    door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    assert (await door.line.verify()).text == ECHO
    seal = door.line.envelope.seal(ECHO)
    good = {**door.line.signed(seal), "echostr": seal}
    late = {**door.line.signed(seal, at=1), "echostr": seal}
    short = door.line.envelope.seal_raw(b"1")
    changes: list[dict[str, str]] = [
        {},
        good | {"msg_signature": "0" * 40},
        good | {"echostr": "x"},
        {name: value for name, value in good.items() if name != "echostr"},
        {**door.line.signed(short), "echostr": short},
        late,
    ]
    for number, query in enumerate(changes, start=1):
        answer = await door.line.http.get(URL, params=query)
        assert (answer.status_code, answer.text) == (403, "")
        assert len(lines(caplog)) == number


async def test_a_kind_that_nobody_knows_is_told_once_and_ignored(
    door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    for number in range(3):
        if isinstance(door.line, AppLine):
            fields = door.line.message("ZhangSan", "hologram", MsgId=f"{number}")
        else:
            fields = {**message(door.line), "msgtype": "hologram", "text": None}
        answer = await door.post(sealed(door.line, door.line.write(fields)))
        assert answer.status_code == 200
    assert door.taken == []
    assert [one for one in lines(caplog) if "hologram" in one] == lines(caplog)
    assert len(lines(caplog)) == 1


async def test_what_happens_before_anybody_listens_comes_again(door: Door) -> None:
    await door.channel.rest()
    assert (await door.line.say("LiSi", "在")).statuses == [503] * 3
    await door.channel.start(door.take)
    assert (await door.line.say("LiSi", "在")).statuses == [200]


@settings(max_examples=60, deadline=None)
@given(
    content=st.binary(max_size=200) | st.text(max_size=99).map(str.encode),
    is_sealed=st.sampled_from(["", "raw", "in"]),
)
@example(content=b"<xml><a/></xml>", is_sealed="in")
@example(content=b'{"msgtype": "text"}', is_sealed="in")
def test_any_bytes_are_answered_and_keep_nothing(
    content: bytes, is_sealed: str
) -> None:
    for kind in ("app", "robot"):
        asyncio.run(_try(kind, content, is_sealed))


async def _try(kind: str, content: bytes, is_sealed: str) -> None:
    async with open_door(kind) as door:
        attack = Attack(content, door.line.signed("x"))
        if is_sealed == "raw":
            attack = raw(door.line, content)
        elif is_sealed == "in":
            attack = raw(door.line, inner(door.line, content))
        answer = await door.post(attack)
        # A robot is told much that means nothing to us: 200, and forgotten.
        assert answer.status_code == 200 or 400 <= answer.status_code < 500
        assert door.taken == []
