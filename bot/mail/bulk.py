"""Many rows at once: a hundred thousand deliveries in a few seconds."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import cast

from sqlalchemy import (
    BigInteger,
    Integer,
    Table,
    Text,
    bindparam,
    func,
    insert,
    literal,
    select,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.dml import Insert

from bot.model import Delivery, DeliveryStatus, Priority, Request, UtcDateTime
from bot.model.lists import Columns, among_given, as_rows, unfolded
from bot.model.new_rows import insert_new_on
from bot.statements import fetch

_DELIVERY = cast(Table, Delivery.__table__)
_REQUEST = cast(Table, Request.__table__)
_PART: Columns = {
    "key": Text(),
    "recipient": Text(),
    "person_id": BigInteger(),
    "lane": Text(),
    "address": Text(),
    "request_id": BigInteger(),
    "before": Text(),
    "notice_id": BigInteger(),
    "due_at": UtcDateTime(),
}
_TEXTS: Columns = {"digest": Text(), "text": Text()}

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


@lru_cache
def _new_parts(dialect: str) -> Insert:
    listed = unfolded(dialect, _PART).subquery()
    before = _DELIVERY.alias()
    due_at = func.coalesce(listed.c.due_at, bindparam("due_at", type_=UtcDateTime))
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
