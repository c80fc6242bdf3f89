"""In which order the deliveries of a lane go."""

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    CompoundSelect,
    Integer,
    Select,
    String,
    bindparam,
    or_,
    select,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.mail.parts import may_go
from bot.mail.rows import status_is
from bot.model import Delivery, DeliveryStatus, Priority, UtcDateTime
from bot.model.lists import among_given
from bot.statements import fetch

PAGE = 64
"""How many rows are looked at, at a time, for deliveries of different addresses."""


class _Due(NamedTuple):
    priority: int
    due_at: datetime
    id: int
    address: str


async def choose_due(
    session: AsyncSession,
    lane: str,
    *,
    now: datetime,
    limit: int,
    busy: Collection[str],
    priorities: Sequence[int],
) -> list[int]:
    """List at most *limit* deliveries that go first, each of another address.

    By priority, then `due_at`, then id, answers by id alone; none of an address that
    is *busy* or has another in hand, none that expired, none whose part before it is
    not sent, no answer where another is to be tried again later. What is
    due later costs nothing, and whoever fills a page (10,000 rows for one group) is
    left out of the next.
    """
    chosen: list[int] = []
    passed = set(busy)
    size = max(PAGE, 2 * limit)
    while priorities:
        rows = await _first_rows(
            session, lane, now=now, busy=passed, priorities=priorities, size=size
        )
        for priority in priorities:
            page = [row for row in rows if row.priority == priority]
            for row in page:
                if row.address not in passed and len(chosen) < limit:
                    passed.add(row.address)
                    chosen.append(row.id)
            if len(chosen) == limit:
                return chosen
            if len(page) == size:  # there may be more of it: look before going on
                break
            priorities = priorities[1:]
    return chosen


async def _first_rows(
    session: AsyncSession,
    lane: str,
    *,
    now: datetime,
    busy: set[str],
    priorities: Sequence[int],
    size: int,
) -> list[_Due]:
    """List the first *size* due rows of each priority, in the order in which they go.

    Priority by priority, since then an index gives them in order and nothing more.
    """
    given = {"lane": lane, "now": now, "busy": list(busy), "size": size}
    rows = await fetch(session, _pages(tuple(priorities)), given)
    return sorted(map(_Due._make, rows), key=_turn)


def _turn(row: _Due) -> tuple[Any, ...]:
    """Put answers in the order in which they were given, even if one was delayed."""
    if row.priority == Priority.ANSWER:
        return row.priority, row.id
    return row.priority, row.due_at, row.id


@lru_cache
def _pages(priorities: tuple[int, ...]) -> CompoundSelect[Any]:
    pages = [
        _due(priority)
        .order_by(Delivery.due_at, Delivery.id)
        .limit(bindparam("size", type_=Integer))
        .subquery()
        for priority in priorities
    ]
    return union_all(*map(select, pages))


def _due(priority: int) -> Select[int, datetime, int, str]:
    other = aliased(Delivery)
    lane = bindparam("lane", type_=String)
    now = bindparam("now", type_=UtcDateTime)
    in_hand = select(other.address).where(
        other.lane == lane,
        status_is(DeliveryStatus.CLAIMED, DeliveryStatus.SENDING, of=other),
    )
    due = select(
        Delivery.priority, Delivery.due_at, Delivery.id, Delivery.address
    ).where(
        Delivery.lane == lane,
        Delivery.priority == priority,
        Delivery.due_at <= now,
        status_is(DeliveryStatus.WAITING),
        or_(Delivery.expires_at.is_(None), Delivery.expires_at > now),
        may_go(),
        ~among_given(Delivery.address, "busy"),
        Delivery.address.not_in(in_hand),
    )
    if priority != Priority.ANSWER:
        return due
    # An answer that is to be tried again later is not overtaken by the next one.
    held_back = select(other.address).where(
        other.lane == lane,
        other.priority == Priority.ANSWER,
        other.due_at > now,
        status_is(DeliveryStatus.WAITING, of=other),
    )
    return due.where(Delivery.address.not_in(held_back))
