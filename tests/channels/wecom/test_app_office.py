"""A whole office on the app: a callback comes in, is kept, and its answer goes out."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from fake_qyapi import FakeQyapi
from platform_callbacks import AppLine
from platform_clock import PlatformClock
from platform_corp import CALLBACK_KEY, CALLBACK_TOKEN, CORP_ID, SECRET, Corp

from bot.app import App
from bot.app.engine import Engine, doorbell_at
from bot.app.products import callback_places
from bot.settings import Settings
from bot.web.metrics import Metrics
from bot.web.server import doors

ENV = {
    "BOT_WECOM_APP_SECRET": SECRET,
    "BOT_WECOM_TOKEN": CALLBACK_TOKEN,
    "BOT_WECOM_AES_KEY": CALLBACK_KEY,
}
_PATIENCE = 20.0  # seconds, on a busy machine


@pytest.fixture
def clock() -> PlatformClock:
    return PlatformClock(datetime.now(UTC))  # an office lives by the real one


@pytest.fixture
def settings(tmp_path: Path, sqlite_template: Path, qyapi: FakeQyapi) -> Settings:
    """Give the settings of an office that has nothing but the app."""
    (tmp_path / "bot.sqlite3").write_bytes(sqlite_template.read_bytes())
    form = tmp_path / "bot.toml"
    form.write_text(
        '[office]\nname = "某县"\ntimezone = "Asia/Shanghai"\n'
        'channels = ["wecom_app"]\n'
        f'[database]\nurl = "sqlite:///{tmp_path}/bot.sqlite3"\n'
        f'[wecom]\ncorp_id = "{CORP_ID}"\nagent_id = 1000002\n'
        f'api_url = "{qyapi.base_url}"\napp_callback = "http://bot/wecom/app"\n',
        encoding="utf-8",
    )
    return Settings.load(form, ENV)


@pytest.fixture
async def office_line(
    settings: Settings, qyapi: FakeQyapi, corp: Corp
) -> AsyncIterator[AppLine]:
    """Give the platform's side of an office that runs."""
    async with App.open(settings) as app:
        channels = app.message_channels()
        engine = Engine(
            database=app.database,
            doorbell=doorbell_at(settings.database_url),
            channels=channels,
            answer=app.answer_letters,
            clock=app.now,
            owner="run",
        )
        places = callback_places(settings.wecom)
        callbacks = {path: channels[name].endpoint for name, path in places.items()}
        web = doors(engine.health, Metrics(), {}, callbacks)
        await engine.start()
        try:
            transport = httpx.ASGITransport(app=web)
            async with httpx.AsyncClient(transport=transport) as http:
                yield AppLine(http, "http://bot/wecom/app", corp, clock=qyapi.clock)
        finally:
            await engine.stop()


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(_PATIENCE):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_a_question_is_answered_once_though_it_comes_three_times(
    office_line: AppLine, qyapi: FakeQyapi
) -> None:
    assert (await office_line.verify()).status_code == 200
    first = await office_line.say("ZhangSan", "帮助")
    await office_line.repeat(first)
    await office_line.repeat(first)
    await until(lambda: bool(qyapi.posts))

    await office_line.say("LiSi", "你好")
    await until(lambda: bool(qyapi.posts_to("LiSi")))

    assert len(qyapi.posts_to("ZhangSan")) == 1


async def test_the_same_question_asked_again_is_answered_again(
    office_line: AppLine, qyapi: FakeQyapi
) -> None:
    for count in (1, 2, 3):
        await office_line.say("ZhangSan", "帮助")
        await until(lambda count=count: len(qyapi.posts_to("ZhangSan")) >= count)  # type: ignore[misc]

    assert len(set(qyapi.texts_to("ZhangSan"))) == 1
    assert not qyapi.dropped


async def test_other_places_and_other_ways_of_asking_are_not_there(
    office_line: AppLine,
) -> None:
    http = office_line.http

    assert (await http.put("http://bot/wecom/app")).status_code == 405
    assert (await http.get("http://bot/wecom")).status_code == 404
