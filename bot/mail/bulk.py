"""Many rows at once: a hundred thousand deliveries in a few seconds."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, cast

import msgspec
from sqlalchemy import (
    JSON,
    BigInteger,
    ColumnElement,
    Select,
    Table,
    Text,
    func,
    insert,
    literal,
    select,
    true,
)
from sqlalchemy import cast as as_type
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import TypeEngine

from bot.mail.rows import among, insert_new
from bot.model import Delivery, DeliveryStatus, Priority, Request, UtcDateTime

_DELIVERY = cast(Table, Delivery.__table__)
_PART: dict[str, TypeEngine[Any]] = {
    "key": Text(),
    "recipient": Text(),
    "person_id": BigInteger(),
    "lane": Text(),
    "address": Text(),
    "request_id": BigInteger(),
    "before": Text(),
}

Part = tuple[str, str, int | None, str, str, int, str | None]
"""Key, recipient, person, lane, address, request, and the key of the part before."""


def digest_of(text: str) -> str:
    """Return by what a request is found again."""
    return sha256(text.encode()).hexdigest()


async def keep_requests(
    session: AsyncSession, texts: Mapping[str, str]
) -> dict[str, int]:
    """Keep each text once, and return the ids of their rows; both by digest."""
    # In one order everywhere: else two transactions may wait for each other.
    rows = sorted(texts.items())
    listed = _unfolded(session, rows, {"digest": Text(), "text": Text()})
    new = insert_new(session, Request).from_select(["digest", "text"], listed)
    await (await session.connection()).execute(new)
    known = select(Request.digest, Request.id).where(
        among(Request.digest, texts.keys())
    )
    return {digest: id_ for digest, id_ in await session.execute(known)}


async def insert_parts(
    session: AsyncSession,
    parts: Sequence[Part],
    *,
    notice_id: int,
    priority: Priority,
    due_at: datetime,
    expires_at: datetime | None,
) -> None:
    """Insert deliveries of one notice, each after the one whose key it names.

    That one must be there already: so first all first parts, then all second ones.
    """
    listed = _unfolded(session, parts, _PART).subquery()
    before = _DELIVERY.alias()
    columns = {
        **{name: listed.c[name] for name in _PART if name != "before"},
        "follows": select(before.c.id)
        .where(before.c.key == listed.c.before)
        .scalar_subquery(),
        "notice_id": literal(notice_id),
        "priority": literal(int(priority)),
        "status": literal(DeliveryStatus.WAITING, Delivery.status.type),
        "wanted_at": literal(due_at, UtcDateTime),
        "due_at": literal(due_at, UtcDateTime),
        "expires_at": literal(expires_at, UtcDateTime),
    }
    rows = select(*columns.values())
    new = insert(_DELIVERY).from_select(list(columns), rows)
    await (await session.connection()).execute(new)


def _unfolded(
    session: AsyncSession,
    rows: Sequence[Sequence[Any]],
    columns: Mapping[str, TypeEngine[Any]],
) -> Select[Any]:
    """Select rows that travel as one parameter: binding each value takes far longer."""
    text = literal(msgspec.json.encode(rows).decode(), Text)
    items: list[ColumnElement[Any]]
    if session.get_bind().dialect.name == "postgresql":
        listed = func.json_array_elements(as_type(text, JSON)).table_valued("value")
        items = [listed.c.value.op("->>")(n) for n in range(len(columns))]
    else:
        listed = func.json_each(text).table_valued("value")
        items = [
            func.json_extract(listed.c.value, f"$[{n}]") for n in range(len(columns))
        ]
    named = [
        as_type(item, type_).label(name)
        for item, (name, type_) in zip(items, columns.items(), strict=True)
    ]
    # SQLite needs the WHERE to tell ON CONFLICT from a join.
    return select(*named).select_from(listed).where(true())
