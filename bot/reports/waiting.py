"""What waits for the office: claims, extensions, disputes, and who is overdue."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Text, cast, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.model import Report, Submission, SubmissionEntry, SubmissionState
from bot.model.lists import among
from bot.reports.submissions import CLAIMED, OWING

_CLAIMS = ("claimed", "nil_claimed", "claimed_for")


@dataclass(frozen=True, slots=True)
class Undecided:
    """How many extensions and disputes the office has to decide on."""

    extensions: int
    disputes: int


async def claimed_before(session: AsyncSession, moment: datetime) -> list[str]:
    """Name the departments whose claims wait since before *moment*, the oldest first.

    A department comes once for each report.
    """
    claimed_at = func.max(SubmissionEntry.at)
    query = (
        select(Submission.department)
        .join(SubmissionEntry, SubmissionEntry.submission_id == Submission.id)
        .where(Submission.state.in_(CLAIMED), SubmissionEntry.what.in_(_CLAIMS))
        .group_by(Submission.id, Submission.department)
        .having(claimed_at < moment)
        .order_by(claimed_at, Submission.id)
    )
    return list(await session.scalars(query))


async def undecided(session: AsyncSession) -> Undecided:
    """Count what the office has been asked and has not decided."""
    standing = cast(Submission.standing, Text)
    is_asked = or_(*(standing.like(f'%"asked_on":{gap}"%') for gap in ("", " ")))
    extensions = Submission.state.in_(OWING) & is_asked
    disputes = Submission.state == SubmissionState.DISPUTED
    counts = [
        await session.scalar(select(func.count(Submission.id)).where(which)) or 0
        for which in (extensions, disputes)
    ]
    return Undecided(*counts)


async def owing_since(session: AsyncSession, *, due_from: date) -> dict[str, datetime]:
    """Tell since when each department owes any report that is due from a day on.

    That is since the first of them was opened; in the order in which they were.
    """
    since = func.min(Report.opened_at)
    query = (
        select(Submission.department, since)
        .join(Report)
        .where(Submission.state.in_(OWING), Report.due_on >= due_from)
        .group_by(Submission.department)
        .order_by(since, Submission.department)
    )
    return {name: at for name, at in await session.execute(query)}


async def departments_owing_any(
    session: AsyncSession, report_ids: Collection[int]
) -> Sequence[str]:
    """Name the departments that still owe any of some reports, each once."""
    query = (
        select(Submission.department)
        .where(among(Submission.report_id, report_ids), Submission.state.in_(OWING))
        .group_by(Submission.department)
        .order_by(func.min(Submission.id))
    )
    return (await session.scalars(query)).all()
