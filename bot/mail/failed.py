"""Deliveries of notices that FAILED, to be told through another channel."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.mail.rows import status_is
from bot.model import Delivery, DeliveryStatus, Notice
from bot.model.lists import among


async def failed_of_notices(
    session: AsyncSession, ids: Collection[int]
) -> list[tuple[Delivery, Notice]]:
    """List those of *ids* that FAILED to tell a notice, with the notice."""
    query = (
        select(Delivery, Notice)
        .join(Notice, Notice.id == Delivery.notice_id)
        .where(
            among(Delivery.id, ids),
            status_is(DeliveryStatus.FAILED),
        )
        .order_by(Delivery.id)
    )
    return [(delivery, notice) for delivery, notice in await session.execute(query)]


async def lanes_tried(session: AsyncSession, delivery: Delivery) -> set[str]:
    """Name the lanes through which this notice was or is told to this recipient."""
    query = select(Delivery.lane).where(
        Delivery.notice_id == delivery.notice_id,
        Delivery.recipient == delivery.recipient,
    )
    return set(await session.scalars(query))


async def addresses_of(
    session: AsyncSession, ids: Collection[int]
) -> dict[str, set[str]]:
    """Tell by lane the addresses that deliveries went to."""
    found: dict[str, set[str]] = {}
    if ids:
        query = select(Delivery.lane, Delivery.address).where(among(Delivery.id, ids))
        for lane, address in await session.execute(query):
            found.setdefault(lane, set()).add(address)
    return found
