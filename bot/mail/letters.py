"""What the inbox writes of letters: many at a time, in few statements."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Self, cast

import msgspec
from sqlalchemy import (
    JSON,
    Boolean,
    ColumnElement,
    Integer,
    Select,
    String,
    Subquery,
    Table,
    Text,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    or_,
    select,
    true,
    update,
)
from sqlalchemy import cast as as_type
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.sql.dml import Insert

from bot.messages import Incoming
from bot.model import Letter, LetterStatus, UtcDateTime
from bot.model.lists import Columns, among_given, as_rows, given_rows, unfolded
from bot.model.new_rows import insert_new_on
from bot.statements import fetch

Chat = tuple[str, str]
"""Channel and conversation: what is said there is answered in its order."""

_TABLE = cast(Table, Letter.__table__)


def is_waiting() -> ColumnElement[bool]:
    """Ask in literal words, as the condition of the partial index needs."""
    return Letter.status == literal_column("'waiting'", Letter.status.type)


def is_due(now: datetime) -> ColumnElement[bool]:
    """Ask whether a letter may be tried: a new one always, whoever's clock it bears."""
    return or_(Letter.tries == 0, Letter.due_at <= now)


class Asked(msgspec.Struct, frozen=True):
    """A letter that is to be answered: its number, where it was said, and what."""

    id: int
    channel: str
    chat: str
    incoming: Incoming | None

    @classmethod
    def of(cls, letter: Letter) -> Self:
        """Take it from its row."""
        return cls(letter.id, letter.channel, letter.chat, letter.incoming)


@dataclass(frozen=True, slots=True)
class Kept:
    """A letter that is new; its first try *is_begun* if that was counted at once."""

    id: int
    is_begun: bool


async def insert_letters(
    session: AsyncSession,
    rows: Sequence[Mapping[str, Any]],
    *,
    at: datetime,
    begin_until: datetime | None = None,
) -> list[Kept | None]:
    """Insert letters that came in *at*; None for a copy of one that is known.

    With *begin_until* the first try of those that wait is counted, and the next is due
    then: not where an older one waits in the chat.
    """
    unique: dict[tuple[str, str], Mapping[str, Any]] = {}
    for row in rows:
        unique.setdefault((row["channel"], row["product_id"]), row)
    # In one order everywhere, else two transactions may wait for each other: but those
    # of a chat as they came.
    listed = sorted(unique.values(), key=lambda row: (row["channel"], row["chat"]))
    dialect = session.get_bind().dialect.name
    letters = _cells(listed, begin=begin_until is not None)
    given = as_rows(dialect, _NEW, letters) | {"now": at, "next": begin_until or at}
    found = await fetch(session, _new_letters(dialect), given)
    kept = {(one[0], one[1]): Kept(one[2], one[3] > 0) for one in found}
    first = {id(row): kept.get(key) for key, row in unique.items()}
    return [first.get(id(row)) for row in rows]


_WORDS = ("channel", "chat", "product_id", "incoming", "raw", "error", "status")
_NEW: Columns = {**dict.fromkeys(_WORDS, Text()), "begins": Boolean()}


def _cells(rows: Sequence[Mapping[str, Any]], *, begin: bool) -> list[list[Any]]:
    """List what is kept of letters; of each chat only the first may be begun."""
    chats: set[Chat] = set()
    listed = []
    for row in rows:
        chat = row["channel"], row["chat"]
        begins = begin and row["status"] is LetterStatus.WAITING and chat not in chats
        chats.add(chat)
        incoming = row.get("incoming")
        text = msgspec.json.encode(incoming).decode() if incoming else None
        rest = row.get("raw", ""), row.get("error", ""), row["status"]
        listed.append([*chat, row["product_id"], text, *rest, begins])
    return listed


@lru_cache
def _new_letters(dialect: str) -> Insert:
    one = unfolded(dialect, _NEW).subquery()
    begins = and_(one.c.begins, ~_waits_before(one))
    now, later = (bindparam(name, type_=UtcDateTime) for name in ("now", "next"))
    incoming: ColumnElement[Any] = one.c.incoming
    if dialect == "postgresql":
        incoming = as_type(incoming, JSON)
    columns = {
        **{name: one.c[name] for name in _WORDS},
        "incoming": incoming,
        "received_at": now,
        "due_at": case((begins, later), else_=now),
        "tries": case((begins, 1), else_=0),
        "settled_at": case(
            (one.c.status == LetterStatus.WAITING.value, None), else_=now
        ),
    }
    # SQLite needs the WHERE to tell ON CONFLICT from a join.
    listed = select(*columns.values()).where(true())
    new = insert_new_on(dialect, Letter).from_select(list(columns), listed)
    return new.returning(
        _TABLE.c.channel, _TABLE.c.product_id, _TABLE.c.id, _TABLE.c.tries
    )


