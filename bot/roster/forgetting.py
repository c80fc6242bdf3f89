"""What is kept no longer of codes, of accounts that are closed, of people who left."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.model import Account, BindingCode, Person

_PLAIN = {"synchronize_session": False}  # rows only, no objects of a session


async def forget_codes(session: AsyncSession, *, before: datetime, limit: int) -> int:
    """Delete at most *limit* codes that were used or expired *before*.

    One that still stands in an answer stays until it is blotted out there.
    """
    old = select(BindingCode.id).where(
        or_(BindingCode.used_at < before, BindingCode.expires_at < before),
        BindingCode.told_in == "",
    )
    return await _delete(session, BindingCode, old.limit(limit))


async def forget_accounts(
    session: AsyncSession, *, before: datetime, limit: int
) -> int:
    """Delete at most *limit* accounts that their product closed *before*."""
    old = select(Account.id).where(Account.closed_at < before)
    return await _delete(session, Account, old.limit(limit))


async def blank_phones(session: AsyncSession, *, before: datetime, limit: int) -> int:
    """Forget the telephones of at most *limit* people who left *before*."""
    left = select(Person.id).where(Person.left_at < before, Person.phone != "")
    blanked = (
        update(Person)
        .where(Person.id.in_(left.limit(limit)))
        .values(phone="")
        .returning(Person.id)
        .execution_options(**_PLAIN)
    )
    return len((await session.scalars(blanked)).all())


async def _delete(session: AsyncSession, table: type[Any], ids: Any) -> int:
    gone = delete(table).where(table.id.in_(ids)).returning(table.id)
    found = await session.scalars(gone.execution_options(**_PLAIN))
    return len(found.all())
