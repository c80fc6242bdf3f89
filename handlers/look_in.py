"""Somebody looks in at the terminal, where nobody is told anything: what waits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot import roster
from bot.departments import Departments
from bot.messages import Button, Reply
from bot.model import Person, Plan, Report, Role, Submission, SubmissionState
from bot.reports import due
from bot.reports.calendar import WorkCalendar
from bot.reports.holidays import calendar_kept
from bot.reports.policy import NudgePolicy
from bot.reports.submissions import (
    CLAIMED,
    UNSETTLED,
    all_obligors,
    submissions_of,
)
from bot.roster.hearers import hearers_in, hearers_of
from handlers.nudge_words import Item, nudge
from handlers.rights import is_at_least
from handlers.submit_words import limit_of, returned
from handlers.tell_office import asks_office

_PAST = timedelta(days=120)
_LISTED = 4  # what the office is told of one by one
_STAND_IN = "终端"  # who did it, where the roster has nobody to name


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for somebody; of `keys` each names one thing, for ever the same."""

    keys: frozenset[str]
    reply: Reply


async def who_sits_there(
    session: AsyncSession, words: str, *, office: str, departments: Departments
) -> Person | None:
    """Return the person in whose name a terminal speaks; None for *words* "".

    That is the admin of the *office*, or the liaison of a department. If the roster has
    none it is a stand-in, which is kept nowhere: whoever has the database file in his
    hands needs no account.
    """
    if not words:
        return None
    if words in {"办公室", office}:
        people = await hearers_in(session, [Role.ADMIN, Role.SUPER], lanes=())
        role, name = Role.ADMIN, office
    else:
        name = await _as_written(session, words, departments)
        everyone = await hearers_of(session, [name], lanes=())
        people = [one for one in everyone if one.role is Role.LIAISON]
        people.sort(key=lambda one: one.is_deputy)
        role = Role.LIAISON
    if people:
        return await session.get(Person, people[0].person_id)
    return Person(name=_STAND_IN, department=name, role=role)


async def is_known_here(
    session: AsyncSession,
    words: str,
    *,
    office: str,
    departments: Departments,
    plans: Sequence[Plan],
) -> bool:
    """Tell whether *words* name the office, or a department that anything speaks of."""
    known = await roster.departments_of_people(session)
    known += await all_obligors(session)
    owners = (one for plan in plans for task in plan.tasks for one in task.owners)
    known += dict.fromkeys(owner.department for owner in owners)
    known += (name for plan in plans for duty in plan.duties for name in duty.who)
    if words in {"办公室", office, *known} or departments.is_known(words):
        return True
    return any(departments.same(one, words) for one in known) or bool(
        departments.find(words, among=tuple(dict.fromkeys(known)))
    )


async def _as_written(
    session: AsyncSession, words: str, departments: Departments
) -> str:
    """Name a department as the roster does, or as it owes reports."""
    known = await roster.departments_of_people(session)
    known += await all_obligors(session)
    if words in known:
        return words
    return next((one for one in known if departments.same(one, words)), words)


async def what_waits(
    session: AsyncSession, person: Person, policy: NudgePolicy, *, now: datetime
) -> Waiting | None:
    """Return the nudges of a liaison, or what the office has to decide; None: nothing.

    A nudge waits from its step on until the department has reacted, whatever the hour.
    """
    today = now.astimezone(policy.zone).date()
    if is_at_least(person.role, Role.ADMIN):
        return await _for_office(session, today)
    some = await submissions_of(session, [person.department])
    calendar = await calendar_kept(session)
    back = [one for one in some if one.state is SubmissionState.RETURNED]
    items: dict[Item, int] = {}
    for one in some:
        if one not in back and (step := _step(one, policy, calendar, today)):
            items[step[0]] = step[1]
    reports = {one.report_id: one.report for one in some}
    keys = {f"returned:{one.id}:{one.standing.reason}" for one in back}
    keys |= {f"nudge:{item.report_id}:{step}" for item, step in items.items()}
    return _together(keys, [returned(one) for one in back], items, reports)


def _step(
    one: Submission, policy: NudgePolicy, calendar: WorkCalendar, today: date
) -> tuple[Item, int] | None:
    """Return what is nudged about, and the step of the ladder that was reached last."""
    promised, limit = one.standing.promised_on, limit_of(one)
    if promised and promised > today:
        return None
    left = calendar.days_left(today, limit)
    steps = [step.left for step in policy.steps if step.left >= left]
    if not steps:
        return None
    return Item(one.report_id, left, limit, promised == today), min(steps)


def _together(
    keys: set[str],
    replies: list[Reply],
    items: dict[Item, int],
    reports: dict[int, Report],
) -> Waiting | None:
    if items:
        ordered = sorted(items, key=lambda i: (i.left, i.target, i.report_id))
        replies = [*replies, nudge(ordered, reports)]
    if not replies:
        return None
    text = "\n".join(reply.text for reply in replies)
    return Waiting(frozenset(keys), Reply(text, replies[-1].buttons))


async def _for_office(session: AsyncSession, today: date) -> Waiting | None:
    """Return what departments ask for, and how many reports wait to be accepted."""
    asked: dict[str, Submission] = {}
    claimed: set[str] = set()
    for report in await due.reports_between(
        session, first=today - _PAST, last=today + _PAST
    ):
        for one in await due.submissions_to(session, report.id, states=UNSETTLED):
            if one.state in CLAIMED:
                claimed.add(f"claimed:{one.id}")
            elif one.standing.asked_on or one.state is SubmissionState.DISPUTED:
                asked[f"asked:{one.id}:{one.standing.asked_on}"] = one
    if not (asked or claimed):
        return None
    body = _office_words(list(asked.values()), len(claimed))
    return Waiting(frozenset(asked) | claimed, body)


def _office_words(asked: Sequence[Submission], claimed: int) -> Reply:
    lines, buttons = [], []
    for one in asked[:_LISTED]:
        body = asks_office(one)
        lines.append(body.text)
        buttons += [
            Button(f"{button.label} {one.department}", button.says)
            for button in body.buttons
        ]
    if len(asked) > _LISTED:
        lines.append(f"另有 {len(asked) - _LISTED} 项申请或异议待定。")
    if claimed:
        lines.append(f"待核 {claimed} 项，回复“待核”看清单。")
        buttons.append(Button("待核清单", "待核"))
    return Reply("\n".join(lines), tuple(buttons))