def _waits_before(one: Subquery) -> ColumnElement[bool]:
    """Ask whether a letter that is there already waits in the chat of a new one."""
    older = _TABLE.alias()
    waiting = select(older.c.id).where(
        older.c.status == literal_column("'waiting'", Letter.status.type),
        older.c.channel == one.c.channel,
        older.c.chat == one.c.chat,
    )
    return waiting.exists()


def sees_all(session: AsyncSession) -> bool:
    """Tell whether no letter can be kept beside a transaction, unseen by it.

    On PostgreSQL one can: it shows when both are committed, or to him who is rung for.
    """
    return session.get_bind().dialect.name != "postgresql"


async def oldest_of(session: AsyncSession, chats: Collection[Chat]) -> list[Letter]:
    """Lock the oldest waiting letter of each chat, unless another holds it.

    The one who holds it looks for the next when he is done, or the clock rings for it.
    """
    found: list[Letter] = []
    query = _oldest(session.get_bind().dialect.name)
    for channel, names in _by_channel(chats).items():
        found += await session.scalars(query, {"channel": channel, "chats": names})
    return found


def _by_channel(chats: Collection[Chat]) -> dict[str, list[str]]:
    named: dict[str, list[str]] = {}
    for channel, chat in sorted(set(chats)):
        named.setdefault(channel, []).append(chat)
    return named


@lru_cache
def _oldest(dialect: str) -> Select[Letter]:
    chats = given_rows(dialect, "chats", Text())
    # Chat by chat an index knows it; all at once would read all that wait there.
    first = (
        select(func.min(Letter.id))
        .where(
            is_waiting(),
            Letter.channel == bindparam("channel", type_=String),
            Letter.chat == chats.c.value,
        )
        .correlate(chats)
        .scalar_subquery()
    )
    return (
        select(Letter)
        .where(Letter.id.in_(select(first).select_from(chats)), is_waiting())
        .with_for_update(skip_locked=True)
    )


async def begin_first_tries(
    session: AsyncSession, letters: Sequence[Letter], *, due_at: datetime
) -> None:
    """Count the first try of letters; the next one is due at *due_at*."""
    given = {"ids": [letter.id for letter in letters], "next": due_at}
    await fetch(session, _BEGIN, given)
    for letter in letters:
        set_committed_value(letter, "tries", 1)
        set_committed_value(letter, "due_at", due_at)


_BEGIN = (
    update(_TABLE)
    .where(among_given(Letter.id, "ids"))
    .values(tries=1, due_at=bindparam("next", type_=UtcDateTime))
)


async def mark_answered(
    session: AsyncSession, ids: Sequence[int], *, tries: int, at: datetime
) -> dict[int, bool]:
    """Settle letters in the transaction that answers them; returns which are ours.

    The number of the *tries* is what nobody else has: of another number, a letter has
    been taken over meanwhile. Until the end of the transaction nobody else takes one.
    Of each it tells whether another one waits in its chat.
    """
    given = {"ids": list(ids), "its_tries": tries, "now": at}
    done = await fetch(session, _ANSWERED, given)
    return {id_: bool(is_more) for id_, is_more in done}


_other = _TABLE.alias()
# In words, or SQLAlchemy leaves out the names of the tables on SQLite. What RETURNING
# gives has no kind there until it is cast: without one SQLite would read all that wait.
_is_more = (
    select(_other.c.id)
    .where(
        _other.c.status == literal_column("'waiting'", Letter.status.type),
        _other.c.channel == as_type(literal_column("letter.channel"), Text),
        _other.c.chat == as_type(literal_column("letter.chat"), Text),
        _other.c.id != literal_column("letter.id"),
    )
    .exists()
)
_ANSWERED = (
    update(_TABLE)
    .where(
        among_given(Letter.id, "ids"),
        Letter.tries == bindparam("its_tries", type_=Integer),
        is_waiting(),
    )
    .values(
        status=LetterStatus.ANSWERED, settled_at=bindparam("now", type_=UtcDateTime)
    )
    .returning(_TABLE.c.id, _is_more)
)


async def in_hand(session: AsyncSession, id_: int, *, tries: int) -> Letter | None:
    """Lock the letter of a try; None if another has taken it over meanwhile."""
    letters = await session.scalars(
        select(Letter)
        .where(Letter.id == id_, Letter.tries == tries, is_waiting())
        .with_for_update()
    )
    return letters.one_or_none()
