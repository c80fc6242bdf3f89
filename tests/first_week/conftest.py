"""Fixtures: an office that does not exist yet, and the hands by which people speak."""

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from postgres import PostgresServer

TESTS = Path(__file__).parents[1]
for room in ("commands", "telegram_office", "wecom_office"):
    sys.path.insert(1, str(TESTS / room))
for product in ("telegram", "wecom"):
    sys.path.insert(1, str(TESTS / "channels" / product))

from hands import Hand  # noqa: E402  they lie on what others built
from office import Office  # noqa: E402
from product_hands import HANDS  # noqa: E402


@pytest.fixture
def sqlite_office(tmp_path: Path) -> Office:
    """Give the command line of an office that has no store yet."""
    return Office(f"sqlite+aiosqlite:///{tmp_path / 'office.sqlite3'}")


@pytest.fixture
def postgres_office(request: pytest.FixtureRequest) -> Iterator[Office]:
    """Give the same with an empty database on PostgreSQL."""
    server: PostgresServer = request.getfixturevalue("postgres")
    name = f"week_{uuid4().hex}"
    yield Office(asyncio.run(server.create(name)))
    asyncio.run(server.drop(name))


@pytest.fixture
def hand(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Hand:
    """Give the hand of *request.param*, which is a product and a database."""
    product, database = request.param.split("-")
    office = request.getfixturevalue(f"{database}_office")
    hand = HANDS[product](office, tmp_path)
    hand.screen = (monkeypatch, capsys)
    return hand
