"""Fixtures: an office with a plan in force, on a Telegram that the tests script."""

import asyncio
import shutil
import sqlite3
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(1, str(ROOT / "tests" / "channels" / "telegram"))

from fake_api import FakeTelegram  # noqa: E402  they lie in the channel's folder
from outgoing import faults_of  # noqa: E402
from whole_office import Open, WholeOffice, publish  # noqa: E402

SAMPLE = ROOT / "data" / "samples" / "sample-plan.txt"
REAL = ROOT.parent / "shared" / "plans" / "pingyin-2022-21.txt"


def _with_plan(plan: Path, template: Path, file: Path) -> Path:
    shutil.copy(template, file)
    asyncio.run(publish(plan, f"sqlite+aiosqlite:///{file}"))
    return file


@pytest.fixture(scope="session")
def sample_office(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Give a SQLite file in which the sample plan is in force, to be copied."""
    file = tmp_path_factory.mktemp("sample_office") / "office.sqlite3"
    return _with_plan(SAMPLE, sqlite_template, file)


@pytest.fixture(scope="session")
def real_office(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Give the same with a real plan, which is not kept in this repository."""
    if not REAL.exists():
        pytest.skip(f"no {REAL.name} in ../shared/plans")
    file = tmp_path_factory.mktemp("real_office") / "office.sqlite3"
    return _with_plan(REAL, sqlite_template, file)


def _copied(template: Path, file: Path) -> str:
    with closing(sqlite3.connect(template)) as source:
        with closing(sqlite3.connect(file)) as copy:
            source.backup(copy)
    return f"sqlite+aiosqlite:///{file}"


@pytest.fixture
def office_url(sample_office: Path, tmp_path: Path) -> str:
    """Give the URL of an office of our own, with the sample plan in force."""
    return _copied(sample_office, tmp_path / "office.sqlite3")


@pytest.fixture
def real_office_url(real_office: Path, tmp_path: Path) -> str:
    return _copied(real_office, tmp_path / "office.sqlite3")


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    """Give a Telegram; whatever was said through it must have been fit to be sent."""
    async with FakeTelegram().running() as fake:
        yield fake
    assert [fault for call in fake.calls for fault in faults_of(call)] == []


@pytest.fixture
async def open_office(tmp_path: Path) -> AsyncIterator[Open]:
    """Give a function that opens an office; whatever is open at the end is closed."""
    offices: list[WholeOffice] = []

    async def open_one(url: str, base_url: str, **more: Any) -> WholeOffice:
        form = tmp_path / f"bot-{len(offices)}.toml"
        offices.append(WholeOffice(url, base_url=base_url, form=form, **more))
        await offices[-1].open()
        return offices[-1]

    yield open_one
    for office in offices:
        await office.close()


@pytest.fixture
async def office(
    open_office: Open, office_url: str, telegram: FakeTelegram
) -> WholeOffice:
    """Give an office that polls the scripted Telegram."""
    return await open_office(office_url, telegram.base_url)


@pytest.fixture
def seed() -> int:
    """Give a random seed, which is shown if the test fails."""
    import random

    number = random.SystemRandom().randrange(2**32)
    print(f"seed: {number}")
    return number


@pytest.fixture
async def outside(tmp_path: Path) -> AsyncIterator[Any]:
    """Give a Telegram that others wrote; what was said must be fit for it, and us."""
    from outside_telegram import OutsideTelegram

    outside = OutsideTelegram(tmp_path / "journal.jsonl")
    runner = await outside.open()
    yield outside
    await runner.cleanup()
    outside.must_be_content()
    assert [fault for call in outside.calls for fault in faults_of(call)] == []


@pytest.fixture
async def start_bot(
    tmp_path: Path, nursery_place: str
) -> AsyncIterator[Callable[..., Awaitable[Any]]]:
    """Give a function that starts `bot run`; whatever runs at the end is killed."""
    from bot_process import BotProcess

    processes: list[BotProcess] = []

    async def start(
        url: str, base_url: str, *, from_nothing: bool = False, **more: Any
    ) -> BotProcess:
        more |= {"nursery": "" if from_nothing else nursery_place}
        processes.append(BotProcess(tmp_path, url=url, base_url=base_url, **more))
        return await processes[-1].start()

    yield start
    for process in processes:
        await process.kill()
