"""Entries are added and read; nothing changes or deletes them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Never, cast

import msgspec
from sqlalchemy import Table, bindparam, event, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import ORMExecuteState, Session

from bot.audit.chain import mark_of
from bot.model import AuditEntry
from bot.statements import fetch

_TABLE = cast(Table, AuditEntry.__table__)
_GIVEN = ("actor", "event", "about", "at", "channel", "department", "detail", "digest")
_ENTER = insert(_TABLE).values(
    {name: bindparam(f"its_{name}", type_=_TABLE.c[name].type) for name in _GIVEN}
)


async def record(
    session: AsyncSession,
    *,
    actor: str,
    event: str,
    about: str,
    at: datetime,
    channel: str = "",
    department: str = "",
    **detail: Any,
) -> None:
    """Add an entry, in the transaction of what it tells of; its commit chains it.

    *actor* is a person's name or "system", *event* one of `bot.audit.events`, *about*
    what it was done to (a 文号), *at* an aware moment, *department* whose matter it is.
    *detail* may hold whatever JSON can, dates and the values of `bot.facts`.
    """
    entry = {
        "its_actor": actor,
        "its_event": event,
        "its_about": about,
        "its_at": at,
        "its_channel": channel,
        "its_department": department,
        "its_detail": msgspec.to_builtins(detail),
        "its_digest": mark_of(session.sync_session),
    }
    await fetch(session, _ENTER, entry)


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


async def page(
    session: AsyncSession,
    *,
    actor: str = "",
    department: str = "",
    before: int = 0,
    without: str = "",
    limit: int,
) -> Sequence[AuditEntry]:
    """List a page of entries, newest first: those with a smaller id than *before*.

    Of one *actor*, one *department* or both, where they are given, and of all events
    but the one *without* which it is to be.
    """
    query = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(limit)
    query = query.where(AuditEntry.event != without)
    if actor:
        query = query.where(AuditEntry.actor == actor)
    if department:
        query = query.where(AuditEntry.department == department)
    if before:
        query = query.where(AuditEntry.id < before)
    return (await session.scalars(query)).all()


async def between(
    session: AsyncSession, *, first: datetime, until: datetime
) -> Sequence[AuditEntry]:
    """List the entries from *first* on and before *until*, as they were entered."""
    query = select(AuditEntry).where(AuditEntry.at >= first, AuditEntry.at < until)
    return (await session.scalars(query.order_by(AuditEntry.id))).all()


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
