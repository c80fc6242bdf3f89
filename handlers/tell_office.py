"""What the office is told unasked, and what a department hears of its decisions."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.mail.notices import are_issued
from bot.mail.outbox import Addressee, issue_notice
from bot.messages import Button, Reply
from bot.model import Person, Priority, Report, Role, Submission, SubmissionState
from bot.reports import due
from bot.reports.calendar import WorkCalendar
from bot.reports.holidays import calendar_kept
from bot.reports.policy import Hearer as Hears
from bot.reports.policy import NudgePolicy, Step
from bot.reports.submissions import CLAIMED, OWING, has_time
from bot.roster.hearers import Hearer, hearers_in, hearers_of
from handlers.act import Doing
from handlers.nudge_words import day_words, progress
from handlers.nudging import Nudging

_LINES = 4  # reports or departments that one message names
_MORE = "另有 {} 项，回复“谁没交”查看。"


async def tell_admins(doing: Doing, what: str, submission: Submission) -> None:
    """Put what a department asks before the office, within its hours."""
    key = f"asked:{what}:{submission.id}:{doing.at.isoformat()}"
    await put_before_office(doing, asks_office(submission), key=key)


async def put_before_office(doing: Doing, body: Reply, *, key: str) -> bool:
    """Tell the admins what somebody asks; False if there is nobody to tell."""
    if doing.nudging is None:
        return False
    return await tell(
        doing.session,
        doing.nudging,
        await hearers_in(doing.session, [Role.ADMIN], lanes=doing.nudging.lanes),
        key=key,
        kind="asked",
        body=body,
        at=doing.at,
    )


async def tell_person(doing: Doing, person: Person, body: Reply, *, key: str) -> bool:
    """Tell one person what the office has decided; False if nothing reaches him."""
    if doing.nudging is None:
        return False
    people = await hearers_of(
        doing.session, [person.department], lanes=doing.nudging.lanes
    )
    return await tell(
        doing.session,
        doing.nudging,
        [one for one in people if one.person_id == person.id],
        key=key,
        kind="decided",
        body=body,
        at=doing.at,
    )


def asks_office(submission: Submission) -> Reply:
    """Write what a department asks: a later day, or whether it is its matter at all."""
    name, report, standing = (
        submission.department,
        submission.report,
        submission.standing,
    )
    key = f"{name} {report.code}"
    why = f"原因：{standing.reason}。" if standing.reason else ""
    if standing.asked_on and submission.state is not SubmissionState.DISPUTED:
        return Reply(
            f"{name}申请将{report.title}延至 {day_words(standing.asked_on)}"
            f"（文件时限 {day_words(report.due_on)}）。{why}",
            (
                Button("同意", f"同意延期 {key}"),
                Button("不同意", f"不同意延期 {key}"),
            ),
        )
    return Reply(
        f"{name}对{report.title}提出异议，核实期间已暂停提醒。{why}",
        (
            Button("免报", f"异议成立 {key}"),
            Button("仍由其报送", f"异议不成立 {key}"),
        ),
    )


async def tell_department(
    doing: Doing, submission: Submission, body: Reply, *, key: str
) -> bool:
    """Tell the liaisons of a department what the office has decided.

    Returns whether there is anybody whom we can tell.
    """
    if doing.nudging is None:
        return False
    people = await hearers_of(
        doing.session, [submission.department], lanes=doing.nudging.lanes
    )
    liaisons = [one for one in people if one.role is Role.LIAISON]
    return await tell(
        doing.session,
        doing.nudging,
        liaisons,
        key=key,
        kind="decided",
        body=body,
        at=doing.at,
    )


async def tell(
    session: AsyncSession,
    nudging: Nudging,
    people: Sequence[Hearer],
    *,
    key: str,
    kind: str,
    body: Reply,
    at: datetime,
) -> bool:
    """Tell *people* something within their hours; False if nothing reaches them.

    What is `office` is in no hurry: it comes off the hours and half hours, when
    everybody's messages go out.
    """
    opening = nudging.policy.next_opening(at, await calendar_kept(session))
    is_urgent = opening <= at and kind != "office"
    audience = [
        Addressee(
            recipient=one.recipient,
            lane=one.lane,
            address=one.address,
            person_id=one.person_id,
            due_at=at
            if is_urgent
            else nudging.policy.send_at(opening, one.recipient, hours=one.hours),
        )
        for one in people
        if one.lane
    ]
    if audience:
        await issue_notice(
            session,
            key=key,
            kind=kind,
            body=body,
            audience=audience,
            by="system",
            at=at,
            write=nudging.write,
            priority=Priority.NOTICE,
        )
    return bool(audience)


async def tell_office_daily(
    session: AsyncSession, nudging: Nudging, *, now: datetime
) -> int:
    """Tell the admins, once a day each, whom to telephone and how all stands.

    Returns how many messages that makes.
    """
    policy, calendar = nudging.policy, await calendar_kept(session)
    if not policy.is_open(now, calendar):
        return 0
    today = now.astimezone(policy.zone).date()
    kinds = {"phones": now >= policy.moment(today)}
    kinds["digest"] = now >= policy.moment(today, policy.digest_at)
    keys = {
        f"office:{kind}:{today}": kind for kind, is_time in kinds.items() if is_time
    }
    done = await are_issued(session, keys)
    told = 0
    for key, kind in keys.items():
        if key in done:
            continue
        body = await _office_body(session, kind, policy, calendar, now=now)
        admins = await hearers_in(session, [Role.ADMIN], lanes=nudging.lanes)
        if body and admins:
            await tell(
                session, nudging, admins, key=key, kind="office", body=body, at=now
            )
            told += 1
    return told


async def _office_body(
    session: AsyncSession,
    kind: str,
    policy: NudgePolicy,
    calendar: WorkCalendar,
    *,
    now: datetime,
) -> Reply | None:
    today = now.astimezone(policy.zone).date()
    hears = Hears.ADMIN_PHONE_LIST if kind == "phones" else Hears.ADMIN_DIGEST
    steps = [step for step in policy.steps if hears in step.hear]
    if not steps:
        return None
    first = calendar.back(today, max(0, *(-step.left for step in steps)) + 1)
    last = calendar.on(today, max(0, *(step.left for step in steps)) + 1)
    reports = [
        report
        for report in await due.reports_between(session, first=first, last=last)
        if _is_day_of(report, steps, calendar, today)
    ]
    counts = await due.counts(session, [report.id for report in reports])
    if kind == "phones":
        some = [one for one in reports if not OWING.isdisjoint(counts[one.id])]
        lines = await _phones(session, some, today=today)
    else:
        lines = [_report_line(one, counts[one.id]) for one in reports[:_LINES]]
        if len(reports) > _LINES:
            lines.append(_MORE.format(len(reports) - _LINES))
    has_reports = bool(lines)
    drafts = []
    if kind == "phones":  # those of other days stand in the weekly digest
        drafts = [
            one
            for one in await due.drafts_waiting(session, today=today)
            if one.drafted_at.astimezone(policy.zone).date() == today
        ]
    buttons: tuple[Button, ...] = ()
    if drafts:
        late = {draft.submission_id for draft in drafts}
        lines.append(f"{len(late)} 家超期，已拟致分管领导提示（未发送）。")
        buttons = (Button("查看", "查看草稿"),)
    if not lines:
        return None
    head = "今日需电话联系：" if kind == "phones" else "今日截止的报送："
    if not has_reports:
        head = "请办公室决定："
    return Reply("\n".join([head, *lines]), buttons)


async def _phones(
    session: AsyncSession, reports: Sequence[Report], *, today: date
) -> list[str]:
    """Say whom to telephone: not those who have a day that is to come."""
    found = []
    for report in reports:
        some = await due.submissions_to(session, report.id, states=OWING)
        if owing := [one for one in some if not has_time(one, today=today)]:
            found.append((report, owing))
    lines = [await _phone_line(session, *one) for one in found[:_LINES]]
    if len(found) > _LINES:
        lines.append(_MORE.format(len(found) - _LINES))
    return lines


def _is_day_of(
    report: Report, steps: Sequence[Step], calendar: WorkCalendar, today: date
) -> bool:
    due_on = report.due_on
    days = {
        calendar.back(due_on, step.left)
        if step.left >= 0
        else calendar.on(due_on, -step.left)
        for step in steps
    }
    return today in days


def _report_line(report: Report, counts: Mapping[SubmissionState, int]) -> str:
    """Say how a report stands."""
    done, of = progress(counts)
    waiting = sum(counts.get(state, 0) for state in CLAIMED)
    when = day_words(report.due_on)
    return f"{report.title}（{when}）：已报 {done}/{of}，待核 {waiting}。"


async def _phone_line(
    session: AsyncSession, report: Report, owing: Sequence[Submission]
) -> str:
    """Say whom to telephone about a report."""
    people = await hearers_of(session, [one.department for one in owing], lanes=())
    phones: dict[str, str] = {}
    for one in people:
        if one.role is Role.LIAISON:
            phones.setdefault(one.department, f"{one.name}{one.phone}")
    names = "、".join(
        f"{one.department}（{phones.get(one.department, '无联络员')}）" for one in owing
    )
    when = day_words(report.due_on)
    return f"{report.title}（{when}）未报 {len(owing)} 家：{names}。"
