"""Fixtures of the crash tests: the nursery, a server for us alone, scenes on both."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from nursery import Nursery
from postgres import PostgresServer, postgres_server

from bot.database import migrate
from bot.mail import queue_tables
from harness.scene import MakeScene, Scene


@pytest.fixture
async def nursery(nursery_place: str) -> AsyncIterator[Nursery]:
    """Give a connection to the nursery; what a test started dies with it."""
    nursery = await Nursery.connect(nursery_place)
    yield nursery
    await nursery.close()


@pytest.fixture(scope="session")
def own_server() -> Iterator[PostgresServer]:
    """Give a server that keeps each commit over its own immediate restart."""
    with postgres_server(
        own=True, synchronous_commit="on", full_page_writes="on", max_connections=200
    ) as server:
        yield server


@pytest.fixture(scope="session")
def own_template(own_server: PostgresServer) -> str:
    """Give the name of a migrated database on it."""
    name = f"crash_template_{uuid4().hex}"

    async def lay_tables() -> None:
        url = await own_server.create(name)
        await migrate(url)
        await queue_tables.install(url)

    asyncio.run(lay_tables())
    return name


@pytest.fixture
async def make_scene(
    nursery: Nursery,
    tmp_path: Path,
    sqlite_template: Path,
    own_server: PostgresServer,
    own_template: str,
) -> AsyncIterator[MakeScene]:
    """Give a function that makes scenes, each on a fresh store."""
    names: list[str] = []

    async def make(store: str, **options: Any) -> Scene:
        name = f"crash_{uuid4().hex}"
        folder = tmp_path / name
        folder.mkdir()
        if store == "sqlite":
            file = folder / "plans.sqlite3"
            shutil.copy(sqlite_template, file)
            return Scene(nursery, folder, f"sqlite+aiosqlite:///{file}", **options)
        names.append(name)
        url = await own_server.create(name, like=own_template)
        return Scene(nursery, folder, url, **options)

    yield make
    for name in names:
        await own_server.drop(name)
