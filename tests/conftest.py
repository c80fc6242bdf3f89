"""Fixtures for all tests: a fresh store, on both databases."""

import asyncio
import gc
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from compiled_once import compile_once
from hypothesis import settings
from postgres import PostgresServer, postgres_server
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database import Database, migrate

pytest_plugins = ("walked_events",)
HERE = Path(__file__).parent

# New examples are for those who can look at them; CI repeats the same ones.
settings.register_profile("ci", derandomize=True, print_blob=True)
if os.environ.get("CI"):
    settings.load_profile("ci")

compile_once()


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


# Python's own handler would have each event loop put another in its place, and each
# time the standard library writes down the whole task, only to throw the words away.
signal.signal(signal.SIGINT, _interrupt)


def pytest_collection_finish() -> None:
    """Have the garbage collector look at what tests make, not at all they are made of.

    Several of them ask it to look; eight thousand tests are much to look through.
    """
    gc.collect()
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Iterator[pytest.TestReport]:
    """Make reports of what a worker can tell: hostile words stand in captured logs."""
    report = yield
    report.sections = [
        (title, text.encode("utf-8", "replace").decode())
        for title, text in report.sections
    ]
    return report


@pytest.fixture(scope="session")
def nursery_place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give the socket of a process that forks for us."""
    place = str(tmp_path_factory.mktemp("nursery") / "socket")
    paths = [str(HERE.parent), str(HERE), str(HERE / "mail")]
    process = subprocess.Popen(
        [sys.executable, "-m", "nursery", place],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with process:
        assert process.stdout
        assert process.stdout.readline() == b"ready\n"
        yield place
        process.communicate()


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """Give a PostgreSQL server that stands for the whole session."""
    with postgres_server() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_template(postgres: PostgresServer) -> Iterator[str]:
    """Give the name of a migrated database on it, to be copied."""
    name = f"plan_template_{uuid4().hex}"
    asyncio.run(_lay_tables_on(postgres, name))
    yield name
    asyncio.run(postgres.drop(name))


async def _lay_tables_on(server: PostgresServer, name: str) -> None:
    await migrate(await server.create(name))


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a migrated SQLite file, to be copied."""
    file = tmp_path_factory.mktemp("sqlite") / "template.sqlite3"
    asyncio.run(migrate(f"sqlite+aiosqlite:///{file}"))
    return file


@pytest.fixture(params=["sqlite", "postgres"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give the URL of a database without any table, on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path / 'empty.sqlite3'}"
        return
    yield from _own_database(request.getfixturevalue("postgres"), like="template0")


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give the URL of a fresh database with all tables, on both databases."""
    if request.param == "sqlite":
        file = tmp_path / "plans.sqlite3"
        shutil.copy(request.getfixturevalue("sqlite_template"), file)
        yield f"sqlite+aiosqlite:///{file}"
        return
    template = request.getfixturevalue("postgres_template")
    yield from _own_database(request.getfixturevalue("postgres"), like=template)


def _own_database(server: PostgresServer, *, like: str) -> Iterator[str]:
    name = f"plan_{uuid4().hex}"
    yield asyncio.run(server.create(name, like=like))
    asyncio.run(server.drop(name))


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """Give a fresh store, open, on SQLite and on PostgreSQL."""
    database = await Database.open(database_url)
    yield database
    await database.close()


@pytest.fixture
async def session(database: Database) -> AsyncIterator[AsyncSession]:
    """Give a session that may write; what it wrote is undone at the end."""
    async with database.writing() as session:
        yield session
        await session.rollback()
