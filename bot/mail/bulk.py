"""Many rows at once: a hundred thousand deliveries in a few seconds."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any, cast

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Table,
    Text,
    bindparam,
    func,
    insert,
    literal,
    select,
    type_coerce,
)
from sqlalchemy import cast as as_type
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.dml import Insert
from sqlalchemy.types import TypeEngine

from bot.model import Delivery, DeliveryStatus, Priority, Request, UtcDateTime
from bot.model.lists import among_given, as_rows, unfolded
from bot.model.new_rows import insert_new_on
from bot.statements import fetch

_DELIVERY = cast(Table, Delivery.__table__)
_REQUEST = cast(Table, Request.__table__)
_PART: dict[str, TypeEngine[Any]] = {
    "key": Text(),
    "recipient": Text(),
    "person_id": BigInteger(),
    "lane": Text(),
    "address": Text(),
    "request_id": BigInteger(),
    "before": Text(),
    "notice_id": BigInteger(),
    "due_at": Text(),
}

Part = tuple[
    str, str, int | None, str, str, int, str | None, int | None, datetime | None
]
"""Key, recipient, person, lane, address, request, the key of the part before, notice,
and when it is due; without the last two it is as `insert_parts` is told for all."""


def digest_of(text: str) -> str:
    """Return by what a request is found again."""
    return sha256(text.encode()).hexdigest()


async def keep_requests(
    session: AsyncSession, texts: Mapping[str, str]
) -> dict[str, int]:
    """Keep each text once, and return the ids of their rows; both by digest."""
    # In one order everywhere: else two transactions may wait for each other.
    new = _new_requests(session.get_bind().dialect.name)
    rows = await fetch(session, new, {"rows": as_rows(sorted(texts.items()))})
    kept: dict[str, int] = dict(rows)
    if others := [digest for digest in texts if digest not in kept]:
        kept |= dict(await fetch(session, _KNOWN, {"digests": others}))
    return kept


_KNOWN = select(_REQUEST.c.digest, _REQUEST.c.id).where(
    among_given(Request.digest, "digests")
)


@lru_cache
def _new_requests(dialect: str) -> Insert:
    listed = unfolded(dialect, {"digest": Text(), "text": Text()})
    new = insert_new_on(dialect, Request).from_select(["digest", "text"], listed)
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
    moments = {at: _moment(at) for at in {part[-1] for part in parts}}
    given = {
        "rows": as_rows([(*part[:-1], moments[part[-1]]) for part in parts]),
        "notice_id": notice_id,
        "priority": int(priority),
        "due_at": due_at,
        "expires_at": expires_at,
    }
    new = _new_parts(session.get_bind().dialect.name)
    await fetch(session, new, given)


def _moment(at: datetime | None) -> str | None:
    """Write a moment as SQLite keeps it; PostgreSQL reads it as UTC, for we say so."""
    if at is None:
        return None
    plain = at.astimezone(UTC).replace(tzinfo=None)
    return plain.isoformat(sep=" ", timespec="microseconds")


@lru_cache
def _new_parts(dialect: str) -> Insert:
    listed = unfolded(dialect, _PART).subquery()
    before = _DELIVERY.alias()
    own: ColumnElement[Any] = listed.c.due_at
    if dialect == "postgresql":
        own = as_type(own.concat("+00"), UtcDateTime)
    due_at = func.coalesce(
        type_coerce(own, UtcDateTime), bindparam("due_at", type_=UtcDateTime)
    )
    shared = {"before", "notice_id", "due_at"}
    columns = {
        **{name: listed.c[name] for name in _PART if name not in shared},
        "follows": select(before.c.id)
        .where(before.c.key == listed.c.before)
        .scalar_subquery(),
        "notice_id": func.coalesce(
            listed.c.notice_id, bindparam("notice_id", type_=BigInteger)
        ),
        "priority": bindparam("priority", type_=Integer),
        "status": literal(DeliveryStatus.WAITING, Delivery.status.type),
        "wanted_at": due_at,
        "due_at": due_at,
        "expires_at": bindparam("expires_at", type_=UtcDateTime),
    }
    rows = select(*columns.values())
    return insert(_DELIVERY).from_select(list(columns), rows)
