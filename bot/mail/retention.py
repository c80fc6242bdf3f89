"""What is kept no longer: letters that were answered long ago, and their answers."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlalchemy.sql.dml import ReturningDelete

from bot.model import Alarm, Delivery, DeliveryStatus, Letter, LetterStatus, Request

_OVER = (LetterStatus.ANSWERED, LetterStatus.IGNORED)
_ENDED = (
    DeliveryStatus.SENT,
    DeliveryStatus.FAILED,
    DeliveryStatus.EXPIRED,
    DeliveryStatus.CANCELLED,
)


async def forget(session: AsyncSession, *, before: datetime, limit: int) -> int:
    """Delete at most *limit* rows of each kind that ended *before*; returns how many.

    What belongs to a notice stays, as does whatever a person still has to decide.
    """
    count = 0
    for statement in (
        _delete(Letter, _old_letters(before, limit)),
        _delete(Delivery, _old_answers(before, limit)),
        _delete(Request, _orphans(limit)),
        _delete(Alarm, select(Alarm.id).where(Alarm.cleared_at < before).limit(limit)),
    ):
        count += len((await session.scalars(statement)).all())
    return count


def _old_letters(before: datetime, limit: int) -> Select[Any]:
    old = Letter.received_at < before, Letter.settled_at < before
    return select(Letter.id).where(*old, Letter.status.in_(_OVER)).limit(limit)


def _old_answers(before: datetime, limit: int) -> Select[Any]:
    """Choose answers from the last part on: a part is referred to by the next one."""
    other = aliased(Delivery)
    is_needed = exists().where(
        or_(other.follows == Delivery.id, other.replaced_by == Delivery.id)
    )
    return (
        select(Delivery.id)
        .where(
            Delivery.notice_id.is_(None),
            Delivery.settled_at < before,
            Delivery.status.in_(_ENDED),
            ~is_needed,
        )
        .limit(limit)
    )


def _orphans(limit: int) -> Select[Any]:
    """Choose the words of calls that are no longer kept.

    One that a delivery is just about to use is safe: its foreign key fails then, and
    the use case is done again.
    """
    is_used = exists().where(Delivery.request_id == Request.id)
    return select(Request.id).where(~is_used).limit(limit)


def _delete(table: type[Any], ids: Select[Any]) -> ReturningDelete[Any]:
    return (
        delete(table)
        .where(table.id.in_(ids))
        .returning(table.id)
        .execution_options(synchronize_session=False)
    )
