"""A department that owes reports gets the name that the roster has for it."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.model import Report, ReportDuty, Submission
from bot.reports.submissions import OWING, Said, exempt


async def rename_obligor(
    session: AsyncSession, name: str, new: str, *, by: str, at: datetime
) -> int:
    """Enter a department under its *new* name; returns how many reports are changed.

    What it owes is looked at anew, for nobody has heard of it. Where it owes a report
    under both names, that under the old one is let off.
    """
    there = set(
        await session.scalars(
            select(Submission.report_id).where(Submission.department == new)
        )
    )
    query = select(Submission).join(Report).where(Submission.department == name)
    said = Said(by=by, at=at, words=f"与{new}为同一单位")
    changed = 0
    for one in (await session.scalars(query)).unique().all():
        if one.report_id not in there:
            one.department = new
            if one.state in OWING:
                one.step, one.next_at = None, at
            changed += 1
        elif one.state in OWING:
            changed += await exempt(session, one, said, reason=said.words)
    for duty in await session.scalars(select(ReportDuty)):
        if name in duty.exempt:
            duty.exempt = tuple(new if one == name else one for one in duty.exempt)
    await session.flush()
    return changed
