"""What an answer quoted, noted with the letter that it answers until it is entered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

import msgspec
from sqlalchemy import Table, bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.messages import Incoming
from bot.model import Letter, LetterStatus
from bot.model.lists import among
from bot.statements import execute_many

_TABLE = cast(Table, Letter.__table__)
_NOTE = (
    update(_TABLE)
    .where(_TABLE.c.channel == bindparam("of_channel"))
    .where(_TABLE.c.product_id == bindparam("of_id"))
    .values(raw=bindparam("quoted"))
)
_NOTED = "quoted"  # in the info of a session


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """What an answer quoted: the clauses of a plan, and who asked.

    `actor` and `department` are as the audit names them.
    """

    actor: str
    department: str
    doc: str
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoting:
    """A letter with what its answer quoted, and when it was answered."""

    letter_id: int
    channel: str
    at: datetime
    quoted: Quoted


def note_quoted(session: AsyncSession, incoming: Incoming, what: Quoted) -> None:
    """Note what the answer to a letter quotes, in the transaction of the answer.

    `keep_quoted` writes it there: for all letters of the transaction at once.
    """
    row = {
        "of_channel": incoming.channel,
        "of_id": incoming.product_id,
        "quoted": msgspec.json.encode(what).decode(),
    }
    session.info.setdefault(_NOTED, []).append(row)


async def keep_quoted(session: AsyncSession) -> None:
    """Write what was noted in this transaction with the letters.

    One short statement: an entry of the audit would be three, for its chain.
    """
    if rows := session.info.pop(_NOTED, None):
        await execute_many(session, _NOTE, rows)


async def take_quoted(
    session: AsyncSession, *, since: datetime | None, limit: int
) -> Sequence[Quoting]:
    """Take off what is noted with at most *limit* answered letters, the oldest first.

    Of those that came in after *since*: there is an index by that alone.
    """
    await keep_quoted(session)  # or it is written after who asked was erased
    query = (
        select(Letter.id, Letter.channel, Letter.settled_at, Letter.raw)
        .where(Letter.status == LetterStatus.ANSWERED, Letter.raw != "")
        .order_by(Letter.received_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    if since:
        query = query.where(Letter.received_at >= since)
    rows = (await session.execute(query)).all()
    if rows:
        await session.execute(
            update(Letter)
            .where(among(Letter.id, [row.id for row in rows]))
            .values(raw="")
            .execution_options(synchronize_session=False)
        )
    return [
        Quoting(
            letter_id=row.id,
            channel=row.channel,
            at=row.settled_at,
            quoted=msgspec.json.decode(row.raw, type=Quoted),
        )
        for row in rows
    ]
