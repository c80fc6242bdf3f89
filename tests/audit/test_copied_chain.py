"""An office that was copied to another database has the same chain, and goes on."""

import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from bot import audit
from bot.database import Database
from bot.keeping.copying import copy_office

NINE = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


async def enter(database: Database, about: str, **detail: object) -> None:
    async with database.writing() as session:
        await audit.record(
            session, actor="王丽", event="ack.read", about=about, at=NINE, **detail
        )


async def verdict(database: Database) -> audit.Verdict:
    async with database.reading() as session:
        return await audit.verify(session)


@pytest.fixture
async def source(tmp_path: Path, sqlite_template: Path) -> AsyncIterator[Database]:
    file = tmp_path / "source.sqlite3"
    shutil.copy(sqlite_template, file)
    database = await Database.open(f"sqlite+aiosqlite:///{file}")
    yield database
    await database.close()


async def test_a_copied_chain_is_sound_and_goes_on(
    database: Database, source: Database
) -> None:
    await enter(source, "甲", ratio=0.1, large=2**53 + 1, text="𠮷\u2028")
    await enter(source, "乙", nothing=None)
    async with source.reading() as here, database.writing() as there:
        await copy_office(here, there)
    before = await verdict(source)

    assert await verdict(database) == before
    await enter(database, "丙")

    found = await verdict(database)
    assert (found.count, found.fault) == (3, None)


async def test_a_copy_chains_nothing_that_was_outside(
    database: Database, source: Database
) -> None:
    await enter(source, "甲")
    await enter(source, "乙")
    async with source.writing() as session:
        await session.execute(
            text("UPDATE audit_entry SET link = NULL, digest = '' WHERE link = 2")
        )
    async with source.reading() as here, database.writing() as there:
        await copy_office(here, there)
    await enter(database, "丙")

    found = await verdict(database)
    assert (found.count, found.fault, found.id) == (2, audit.Fault.OUTSIDE, 2)
