"""The callback of the app: everything hostile is refused, everything else is kept."""

import logging
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from platform_callbacks import ECHO, AppLine
from platform_clock import PlatformClock
from platform_corp import CALLBACK_KEY, CALLBACK_TOKEN, CORP_ID
from platform_envelope import Envelope
from taken_in import TakenIn

from bot.channels.wecom.app import WecomApp
from bot.errors import StoreError

pytestmark = pytest.mark.usefixtures("qyapi")


async def test_the_address_is_verified_with_the_bare_echo(line: AppLine) -> None:
    answer = await line.verify()

    assert (answer.status_code, answer.text) == (200, ECHO)


async def test_an_echo_whose_plus_signs_came_unquoted_is_verified(
    line: AppLine,
) -> None:
    sealed = next(s for s in iter(lambda: line.envelope.seal(ECHO), "") if "+" in s)
    query = "&".join(f"{key}={value}" for key, value in line.signed(sealed).items())

    answer = await line.http.get(f"{line.url}?{query}&echostr={sealed}")

    assert answer.text == ECHO


async def test_a_message_is_kept_and_then_answered_with_nothing(
    line: AppLine, taken_in: TakenIn
) -> None:
    sending = await line.say("ZhangSan", "我的任务 ]]> & <b>")

    assert sending.statuses == [200]
    assert sending.answer == ""
    (letter,) = taken_in.letters
    assert (letter.channel, letter.address) == ("wecom_app", "zhangsan")
    assert letter.text == "我的任务 ]]> & <b>"


async def test_a_message_that_comes_again_has_the_same_id(
    line: AppLine, taken_in: TakenIn
) -> None:
    first = await line.say("ZhangSan", "我的任务")
    await line.repeat(first)

    one, again = taken_in.letters
    assert one.product_id == again.product_id


async def test_what_is_not_kept_comes_again(line: AppLine, taken_in: TakenIn) -> None:
    taken_in.fails = StoreError("the disk is full")

    sending = await line.say("ZhangSan", "我的任务")

    assert sending.statuses == [503, 503, 503]


async def test_nothing_is_taken_before_anybody_listens_nor_after(
    line: AppLine, app: WecomApp
) -> None:
    await app.rest()

    assert (await line.say("ZhangSan", "我的任务")).statuses == [503, 503, 503]


def _xml(encrypt: str) -> bytes:
    return f"<xml><Encrypt><![CDATA[{encrypt}]]></Encrypt></xml>".encode()


def _bomb(word: str) -> bytes:
    return (
        f'<!{word} xml [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
        "<xml><Encrypt>&b;</Encrypt></xml>"
    ).encode()


HOSTILE: dict[str, tuple[Callable[[AppLine], bytes], int]] = {
    "empty": (lambda line: b"", 400),
    "no XML": (lambda line: b"hello", 400),
    "JSON": (lambda line: b'{"encrypt": "x"}', 400),
    "cut off": (lambda line: _xml(line.envelope.seal("x"))[:-9], 400),
    "no Encrypt": (lambda line: b"<xml><ToUserName>a</ToUserName></xml>", 400),
    "Encrypt twice": (lambda line: b"<xml><Encrypt>a</Encrypt><Encrypt/></xml>", 400),
    "another root": (lambda line: b"<a><Encrypt>x</Encrypt></a>", 400),
    "no fields": (lambda line: b"<xml>x</xml>", 400),
    "no UTF-8": (lambda line: b"<xml><Encrypt>\xff\xfe</Encrypt></xml>", 400),
    "UTF-16": (lambda line: "<xml><Encrypt>x</Encrypt></xml>".encode("utf-16"), 400),
    "entity bomb": (lambda line: _bomb("DOCTYPE"), 400),
    "doctype alone": (
        lambda line: b"<!doctype xml><xml><Encrypt>x</Encrypt></xml>",
        400,
    ),
    "another key": (
        lambda line: _xml(
            Envelope(token=CALLBACK_TOKEN, key="Z" * 42 + "E", receiver=CORP_ID).seal(
                "x"
            )
        ),
        403,
    ),
    "another receiver": (
        lambda line: _xml(
            Envelope(token=CALLBACK_TOKEN, key=CALLBACK_KEY, receiver="ww0").seal("x")
        ),
        403,
    ),
    "no base64": (lambda line: _xml("!!!"), 403),
    "a short block": (lambda line: _xml("MDEyMw=="), 403),
    "10 MB": (lambda line: b"<xml>" + b"a" * 10_000_000 + b"</xml>", 413),
    "9,000 elements deep": (lambda line: b"<a>" * 9000 + b"</a>" * 9000, 400),
    "inside: a bomb": (
        lambda line: _xml(line.envelope.seal(_bomb("DOCTYPE").decode())),
        400,
    ),
    "inside: no XML": (lambda line: _xml(line.envelope.seal("hello")), 400),
    "inside: nothing": (lambda line: _xml(line.envelope.seal("")), 400),
    "inside: no sender": (
        lambda line: _xml(
            line.envelope.seal(line.write(_without("FromUserName", line)))
        ),
        400,
    ),
    "inside: no number": (
        lambda line: _xml(line.envelope.seal(line.write(_without("MsgId", line)))),
        400,
    ),
    "inside: another app": (
        lambda line: _xml(
            line.envelope.seal(line.write(line.message("A", "text") | {"AgentID": 7}))
        ),
        400,
    ),
    "inside: another corporation": (
        lambda line: _xml(
            line.envelope.seal(
                line.write(line.message("A", "text") | {"ToUserName": "ww0"})
            )
        ),
        400,
    ),
}


