"""Duties to report: what plans propose, and what the office makes of it."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from difflib import get_close_matches
from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncSession

from bot import audit, roster
from bot.chinese import fold
from bot.departments import Departments
from bot.errors import NotFound, PlanRefused
from bot.mail.alarms import alarms, clear_alarm, raise_alarm
from bot.model import Plan, Report, ReportDuty
from bot.reports.calendar import WorkCalendar
from bot.reports.due import OFFICE
from bot.reports.duties import (
    ObligorsOf,
    Terms,
    confirm_duty,
    due_dates,
    duties_kept,
    duty_by_id,
    end_duty,
    exempt_from_duty,
    let_off_others,
    open_reports,
    terms_of,
    upcoming,
)
from bot.reports.holidays import calendar_kept
from bot.reports.submissions import Said
from handlers.follow_roster import follow_roster
from handlers.hush import hush_let_off
from handlers.sign_for_office import refuse_same_hand

_ALARMS = ("duty", "period", "collective", "calendar")
_OWN_NAME = re.compile("办公室|(?:.*科学素质.*)?领导小组办公室")
_AHEAD = timedelta(days=60)  # in which due dates are looked at


class Standing(StrEnum):
    """How a duty of a plan stands with the office."""

    NEW = "待确认"
    CONFIRMED = "已确认"
    CHANGED = "日期有变，待重新确认"
    NO_DATE = "文件未写日期，可由办公室录入"
    ENDED = "已结束"
    OVER = "方案期限已过，是否继续请办公室决定"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """A duty of a plan in force; `number` is its place in the list, from 1.

    `unknown` are collectives of which nobody has listed the members.
    """

    number: int
    plan: Plan
    terms: Terms
    standing: Standing
    kept: ReportDuty | None
    obligors: tuple[str, ...]
    unknown: tuple[str, ...]

    @property
    def is_nudged_for(self) -> bool:
        """Tell whether the office has confirmed it, and not ended it."""
        return self.kept is not None and self.kept.ended_at is None


@dataclass(frozen=True, slots=True)
class Expanded:
    """Obligors one by one, and the collectives whose members nobody has listed."""

    departments: tuple[str, ...]
    unknown: tuple[str, ...]


def expand(
    who: Collection[str], departments: Departments, *, among: Collection[str]
) -> Expanded:
    """Name each department that is meant, as the roster (*among*) does if it knows it.

    Nobody is guessed: a collective without a list of members stays one. Two names of
    one department count once, by the first.
    """
    found: dict[str, None] = {}
    unknown = []
    for name in who:
        members: Collection[str] = (name,)
        if departments.is_collective(name):
            members = departments.members(name)
            unknown += [] if members else [name]
        for member in members:
            listed = _as_in_roster(member, departments, among)
            if not _is_there(listed, found, departments, among):
                found[listed] = None
    return Expanded(tuple(found), tuple(unknown))


def _is_there(
    name: str,
    found: Collection[str],
    departments: Departments,
    among: Collection[str],
) -> bool:
    """Tell whether a department is found already; those of the roster by name alone."""
    if name in found or name in among:
        return name in found
    return any(departments.same(name, one) for one in found if one not in among)


def _as_in_roster(name: str, departments: Departments, among: Collection[str]) -> str:
    if name in among:
        return name
    if _OWN_NAME.fullmatch(name):
        return OFFICE
    return next((one for one in among if departments.same(one, name)), name)


async def obligors(session: AsyncSession, departments: Departments) -> ObligorsOf:
    """Make what tells the obligors of a duty one by one."""
    among = dict.fromkeys(await roster.departments_of_people(session))
    return lambda duty: expand(duty.who, departments, among=among).departments


async def obligors_named(
    session: AsyncSession, who: Sequence[str], *, departments: Departments
) -> tuple[str, ...]:
    """Name each department that the office means by *who*, as the roster does."""
    among = dict.fromkeys(await roster.departments_of_people(session))
    return expand(who, departments, among=among).departments


async def proposed(
    session: AsyncSession,
    *,
    plans: Sequence[Plan],
    departments: Departments,
    today: date,
) -> list[Proposed]:
    """List what the plans in force would have handed in, and how that stands."""
    every = await duties_kept(session, with_ended=True)
    kept = {duty.key: duty for duty in every}
    among = dict.fromkeys(await roster.departments_of_people(session))
    found: list[Proposed] = []
    for plan in plans:
        for terms in terms_of(plan):
            duty = kept.get(terms.key)
            meant = expand(duty.who if duty else terms.who, departments, among=among)
            found.append(
                Proposed(
                    number=len(found) + 1,
                    plan=plan,
                    terms=terms,
                    standing=_standing(terms, duty, today=today),
                    kept=duty,
                    obligors=meant.departments,
                    unknown=meant.unknown,
                )
            )
    return found


def _standing(terms: Terms, kept: ReportDuty | None, *, today: date) -> Standing:
    if not terms.when:
        return Standing.NO_DATE
    if kept and kept.ended_at:
        return Standing.ENDED
    last = kept.last if kept else terms.last
    if last and last < today:
        return Standing.OVER
    if kept is None:
        return Standing.NEW
    same = (kept.month, kept.day_of_month, kept.day) == (
        terms.month,
        terms.day_of_month,
        terms.day,
    )
    return Standing.CONFIRMED if same else Standing.CHANGED


async def unconfirmed(
    session: AsyncSession,
    *,
    plans: Sequence[Plan],
    departments: Departments,
    today: date,
) -> bool:
    """Tell whether plans would have something handed in of which nobody has decided."""
    found = await proposed(session, plans=plans, departments=departments, today=today)
    return any(one.standing is Standing.NEW for one in found)


async def confirm(
    session: AsyncSession,
    one: Proposed,
    *,
    departments: Departments,
    by: str,
    at: datetime,
    until: date | None = None,
    who: Sequence[str] = (),
    channel: str = "",
) -> tuple[ReportDuty, list[Report]]:
    """Confirm a duty of a plan; returns it with the reports that are open now.

    *until* carries it beyond the plan's period, *who* names its obligors one by one.
    Raises NotAllowed, PlanRefused, or NotFound if it has no date, with the words for
    the office.
    """
    await refuse_same_hand(session, by, signed_by=one.plan.signed_by)
    terms = one.terms
    if until and until < at.date():
        words = f"{until} 已经过去，没有登记。请写明以后的日期（--until 年-月-日）。"
        raise PlanRefused("it ends before today", reply=words)
    if until:
        terms = replace(terms, last=until)
    if who:
        terms = replace(terms, who=tuple(who))
    elif one.kept and one.kept.who != one.terms.who and not one.unknown:
        terms = replace(terms, who=one.kept.who)
    if terms.last and terms.last < at.date():
        words = (
            f"《{one.plan.plan_title or one.plan.title}》的期限到"
            f"{terms.last:%Y年%-m月%-d日}为止。要继续催报，请写明到哪一天"
            "（--until 年-月-日）；不再催报的，不必确认。"
        )
        raise PlanRefused("the period of the plan is over", reply=words)
    return await enter(
        session, terms, departments=departments, by=by, at=at, channel=channel
    )


async def enter(
    session: AsyncSession,
    terms: Terms,
    *,
    departments: Departments,
    by: str,
    at: datetime,
    channel: str = "",
) -> tuple[ReportDuty, list[Report]]:
    """Enter a duty in a person's name; returns it with the reports that are open now.

    Raises PlanRefused if nobody owes it, NotFound if it has no date.
    """
    if not by.strip():
        raise PlanRefused("no name", reply="请写明由谁确认（--name 姓名）。")
    among = dict.fromkeys(await roster.departments_of_people(session))
    meant = expand(terms.who, departments, among=among)
    if not meant.departments:
        names = "、".join(meant.unknown) or "（未写）"
        words = (
            f"还不知道“{names}”包括哪些单位。请在名册里写明成员，"
            "或用 --who 逐个写出单位（用逗号分开）。"
        )
        raise PlanRefused("no obligors", reply=words)
    duty = await confirm_duty(session, terms, first=at.date(), by=by, at=at)
    today, owing = at.date(), meant.departments
    await open_reports(session, [duty], lambda _: owing, today=today, at=at, again=True)
    await let_off_others(session, duty, owing, today=today, by=by, at=at)
    await hush_let_off(session, duty, at=at)
    await audit.record(
        session,
        actor=by,
        event="duty.confirmed",
        about=f"duty:{duty.id}",
        at=at,
        channel=channel,
        key=duty.key,
        when=terms.when,
        departments=len(meant.departments),
    )
    return duty, list(await upcoming(session, duty, today=today))


async def refuse_strangers(
    session: AsyncSession,
    who: Sequence[str],
    *,
    plans: Sequence[Plan],
    departments: Departments,
    undone: str = "没有录入",
) -> None:
    """Raise PlanRefused, with the nearest names, if one of *who* is known nowhere.

    Known is what stands on the roster, in a plan, or in the directory. *undone* says
    what was not done.
    """
    known = await roster.departments_of_people(session)
    known += [one.name for one in await roster.departments_kept(session)]
    owners = [one for plan in plans for task in plan.tasks for one in task.owners]
    known += [one.department for one in owners]
    known += [name for plan in plans for duty in plan.duties for name in duty.who]
    for name in who:
        if departments.is_known(name) or name in known or _OWN_NAME.fullmatch(name):
            continue
        if any(departments.same(name, one) for one in known):
            continue
        near = [one.department for one in departments.find(fold(name), among=known)]
        near += get_close_matches(name, known, cutoff=0.5)
        maybe = (
            f"您是否指：{'、'.join(list(dict.fromkeys(near))[:3])}？" if near else ""
        )
        words = f"名册和方案里没有查到“{name[:30]}”，{undone}。{maybe}请写单位全称。"
        raise PlanRefused(f"unknown department {name!r}", reply=words)


async def end(
    session: AsyncSession, duty_id: int, *, by: str, at: datetime
) -> ReportDuty:
    """End a duty in a person's name; raises NotFound."""
    duty = await duty_by_id(session, duty_id)
    await end_duty(session, duty, today=at.date(), by=by, at=at)
    await hush_let_off(session, duty, at=at)
    about = f"duty:{duty.id}"
    await audit.record(session, actor=by, event="duty.ended", about=about, at=at)
    return duty


