"""Rows that are inserted unless they are there, on either database."""

from typing import Any

from sqlalchemy.dialects import sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.dml import Insert

from bot.model.columns import Base


def insert_new(session: AsyncSession, table: type[Base]) -> Insert:
    """Begin an insert that passes over each row whose key is there already.

    On PostgreSQL the second of two waits until the first one's transaction ends.
    """
    return insert_new_on(session.get_bind().dialect.name, table)


def insert_new_on(dialect: str, table: type[Base]) -> Insert:
    """Do the same for a statement that is built once a database."""
    new: Insert = insert_on(dialect, table).on_conflict_do_nothing()
    return new


def insert_on(dialect: str, table: type[Base]) -> Any:
    """Begin an insert that still says what is done where a key is there already.

    Each database has its own kind; what they share has no type.
    """
    if dialect == "postgresql":
        # Loaded here alone: on SQLite a cold question has no use for it.
        from sqlalchemy.dialects import postgresql

        return postgresql.insert(table)
    return sqlite.insert(table)
