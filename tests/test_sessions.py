"""A session's own connection and its savepoints agree."""

from datetime import UTC, datetime

from sqlalchemy import insert, select

from bot.database import Database
from bot.model import Alarm

NINE = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


async def test_a_savepoint_undoes_what_its_connection_did(database: Database) -> None:
    async with database.writing() as session:
        await session.connection()
        undone = await session.begin_nested()
        line = await session.connection()
        await line.execute(insert(Alarm).values(key="a", words="", raised_at=NINE))
        await undone.rollback()

        assert await session.scalar(select(Alarm.id)) is None
