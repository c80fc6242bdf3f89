"""What an engine refuses to start on."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from bot.app.engine import Engine, doorbell_at
from bot.database import Database
from bot.errors import StoreError
from bot.messages import Reply
from bot.model import Letter


async def silent(session: AsyncSession, letter: Letter) -> Reply | None:
    return None


async def test_a_store_that_takes_nothing_is_refused_though_no_channel_is_there(
    tmp_path: Path, sqlite_template: Path
) -> None:
    file = tmp_path / "office.sqlite3"
    shutil.copy(sqlite_template, file)
    url = f"sqlite+aiosqlite:///{file}"
    database = await Database.open(url)
    async with database.writing() as session:  # there is one connection that writes
        await session.execute(text("PRAGMA query_only=ON"))
    engine = Engine(
        database=database,
        doorbell=doorbell_at(url),
        channels={},
        answer=silent,
        clock=lambda: datetime.now(UTC),
    )

    with pytest.raises(StoreError) as caught:
        await engine.start()

    assert "不可写" in caught.value.reply
    await engine.stop()
    await database.close()
