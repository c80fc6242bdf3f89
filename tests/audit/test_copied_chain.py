"""An office that was copied to another database has the same chain, and goes on."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

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


async def test_a_copied_chain_is_sound_and_goes_on(
    database: Database, tmp_path: Path, sqlite_template: Path
) -> None:
    file = tmp_path / "source.sqlite3"
    shutil.copy(sqlite_template, file)
    source = await Database.open(f"sqlite+aiosqlite:///{file}")
    await enter(source, "甲", ratio=0.1, large=2**53 + 1, text="𠮷\u2028")
    await enter(source, "乙", nothing=None)
    async with source.reading() as here, database.writing() as there:
        await copy_office(here, there)
    before = await verdict(source)
    await source.close()

    assert await verdict(database) == before
    await enter(database, "丙")

    found = await verdict(database)
    assert (found.count, found.fault) == (3, None)