async def let_off(
    session: AsyncSession,
    duty_id: int,
    department: str,
    *,
    departments: Departments,
    by: str,
    at: datetime,
    reason: str,
) -> tuple[ReportDuty, str]:
    """Let a department off a duty; raises NotFound if it does not owe it.

    Returns the duty, and the department by the name that the roster has for it.
    """
    duty = await duty_by_id(session, duty_id)
    among = dict.fromkeys(await roster.departments_of_people(session))
    owing = expand(duty.who, departments, among=among).departments
    name = _as_in_roster(department, departments, owing)
    if name not in owing:
        words = f"{department}不在这项报送要求的单位里。"
        raise NotFound(f"{department!r} does not owe", reply=words)
    said = Said(by=by, at=at, words=reason)
    await exempt_from_duty(session, duty, name, said, today=at.date())
    await hush_let_off(session, duty, at=at)
    await audit.record(
        session,
        actor=by,
        event="duty.exempted",
        about=f"duty:{duty.id}",
        at=at,
        department=name,
        reason=reason,
    )
    return duty, name


async def _dates_to_settle(
    session: AsyncSession, calendar: WorkCalendar, *, today: date
) -> dict[str, str]:
    """Tell of due dates to come that a notice may move, or that are rest days."""
    days = {
        day
        for duty in await duties_kept(session)
        for day in due_dates(duty, first=today, last=today + _AHEAD)
    }
    found = {
        f"calendar:near:{day}": (
            f"时限 {day} 临近尚未公布安排的节假日，提醒日期可能变动，"
            "通知发布后请用 bot duties --calendar 录入。"
        )
        for day in calendar.to_confirm(days)
    }
    for day in sorted(days):
        if not calendar.is_working(day):
            found[f"calendar:rest:{day}"] = (
                f"时限 {day} 是休息日，截止当天的提醒提前到 {calendar.back(day, 0)}；"
                "需要提前报送的，请用 bot duties --enter 另行通知。"
            )
    return found


