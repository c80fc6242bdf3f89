"""Rows inserted once, however many ask for it at the same moment."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.dialects import sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from bot.model import Base


async def insert_once(
    session: AsyncSession,
    table: type[Base],
    values: Mapping[str, Any],
    *,
    unique: Sequence[str],
) -> bool:
    """Insert a row unless there is one with the same *unique* columns.

    Returns whether it is new. On PostgreSQL a second one waits for the first
    transaction to end; nobody gets an error.
    """
    connection = await session.connection()
    insert = sqlite.insert
    if connection.dialect.name == "postgresql":
        # Loaded here alone: on SQLite a cold question has no use for it.
        from sqlalchemy.dialects import postgresql

        insert = postgresql.insert  # type: ignore[assignment]
    row = insert(table).values(**values).on_conflict_do_nothing(index_elements=unique)
    new = await session.execute(row.returning(table.__table__.c.id))
    return new.first() is not None
