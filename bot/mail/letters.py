"""What the inbox writes of letters: many at a time, in few statements."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    String,
    Table,
    Text,
    bindparam,
    func,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.attributes import set_committed_value

from bot.mail.rows import insert_new
from bot.model import Letter, LetterStatus, UtcDateTime
from bot.model.lists import among_given, given_rows

Chat = tuple[str, str]
"""Channel and conversation: what is said there is answered in its order."""

_TABLE = cast(Table, Letter.__table__)


def is_waiting() -> ColumnElement[bool]:
    """Ask in literal words, as the condition of the partial index needs."""
    return Letter.status == literal_column("'waiting'", Letter.status.type)


def is_due(now: datetime) -> ColumnElement[bool]:
    """Ask whether a letter may be tried: a new one always, whoever's clock it bears."""
    return or_(Letter.tries == 0, Letter.due_at <= now)


async def insert_letters(
    session: AsyncSession, rows: Sequence[Mapping[str, Any]]
) -> list[int | None]:
    """Insert letters, all with values for the same columns; returns their ids.

    None for a copy, of one that is there or of one before it in *rows*.
    """
    unique = {(row["channel"], row["product_id"]): row for row in reversed(rows)}
    # In one order everywhere: else two transactions may wait for each other.
    listed = [unique[key] for key in sorted(unique)]
    new = insert_new(session, Letter).returning(
        _TABLE.c.channel, _TABLE.c.product_id, _TABLE.c.id
    )
    connection = await session.connection()
    ids = {(one[0], one[1]): one[2] for one in await connection.execute(new, listed)}
    first = {id(row): ids.get(key) for key, row in unique.items()}
    return [first.get(id(row)) for row in rows]


async def begin_new(
    session: AsyncSession, ids: Collection[int], *, due_at: datetime
) -> set[int]:
    """Count the first try of letters that this transaction has inserted.

    Not of those in whose chats an older one waits. Returns the ones counted.
    """
    given = {"ids": list(ids), "next": due_at}
    begun = await (await session.connection()).execute(_BEGIN_NEW, given)
    return set(begun.scalars())


async def chats_with_more(
    session: AsyncSession, chats: Collection[Chat]
) -> frozenset[Chat]:
    """Tell in which chats letters may wait, besides what is settled already.

    On PostgreSQL one may be kept beside us, unseen until we have committed: so it may
    be in each.
    """
    if session.get_bind().dialect.name == "postgresql":
        return frozenset(chats)
    found: set[Chat] = set()
    connection = await session.connection()
    for channel, names in _by_channel(chats).items():
        given = {"channel": channel, "chats": names}
        waiting = (await connection.execute(_MORE, given)).scalars()
        found |= {(channel, chat) for chat in waiting}
    return frozenset(found)


async def oldest_of(session: AsyncSession, chats: Collection[Chat]) -> list[Letter]:
    """Lock the oldest waiting letter of each chat, unless another holds it.

    The one who holds it looks for the next when he is done, so no letter is missed.
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
    await (await session.connection()).execute(_BEGIN, given)
    for letter in letters:
        set_committed_value(letter, "tries", 1)
        set_committed_value(letter, "due_at", due_at)


_BEGIN = (
    update(_TABLE)
    .where(among_given(Letter.id, "ids"))
    .values(tries=1, due_at=bindparam("next", type_=UtcDateTime))
)

_older = _TABLE.alias()
_BEGIN_NEW = _BEGIN.where(
    ~select(_older.c.id)
    .where(
        _older.c.status == literal_column("'waiting'", Letter.status.type),
        _older.c.channel == _TABLE.c.channel,
        _older.c.chat == _TABLE.c.chat,
        _older.c.id < _TABLE.c.id,
    )
    .correlate(_TABLE)
    .exists()
).returning(_TABLE.c.id)
_MORE = (
    select(_TABLE.c.chat)
    .where(
        is_waiting(),
        Letter.channel == bindparam("channel", type_=String),
        among_given(Letter.chat, "chats"),
    )
    .distinct()
)


async def mark_answered(
    session: AsyncSession, ids: Sequence[int], *, tries: int, at: datetime
) -> set[int]:
    """Settle letters in the transaction that answers them; returns which are ours.

    The number of the *tries* is what nobody else has: of another number, a letter has
    been taken over meanwhile. Until the end of the transaction nobody else takes one.
    """
    given = {"ids": list(ids), "its_tries": tries, "now": at}
    done = await (await session.connection()).execute(_ANSWERED, given)
    return set(done.scalars())


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
    .returning(_TABLE.c.id)
)


async def in_hand(session: AsyncSession, id_: int, *, tries: int) -> Letter | None:
    """Lock the letter of a try; None if another has taken it over meanwhile."""
    letters = await session.scalars(
        select(Letter)
        .where(Letter.id == id_, Letter.tries == tries, is_waiting())
        .with_for_update()
    )
    return letters.one_or_none()
