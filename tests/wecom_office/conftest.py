"""Fixtures: an office with a plan in force, on a WeCom that the tests play."""

import asyncio
import shutil
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from postgres import PostgresServer

ROOT = Path(__file__).parents[2]
sys.path.insert(1, str(ROOT / "tests" / "channels" / "wecom"))

from wecom_whole_office import WecomOffice, open_office, publish  # noqa: E402


@pytest.fixture(scope="session")
def sqlite_with_plan(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Give a SQLite file in which the sample plan is in force, to be copied."""
    file = tmp_path_factory.mktemp("wecom_office") / "office.sqlite3"
    shutil.copy(sqlite_template, file)
    asyncio.run(publish(f"sqlite+aiosqlite:///{file}"))
    return file


@pytest.fixture(scope="session")
def postgres_with_plan(
    postgres: PostgresServer, postgres_template: str
) -> Iterator[str]:
    """Give the name of the same on PostgreSQL."""
    name = f"wecom_office_{uuid4().hex}"
    url = asyncio.run(postgres.create(name, like=postgres_template))
    asyncio.run(publish(url))
    yield name
    asyncio.run(postgres.drop(name))


@pytest.fixture(params=["sqlite", "postgres"])
def office_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give the URL of an office with the sample plan, on both databases."""
    if request.param == "sqlite":
        file = tmp_path / "office.sqlite3"
        shutil.copy(request.getfixturevalue("sqlite_with_plan"), file)
        yield f"sqlite+aiosqlite:///{file}"
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    template = request.getfixturevalue("postgres_with_plan")
    name = f"wecom_office_{uuid4().hex}"
    yield asyncio.run(server.create(name, like=template))
    asyncio.run(server.drop(name))


@pytest.fixture
async def office(office_url: str, tmp_path: Path) -> AsyncIterator[WecomOffice]:
    """Give an office that runs, on the app, the robot and one webhook."""
    async with open_office(office_url, tmp_path) as one:
        yield one
