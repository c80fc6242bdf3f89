"""Fixtures: a corporation with its platform, an app of ours on it, what it took in."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fake_qyapi import FakeQyapi
from platform_callbacks import AppLine
from platform_clock import PlatformClock
from platform_corp import AGENT, CALLBACK_KEY, CALLBACK_TOKEN, CORP_ID, SECRET, Corp
from starlette.applications import Starlette
from starlette.routing import Route
from taken_in import MakeApp, TakenIn

from bot.channels.wecom.app import WecomApp


@pytest.fixture
def clock() -> PlatformClock:
    return PlatformClock()


@pytest.fixture
def corp() -> Corp:
    corp = Corp()
    corp.add("ZhangSan", "LiSi", "WangWu")
    return corp


@pytest.fixture
async def qyapi(corp: Corp, clock: PlatformClock) -> AsyncIterator[FakeQyapi]:
    async with FakeQyapi(corp, clock=clock).running() as fake:
        yield fake


@pytest.fixture
def taken_in() -> TakenIn:
    return TakenIn()


@pytest.fixture
async def make_app(
    qyapi: FakeQyapi, clock: PlatformClock, taken_in: TakenIn
) -> AsyncIterator[MakeApp]:
    """Give a maker of apps, each of which is stopped in the end."""
    made = []

    def make(**more: Any) -> WecomApp:
        settings = {
            "corp_id": CORP_ID,
            "agent_id": AGENT,
            "secret": SECRET,
            "token": CALLBACK_TOKEN,
            "aes_key": CALLBACK_KEY,
            "clock": clock,
            "base_url": qyapi.base_url,
            "alarm": taken_in.alarm,
        }
        made.append(WecomApp(**(settings | more)))
        return made[-1]

    yield make
    for app in made:
        await app.stop()


@pytest.fixture
def app(make_app: MakeApp) -> WecomApp:
    return make_app()


@pytest.fixture
async def line(
    app: WecomApp, corp: Corp, clock: PlatformClock, taken_in: TakenIn
) -> AsyncIterator[AppLine]:
    """Give the platform's side of the app's callback, which listens."""
    await app.start(taken_in.take)
    route = Route("/wecom/app", app.endpoint, methods=["GET", "POST"])
    transport = httpx.ASGITransport(app=Starlette(routes=[route]))
    async with httpx.AsyncClient(transport=transport) as http:
        yield AppLine(http, "http://bot/wecom/app", corp, clock=clock)
