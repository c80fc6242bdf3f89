"""What waits for the office: how long claims have been waiting."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.model import Submission, SubmissionEntry, SubmissionState
from bot.reports.submissions import CLAIMED

_CLAIMS = ("claimed", "nil_claimed", "claimed_for")


async def claims_waiting(
    session: AsyncSession,
) -> Sequence[tuple[Submission, datetime]]:
    """List what was claimed and not accepted, with when; the oldest first."""
    claimed_at = func.max(SubmissionEntry.at)
    query = (
        select(SubmissionEntry.submission_id, claimed_at)
        .join(Submission, Submission.id == SubmissionEntry.submission_id)
        .where(Submission.state.in_(CLAIMED), SubmissionEntry.what.in_(_CLAIMS))
        .group_by(SubmissionEntry.submission_id)
        .order_by(claimed_at, SubmissionEntry.submission_id)
    )
    since = {id_: at for id_, at in await session.execute(query)}
    rows = await session.scalars(select(Submission).where(Submission.id.in_(since)))
    found = {one.id: one for one in rows.unique()}
    return [(found[id_], at) for id_, at in since.items()]


async def undecided(session: AsyncSession) -> tuple[int, int]:
    """Count the extensions and the disputes that the office has to decide."""
    disputes = select(func.count()).where(Submission.state == SubmissionState.DISPUTED)
    asked = await session.scalars(
        select(Submission).where(Submission.next_at.is_not(None))
    )
    extensions = sum(one.standing.asked_on is not None for one in asked.unique())
    return extensions, await session.scalar(disputes) or 0
