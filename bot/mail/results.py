"""What became of a notice, one recipient at a time; they add up to its audience."""

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.mail.rows import status_is
from bot.model import Acknowledgement, Delivery, DeliveryStatus

_KEY = re.compile(r"notice:\d+:(?P<recipient>.+?):\d+(?:[>!].*)?")
_COUNTS_AS = {
    DeliveryStatus.CLAIMED: DeliveryStatus.WAITING,
    DeliveryStatus.SENDING: DeliveryStatus.WAITING,
}
_WORST_FIRST = (
    DeliveryStatus.UNKNOWN,
    DeliveryStatus.FAILED,
    DeliveryStatus.WAITING,
    DeliveryStatus.EXPIRED,
    DeliveryStatus.CANCELLED,
    DeliveryStatus.SENT,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of a notice for one recipient: that of his worst part.

    `recipient` is as it was issued, `now_called` as it is since its group has moved.
    `lane` is that of the last way that was tried. What is in hand is WAITING.
    """

    recipient: str
    now_called: str
    person_id: int | None
    lane: str
    status: DeliveryStatus
    error: str
    settled_at: datetime | None
    called_by: str


def recipient_in(key: str) -> str:
    """Read from the key of a delivery whom its notice was issued to."""
    found = _KEY.fullmatch(key)
    return found["recipient"] if found else key


async def results_of(session: AsyncSession, notice_id: int) -> list[Result]:
    """List what became of a notice, in the order in which it was issued.

    One whom it reached by another way, or when it was sent again, counts by that.
    """
    query = (
        select(
            *(Delivery.key, Delivery.person_id, Delivery.lane, Delivery.status),
            *(Delivery.error, Delivery.settled_at, Delivery.called_by),
            Delivery.recipient,
        )
        .where(Delivery.notice_id == notice_id, Delivery.replaced_by.is_(None))
        .order_by(Delivery.id)
    )
    found: dict[str, Result] = {}
    for key, person_id, lane, status, error, settled_at, called_by, called in (
        await session.execute(query)
    ).all():
        one = Result(
            recipient=recipient_in(key),
            now_called=called,
            person_id=person_id,
            lane=lane,
            status=_COUNTS_AS.get(status, status),
            error=error,
            settled_at=settled_at,
            called_by=called_by,
        )
        known = found.get(one.recipient)
        if known is None or _rank(one) <= _rank(known):
            found[one.recipient] = one
    return list(found.values())


def _rank(result: Result) -> int:
    return _WORST_FIRST.index(result.status)


async def sent_since(
    session: AsyncSession, notice_id: int, *, since: datetime
) -> dict[str, int]:
    """Count the deliveries of a notice that each lane has sent since a moment."""
    query = (
        select(Delivery.lane, func.count())
        .where(Delivery.notice_id == notice_id, Delivery.settled_at > since)
        .where(status_is(DeliveryStatus.SENT))
        .group_by(Delivery.lane)
    )
    return {lane: many for lane, many in await session.execute(query)}


async def left_in(session: AsyncSession, notice_id: int) -> dict[str, int]:
    """Count the deliveries of a notice that each lane has yet to send."""
    left = status_is(
        DeliveryStatus.WAITING, DeliveryStatus.CLAIMED, DeliveryStatus.SENDING
    )
    query = (
        select(Delivery.lane, func.count())
        .where(Delivery.notice_id == notice_id, left)
        .group_by(Delivery.lane)
    )
    return {lane: many for lane, many in await session.execute(query)}


async def receipts_of(session: AsyncSession, notice_id: int) -> dict[int, datetime]:
    """Tell when each person acknowledged a notice, by his id."""
    query = select(Acknowledgement.person_id, Acknowledgement.at)
    query = query.where(Acknowledgement.notice_id == notice_id)
    return {person_id: at for person_id, at in await session.execute(query)}
