"""Rows inserted once, however many ask for it at the same moment."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.dialects import sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.dml import Insert

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
    row = insert_new(session, table, unique=unique).values(**values)
    new = await session.execute(row.returning(table.__table__.c.id))
    return new.first() is not None


def insert_new(
    session: AsyncSession, table: type[Base], *, unique: Sequence[str]
) -> Insert:
    """Begin an insert that passes over each row whose *unique* columns are known."""
    insert = sqlite.insert
    if session.get_bind().dialect.name == "postgresql":
        # Loaded here alone: on SQLite a cold question has no use for it.
        from sqlalchemy.dialects import postgresql

        insert = postgresql.insert  # type: ignore[assignment]
    return insert(table).on_conflict_do_nothing(index_elements=unique)
