"""The stage of a rehearsal: an empty store with the office's people and duties."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.model import (
    Account,
    CalendarDay,
    Chat,
    Delivery,
    DeliveryStatus,
    DraftState,
    LeaderDraft,
    Notice,
    Nudge,
    NudgeItem,
    Person,
    Report,
    ReportDuty,
    Submission,
)
from bot.reports.calendar import WorkCalendar
from bot.reports.due import OFFICE
from bot.reports.rehearsal import Message
from bot.reports.submissions import OWING

UNBOUND = "未绑定"
"""The channel, as the list has it, of people who are not bound to any yet."""

LOST = "联系不上"
"""The same of those who are bound, and whose product takes nothing any more."""

_CHUNK = 1000  # rows written at a time


async def set_stage(source: AsyncSession, stage: AsyncSession, *, first: date) -> None:
    """Bring people, groups, duties and rest days onto an empty stage.

    Duties begin on *first* at the latest; whoever is not bound has an account in the
    channel UNBOUND, as if he were, and who is lost to us in LOST.
    """
    duties = await _copied(source, ReportDuty, ReportDuty.ended_at.is_(None))
    for duty in duties:
        duty["first"] = min(duty["first"], first)
    people = await _copied(source, Person)
    accounts = await _copied(
        source, Account, Account.person_id.is_not(None), Account.closed_at.is_(None)
    )
    bound = {account["person_id"] for account in accounts}
    closed = select(Account.person_id).where(Account.closed_at.is_not(None))
    lost = set(await source.scalars(closed))
    nobody: dict[str, Any] = dict.fromkeys(accounts[0] if accounts else ())
    free = max((account["id"] for account in accounts), default=0)
    for further, person in enumerate(p for p in people if p["id"] not in bound):
        accounts.append(
            nobody
            | {
                "id": free + 1 + further,
                "channel": LOST if person["id"] in lost else UNBOUND,
                "address": str(person["id"]),
                "person_id": person["id"],
                "guesses": 0,
            }
        )
    for account in accounts:
        account.pop("talk", None)
    chats = await _copied(
        source, Chat, Chat.registered_at.is_not(None), Chat.closed_at.is_(None)
    )
    days = await _copied(source, CalendarDay)
    await _enter(stage, Person, people)
    await _enter(stage, Account, accounts)
    await _enter(stage, Chat, chats)
    await _enter(stage, ReportDuty, duties)
    await _enter(stage, CalendarDay, days)


async def _copied(
    source: AsyncSession, kind: type[Any], *only: ColumnElement[bool]
) -> list[dict[str, Any]]:
    rows = await source.execute(select(_table(kind)).where(*only))
    return [dict(row) for row in rows.mappings()]


async def _enter(
    stage: AsyncSession, kind: type[Any], rows: Sequence[dict[str, Any]]
) -> None:
    connection = await stage.connection()
    for at in range(0, len(rows), _CHUNK):
        await connection.execute(insert(_table(kind)), rows[at : at + _CHUNK])


def _table(kind: type[Any]) -> Table:
    return cast(Table, kind.__table__)


async def lanes_on(stage: AsyncSession) -> set[str]:
    """List the channels through which anybody on the stage is told anything."""
    accounts = await stage.scalars(select(Account.channel).distinct())
    chats = await stage.scalars(select(Chat.channel).distinct())
    return {*accounts, *chats}


async def next_moment(stage: AsyncSession, *, until: datetime) -> datetime | None:
    """Return when the next submission is due, if that is not after a moment."""
    query = select(func.min(Submission.next_at)).where(Submission.next_at <= until)
    return await stage.scalar(query)


async def pass_for_sent(stage: AsyncSession, *, now: datetime) -> None:
    """Let all that was due have been delivered: it cannot be taken back any more."""
    due = (Delivery.status == DeliveryStatus.WAITING, Delivery.due_at <= now)
    await stage.execute(
        update(Delivery)
        .where(*due)
        .values(status=DeliveryStatus.SENT, settled_at=Delivery.due_at)
        .execution_options(synchronize_session=False)
    )


async def drop_drafts(stage: AsyncSession, *, now: datetime) -> None:
    """Decide on all drafts to heads, so that the office is not told of them daily."""
    await stage.execute(
        update(LeaderDraft)
        .where(LeaderDraft.state == DraftState.DRAFT)
        .values(state=DraftState.DROPPED, decided_at=now)
        .execution_options(synchronize_session=False)
    )


async def departments_on(stage: AsyncSession) -> set[str]:
    """List the departments that owe a report."""
    return set(await stage.scalars(select(Submission.department).distinct()))


async def nudged_on_stage(stage: AsyncSession) -> Sequence[Submission]:
    """List what is still owed and was nudged about before, in a fixed order."""
    query = (
        select(Submission)
        .where(Submission.state.in_(OWING), Submission.step.is_not(None))
        .order_by(Submission.id)
    )
    return (await stage.scalars(query)).unique().all()


async def reports_on(stage: AsyncSession) -> list[tuple[Report, int]]:
    """List the reports that were opened, next due first, with their departments."""
    query = (
        select(Report, func.count(Submission.id))
        .outerjoin(Submission, Submission.report_id == Report.id)
        .group_by(Report.id)
        .order_by(Report.due_on, Report.id)
    )
    return [(report, count) for report, count in await stage.execute(query)]


async def messages_on(stage: AsyncSession, calendar: WorkCalendar) -> list[Message]:
    """List all that was sent, and the drafts to heads, in the order of time."""
    names = await _names(stage)
    about = await _about(stage, calendar)
    query = (
        select(
            Delivery.wanted_at,
            Delivery.recipient,
            Delivery.lane,
            Notice.id,
            Notice.kind,
            Notice.body,
        )
        .join(Notice, Notice.id == Delivery.notice_id)
        .where(Delivery.status != DeliveryStatus.CANCELLED)
        .where(Delivery.follows.is_(None))
    )
    found = []
    for at, recipient, lane, notice_id, kind, body in await stage.execute(query):
        department, receiver = names[recipient]
        found.append(
            Message(
                at=at,
                recipient=recipient,
                receiver=receiver,
                department=department,
                channel=lane,
                kind=kind,
                about=about.get(notice_id) or body.text.replace("\n", ""),
                text=body.text,
            )
        )
    found += await _drafts(stage)
    return sorted(found, key=lambda one: (one.at, one.department, one.recipient))


async def _names(stage: AsyncSession) -> dict[str, tuple[str, str]]:
    """Return the department and the name of whoever may hear something."""
    names = {}
    for person in await stage.scalars(select(Person)):
        names[f"person:{person.id}"] = person.department, person.name
    for chat in await stage.scalars(select(Chat)):
        scope = chat.department or "（各单位）"
        title = f"群“{chat.title or chat.address}”"
        names[chat.recipient] = scope, title
    return names


async def _about(stage: AsyncSession, calendar: WorkCalendar) -> dict[int, str]:
    """Say of each notice which reports it speaks of, and how many days are left."""
    query = (
        select(NudgeItem.notice_id, Nudge.on, Report.due_on, Report.id, Report.title)
        .join(Nudge, Nudge.notice_id == NudgeItem.notice_id)
        .join(Report, Report.id == NudgeItem.report_id)
        .distinct()
        .order_by(Report.due_on, Report.id)
    )
    about: dict[int, list[str]] = {}
    for notice_id, on, due_on, _, title in await stage.execute(query):
        left = _left_words(calendar.days_left(on, due_on))
        about.setdefault(notice_id, []).append(f"{title}（{left}）")
    return {notice_id: "；".join(words) for notice_id, words in about.items()}


def _left_words(left: int) -> str:
    if left == 0:
        return "截止当天"
    return f"余{left}个工作日" if left > 0 else f"超期{-left}个工作日"


async def _drafts(stage: AsyncSession) -> list[Message]:
    query = (
        select(LeaderDraft.drafted_at, LeaderDraft.text, Submission.department)
        .join(Submission, Submission.id == LeaderDraft.submission_id)
        .order_by(LeaderDraft.id)
    )
    return [
        Message(
            at=at,
            recipient=f"draft:{department}",
            receiver="办公室（草稿）",
            department=department,
            channel="",
            kind="draft",
            about=text,
            text=text,
        )
        for at, text, department in await stage.execute(query)
    ]


def unheard(departments: Collection[str], messages: Sequence[Message]) -> list[str]:
    """List the departments that owe a report, and for which nobody hears a nudge."""
    heard = {
        one.department
        for one in messages
        if one.kind == "nudge" and one.recipient.startswith("person:")
    }
    return sorted(name for name in departments if name not in heard and name != OFFICE)
