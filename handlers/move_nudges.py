"""When the notice of a year comes in: the nudges to come are reckoned anew."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.model import Report
from bot.reports import due
from bot.reports.calendar import WorkCalendar
from bot.reports.holidays import calendar_kept
from bot.reports.ladder import Case, Coming, moved_steps, next_step
from bot.reports.policy import NudgePolicy


@dataclass(frozen=True, slots=True)
class Moved:
    """The steps of a report that come on other days now: (before, after)."""

    report: Report
    steps: tuple[tuple[Coming, Coming], ...]

    @property
    def words(self) -> str:
        """List them as 2027-06-15→2027-06-16."""
        return "，".join(
            f"{old.at:%Y-%m-%d}→{new.at:%Y-%m-%d}" for old, new in self.steps
        )


async def move_nudges(
    session: AsyncSession, *, was: WorkCalendar, policy: NudgePolicy, at: datetime
) -> list[Moved]:
    """Reckon anew when each submission is next; returns what moves, by report.

    *was* is the calendar before the notice, which is in the store by now. The list is
    that of a department which has said nothing.
    """
    is_now = await calendar_kept(session)
    reports: dict[int, Report] = {}
    coming: dict[Case, Coming | None] = {}
    for one in await due.waiting_for_a_step(session):
        reports[one.report_id] = one.report
        case = due.case_of(one)
        if case not in coming:
            coming[case] = next_step(case, policy=policy, calendar=is_now, after=at)
        step = coming[case]
        one.next_at = step.at if step else None
    await session.flush()
    moved = []
    for report in reports.values():
        case = Case(due_on=report.due_on)
        steps = moved_steps(case, policy=policy, was=was, is_now=is_now)
        to_come = tuple(pair for pair in steps if max(pair[0].at, pair[1].at) > at)
        if to_come:
            moved.append(Moved(report, to_come))
    return moved
