"""The round: who is due to be nudged hears it once, and it is written down."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot import audit
from bot.model import Report
from bot.reports import due, halves
from bot.reports.due import DueRow
from bot.reports.holidays import calendar_kept
from bot.reports.submissions import OWING, has_time
from handlers.nudge_batch import NudgeBatch
from handlers.nudging import Nudging

BATCH = 4000  # submissions that one transaction looks for


async def nudge_round(
    session: AsyncSession,
    nudging: Nudging,
    *,
    now: datetime,
    limit: int = BATCH,
    half: int | None = None,
) -> int:
    """Nudge the departments that have waited longest, and work out when they are next.

    Returns how many submissions were due; 0 when nothing is. A person or a group hears
    one message a day, with all that is due to them on it. Of a *half* of the
    departments, if it is given, and beside the round of the other half: then of half as
    many, so that nobody waits longer for the store.
    """
    limit = limit if half is None else limit // 2
    names = await halves.departments_due(session, now=now, limit=limit, half=half)
    if not names or not await halves.is_only_round(session, half):
        return 0
    policy = nudging.policy
    today = now.astimezone(policy.zone).date()
    midnight = policy.moment(today + timedelta(days=1), time.min)
    rows = await due.submissions_due(session, names, now=now, until=midnight)
    batch = NudgeBatch(
        session=session,
        nudging=nudging,
        calendar=await calendar_kept(session),
        now=now,
        today=today,
    )
    return await batch.work(rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """What came of 催未报: *departments* of those *owing* are told from *at* on.

    *spared* are those beside them who have said by when, or were given a later day.
    """

    owing: int
    departments: int
    messages: int
    spared: int
    at: datetime


async def nudge_the_rest(
    session: AsyncSession, nudging: Nudging, report: Report, *, by: str, now: datetime
) -> Pressed:
    """Nudge whoever still owes a report, beside the ladder and within its caps."""
    calendar = await calendar_kept(session)
    at = nudging.policy.next_opening(now, calendar)
    batch = NudgeBatch(
        session=session,
        nudging=nudging,
        calendar=calendar,
        now=at,
        today=at.astimezone(nudging.policy.zone).date(),
    )
    every = await due.submissions_to(session, report.id, states=OWING)
    owing = [one for one in every if not has_time(one, today=batch.today)]
    rows = [
        DueRow(one.id, report.id, one.department, None, due.case_of(one))
        for one in owing
    ]
    told, messages = await batch.press(rows, report)
    for one in owing:
        if one.id in told and batch.today <= report.due_on:
            one.nudged_before += 1
        elif one.id in told:
            one.nudged_after += 1
    await audit.record(
        session,
        actor=by,
        event="nudge.pressed",
        about=f"report:{report.id}",
        at=now,
        departments=len(told),
        messages=messages,
    )
    return Pressed(
        owing=len(owing),
        departments=len(told),
        messages=messages,
        spared=len(every) - len(owing),
        at=at,
    )