def _without(name: str, line: AppLine) -> dict[str, Any]:
    fields = line.message("ZhangSan", "text", Content="x")
    return {key: value for key, value in fields.items() if key != name}


@pytest.mark.parametrize(("make", "status"), HOSTILE.values(), ids=HOSTILE.keys())
async def test_hostile_input_is_refused_with_one_line_and_nothing_is_kept(
    line: AppLine,
    taken_in: TakenIn,
    caplog: pytest.LogCaptureFixture,
    make: Callable[[AppLine], bytes],
    status: int,
) -> None:
    body = make(line)
    encrypt = body.partition(b"CDATA[")[2].partition(b"]]>")[0].decode()

    with caplog.at_level(logging.INFO, logger="bot"):
        answer = await line.post_raw(body, line.signed(encrypt))

    assert answer.status_code == status
    assert answer.content == b""
    assert len([one for one in caplog.records if one.name.startswith("bot")]) == 1
    assert not taken_in.letters


async def test_what_is_not_signed_or_signed_otherwise_is_refused(
    line: AppLine, taken_in: TakenIn
) -> None:
    sealed = line.envelope.seal(line.write(line.message("A", "text", Content="x")))
    good = line.signed(sealed)
    for query in (
        {},
        good | {"msg_signature": "0" * 40},
        good | {"nonce": "1"},
        good | {"msg_signature": "签"},
        {key: value for key, value in good.items() if key != "timestamp"},
    ):
        assert (await line.post_raw(_xml(sealed), query)).status_code == 403
    assert not taken_in.letters


async def test_a_message_that_was_listened_to_is_not_taken_again_later(
    line: AppLine, clock: PlatformClock, taken_in: TakenIn
) -> None:
    sealed = line.envelope.seal(line.write(line.message("A", "text", Content="x")))
    query = line.signed(sealed)
    await clock.advance(301)

    assert (await line.post_raw(_xml(sealed), query)).status_code == 403
    assert not taken_in.letters


async def test_a_body_that_does_not_admit_its_length_is_cut_short(
    line: AppLine,
) -> None:
    async def endless() -> Any:
        for _ in range(100):
            yield b"x" * 4096

    answer = await line.http.post(line.url, content=endless())

    assert answer.status_code == 413


async def test_a_verification_by_a_stranger_tells_nothing(
    line: AppLine, caplog: pytest.LogCaptureFixture
) -> None:
    answer: httpx.Response = await line.http.get(line.url, params={"echostr": "x"})

    assert (answer.status_code, answer.content) == (403, b"")
    assert CALLBACK_TOKEN not in caplog.text


@pytest.mark.parametrize(
    "event", ["inactive_alert", "close_inactive_agent", "reopen_inactive_agent"]
)
async def test_an_app_that_is_switched_off_rings_the_alarm(
    line: AppLine, taken_in: TakenIn, event: str
) -> None:
    at = line.clock.seconds + 86400

    sending = await line.post(line.event("sys", event, EffectTime=at))

    assert sending.statuses == [200]
    (alert,) = taken_in.alerts
    assert (alert.kind, int(alert.at.timestamp())) == (event, at)
    assert not taken_in.letters


@pytest.mark.parametrize(
    "event", ["view", "LOCATION", "batch_job_result", "no_such_event", "change_contact"]
)
async def test_events_that_mean_nothing_to_us_are_taken_and_forgotten(
    line: AppLine, taken_in: TakenIn, event: str
) -> None:
    assert (await line.post(line.event("ZhangSan", event))).statuses == [200]
    assert not taken_in.letters
