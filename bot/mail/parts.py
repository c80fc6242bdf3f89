"""A text in several parts: none goes before the one that it follows."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.mail.rows import ended_as, status_is
from bot.model import Delivery, DeliveryStatus
from bot.model.lists import among

PART_LOST = "a part before it was not delivered"


def may_go() -> ColumnElement[bool]:
    """Make the condition that a `Delivery` waits for no part that is not sent yet."""
    before = aliased(Delivery)
    # PostgreSQL would join an EXISTS, and misjudge how few rows it leaves.
    status_before = select(before.status).where(before.id == Delivery.follows)
    is_sent = status_before.scalar_subquery() == DeliveryStatus.SENT
    return or_(Delivery.follows.is_(None), is_sent)


def parts_after(first: Select[Any]) -> Select[Any]:
    """Select the ids of all parts that come after those which *first* selects."""
    tail = select(Delivery.id).where(Delivery.follows.in_(first)).cte(recursive=True)
    later = aliased(Delivery)
    return select(tail.union(select(later.id).where(later.follows == tail.c.id)).c.id)


async def cancel_rest(
    session: AsyncSession, ids: Collection[int], *, at: datetime
) -> None:
    """Cancel what waits for a part of *ids* that FAILED or was CANCELLED."""
    is_lost = status_is(DeliveryStatus.FAILED, DeliveryStatus.CANCELLED)
    lost = select(Delivery.id).where(among(Delivery.id, ids), is_lost)
    await session.execute(
        update(Delivery)
        .where(Delivery.id.in_(parts_after(lost)), status_is(DeliveryStatus.WAITING))
        .values(
            status=ended_as(DeliveryStatus.CANCELLED), settled_at=at, error=PART_LOST
        )
        .execution_options(synchronize_session=False)
    )
