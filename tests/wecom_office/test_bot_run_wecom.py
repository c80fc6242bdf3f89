"""`bot run` as a process, as an engineer starts it, on a WeCom that the tests play."""

import asyncio
import re
import signal
import socket
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import bot_command
import httpx
import pytest
from fake_openws import BOT_SECRET, FakeOpenws
from fake_qyapi import FakeQyapi
from hostile_callbacks import NOT_GENUINE, TOO_LARGE
from hostile_xml import XML_ATTACKS
from platform_callbacks import ECHO, AppLine
from platform_clock import OfficeClock
from platform_corp import CALLBACK_KEY, CALLBACK_TOKEN, SECRET, Corp
from platform_vectors import V1, V2
from qyapi_calls import Post
from wecom_whole_office import ENV, GROUP, HOOK_KEY, until, words_of, write_form

ON_SQLITE = pytest.mark.parametrize("office_url", ["sqlite"], indirect=True)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as door:
        return int(door.getsockname()[1])


class Run:
    """`bot run`, the platform that it speaks with, and all that it has said."""

    def __init__(self, folder: Path, url: str, nursery: str) -> None:
        self.folder, self.url, self.nursery = folder, url, nursery
        self.port = free_port()
        self.log = folder / "log.jsonl"
        self.process: bot_command.Process | None = None

    @property
    def place(self) -> str:
        return f"http://127.0.0.1:{self.port}/wecom/app"

    def begin(self, form: Path, **env: str) -> bot_command.Process:
        words = ["run", "--config", str(form), "--listen", f"127.0.0.1:{self.port}"]
        with self.log.open("ab") as log:
            self.process = bot_command.begin(
                words, nursery=self.nursery, errors=log, **(ENV | env)
            )
        return self.process

    async def ended(self) -> int:
        assert self.process
        return await asyncio.to_thread(self.process.wait, 60)

    def letters(self) -> int:
        with closing(sqlite3.connect(self.url.partition(":///")[2])) as store:
            return int(store.execute("SELECT count(*) FROM letter").fetchone()[0])


@asynccontextmanager
async def platform() -> AsyncIterator[tuple[FakeQyapi, FakeOpenws]]:
    clock = OfficeClock(datetime.now(UTC))
    corp = Corp()
    corp.add("ZhangSan", "LiSi")
    corp.add_webhook(HOOK_KEY, chat=GROUP)
    async with (
        FakeQyapi(corp, clock=clock).running() as qyapi,
        FakeOpenws(clock=clock).running() as openws,
    ):
        yield qyapi, openws


@pytest.fixture
def run(tmp_path: Path, office_url: str, nursery_place: str) -> Any:
    run = Run(tmp_path, office_url, nursery_place)
    yield run
    if run.process:
        if run.process.returncode is None:
            run.process.kill()
            run.process.wait(30)
        assert run.process.stdout
        run.process.stdout.close()


@ON_SQLITE
@pytest.mark.parametrize(
    ("variable", "key"),
    [
        (f"BOT_WECOM_{name}", value)
        for vector in (V1, V2)
        for name, value in (
            ("TOKEN", vector.envelope.token),
            ("AES_KEY", vector.envelope.key),
        )
    ],
)
async def test_it_does_not_start_with_a_key_that_everybody_has(
    run: Run, variable: str, key: str
) -> None:
    async with platform() as (qyapi, openws):
        form = write_form(run.folder, run.url, qyapi, openws, callback=run.place)
        run.begin(form, **{variable: key})

        assert await run.ended() == 1
        log = run.log.read_text("utf-8")
        assert "公开文档里的示例" in log
        assert key not in log
        assert qyapi.calls == []


async def cut_short(port: int) -> bytes:
    """Post a body of which most never comes; returns what is answered."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(
        b"POST /wecom/app HTTP/1.1\r\nHost: a\r\nContent-Length: 9000\r\n\r\n<"
    )
    await writer.drain()
    async with asyncio.timeout(30):
        answer = await reader.read(100)
    writer.close()
    return answer


@ON_SQLITE
async def test_it_hears_people_among_attacks_of_which_nothing_is_kept(
    run: Run,
) -> None:
    async with platform() as (qyapi, openws), httpx.AsyncClient() as http:
        form = write_form(run.folder, run.url, qyapi, openws, callback=run.place)
        run.begin(form)
        await openws.subscribed(within=60)
        line = AppLine(http, run.place, qyapi.corp, clock=qyapi.clock)
        await until(lambda: _is_verified(line), seconds=60)

        attacks = {**NOT_GENUINE, **TOO_LARGE, **XML_ATTACKS}
        for name, make in attacks.items():
            attack = make(line)
            answer = await line.post_raw(attack.body, attack.query)
            assert 400 <= answer.status_code < 500, name
            assert answer.content == b"", name
        assert b" 408 " in await cut_short(run.port)
        assert run.letters() == 0

        await line.say("ZhangSan", "科技馆谁负责")
        await until(lambda: "县科协" in _said(qyapi.posts_to("zhangsan")))
        await openws.say("ZhangSan", openws.at("科技馆谁负责"), chat=GROUP)
        await until(lambda: "县科协" in _said(openws.posts_in(GROUP)))
        assert run.process
        run.process.send_signal(signal.SIGTERM)
        assert await run.ended() == 0

    log = run.log.read_text("utf-8")
    assert "Traceback" not in log
    assert set(re.findall("is refused with (\\d+)", log)) == {
        "400",
        "403",
        "408",
        "413",
    }
    for secret in (SECRET, CALLBACK_KEY, CALLBACK_TOKEN, BOT_SECRET, HOOK_KEY, ECHO):
        assert secret not in log


def _said(posts: list[Post]) -> str:
    return "".join(map(words_of, posts))


async def _is_verified(line: AppLine) -> bool:
    try:
        return (await line.verify()).text == ECHO
    except httpx.TransportError:
        return False
