"""Nudges that are no longer wanted stop everywhere, as soon as a department reports."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.mail.notices import take_back
from bot.model import ReportDuty, Submission
from bot.reports import due
from bot.reports.duties import let_off_of
from bot.reports.submissions import submissions_of
from bot.roster.hearers import hearers_of, own_chats


async def hush(session: AsyncSession, submission: Submission, *, at: datetime) -> int:
    """Cancel what is still to go out to a department about a report.

    Where such a nudge spoke of other reports too, these are nudged about again. Returns
    how many messages are taken back.
    """
    notices = await due.notices_about(session, submission.report_id)
    if not notices:
        return 0
    names = [submission.department]
    people = await hearers_of(session, names, lanes=())
    chats = await own_chats(session, names, lanes=None)
    recipients = [one.recipient for one in people]
    recipients += [chat.recipient for chat in chats]
    gone = await take_back(session, notices, recipients=recipients, at=at)
    others = await due.reports_told_by(session, {notice_id for notice_id, _ in gone})
    others.pop(submission.report_id, None)
    if others:
        await due.forget_nudges(session, gone)
        for other in await submissions_of(session, names):
            if other.report_id in others and other.step == others[other.report_id]:
                other.step, other.next_at = None, at
                other.nudged_before = max(0, other.nudged_before - 1)
    return len(gone)


async def hush_let_off(
    session: AsyncSession, duty: ReportDuty, *, at: datetime
) -> None:
    """Cancel what is still to go out about a duty to whom it concerns no more."""
    for one in await let_off_of(session, duty, today=at.date()):
        await hush(session, one, at=at)
