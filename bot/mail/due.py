"""Which lanes have something to do, and which of them do it too slowly."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from bot.mail.lanes import lease_has_ended
from bot.mail.parts import may_go
from bot.mail.rows import IN_HAND, status_is
from bot.model import Delivery, DeliveryStatus, Lane, Priority

STUCK_AFTER = timedelta(minutes=5)
"""How long something due may wait in a lane in which nothing moves."""

_LONGEST_PAUSE = timedelta(minutes=10)  # between two tries of a delivery
_WAITING = status_is(DeliveryStatus.WAITING)
_MAY_GO = may_go()


async def lanes_to_drain(
    session: AsyncSession, lanes: Collection[str], *, owner: str, now: datetime
) -> set[str]:
    """Name those of *lanes* in which something is due and that *owner* may take.

    It looks no further than the first due delivery of each lane and priority: a
    million that are due later cost nothing.
    """
    is_open = or_(Lane.not_before.is_(None), Lane.not_before <= now)
    due = or_(
        *(
            and_(exists().where(*is_due(one, by=now, now=now)), _is_let(one, by=now))
            for one in Priority
        )
    )
    return await _lanes(session, lanes, _is_free(session, owner, now), is_open, due)


async def lanes_to_recover(
    session: AsyncSession, lanes: Collection[str], *, owner: str, now: datetime
) -> set[str]:
    """Name those of *lanes* that nobody holds, with deliveries still in hand."""
    in_hand = exists().where(Delivery.lane == Lane.name, IN_HAND)
    return await _lanes(session, lanes, _is_free(session, owner, now), in_hand)


async def stuck_lanes(session: AsyncSession, *, now: datetime) -> set[str]:
    """Name the lanes in which something has been due for long and nothing ends.

    What was tried and is to be tried again has not ended. A part that waits for what
    the office does with the part before it is not due; nor is what is no answer, while
    the product limits us and as long again as something may wait.
    """
    since = now - STUCK_AFTER
    ended = status_is(
        DeliveryStatus.SENT, DeliveryStatus.FAILED, DeliveryStatus.UNKNOWN
    )
    moves = exists().where(
        Delivery.lane == Lane.name, Delivery.settled_at > since, ended
    )
    soon = now + _LONGEST_PAUSE
    old = Delivery.wanted_at <= since
    late = or_(
        *(
            and_(
                exists().where(*is_due(one, by=soon, now=now), old),
                _is_let(one, by=since),
            )
            for one in Priority
        )
    )
    return set(await session.scalars(select(Lane.name).where(late, ~moves)))


def _is_let(priority: Priority, *, by: datetime) -> ColumnElement[bool]:
    """Make the condition that no limit of the product holds a `Lane` up *by* then."""
    if priority is Priority.ANSWER:
        return true()
    return or_(Lane.bulk_not_before.is_(None), Lane.bulk_not_before <= by)


def _is_free(session: AsyncSession, owner: str, now: datetime) -> ColumnElement[bool]:
    return or_(Lane.owner == owner, lease_has_ended(session, now))


def is_due(
    priority: Priority, *, by: datetime, now: datetime
) -> tuple[ColumnElement[bool], ...]:
    """Make the conditions of what is due in a `Lane` *by* a moment, and may go.

    Not expired at *now*, and the part before it is sent. An index serves each priority.
    """
    return (
        Delivery.lane == Lane.name,
        Delivery.priority == priority,
        Delivery.due_at <= by,
        or_(Delivery.expires_at.is_(None), Delivery.expires_at > now),
        _WAITING,
        _MAY_GO,
    )


async def _lanes(
    session: AsyncSession, lanes: Collection[str], *conditions: ColumnElement[bool]
) -> set[str]:
    query = select(Lane.name).where(Lane.name.in_(lanes), and_(*conditions))
    return set(await session.scalars(query))
