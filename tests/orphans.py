"""Rows that name a parent which is not there, whether or not the database looks."""

from sqlalchemy import ForeignKeyConstraint, Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.model import Base


async def orphans(session: AsyncSession) -> dict[str, int]:
    """Count them by the name of the foreign key that they break."""
    found = {}
    for table in Base.metadata.tables.values():
        for key in table.foreign_key_constraints:
            if count := await session.scalar(_broken(key)):
                found[str(key.name)] = count
    return found


def _broken(key: ForeignKeyConstraint) -> Select[int]:
    (element,) = key.elements
    parent = element.column.table.alias()
    there = parent.c[element.column.name]
    lost = element.parent.is_not(None) & there.is_(None)
    rows = select(func.count()).select_from(element.parent.table)
    return rows.outerjoin(parent, there == element.parent).where(lost)
