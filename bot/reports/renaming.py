"""A department that owes reports gets the name that the roster has for it."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.model import ReportDuty, Submission, SubmissionState
from bot.reports.submissions import OWING, Said, exempt


async def rename_obligor(
    session: AsyncSession, name: str, new: str, *, by: str, at: datetime
) -> int:
    """Enter a department under its *new* name; returns how many reports are changed.

    What it owes is looked at anew, for nobody has heard of it. Where it owes a report
    under both names, that under the old one is let off; where it has handed one in
    under the old name, that under the new one.
    """
    own = select(Submission).where(Submission.department == new)
    there = {one.report_id: one for one in (await session.scalars(own)).unique()}
    query = select(Submission).where(Submission.department == name)
    said = Said(by=by, at=at, words=f"与{new}为同一单位")
    changed = 0
    for one in (await session.scalars(query)).unique().all():
        if one.report_id not in there:
            one.department = new
            if one.state in OWING:
                one.step, one.next_at = None, at
            changed += 1
            continue
        twin = one if one.state in OWING else there[one.report_id]
        if one.state is not SubmissionState.EXEMPT and twin.state in OWING:
            changed += await exempt(session, twin, said, reason=said.words)
    for duty in await session.scalars(select(ReportDuty)):
        if name in duty.exempt:
            duty.exempt = tuple(new if one == name else one for one in duty.exempt)
    await session.flush()
    return changed
