"""What the admins are told once a week: how all stands, and what waits for them."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import partial

from sqlalchemy.ext.asyncio import AsyncSession

from bot import audit, roster
from bot.mail.depth import lane_depths
from bot.mail.notices import are_issued
from bot.messages import Attachment, Button, Reply
from bot.model import DeliveryStatus, Report, Role, SubmissionState
from bot.reports import due, waiting
from bot.reports.calendar import WorkCalendar
from bot.reports.holidays import calendar_kept
from bot.reports.ladder import begins_on
from bot.reports.lights import Light, light_of
from bot.reports.submissions import OWING, UNSETTLED
from bot.roster.handovers import count_waiting
from bot.roster.hearers import hearers_in, hearers_of
from handlers.export import matrix_of, pictures_of
from handlers.making import made
from handlers.nudge_words import day_words
from handlers.nudging import Nudging
from handlers.progress import numbers
from handlers.tell_office import tell

_AROUND = timedelta(days=120)
_PATIENCE = 3  # working days that a claim may wait
_REPORTS = 2  # lines of them; with head and the rest there are six
_NAMES = 4
_IN_TABLE = 6  # reports that the picture shows


async def tell_office_weekly(
    session: AsyncSession, nudging: Nudging, *, now: datetime
) -> bool:
    """Tell the admins how all stands, on the first working day of a week.

    After an outage on a later one; never twice in a week. False if nothing was told,
    as when no report is under way. Raises NotReady where its picture is to be drawn.
    """
    policy, calendar = nudging.policy, await calendar_kept(session)
    if not policy.is_open(now, calendar):
        return False
    today = now.astimezone(policy.zone).date()
    year, week, _ = today.isocalendar()
    key = f"office:weekly:{year}-{week:02}"
    if await are_issued(session, [key]):
        return False
    admins = await hearers_in(session, [Role.ADMIN], lanes=nudging.lanes)
    if not any(one.lane for one in admins):
        return False
    body = await _body(session, nudging, calendar, key, now=now)
    if body is None:
        return False
    return await tell(
        session, nudging, admins, key=key, kind="office", body=body, at=now
    )


async def _body(
    session: AsyncSession,
    nudging: Nudging,
    calendar: WorkCalendar,
    key: str,
    *,
    now: datetime,
) -> Reply | None:
    """Write the digest of *key*; None if no report is under way."""
    today = now.astimezone(nudging.policy.zone).date()
    reports = [
        one
        for one in await due.reports_between(
            session, first=today - _AROUND, last=today + _AROUND
        )
        if begins_on(one.due_on, policy=nudging.policy, calendar=calendar) <= today
    ]
    counts = await due.counts(session, [report.id for report in reports])
    reports = [one for one in reports if UNSETTLED & counts[one.id].keys()]
    if not reports:
        return None
    lines = [f"本周报送情况（{today.month}月{today.day}日{await _sealed(session)}）："]
    lines += _report_lines(reports, counts)
    late = calendar.back(today, _PATIENCE)
    long = await waiting.claimed_before(session, nudging.policy.moment(late, time.min))
    overdue = await _overdue(session, reports, calendar, today)
    urgent = _listed(f"待核超过 {_PATIENCE} 个工作日", long) + _listed("超期", overdue)
    lines += [urgent] if urgent else []
    lines += [line async for line in _rest(session, nudging, reports, today)]
    papers = nudging.papers
    pictures: tuple[Attachment, ...] = ()
    if papers:
        table = await matrix_of(
            session, reports[-_IN_TABLE:], office=papers.office, today=today
        )
        draw = partial(pictures_of, table, papers, at=now)
        pictures = made(papers, key, draw)
    return Reply("\n".join(lines), _BUTTONS, attachments=pictures)


async def _sealed(session: AsyncSession) -> str:
    """Tell the end of the audit's chain: by it one finds that later it was cut off."""
    link, digest = await audit.head(session)
    return f"；操作日志至第 {link} 条，校验值 {digest[:12]}" if link else ""


_BUTTONS = (Button("谁没交", "谁没交"), Button("待核清单", "待核"))


def _report_lines(
    reports: Sequence[Report], counts: Mapping[int, Mapping[SubmissionState, int]]
) -> list[str]:
    lines = [
        f"{one.title}（{day_words(one.due_on)}）：{numbers(counts[one.id])}。"
        for one in reports[:_REPORTS]
    ]
    if len(reports) > _REPORTS:
        lines[-1] += f"另有 {len(reports) - _REPORTS} 项。"
    return lines


async def _overdue(
    session: AsyncSession,
    reports: Sequence[Report],
    calendar: WorkCalendar,
    today: date,
) -> list[str]:
    """Name the departments that are past their date, once for each report."""
    found = []
    for report in reports:
        if report.due_on < today:
            some = await due.submissions_to(session, report.id, states=OWING)
            found += [
                one.department
                for one in some
                if light_of(one.standing, report.due_on, today=today, calendar=calendar)
                is Light.RED
            ]
    return found


async def _rest(
    session: AsyncSession, nudging: Nudging, reports: Sequence[Report], today: date
) -> AsyncIterator[str]:
    """Say what the office has to decide, and whom nothing reaches."""
    open_ = await waiting.undecided(session)
    drafts = len(await due.drafts_waiting(session, today=today))
    decide = [
        f"{words} {count}"
        for words, count in (
            ("延期申请", open_.extensions),
            ("异议", open_.disputes),
            ("致负责人草稿", drafts),
            ("人员调整", await count_waiting(session)),
        )
        if count
    ]
    if unknown := await _unknown(session):
        decide.append(f"结果不明的消息 {unknown}（回复“未送达”看）")
    if decide:
        yield f"请办公室决定：{'，'.join(decide)}。"
    names = await waiting.departments_owing_any(session, [one.id for one in reports])
    people = await hearers_of(session, names, lanes=nudging.lanes)
    reached = {
        one.department for one in people if one.lane and one.role is Role.LIAISON
    }
    reached.add(due.OFFICE)  # it has admins, who read this
    unheard = [name for name in names if name not in reached]
    lost = {
        one.department for one in await roster.gaps_among(session, unheard) if one.lost
    }
    told = _listed("没有绑定联络员", [name for name in unheard if name not in lost])
    told += _listed("已绑定但联系不上", [name for name in unheard if name in lost])
    if told:
        yield f"{told}请电话联系。"


async def _unknown(session: AsyncSession) -> int:
    """Count what nobody knows whether it arrived."""
    depths = await lane_depths(session)
    return sum(one.get(DeliveryStatus.UNKNOWN, 0) for one in depths.values())


def _listed(words: str, names: Sequence[str]) -> str:
    """Say how many there are, and name the first; "" if there are none."""
    if not names:
        return ""
    more = "等" if len(names) > _NAMES else ""
    return f"{words} {len(names)} 家：{'、'.join(names[:_NAMES])}{more}。"
