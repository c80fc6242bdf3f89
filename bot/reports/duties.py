"""Duties to report: proposed by a plan, confirmed by the office; their due dates."""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import NotFound
from bot.facts import Duty, DutyKind
from bot.model import (
    Basis,
    Plan,
    Report,
    ReportDuty,
    Standing,
    Submission,
    SubmissionState,
)
from bot.model.new_rows import insert_new_on
from bot.reports.submissions import OWING, Said, exempt, resume

HORIZON = timedelta(days=100)
"""So long before its due date a report is opened: the first step may lie 60 working
days before."""

_OVER = "报送要求已结束或日期已改"
_PENDING = OWING | {SubmissionState.DISPUTED}
_NEXT_YEAR = "次年|翌年|下一?年度?|第二年"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a duty says, as in `ReportDuty`; `last` None: until further notice."""

    key: str
    basis: Basis
    plan_key: str = ""
    number: str = ""
    clause: str = ""
    text: str = ""
    who: tuple[str, ...] = ()
    what: str = ""
    to: str = ""
    month: int | None = None
    day_of_month: int | None = None
    day: date | None = None
    last: date | None = None

    @property
    def when(self) -> str:
        """Say in Chinese by when it is due, "" if it has no date."""
        if self.day:
            return f"{self.day.year}年{self.day.month}月{self.day.day}日前"
        if self.month and self.day_of_month:
            return f"每年{self.month}月{self.day_of_month}日前"
        return ""


def terms_of(plan: Plan) -> list[Terms]:
    """List what a plan would have handed in, in its order, with a date or without."""
    return [_terms(plan, duty) for duty in plan.duties if duty.kind is DutyKind.REPORT]


def _terms(plan: Plan, duty: Duty) -> Terms:
    last = plan.validity.last if plan.validity else None
    terms = Terms(
        key=f"{plan.key}|{duty.where}|{duty.what}",
        basis=Basis.DOCUMENT,
        plan_key=plan.key,
        number=plan.number or f"《{plan.plan_title or plan.title}》",
        clause=duty.where,
        text=duty.text,
        who=duty.who,
        what=duty.what,
        to=duty.to,
        month=duty.month,
        day_of_month=duty.day_of_month,
        day=duty.day,
        last=last,
    )
    if last and is_about_the_year_before(terms):
        return replace(terms, last=_a_year_later(last))
    return terms


def is_about_the_year_before(duty: Terms | ReportDuty) -> bool:
    """Tell whether the date lies in the year after the one that is reported (次年)."""
    if not (duty.month and duty.day_of_month):
        return False
    day = rf"({_NEXT_YEAR})\s*{duty.month}\s*月\s*(?:{duty.day_of_month}\s*日|底|末)"
    return re.search(day, duty.text) is not None


def _a_year_later(day: date) -> date:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:  # 29 February
        return date(day.year + 1, 2, 28)


async def duties_kept(
    session: AsyncSession, *, plan_key: str | None = None, with_ended: bool = False
) -> Sequence[ReportDuty]:
    """List the duties that the office has confirmed, of one plan if it is given."""
    query = select(ReportDuty).order_by(ReportDuty.id)
    if plan_key is not None:
        query = query.where(ReportDuty.plan_key == plan_key)
    if not with_ended:
        query = query.where(ReportDuty.ended_at.is_(None))
    return (await session.scalars(query)).all()


async def duty_by_id(session: AsyncSession, duty_id: int) -> ReportDuty:
    """Return a duty; raises NotFound."""
    duty = await session.get(ReportDuty, duty_id)
    if duty is None:
        words = f"没有第{duty_id}号报送要求，用 bot duties 查看编号。"
        raise NotFound(f"no duty {duty_id}", reply=words)
    return duty


async def confirm_duty(
    session: AsyncSession, terms: Terms, *, first: date, by: str, at: datetime
) -> ReportDuty:
    """Enter a duty, or what has changed in it, in the name of *by*.

    It has no due dates before *first*. Where its date is another than before, what was
    still to come under the old one is let off. Raises NotFound if it has no date.
    """
    if not terms.when:
        words = "这项报送要求没有写明日期，请办公室以通知形式录入日期。"
        raise NotFound("a duty without a date", reply=words)
    query = select(ReportDuty).where(ReportDuty.key == terms.key)
    duty = (await session.scalars(query)).one_or_none()
    if duty is None:
        duty = ReportDuty(key=terms.key, first=first, exempt=())
        session.add(duty)
    elif _date_of(duty) != _date_of(terms):
        await _let_off(session, duty, after=first, by=by, at=at)
    elif duty.ended_at is not None:
        await _resume(session, duty, after=first, by=by, at=at)
    duty.basis, duty.plan_key, duty.number = terms.basis, terms.plan_key, terms.number
    duty.clause, duty.text, duty.who = terms.clause, terms.text, terms.who
    duty.what, duty.to = terms.what, terms.to
    duty.month, duty.day_of_month = terms.month, terms.day_of_month
    duty.day, duty.last = terms.day, terms.last
    duty.confirmed_by, duty.confirmed_at, duty.ended_at = by, at, None
    await session.flush()
    return duty


def _date_of(duty: Terms | ReportDuty) -> tuple[Any, ...]:
    return duty.month, duty.day_of_month, duty.day


async def end_duty(
    session: AsyncSession, duty: ReportDuty, *, today: date, by: str, at: datetime
) -> None:
    """End a duty: nobody is nudged any more about what is not due yet."""
    duty.ended_at = at
    await _let_off(session, duty, after=today, by=by, at=at)


async def exempt_from_duty(
    session: AsyncSession,
    duty: ReportDuty,
    department: str,
    said: Said,
    *,
    today: date,
) -> None:
    """Let a department off a duty for good, and off what it still owes of it.

    What it has handed in stays so.
    """
    if department not in duty.exempt:
        duty.exempt = (*duty.exempt, department)
    query = select(Submission).join(Report)
    query = query.where(Report.duty_id == duty.id, Report.due_on >= today)
    query = query.where(
        Submission.department == department, Submission.state.in_(_PENDING)
    )
    for submission in (await session.scalars(query)).unique():
        await exempt(session, submission, said, reason=said.words)
    await session.flush()


async def let_off_of(
    session: AsyncSession, duty: ReportDuty, *, today: date
) -> Sequence[Submission]:
    """List who is let off the reports of a duty that are not due yet."""
    query = select(Submission).join(Report).where(Report.duty_id == duty.id)
    query = query.where(
        Report.due_on >= today, Submission.state == SubmissionState.EXEMPT
    )
    return (await session.scalars(query.order_by(Submission.id))).unique().all()


async def upcoming(
    session: AsyncSession, duty: ReportDuty, *, today: date
) -> Sequence[Report]:
    """List the reports of a duty that are open and not due yet; next due first."""
    query = select(Report).where(Report.duty_id == duty.id, Report.due_on >= today)
    return (await session.scalars(query.order_by(Report.due_on))).all()


async def let_off_others(
    session: AsyncSession,
    duty: ReportDuty,
    obligors: Collection[str],
    *,
    today: date,
    by: str,
    at: datetime,
) -> None:
    """Let off what is not due yet all those who are not among the *obligors* now."""
    said = Said(by=by, at=at, words="不在报送单位之列")
    query = select(Submission).join(Report).where(Report.duty_id == duty.id)
    query = query.where(Report.due_on >= today, Submission.state.in_(OWING))
    for submission in (await session.scalars(query)).unique():
        if submission.department not in obligors:
            await exempt(session, submission, said, reason=said.words)


async def _let_off(
    session: AsyncSession, duty: ReportDuty, *, after: date, by: str, at: datetime
) -> None:
    said = Said(by=by, at=at, words=_OVER)
    query = select(Submission).join(Report).where(Report.duty_id == duty.id)
    query = query.where(Report.due_on >= after, Submission.state.in_(OWING))
    for submission in (await session.scalars(query)).unique():
        await exempt(session, submission, said, reason=said.words)


async def _resume(
    session: AsyncSession, duty: ReportDuty, *, after: date, by: str, at: datetime
) -> None:
    """Let those owe again whom the end of a duty has let off."""
    said = Said(by=by, at=at, words="恢复报送要求")
    for submission in await let_off_of(session, duty, today=after):
        await resume(session, submission, said, let_off=_OVER)


def due_dates(duty: ReportDuty, *, first: date, last: date) -> Iterator[date]:
    """List the due dates of a duty within a period, both days included, rising.

    29 February is the 28th in other years.
    """
    start = max(first, duty.first)
    end = min(last, duty.last) if duty.last else last
    if duty.day:
        if start <= duty.day <= end:
            yield duty.day
        return
    if not (duty.month and duty.day_of_month):
        return
    for year in range(start.year, end.year + 1):
        day = _day_in(year, duty.month, duty.day_of_month)
        if start <= day <= end:
            yield day


def _day_in(year: int, month: int, day: int) -> date:
    while True:
        try:
            return date(year, month, day)
        except ValueError:
            day -= 1


def title_of(duty: ReportDuty, due_on: date) -> str:
    """Name a report as people call it: 2026年全年落实情况."""
    if duty.day or re.match(r"\d{4}\s*年", duty.what):
        return duty.what
    year = due_on.year - is_about_the_year_before(duty)
    return f"{year}年{duty.what}"


ObligorsOf = Callable[[ReportDuty], Collection[str]]
"""Which departments owe a duty: its `who`, with collectives expanded."""


async def open_reports(
    session: AsyncSession,
    duties: Sequence[ReportDuty],
    obligors_of: ObligorsOf,
    *,
    today: date,
    at: datetime,
    again: bool = False,
) -> list[Report]:
    """Open what falls due within the horizon, for each obligor that is not exempt.

    Of reports that are open already, obligors that came later are added if it is done
    *again*. Returns the reports that are new. Whoever does it twice changes nothing.
    """
    known = await _known_reports(session, first=today)
    opened = []
    for duty in duties:
        if duty.ended_at is not None:
            continue
        names: list[str] | None = None
        for due_on in due_dates(duty, first=today, last=today + HORIZON):
            report = known.get((duty.id, due_on))
            if report and not again:
                continue
            if report is None:
                report = _new_report(duty, due_on, at=at)
                session.add(report)
                await session.flush()
                opened.append(report)
            names = _owing(duty, obligors_of) if names is None else names
            await _add_obligors(session, report, names, at=at)
    return opened


def _owing(duty: ReportDuty, obligors_of: ObligorsOf) -> list[str]:
    names = dict.fromkeys(obligors_of(duty))
    return [name for name in names if name not in duty.exempt]


async def _known_reports(
    session: AsyncSession, *, first: date
) -> dict[tuple[int, date], Report]:
    reports = await session.scalars(select(Report).where(Report.due_on >= first))
    return {(report.duty_id, report.due_on): report for report in reports}


def _new_report(duty: ReportDuty, due_on: date, *, at: datetime) -> Report:
    title = title_of(duty, due_on)
    return Report(duty=duty, due_on=due_on, title=title, opened_at=at)


async def _add_obligors(
    session: AsyncSession, report: Report, names: Sequence[str], *, at: datetime
) -> None:
    known = select(Submission.department).where(Submission.report_id == report.id)
    there = set(await session.scalars(known))
    rows = [
        {
            "report_id": report.id,
            "department": name,
            "state": SubmissionState.OPEN,
            "standing": Standing(),
            "next_at": at,
            "nudged_before": 0,
            "nudged_after": 0,
        }
        for name in names
        if name not in there
    ]
    if not rows:
        return
    connection = await session.connection()
    new = insert_new_on(connection.dialect.name, Submission)
    await connection.execute(new, rows)
