"""What is kept no longer: letters and their answers, notices with all that they had."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, delete, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlalchemy.sql.dml import ReturningDelete

from bot.model import (
    Acknowledgement,
    Alarm,
    Broadcast,
    Delivery,
    DeliveryStatus,
    LeaderDraft,
    Letter,
    LetterStatus,
    Notice,
    Nudge,
    NudgeItem,
    Request,
    WecomCard,
)
from bot.model.lists import among

_OVER = (LetterStatus.ANSWERED, LetterStatus.IGNORED)
_ENDED = (
    DeliveryStatus.SENT,
    DeliveryStatus.FAILED,
    DeliveryStatus.EXPIRED,
    DeliveryStatus.CANCELLED,
)
_PLAIN = {"synchronize_session": False}  # rows only, no objects of a session
_NOTICES = 50  # of one step: each may have thousands of receivers


async def forget_letters(session: AsyncSession, *, before: datetime, limit: int) -> int:
    """Delete letters that were settled *before*, and their answers; returns how many.

    At most *limit* rows of each kind. What waits for somebody's decision stays.
    """
    count = await _run(
        session,
        _delete(Letter, _old_letters(before, limit)),
        _delete(Delivery, _old_answers(before, limit)),
    )
    return count + await _forget_requests(session, limit=limit)


async def forget_alarms(session: AsyncSession, *, before: datetime, limit: int) -> int:
    """Delete alarms that were over *before*; returns how many."""
    old = select(Alarm.id).where(Alarm.cleared_at < before).limit(limit)
    return await _run(session, _delete(Alarm, old))


async def forget_notices(session: AsyncSession, *, before: datetime, limit: int) -> int:
    """Delete notices that were issued *before*, with all that became of them.

    At most *limit* deliveries at a time, and a notice when it has none any more. One
    of which a delivery is under way, unknown or still to be told by telephone stays.
    Returns how many rows.
    """
    old = select(Notice.id).where(Notice.issued_at < before, ~_is_undecided())
    ids = (await session.scalars(old.order_by(Notice.id).limit(_NOTICES))).all()
    if not ids:
        return 0
    count = await _run(session, _delete(Delivery, _deliveries_of(ids, limit)))
    if count:
        return count
    for table in (LeaderDraft, Broadcast):
        await session.execute(
            update(table)
            .where(table.notice_id.in_(ids))
            .values(notice_id=None)
            .execution_options(**_PLAIN)
        )
    of_notices = [
        _delete(table, select(table.id).where(table.notice_id.in_(ids)))
        for table in (Acknowledgement, NudgeItem, Nudge)
    ]
    return await _run(
        session,
        *of_notices,
        _delete(Notice, select(Notice.id).where(Notice.id.in_(ids))),
    )


async def _run(session: AsyncSession, *statements: ReturningDelete[Any]) -> int:
    count = 0
    for statement in statements:
        count += len((await session.scalars(statement)).all())
    return count


def _is_undecided() -> ColumnElement[bool]:
    to_be_told = and_(
        Delivery.status == DeliveryStatus.FAILED,
        Delivery.person_id.is_not(None),
        Delivery.called_by == "",
        Delivery.replaced_by.is_(None),
    )
    is_open = or_(Delivery.status.not_in(_ENDED), to_be_told)
    return exists().where(Delivery.notice_id == Notice.id, is_open)


def _deliveries_of(notices: Any, limit: int) -> Select[Any]:
    is_of = Delivery.notice_id.in_(notices)
    return select(Delivery.id).where(is_of, ~_is_needed()).limit(limit)


def _is_needed() -> ColumnElement[bool]:
    """Ask whether another delivery refers to one: a part to the part before it."""
    other = aliased(Delivery)
    return exists().where(
        or_(other.follows == Delivery.id, other.replaced_by == Delivery.id)
    )


async def forget_cards(session: AsyncSession, *, before: datetime, limit: int) -> int:
    """Delete at most *limit* cards that went out *before*; returns how many."""
    old = select(WecomCard.task_id).where(WecomCard.sent_at < before).limit(limit)
    gone = (
        delete(WecomCard)
        .where(WecomCard.task_id.in_(old))
        .returning(WecomCard.task_id)
        .execution_options(synchronize_session=False)
    )
    return len((await session.scalars(gone)).all())


def _old_letters(before: datetime, limit: int) -> Select[Any]:
    old = Letter.received_at < before, Letter.settled_at < before
    return select(Letter.id).where(*old, Letter.status.in_(_OVER)).limit(limit)


def _old_answers(before: datetime, limit: int) -> Select[Any]:
    """Choose answers from the last part on: a part is referred to by the next one."""
    return (
        select(Delivery.id)
        .where(
            Delivery.notice_id.is_(None),
            Delivery.settled_at < before,
            Delivery.status.in_(_ENDED),
            ~_is_needed(),
        )
        .limit(limit)
    )


async def _forget_requests(session: AsyncSession, *, limit: int) -> int:
    """Delete the words of calls that are no longer kept.

    One that a delivery is just about to use is held by `keep_requests`, and passed
    over; one that we hold is looked at again, for it may have been used meanwhile.
    """
    unused = select(Request.id).where(
        ~exists().where(Delivery.request_id == Request.id)
    )
    held = unused.limit(limit).with_for_update(skip_locked=True)
    ids = (await session.scalars(held)).all()
    return await _run(session, _delete(Request, unused.where(among(Request.id, ids))))


def _delete(table: type[Any], ids: Select[Any]) -> ReturningDelete[Any]:
    return (
        delete(table)
        .where(table.id.in_(ids))
        .returning(table.id)
        .execution_options(**_PLAIN)
    )
