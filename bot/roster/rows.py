"""Rows inserted once, however many ask for it at the same moment."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.model import Base
from bot.model.new_rows import insert_new


async def insert_once(
    session: AsyncSession, table: type[Base], values: Mapping[str, Any]
) -> bool:
    """Insert a row unless its key is there already; returns whether it is new."""
    row = insert_new(session, table).values(**values)
    new = await session.execute(row.returning(table.__table__.c.id))
    return new.first() is not None
