"""The second confirmation of what is dangerous: a number, said back by who got it."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import NotAllowed
from bot.model import Confirmation
from bot.model.new_rows import insert_new

GOOD_FOR = timedelta(minutes=10)
MOST_WRONG = 3
"""Wrong numbers after which the right one is of no use any more."""

_NONE = "没有等待确认的事项，请重新操作。"
_TOO_LATE = "确认码已过期（10 分钟内有效），没有执行，请重新操作。"
_VOID = "确认码连续 3 次不符，已作废，没有执行，请重新操作。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    """What was confirmed: `what` is to be done, `about` which thing, and how exactly.

    `digest` is that of all that was told to the person with the number; if it is no
    longer so, tell it anew and do nothing.
    """

    what: str
    about: str
    digest: str


def holder_of(account_id: int) -> str:
    """Name whose word alone counts: an account, not the person who has several."""
    return f"account:{account_id}"


def digest_of(parts: Sequence[object]) -> str:
    """Return the digest of all that is to be done exactly so; in this order."""
    return sha256("\n".join(map(repr, parts)).encode()).hexdigest()


async def ask_number(
    session: AsyncSession, asked: Confirmed, *, holder: str, at: datetime
) -> str:
    """Keep what *holder* is to confirm, and return the four digits to be told to him.

    It takes the place of whatever he was to confirm before.
    """
    await forget(session, holder)
    number = f"{secrets.randbelow(10_000):04}"
    new = insert_new(session, Confirmation).values(
        holder=holder,
        what=asked.what,
        about=asked.about,
        digest=asked.digest,
        number=number,
        wrong=0,
        expires_at=at + GOOD_FOR,
    )
    await session.execute(new)
    return number


async def use_number(
    session: AsyncSession, number: str, *, holder: str, at: datetime
) -> Confirmed:
    """Return what *holder* confirms by a number, which is used up by it.

    Raises NotAllowed, whose words say why: wrong, expired, used, never told to him.
    Commit all the same: the wrong ones are counted.
    """
    query = select(Confirmation).where(Confirmation.holder == holder)
    query = query.with_for_update().execution_options(populate_existing=True)
    asked = (await session.scalars(query)).one_or_none()
    if asked is None:
        raise NotAllowed("nothing is to be confirmed", reply=_NONE)
    if asked.expires_at <= at:
        await session.delete(asked)
        raise NotAllowed("a confirmation has expired", reply=_TOO_LATE)
    if not secrets.compare_digest(asked.number.encode(), number.encode()):
        raise await _count_wrong(session, asked)
    await session.delete(asked)
    await session.flush()
    return Confirmed(what=asked.what, about=asked.about, digest=asked.digest)


async def _count_wrong(session: AsyncSession, asked: Confirmation) -> NotAllowed:
    asked.wrong += 1
    left = MOST_WRONG - asked.wrong
    words = f"确认码不符，没有执行，还可再试 {left} 次。"
    if left <= 0:
        words = _VOID
        await session.delete(asked)
    await session.flush()
    return NotAllowed("a wrong number", reply=words)


async def forget(session: AsyncSession, holder: str) -> None:
    """Let nothing that *holder* was asked be confirmed any more."""
    await session.execute(
        delete(Confirmation)
        .where(Confirmation.holder == holder)
        .execution_options(synchronize_session="fetch")
    )
