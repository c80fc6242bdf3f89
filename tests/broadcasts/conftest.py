"""Fixtures: a platform to be broadcast on, and `bot run` as a process on a store."""

import asyncio
import shutil
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from postgres import PostgresServer

TESTS = Path(__file__).parents[1]
for room in ("telegram_office", "wecom_office"):
    sys.path.insert(1, str(TESTS / room))
for product in ("telegram", "wecom"):
    sys.path.insert(1, str(TESTS / "channels" / product))

from wild_products import WildProducts  # noqa: E402  it lies on what others built


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give the URL of a fresh store with all tables, on both databases."""
    if request.param == "sqlite":
        file = tmp_path / "office.sqlite3"
        shutil.copy(request.getfixturevalue("sqlite_template"), file)
        yield f"sqlite+aiosqlite:///{file}"
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    template = request.getfixturevalue("postgres_template")
    name = f"broadcast_{uuid4().hex}"
    yield asyncio.run(server.create(name, like=template))
    asyncio.run(server.drop(name))


@pytest.fixture
async def products() -> AsyncIterator[WildProducts]:
    """Give a Telegram and a WeCom on which much goes wrong."""
    async with WildProducts().running() as products:
        yield products
