"""Many rows at once: a hundred thousand deliveries in a few seconds."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Text,
    bindparam,
    cast,
    func,
    insert,
    literal,
    select,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.dml import Insert

from bot.model import Delivery, DeliveryStatus, Priority, Request, UtcDateTime
from bot.model.lists import (
    Columns,
    among_given,
    as_groups,
    as_rows,
    unfolded,
    unfolded_groups,
)
from bot.model.new_rows import insert_new_on
from bot.statements import fetch

_DELIVERY: Any = Delivery.__table__
_REQUEST: Any = Request.__table__
_PART: Columns = {
    "key": Text(),
    "recipient": Text(),
    "person_id": BigInteger(),
    "lane": Text(),
    "address": Text(),
    "request_id": BigInteger(),
    "before": Text(),
    "due_at": UtcDateTime(),
}
_SHARED: Columns = {
    "notice_id": BigInteger(),
    "request_id": BigInteger(),
    "lane": Text(),
}
_OWN: Columns = {
    "recipient": Text(),
    "person_id": BigInteger(),
    "address": Text(),
    "due_at": UtcDateTime(),
}
_TEXTS: Columns = {"digest": Text(), "text": Text()}

Part = tuple[str, str, int | None, str, str, int, str | None, datetime | None]
"""Key, recipient, person, lane, address, request, the key of the part before, and when
it is due; without that it is as `insert_parts` is told for all."""

Told = tuple[int, int, str, Sequence[tuple[str, int | None, str, datetime | None]]]
"""Notice, request and lane, and all who are told it so: recipient, person, address, and
when it is due, if not as `insert_told` is told for all."""


def digest_of(text: str) -> str:
    """Return by what a request is found again."""
    return sha256(text.encode()).hexdigest()


async def keep_requests(
    session: AsyncSession, texts: Mapping[str, str]
) -> dict[str, int]:
    """Keep each text once, and return the ids of their rows; both by digest."""
    dialect = session.get_bind().dialect.name
    kept: dict[str, int] = {}
    # Once more for what the night cleared away just before we could hold it.
    while others := texts.keys() - kept:
        # In one order everywhere: else two transactions may wait for each other.
        rows = sorted((digest, texts[digest]) for digest in others)
        given = as_rows(dialect, _TEXTS, rows)
        kept |= dict(await fetch(session, _new_requests(dialect), given))
        if known := [digest for digest in others if digest not in kept]:
            kept |= dict(await fetch(session, _KNOWN, {"digests": known}))
    return kept


_KNOWN = (
    select(_REQUEST.c.digest, _REQUEST.c.id)
    .where(among_given(Request.digest, "digests"))
    .with_for_update(read=True, key_share=True)  # or the night may clear them away
)


@lru_cache
def _new_requests(dialect: str) -> Insert:
    listed = unfolded(dialect, _TEXTS)
    new = insert_new_on(dialect, Request).from_select([*_TEXTS], listed)
    return new.returning(_REQUEST.c.digest, _REQUEST.c.id)


async def insert_parts(
    session: AsyncSession,
    parts: Sequence[Part],
    *,
    notice_id: int | None,
    priority: Priority,
    due_at: datetime,
    expires_at: datetime | None,
) -> None:
    """Insert deliveries of one kind, each after the one whose key it names.

    That one must be there already: so first all first parts, then all second ones.
    """
    dialect = session.get_bind().dialect.name
    given = {
        **as_rows(dialect, _PART, parts),
        "notice_id": notice_id,
        "priority": int(priority),
        "due_at": due_at,
        "expires_at": expires_at,
    }
    await fetch(session, _new_parts(dialect), given)


async def insert_told(
    session: AsyncSession,
    told: Sequence[Told],
    *,
    number: int,
    priority: Priority,
    due_at: datetime,
    expires_at: datetime | None,
) -> None:
    """Insert the deliveries of the parts *number* (1, 2, ...) of notices.

    Those of the parts before must be there already.
    """
    dialect = session.get_bind().dialect.name
    given = {
        **as_groups(dialect, _SHARED, _OWN, told),
        "number": str(number),
        "before": str(number - 1),
        "priority": int(priority),
        "due_at": due_at,
        "expires_at": expires_at,
    }
    await fetch(session, _new_told(dialect, is_first=number == 1), given)


@lru_cache
def _new_parts(dialect: str) -> Insert:
    listed = unfolded(dialect, _PART).subquery()
    own = {name: listed.c[name] for name in _PART if name not in ("before", "due_at")}
    notice_id = bindparam("notice_id", type_=BigInteger)
    return _new_deliveries(
        {**own, "notice_id": notice_id, "follows": _id_of(listed.c.before)},
        due_at=listed.c.due_at,
    )


@lru_cache
def _new_told(dialect: str, *, is_first: bool) -> Insert:
    listed = unfolded_groups(dialect, _SHARED, _OWN).subquery()
    names = (*_SHARED, *(name for name in _OWN if name != "due_at"))
    columns: dict[str, Any] = {name: listed.c[name] for name in names}
    begins = literal("notice:") + cast(listed.c.notice_id, Text) + literal(":")
    begins = begins + listed.c.recipient + literal(":")
    columns["key"] = begins + bindparam("number", type_=Text)
    if not is_first:
        columns["follows"] = _id_of(begins + bindparam("before", type_=Text))
    return _new_deliveries(columns, due_at=listed.c.due_at)


def _id_of(key: ColumnElement[str]) -> Any:
    before = _DELIVERY.alias()
    return select(before.c.id).where(before.c.key == key).scalar_subquery()


def _new_deliveries(
    columns: dict[str, Any], *, due_at: ColumnElement[datetime]
) -> Insert:
    """Make what inserts deliveries, due all at once where *due_at* is NULL."""
    moment = func.coalesce(due_at, bindparam("due_at", type_=UtcDateTime))
    columns = columns | {
        "priority": bindparam("priority", type_=Integer),
        "status": literal(DeliveryStatus.WAITING, Delivery.status.type),
        "wanted_at": moment,
        "due_at": moment,
        "expires_at": bindparam("expires_at", type_=UtcDateTime),
    }
    return insert(_DELIVERY).from_select(list(columns), select(*columns.values()))
