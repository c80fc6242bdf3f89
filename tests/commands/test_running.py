"""`bot run`, `web` and `worker` as processes: start, health, and a stop in order."""

import asyncio
import json
import re
import signal
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryFile

import bot_command
import pytest
from office import ROOT
from sqlalchemy import select

from bot.database import Database
from bot.model import Beat
from bot.web.sharing import FRESH

STOP = 10  # seconds, as we promise
Start = Callable[..., "Process"]


class Process:
    """One of the three commands, started and ready."""

    def __init__(self, part: str, url: str, *, nursery: str) -> None:
        config = str(ROOT / "config" / "bot.toml")
        words = [part, "--config", config, "--database", url]
        words += ["--listen", "127.0.0.1:0"]
        self._errors = TemporaryFile("w+")
        self._process = bot_command.begin(words, nursery=nursery, errors=self._errors)
        self.said = ""
        self.log: list[dict[str, object]] = []

    def wait_until_ready(self) -> "Process":
        assert self._process.stdout
        for line in self._process.stdout:
            self.said += line
            if found := re.search(r"http://\S+", line):
                self.health_url = found[0]
                return self
        raise AssertionError(f"it ended: {self.end()}")

    def health(self) -> tuple[int, dict[str, object]]:
        try:
            with urllib.request.urlopen(self.health_url, timeout=10) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.load(error)

    def signal(self, number: signal.Signals) -> None:
        self._process.send_signal(number)

    def stop_reading(self) -> None:
        assert self._process.stdout
        self._process.stdout.close()

    def status(self) -> int:
        return self._process.wait(timeout=60)

    def end(self) -> int:
        """Wait for the end; returns the exit status."""
        assert self._process.stdout
        self.said += self._process.stdout.read()
        self._process.wait(timeout=60)
        self._errors.seek(0)
        lines = self._errors.read().splitlines()
        self.log = [json.loads(line) for line in lines if line[:1] == "{"]
        self.errors = [line for line in lines if line[:1] != "{"]
        return self._process.returncode

    def kill(self) -> None:
        assert self._process.stdout
        self._process.kill()
        self._process.wait()
        self._process.stdout.close()
        self._errors.close()


@pytest.fixture
def start(nursery_place: str) -> Iterator[Start]:
    """Give a function that starts a command; whatever runs at the end is killed."""
    processes = []

    def begin(
        part: str, url: str, *, ready: bool = True, from_nothing: bool = False
    ) -> Process:
        process = Process(part, url, nursery="" if from_nothing else nursery_place)
        processes.append(process)
        return process.wait_until_ready() if ready else process

    yield begin
    for process in processes:
        process.kill()


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path / 'office.sqlite3'}"


on_postgres = pytest.mark.parametrize("database_url", ["postgres"], indirect=True)


def test_run_is_healthy_says_that_no_product_is_there_and_stops_in_order(
    start: Start, sqlite_url: str
) -> None:
    process = start("run", sqlite_url, from_nothing=True)

    status, health = process.health()
    assert (status, health["status"]) == (200, "ok")
    process.signal(signal.SIGTERM)
    began = time.monotonic()
    assert process.end() == 0
    assert time.monotonic() - began < STOP
    assert "没有配置聊天产品" in process.said
    assert "已停止" in process.said


def test_every_line_of_the_log_is_json_with_time_level_and_message(
    start: Start, sqlite_url: str
) -> None:
    process = start("run", sqlite_url)
    process.signal(signal.SIGINT)
    assert process.end() == 0

    assert process.errors == []
    assert {"started", "stopped"} <= {line["message"] for line in process.log}
    for line in process.log:
        assert {"time", "level", "logger", "message"} <= line.keys()


def test_a_second_copy_on_the_same_file_is_refused_and_the_first_goes_on(
    start: Start, sqlite_url: str
) -> None:
    first = start("run", sqlite_url)
    second = start("run", sqlite_url, ready=False)

    assert second.end() == 1
    assert any("另一个 bot run" in line for line in second.errors)
    assert first.health()[0] == 200


def test_after_a_kill_the_file_is_free_at_once(start: Start, sqlite_url: str) -> None:
    first = start("run", sqlite_url)
    first.signal(signal.SIGKILL)
    first.end()

    assert start("run", sqlite_url).health()[0] == 200


def test_a_second_signal_ends_it_at_once(start: Start, sqlite_url: str) -> None:
    process = start("run", sqlite_url)
    process.signal(signal.SIGSTOP)  # so that it hears both together
    process.signal(signal.SIGTERM)
    process.signal(signal.SIGINT)
    process.signal(signal.SIGCONT)

    assert process.end() in {128 + signal.SIGTERM, 128 + signal.SIGINT}


def test_it_stops_though_nobody_reads_what_it_says(
    start: Start, sqlite_url: str
) -> None:
    process = start("run", sqlite_url, from_nothing=True)
    process.stop_reading()
    process.signal(signal.SIGTERM)

    assert process.status() == 0


@pytest.mark.parametrize("part", ["web", "worker"])
def test_parts_are_refused_on_sqlite_with_the_remedy(
    start: Start, sqlite_url: str, part: str
) -> None:
    process = start(part, sqlite_url, ready=False)

    assert process.end() == 1
    told = "\n".join(process.errors)
    assert "bot run" in told
    assert "postgresql://" in told


@on_postgres
def test_web_is_red_when_the_only_worker_is_gone(
    start: Start, database_url: str
) -> None:
    worker, web = start("worker", database_url), start("web", database_url)
    assert web.health()[0] == 200
    worker.kill()

    asyncio.run(_age_the_beats(database_url))  # as if a minute had passed since
    time.sleep(FRESH)  # as long as an answer may be told again
    status, health = web.health()

    assert status == 503
    assert health["status"] == "late"


async def _age_the_beats(url: str) -> None:
    database = await Database.open(url)
    async with database.writing() as session:
        for beat in await session.scalars(select(Beat)):
            beat.last_at -= timedelta(minutes=1)
    await database.close()


@on_postgres
def test_two_webs_and_two_workers_share_a_database(
    start: Start, database_url: str
) -> None:
    names = ("worker", "web", "worker", "web")
    parts = [start(name, database_url, ready=False) for name in names]
    for part in parts:
        part.wait_until_ready()

    assert [part.health()[0] for part in parts] == [200] * 4
    for part in parts:
        part.signal(signal.SIGTERM)
    assert [part.end() for part in parts] == [0] * 4


def test_a_store_that_is_not_there_is_told_on_both_sides(
    start: Start,
) -> None:
    url = "postgresql://nobody:geheim@127.0.0.1:1/nothing"
    process = start("worker", url, ready=False)

    assert process.end() == 1
    assert any("数据库" in line for line in process.errors)
    assert "cannot go on" in {line["message"] for line in process.log}
    assert "geheim" not in repr((process.log, process.errors, process.said))
