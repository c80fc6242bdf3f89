"""Rows for both databases: inserted once, and told by their status."""

from typing import Any

from sqlalchemy import ColumnElement, case, literal_column
from sqlalchemy.dialects import sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.dml import Insert

from bot.model import Base, Delivery, DeliveryStatus


def insert_new(session: AsyncSession, table: type[Base]) -> Insert:
    """Begin an insert that passes over each row whose key is there already.

    On PostgreSQL the second of two waits until the first one's transaction ends.
    """
    return insert_new_on(session.get_bind().dialect.name, table)


def insert_new_on(dialect: str, table: type[Base]) -> Insert:
    """Do the same for a statement that is built once a database."""
    if dialect == "postgresql":
        # Loaded here alone: on SQLite a cold question has no use for it.
        from sqlalchemy.dialects import postgresql

        return postgresql.insert(table).on_conflict_do_nothing()
    return sqlite.insert(table).on_conflict_do_nothing()


def status_is(
    *statuses: DeliveryStatus, of: type[Delivery] = Delivery
) -> ColumnElement[bool]:
    """Ask for a status in literal words, as the condition of a partial index needs."""
    words = [literal_column(f"'{status}'", of.status.type) for status in statuses]
    return of.status == words[0] if len(words) == 1 else of.status.in_(words)


def ended_as(status: DeliveryStatus) -> ColumnElement[Any]:
    """Make the status of what ends unsent: UNKNOWN if a try may have been taken."""
    may_have_gone = Delivery.unsure_since.is_not(None)
    return case((may_have_gone, DeliveryStatus.UNKNOWN), else_=status)


IN_HAND = status_is(DeliveryStatus.CLAIMED, DeliveryStatus.SENDING)
"""What a holder has claimed, or is sending; an index serves it within a lane."""


def storable(text: str) -> str:
    """Replace what neither database takes: NUL, and halves of characters."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return whole.replace("\0", "\ufffd")
