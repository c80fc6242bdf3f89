"""What a checkup says of the app: each fault by its name, with what to do."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from fake_qyapi import FakeQyapi
from platform_corp import AGENT, Corp
from qyapi_calls import Trouble
from starlette.applications import Starlette
from starlette.routing import Route
from taken_in import MakeApp

from bot.channels.wecom.app import WecomApp
from bot.channels.wecom.errors import remedy, untrusted_ip
from bot.errors import NotSent
from bot.messages import Reply
from bot.web.server import listen_on, serve


async def faults(app: WecomApp) -> list[str]:
    return [one.words for one in await app.check() if not one.is_well]


async def test_a_sound_app_has_no_fault(app: WecomApp) -> None:
    found = await app.check()

    assert all(one.is_well for one in found)
    assert "应用“实施方案”（1000002）可用" in [one.words for one in found]


async def test_an_untrusted_ip_is_told_as_wecom_names_it(
    app: WecomApp, qyapi: FakeQyapi, corp: Corp
) -> None:
    corp.app(AGENT).trusted_ips = {"8.8.8.8"}
    qyapi.caller_ip = "203.0.113.9"

    (fault,) = await faults(app)

    assert "本机出口 IP 203.0.113.9 不在应用的“企业可信IP”里" in fault


async def test_an_untrusted_ip_is_the_trouble_of_the_channel(
    app: WecomApp, corp: Corp
) -> None:
    corp.app(AGENT).trusted_ips = {"8.8.8.8"}

    with pytest.raises(NotSent):
        await app.send("lisi", app.write("", Reply("您好"))[0])
    assert "127.0.0.1" in remedy(app.trouble)

    corp.app(AGENT).trusted_ips = None
    await app.send("lisi", app.write("", Reply("您好"))[0])
    assert app.trouble == ""


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"secret": "another"}, "BOT_WECOM_APP_SECRET"),
        ({"corp_id": "ww0"}, "wecom.corp_id"),
        ({"agent_id": 7}, "wecom.agent_id"),
        ({"base_url": "http://127.0.0.1:1"}, "连不上企业微信"),
    ],
)
async def test_what_is_configured_wrongly_is_told(
    make_app: MakeApp, more: dict[str, object], words: str
) -> None:
    (fault,) = await faults(make_app(**more))

    assert words in fault


async def test_an_app_that_is_closed_or_seen_by_nobody_is_told(
    app: WecomApp, corp: Corp
) -> None:
    corp.app(AGENT).visible = set()
    (unseen,) = await faults(app)
    assert "可见范围是空的" in unseen

    corp.app(AGENT).closed = True
    (closed,) = await faults(app)
    assert "被停用了" in closed


async def test_an_answer_that_cannot_be_read_is_told(
    app: WecomApp, qyapi: FakeQyapi
) -> None:
    qyapi.expect("gettoken", Trouble(raw=b"<html>"))

    (fault,) = await faults(app)

    assert "读不懂" in fault


@asynccontextmanager
async def served(app: WecomApp) -> AsyncIterator[str]:
    """Serve the callback of an app on a port of this machine; gives its address."""
    route = Route("/wecom/app", app.endpoint, methods=["GET", "POST"])
    stop = asyncio.Event()
    with listen_on("127.0.0.1:0") as door:
        serving = asyncio.create_task(
            serve(Starlette(routes=[route]), door, until=stop)
        )
        try:
            yield f"http://127.0.0.1:{door.getsockname()[1]}/wecom/app"
        finally:
            stop.set()
            await serving


async def test_the_callback_is_tried_from_outside(make_app: MakeApp) -> None:
    async with served(make_app()) as url:
        assert not await faults(make_app(callback=url))
        (elsewhere,) = await faults(make_app(callback=f"{url}/x"))
        (strange,) = await faults(make_app(callback=url, token="AnotherToken"))
    (gone,) = await faults(make_app(callback=url))

    assert "不是本程序的（HTTP 404）" in elsewhere
    assert "不是本程序的（HTTP 403）" in strange
    assert "访问不通" in gone


@pytest.mark.parametrize(
    ("words", "ip"),
    [
        (
            "not allow to access from your ip, from ip: 203.0.113.9, more info",
            "203.0.113.9",
        ),
        ("not allow, hint: [1], from ip: 2001:db8::1, more", "2001:db8::1"),
        ("not allow to access", ""),
    ],
)
def test_the_ip_is_read_off_the_words_of_wecom(words: str, ip: str) -> None:
    assert untrusted_ip(words) == ip


@pytest.mark.parametrize("code", [-1, 40014, 60111, 45009, 86001, 123456, 45002])
def test_every_code_has_words(code: int) -> None:
    assert str(code) in remedy(f"ApiError: {code}: x")
