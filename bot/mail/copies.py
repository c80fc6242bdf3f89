"""Calls that told many and of which nobody knows the outcome: whom they told."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.model import Delivery
from bot.model.lists import among_given


async def told_together(
    session: AsyncSession, batches: Collection[int]
) -> dict[int, tuple[str, ...]]:
    """Return whom the call of each delivery told, in its order, by delivery.

    That is all its addresses, whatever has become of some since: a product drops a
    copy of a call only if it is the same to the letter.
    """
    if not batches:
        return {}
    connection = await session.connection()
    rows = (await connection.execute(_BATCH, {"batches": list(batches)})).all()
    calls: dict[tuple[int, datetime], dict[int, str]] = {}
    for row in rows:
        calls.setdefault((row.batch, row.unsure_since), {})[row.id] = row.address
    return {
        id_: told for one in calls.values() if (told := (*one.values(),)) for id_ in one
    }


_first = aliased(Delivery)
_BATCH = (
    select(Delivery.id, Delivery.address, Delivery.batch, Delivery.unsure_since)
    .join(_first, _first.id == Delivery.batch)
    .where(
        among_given(_first.id, "batches"),
        Delivery.request_id == _first.request_id,  # of which there is an index
        Delivery.unsure_since.is_not(None),  # one that was not taken is of no batch
    )
    .order_by(Delivery.id)
)
