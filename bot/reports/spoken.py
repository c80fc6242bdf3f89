"""What somebody said about the reports of his department, and forgetting it."""

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.model import SubmissionEntry


async def last_words(
    session: AsyncSession, person_id: int, *, limit: int
) -> Sequence[SubmissionEntry]:
    """List what a person said last, the newest first; changes without words are not."""
    query = (
        select(SubmissionEntry)
        .where(SubmissionEntry.person_id == person_id, SubmissionEntry.words != "")
        .order_by(SubmissionEntry.id.desc())
        .limit(limit)
    )
    return (await session.scalars(query)).all()


async def forget_words(session: AsyncSession, person_id: int, *, by: str) -> None:
    """Keep of a person's changes what they were, not his name and words."""
    await session.execute(
        update(SubmissionEntry)
        .where(SubmissionEntry.person_id == person_id)
        .values(by=by, words="")
        .execution_options(synchronize_session=False)
    )
