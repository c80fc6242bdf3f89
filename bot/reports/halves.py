"""Who may make the round of nudges: one at a time, or two, half of the office each."""

from datetime import datetime

from sqlalchemy import Integer, bindparam, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from bot.model import Submission, UtcDateTime
from bot.statements import fetch

_ONE_ROUND = 7_235_911  # the number of the locks that one round at a time holds
_TO_POST = 2  # beside the halves

HALVES = (0, 1)
"""The departments, parted in two, so that two transactions may work side by side."""


async def is_only_round(session: AsyncSession, half: int | None = None) -> bool:
    """Tell whether no other transaction makes the round, or this half, at this moment.

    On SQLite there is one writer anyway.
    """
    if not _can_part(session):
        return True
    for one in HALVES if half is None else (half,):
        lock = select(func.pg_try_advisory_xact_lock(_ONE_ROUND, one))
        if not await session.scalar(lock):
            return False
    return True


async def wait_for_turn_to_post(session: AsyncSession) -> None:
    """Wait until no other transaction of the round posts to what both post to."""
    if _can_part(session):
        await session.execute(select(func.pg_advisory_xact_lock(_ONE_ROUND, _TO_POST)))


def _can_part(session: AsyncSession) -> bool:
    return session.get_bind().dialect.name == "postgresql"


async def departments_due(
    session: AsyncSession, *, now: datetime, limit: int, half: int | None = None
) -> list[str]:
    """List the departments of the *limit* submissions that have waited longest.

    Only those of a *half*, if it is given; SQLite knows none.
    """
    query = _DEPARTMENTS_DUE if half is None else _HALF_DUE
    given = {"now": now, "most": limit, "half": half}
    rows = await fetch(session, query, given)
    return list(dict.fromkeys(name for (name,) in rows))


_DEPARTMENTS_DUE = (
    select(Submission.department)
    .where(
        Submission.next_at <= bindparam("now", type_=UtcDateTime),
        text("submission.next_at IS NOT NULL"),
    )
    .order_by(Submission.next_at)
    .limit(bindparam("most", type_=Integer))
)
_HALF_DUE = _DEPARTMENTS_DUE.where(
    func.hashtext(Submission.department).op("&")(1) == bindparam("half", type_=Integer)
)
