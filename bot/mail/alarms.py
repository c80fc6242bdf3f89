"""Alarms: something due that was not done, told to the office once while it lasts."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.model import Alarm
from bot.model.new_rows import insert_new

_PLAIN = {"synchronize_session": False}  # rows only, no objects of a session


async def raise_alarm(
    session: AsyncSession, key: str, words: str, at: datetime
) -> bool:
    """Raise the alarm *key*, and tell whether that is new: it was not up already.

    While it is up it keeps its time, and has the last words, in which may stand how
    many there are by now. Of several that raise it at the
    same moment one alone hears True.
    """
    new = insert_new(session, Alarm).values(key=key, words=words, raised_at=at)
    if (await session.execute(new.returning(Alarm.id))).first():
        return True
    again = (
        update(Alarm)
        .where(Alarm.key == key, Alarm.cleared_at.is_not(None))
        .values(words=words, raised_at=at, cleared_at=None)
        .returning(Alarm.id)
        .execution_options(**_PLAIN)
    )
    if (await session.execute(again)).first():
        return True
    await session.execute(
        update(Alarm)
        .where(Alarm.key == key, Alarm.words != words)
        .values(words=words)
        .execution_options(**_PLAIN)
    )
    return False


async def clear_alarm(session: AsyncSession, key: str, at: datetime) -> bool:
    """Clear the alarm *key*, and tell whether it was up."""
    clear = (
        update(Alarm)
        .where(Alarm.key == key, Alarm.cleared_at.is_(None))
        .values(cleared_at=at)
        .returning(Alarm.id)
        .execution_options(**_PLAIN)
    )
    return (await session.execute(clear)).first() is not None


async def alarms(session: AsyncSession) -> Sequence[Alarm]:
    """List the alarms that are up, oldest first."""
    up = select(Alarm).where(Alarm.cleared_at.is_(None))
    return (await session.scalars(up.order_by(Alarm.raised_at, Alarm.id))).all()
