"""How much stands in the lanes and in the inbox, and since when: counted, not told."""

from collections import defaultdict
from datetime import datetime

from sqlalchemy import ColumnElement, case, func, literal_column, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.mail.due import is_due
from bot.mail.lanes import Pauses, lease_has_ended
from bot.mail.rows import status_is
from bot.model import Delivery, DeliveryStatus, Lane, Letter, LetterStatus, Priority

_COUNTED = (
    (DeliveryStatus.WAITING,),
    (DeliveryStatus.CLAIMED, DeliveryStatus.SENDING),
    (DeliveryStatus.FAILED, DeliveryStatus.UNKNOWN),
)  # each group is what one index holds


async def lane_holders(session: AsyncSession, *, now: datetime) -> dict[str, str]:
    """Name who holds each lane, "" for nobody."""
    holder = case((~lease_has_ended(session, now), Lane.owner), else_="")
    query = select(Lane.name, holder).order_by(Lane.name)
    return {name: owner for name, owner in await session.execute(query)}


async def lane_pauses(session: AsyncSession) -> dict[str, Pauses]:
    """Tell until when each lane pauses, be it over or not."""
    query = select(Lane.name, Lane.not_before, Lane.bulk_not_before)
    return {name: Pauses(*ends) for name, *ends in await session.execute(query)}


async def lane_depths(session: AsyncSession) -> dict[str, dict[DeliveryStatus, int]]:
    """Count by lane and status what has not ended, failed, or is unknown.

    What the office has dealt with (sent again, telephoned) is not counted.
    """
    depths: defaultdict[str, dict[DeliveryStatus, int]] = defaultdict(dict)
    for statuses in _COUNTED:
        query = (
            select(Delivery.lane, Delivery.status, func.count())
            .where(status_is(*statuses))
            .group_by(Delivery.lane, Delivery.status)
        )
        if DeliveryStatus.FAILED in statuses:
            query = query.where(
                Delivery.replaced_by.is_(None), Delivery.called_by == ""
            )
        for lane, status, count in await session.execute(query):
            depths[lane][status] = count
    return dict(depths)


async def oldest_due(session: AsyncSession, *, now: datetime) -> dict[str, datetime]:
    """Tell since when the oldest delivery is due that may go, of each lane with one."""
    oldest: dict[str, datetime] = {}
    for priority in Priority:
        first = (
            select(Delivery.due_at)
            .where(*is_due(priority, by=now, now=now))
            .order_by(Delivery.due_at)
            .limit(1)
            .scalar_subquery()
        )
        for lane, since in await session.execute(select(Lane.name, first)):
            if since is not None:
                oldest[lane] = min(since, oldest.get(lane, since))
    return oldest


async def letter_counts(session: AsyncSession) -> dict[LetterStatus, int]:
    """Count the letters that wait and those that are dead."""
    counts = {}
    for status in (LetterStatus.WAITING, LetterStatus.DEAD):
        query = select(func.count()).where(_letter_is(status))
        counts[status] = (await session.execute(query)).scalar_one()
    return counts


async def oldest_letter(session: AsyncSession) -> datetime | None:
    """Tell when the letter came that has waited longest; None if none waits."""
    query = select(func.min(Letter.received_at)).where(_letter_is(LetterStatus.WAITING))
    return (await session.execute(query)).scalar()


def _letter_is(status: LetterStatus) -> ColumnElement[bool]:
    return Letter.status == literal_column(f"'{status}'", Letter.status.type)
