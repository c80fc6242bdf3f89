"""The chain: each entry bears a digest over itself and the digest before it."""

import hashlib
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from enum import StrEnum
from operator import attrgetter
from secrets import token_hex
from typing import Any, cast

import msgspec
from sqlalchemy import (
    Connection,
    Insert,
    Row,
    Table,
    bindparam,
    event,
    func,
    select,
    union_all,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import ORMExecuteState, Session, object_session

from bot.model import AuditEntry

_TABLE = cast(Table, AuditEntry.__table__)
_CHAIN = 0x63686169  # any number, the same for all processes: "chai" in ASCII
_LOCK = f"SELECT pg_advisory_xact_lock({_CHAIN})"
_MARK = "audit_mark"  # where a session's info keeps the mark of what it has entered
_CHUNK = 1000  # entries that are in memory at a time
_NOT_OURS = (ValueError, TypeError, AttributeError, msgspec.DecodeError)
"""What reading raises where a column holds something of another kind."""


class Fault(StrEnum):
    """What is wrong with the chain at its first broken entry."""

    CHANGED = "内容与校验值不符：被改动、调换，或插在中间"
    MISSING = "它前面缺少记录：被删除，或编号被改"
    OUTSIDE = "不在链上：绕开程序写入的"
    UNREADABLE = "读不出来：被改成了不合规的内容"
    CUT = "给出的校验值不在链上：末尾的记录可能被删除，或整条链被重写"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """How the chain stands: whole, or with a `fault`.

    `count` entries are sound, the last of them bears `head`, "" if there is none. The
    first that is not has the place `link`; one that is not in the chain the row `id`.
    """

    count: int
    head: str
    fault: Fault | None = None
    link: int | None = None
    id: int | None = None


def digest_of(before: str, entry: Row[Any] | AuditEntry, *, link: int) -> str:
    """Return the SHA-256 of an entry at its place after the digest *before*.

    The entry is as the store gives it back; JSON's keys count in any order.
    """
    moment = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
    row = [
        before,
        link,
        entry.id,
        moment,
        entry.actor,
        entry.event,
        entry.about,
        entry.channel,
        entry.department,
        entry.detail,
    ]
    words = json.dumps(row, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(words.encode("ascii")).hexdigest()


_newest = select(func.max(_TABLE.c.link)).scalar_subquery()
_HEAD = select(_TABLE.c.link, _TABLE.c.digest).where(_TABLE.c.link == _newest)
# Two scans of the index: a bitmap of both would meet each row that was sealed since
# PostgreSQL's last vacuum.
_TO_SEAL = union_all(
    select(_TABLE).where(_TABLE.c.link.is_(None), _TABLE.c.digest == bindparam("mark")),
    select(_TABLE).where(_TABLE.c.link == _newest),
)
_SEAL = (
    update(_TABLE)
    .where(_TABLE.c.id == bindparam("row"))
    .values(link=bindparam("place"), digest=bindparam("sealed"))
)


_by_id = attrgetter("id")


def mark_of(session: Session) -> str:
    """Return what the entries of this transaction bear until they are sealed.

    It is never committed, so whoever writes past the program cannot know it: his rows
    stay outside the chain.
    """
    return cast(str, session.info.setdefault(_MARK, token_hex(16)))


def _mark(_: Any, __: Connection, entry: AuditEntry) -> None:
    session = object_session(entry)
    if session and not entry.digest:
        entry.digest = mark_of(session)


def _mark_in_bulk(state: ORMExecuteState) -> None:
    """See to it that entries are chained; those of a copied office come as they are.

    Raises InvalidRequestError for `values` of several rows: give these as parameters.
    """
    table = getattr(state.statement, "table", None)  # of `insert(AuditEntry)` a copy
    if not state.is_insert or getattr(table, "name", "") != _TABLE.name:
        return
    mark, given = {"digest": mark_of(state.session)}, state.parameters
    if not given:
        state.statement = cast(Insert, state.statement).values(mark)
    elif isinstance(given, Mapping):
        state.parameters = {**mark, **given}
    else:
        state.parameters = [{**mark, **one} for one in given]


def _seal(session: Session) -> None:
    """Chain what this transaction has entered, as the last thing that it does.

    On PostgreSQL the chain's lock is the last one that it takes, so that nobody who
    has it waits for anybody. A savepoint is no end: what it undoes was never chained.
    """
    if session.in_nested_transaction():
        return
    session.flush()
    mark = session.info.pop(_MARK, "")
    if not mark:
        return
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(_LOCK)
    rows = connection.execute(_TO_SEAL, {"mark": mark}).all()
    link, digest = next(
        ((row.link, row.digest) for row in rows if row.link is not None), (0, "")
    )
    sealed = []
    for row in sorted((one for one in rows if one.link is None), key=_by_id):
        link += 1
        digest = digest_of(digest, row, link=link)
        sealed.append({"row": row.id, "place": link, "sealed": digest})
    if sealed:
        connection.execute(_SEAL, sealed if len(sealed) > 1 else sealed[0])


event.listen(AuditEntry, "before_insert", _mark)
event.listen(Session, "do_orm_execute", _mark_in_bulk)
event.listen(Session, "before_commit", _seal)


async def head(session: AsyncSession) -> tuple[int, str]:
    """Return the place and the digest of the last entry; (0, "") if there is none."""
    row = (await session.execute(_HEAD)).one_or_none()
    return (row.link, row.digest) if row else (0, "")


async def verify(
    session: AsyncSession, *, against: str = "", latest: int = 0
) -> Verdict:
    """Compute the chain anew, and tell where it breaks first.

    Args:
        against: a head from earlier, or its beginning: it has to be in the chain, or
            else its end was cut off.
        latest: look at so many entries alone; all if 0.
    """
    outside = await session.scalar(
        select(_TABLE.c.id).where(_TABLE.c.link.is_(None)).order_by(_TABLE.c.id)
    )
    link, digest = await _beginning(session, latest)
    count, met = 0, not against
    async for row in _chained(session, after=link):
        fault = _fault(row, link=link + 1, before=digest)
        if fault or isinstance(row, int):
            place = row if isinstance(row, int) else row.link
            return Verdict(count=count, head=digest, fault=fault, link=place)
        link, digest, count = link + 1, row.digest, count + 1
        met = met or digest.startswith(against.lower())
    if outside is not None:
        return Verdict(count=count, head=digest, fault=Fault.OUTSIDE, id=outside)
    return Verdict(count=count, head=digest, fault=None if met else Fault.CUT)


async def _beginning(session: AsyncSession, latest: int) -> tuple[int, str]:
    """Return the place and digest before the first entry that is looked at."""
    if not latest:
        return 0, ""
    link, _ = await head(session)
    before = select(_TABLE.c.link, _TABLE.c.digest)
    before = before.where(_TABLE.c.link <= link - latest)
    found = await session.execute(before.order_by(_TABLE.c.link.desc()).limit(1))
    row = found.one_or_none()
    return (row.link, row.digest) if row else (0, "")


async def _chained(
    session: AsyncSession, *, after: int
) -> AsyncIterator[Row[Any] | int]:
    """Read the chain in its order; what cannot be read is told by its place, and ends.

    So it is where somebody wrote into the store what no program of ours would.
    """
    while True:
        try:
            rows = await _read(session, after=after, limit=_CHUNK)
        except _NOT_OURS:
            async for row in _one_by_one(session, after=after):
                yield row
            return
        for row in rows:
            yield row
        if len(rows) < _CHUNK:
            return
        after = rows[-1].link


async def _one_by_one(
    session: AsyncSession, *, after: int
) -> AsyncIterator[Row[Any] | int]:
    places = select(_TABLE.c.link).where(_TABLE.c.link > after)
    places = places.order_by(_TABLE.c.link).limit(_CHUNK)
    for place in (await session.scalars(places)).all():
        try:
            (row,) = await _read(session, after=place - 1, limit=1)
        except _NOT_OURS:
            yield place
            return
        yield row


async def _read(session: AsyncSession, *, after: int, limit: int) -> Sequence[Row[Any]]:
    query = select(_TABLE).where(_TABLE.c.link > after)
    return (await session.execute(query.order_by(_TABLE.c.link).limit(limit))).all()


def _fault(row: Row[Any] | int, *, link: int, before: str) -> Fault | None:
    if isinstance(row, int):
        return Fault.UNREADABLE
    if row.link != link:
        return Fault.MISSING
    try:
        is_sound = row.digest == digest_of(before, row, link=link)
    except _NOT_OURS:
        return Fault.UNREADABLE
    return None if is_sound else Fault.CHANGED
