"""Broadcasts as rows: found, locked, and due."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import NotFound
from bot.model import Broadcast, BroadcastState


async def broadcast_of(session: AsyncSession, broadcast_id: int) -> Broadcast:
    """Return a broadcast, which is ours until the end of the transaction.

    Raises NotFound.
    """
    found = await session.get(
        Broadcast, broadcast_id, populate_existing=True, with_for_update=True
    )
    if found is None:
        words = f"没有第{broadcast_id}号群发，回复“群发”查看清单。"
        raise NotFound(f"broadcast {broadcast_id}", reply=words)
    return found


async def newest(
    session: AsyncSession,
    *,
    state: BroadcastState | None = None,
    drafter_id: int | None = None,
    since: datetime | None = None,
) -> Broadcast | None:
    """Return the broadcast that was drafted last, of a state, by a person, of late."""
    query = select(Broadcast).order_by(Broadcast.id.desc()).limit(1)
    if state:
        query = query.where(Broadcast.state == state)
    if drafter_id is not None:
        query = query.where(Broadcast.drafter_id == drafter_id)
    if since:
        query = query.where(Broadcast.drafted_at >= since)
    return (await session.scalars(query)).first()


async def listed(session: AsyncSession, limit: int) -> Sequence[Broadcast]:
    """List the last broadcasts, newest first."""
    query = select(Broadcast).order_by(Broadcast.id.desc()).limit(limit)
    return (await session.scalars(query)).all()


async def next_due(session: AsyncSession, *, now: datetime) -> Broadcast | None:
    """Take a confirmed broadcast of which the time has come.

    On PostgreSQL one that somebody else has in hand is passed over.
    """
    time = func.coalesce(Broadcast.send_at, Broadcast.confirmed_at)
    query = (
        select(Broadcast)
        .where(Broadcast.state == BroadcastState.SCHEDULED, time <= now)
        .order_by(time, Broadcast.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return (await session.scalars(query)).first()


async def under_way(session: AsyncSession) -> Sequence[Broadcast]:
    """Take the broadcasts that were issued and are not over."""
    query = (
        select(Broadcast)
        .where(text("ended_at IS NULL AND state <> 'draft'"))
        .where(Broadcast.notice_id.is_not(None))
        .order_by(Broadcast.id)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return (await session.scalars(query)).all()