async def open_day(
    session: AsyncSession,
    *,
    plans: Sequence[Plan],
    departments: Departments,
    at: datetime,
) -> None:
    """Open what falls due, and tell the office what it has to settle: once a day."""
    await follow_roster(session, departments, by="system", at=at)
    await open_reports(
        session,
        await duties_kept(session),
        await obligors(session, departments),
        today=at.date(),
        at=at,
    )
    await _tell_what_to_settle(session, plans, departments, at=at)


async def _tell_what_to_settle(
    session: AsyncSession,
    plans: Sequence[Plan],
    departments: Departments,
    *,
    at: datetime,
) -> None:
    found: dict[str, str] = {}
    for one in await proposed(
        session, plans=plans, departments=departments, today=at.date()
    ):
        title = f"{one.terms.number}{one.terms.clause}“{one.terms.what}”"
        key = one.terms.key
        if one.standing in (Standing.NEW, Standing.CHANGED, Standing.OVER):
            kind = "period" if one.standing is Standing.OVER else "duty"
            found[f"{kind}:{key}"] = (
                f"{title}：{one.standing}。办法：私聊回复“报送要求”，或 bot duties。"
            )
        for name in one.unknown if one.is_nudged_for else ():
            found[f"collective:{key}:{name}"] = (
                f"{title}的报送单位“{name}”没有成员名单，未催报。"
                "请在名册里写明成员，或用 bot duties 逐个写出单位。"
            )
    calendar = await calendar_kept(session)
    for year, words in zip(
        calendar.missing_years(at.date()), calendar.warnings(at.date()), strict=True
    ):
        found[f"calendar:{year}"] = (
            f"{words}通知发布后请用 bot duties --calendar 录入。"
        )
    found |= await _dates_to_settle(session, calendar, today=at.date())
    for key, words in found.items():
        is_new = await raise_alarm(session, key, words, at=at)
        if is_new and key.startswith("period:"):
            about = key.removeprefix("period:")
            await audit.record(
                session, actor="system", event="plan.expired", about=about, at=at
            )
    for alarm in await alarms(session):
        is_ours = alarm.key.partition(":")[0] in _ALARMS
        if is_ours and alarm.key not in found:
            await clear_alarm(session, alarm.key, at=at)
