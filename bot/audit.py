"""Who did what and why: append only."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Never

import msgspec
from sqlalchemy import event, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import ORMExecuteState, Session

from bot.model import AuditEntry


async def record(
    session: AsyncSession,
    *,
    actor: str,
    event: str,
    about: str,
    at: datetime,
    **detail: Any,
) -> None:
    """Add an entry, in the transaction of what it tells of.

    *actor* is a person's name or "system", *event* a verb such as "publish", *about*
    what it was done to (a 文号), *at* an aware moment. *detail* may hold whatever
    JSON can, dates and the values of `bot.facts`.
    """
    session.add(
        AuditEntry(
            actor=actor,
            event=event,
            about=about,
            at=at,
            detail=msgspec.to_builtins(detail),
        )
    )
    await session.flush()


async def entries(
    session: AsyncSession, *, about: str = "", limit: int
) -> Sequence[AuditEntry]:
    """List the latest *limit* entries, newest first; of one thing if *about* is set."""
    query = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(limit)
    if about:
        query = query.where(AuditEntry.about == about)
    return (await session.scalars(query)).all()


async def count_since(session: AsyncSession, event: str, *, since: datetime) -> int:
    """Count the entries of an event from *since* on."""
    query = select(func.count(AuditEntry.id))
    query = query.where(AuditEntry.at >= since, AuditEntry.event == event)
    return await session.scalar(query) or 0


def _refuse(*_: Any) -> Never:
    raise TypeError("audit entries are added, never changed or deleted")


def _refuse_in_bulk(state: ORMExecuteState) -> None:
    if not (state.is_update or state.is_delete):
        return
    table = getattr(state.statement, "table", None)
    if getattr(table, "name", "") == AuditEntry.__tablename__:
        _refuse()


event.listen(AuditEntry, "before_update", _refuse)
event.listen(AuditEntry, "before_delete", _refuse)
event.listen(Session, "do_orm_execute", _refuse_in_bulk)
