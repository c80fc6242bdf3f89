"""The ladder: which step of nudging a submission has reached, and who hears it.

Arithmetic: no clock, no database. It asks what has been *reached*, not what falls on
today: a step that was missed is made up for, by one message and not by all that were
missed, and asking twice is harmless once the step is written down.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache

from bot.model import SubmissionState
from bot.reports.calendar import WorkCalendar
from bot.reports.policy import Hearer, NudgePolicy, Step

SETTLED = frozenset(
    {
        SubmissionState.CLAIMED,
        SubmissionState.NIL_CLAIMED,
        SubmissionState.ACCEPTED,
        SubmissionState.NIL,
        SubmissionState.EXEMPT,
        SubmissionState.DISPUTED,
    }
)
"""In these states nobody is nudged."""

_IN_PERSON = frozenset({Hearer.LIAISON, Hearer.DEPUTY, Hearer.OWN_GROUP})
_FOR_THE_OFFICE = frozenset({Hearer.ADMIN_DIGEST, Hearer.ADMIN_PHONE_LIST})


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What the ladder has to know of a submission.

    `step` is the last one that was reached, in working days left before `target`; set
    it back to None when the office agrees to another date. `reacted_at` is the last
    word of anybody of the department. `nudged_before` and `nudged_after` count what a
    person heard about it up to `due_on` and after it. `is_of_office` is a report that
    the coordinating office itself owes.
    """

    due_on: date
    state: SubmissionState = SubmissionState.OPEN
    step: int | None = None
    agreed_on: date | None = None
    promised_on: date | None = None
    acknowledged_at: datetime | None = None
    reacted_at: datetime | None = None
    nudged_before: int = 0
    nudged_after: int = 0
    is_of_office: bool = False

    @property
    def target(self) -> date:
        """The day to which working days are counted: an agreed one, if it is later."""
        return max(self.due_on, self.agreed_on or self.due_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """A step that is not reached yet, or not made known, and when it will be."""

    step: int
    at: datetime
    is_promise: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """A step that has been reached and is to be made known now.

    `step` are working days left, negative after the date; `skipped` the steps that were
    missed before it, the earliest first. `to` is empty if the caps leave nobody: then
    it is written down all the same, and it `is_capped`. `is_promise` is the nudge on a
    promised day, `ends` that nothing comes after it by itself.
    """

    step: int
    skipped: tuple[int, ...]
    to: frozenset[Hearer]
    is_promise: bool
    ends: bool
    is_capped: bool = False


@dataclass(frozen=True, slots=True)
class _Rung:
    """A step with its moment."""

    step: Step
    at: datetime
    is_promise: bool = False


def next_step(
    case: Case, *, policy: NudgePolicy, calendar: WorkCalendar, after: datetime
) -> Coming | None:
    """Tell what is made known next and when, not before *after*; None if nothing is.

    What has been reached already comes at the next moment at which may be sent, or with
    the later step of that day if there is one.
    """
    rungs = _rungs(case, policy, calendar)
    at = _next_moment(rungs, policy, calendar, after=after.astimezone(policy.zone))
    if at is None:
        return None
    last = [rung for rung in rungs if rung.at <= at][-1]
    return Coming(step=last.step.left, at=at, is_promise=last.is_promise)


def reached(
    case: Case, *, policy: NudgePolicy, calendar: WorkCalendar, now: datetime
) -> Reached | None:
    """Tell the latest step that has been reached and is to be made known at *now*.

    None if there is none, or if it is not the hour: at night, on a rest day, at noon.
    """
    rungs = _rungs(case, policy, calendar)
    local = now.astimezone(policy.zone)
    at = _next_moment(rungs, policy, calendar, after=local)
    if at is None or at > local:
        return None
    *skipped, last = [rung for rung in rungs if rung.at <= local]
    later = rungs[len(skipped) + 1 :]
    hearers = _hearers(case, last.step)
    is_capped = _is_capped(case, later, policy, on=local.date())
    is_capped &= not hearers.isdisjoint(_IN_PERSON)
    if is_capped:
        hearers -= _IN_PERSON
    return Reached(
        step=last.step.left,
        skipped=tuple(rung.step.left for rung in skipped),
        to=hearers,
        is_promise=last.is_promise,
        ends=not later,
        is_capped=is_capped,
    )


def made_known(
    case: Case, step: Reached, *, policy: NudgePolicy, now: datetime
) -> Case:
    """Return the case once a step has been made known: it is not reached again."""
    case = replace(case, step=step.step)
    if not step.to & _IN_PERSON:
        return case
    if now.astimezone(policy.zone).date() <= case.due_on:
        return replace(case, nudged_before=case.nudged_before + 1)
    return replace(case, nudged_after=case.nudged_after + 1)


def steps_to_come(
    case: Case, *, policy: NudgePolicy, calendar: WorkCalendar
) -> list[Coming]:
    """List all steps that have not been made known, if nobody says a word; rising."""
    return [
        Coming(step=rung.step.left, at=rung.at, is_promise=rung.is_promise)
        for rung in _rungs(case, policy, calendar)
    ]


def moved_steps(
    case: Case, *, policy: NudgePolicy, was: WorkCalendar, is_now: WorkCalendar
) -> list[tuple[Coming, Coming]]:
    """List the steps to come that another calendar moves, as they were and are now.

    For the office, when the notice of a year comes in; steps that are past stay.
    """
    before = steps_to_come(case, policy=policy, calendar=was)
    after = {
        (one.step, one.is_promise): one
        for one in steps_to_come(case, policy=policy, calendar=is_now)
    }
    there = [(one, after.get((one.step, one.is_promise), one)) for one in before]
    return [(old, new) for old, new in there if old.at != new.at]


def begins_on(
    due_on: date,
    *,
    policy: NudgePolicy,
    calendar: WorkCalendar,
    is_of_office: bool = False,
) -> date:
    """Return the day of the first step towards a due date."""
    steps = policy.office_steps if is_of_office else policy.steps
    return calendar.back(due_on, max(0, *(step.left for step in steps)))


def _rungs(case: Case, policy: NudgePolicy, calendar: WorkCalendar) -> list[_Rung]:
    """List what the case has still before it or has missed, rising in time."""
    if case.state in SETTLED:
        return []
    fixed = _fixed_rungs(
        case.target, case.target > case.due_on, case.is_of_office, policy, calendar
    )
    rungs: Iterable[_Rung] = fixed
    if case.acknowledged_at:
        rungs = (rung for rung in rungs if not rung.step.skip_if_acknowledged)
    promise = _promise(case, fixed, policy, calendar)
    if promise:
        rungs = (rung for rung in rungs if rung.at > promise.at)
        if case.reacted_at is None or case.reacted_at < promise.at:
            rungs = (promise, *rungs)
    done = case.step
    return [rung for rung in rungs if done is None or rung.step.left < done]


@lru_cache(maxsize=256)
def _fixed_rungs(
    target: date,
    is_agreed: bool,
    is_of_office: bool,
    policy: NudgePolicy,
    calendar: WorkCalendar,
) -> tuple[_Rung, ...]:
    """Return the steps towards a date; towards an agreed one there are fewer."""
    steps = policy.office_steps if is_of_office else policy.steps
    if is_agreed:
        late = [step for step in steps if step.left < 0]
        steps = (*policy.agreed_steps, *late)
    return tuple(
        _Rung(step, policy.moment(_day_of(step.left, target, calendar), step.at))
        for step in steps
    )


def _day_of(left: int, target: date, calendar: WorkCalendar) -> date:
    return calendar.back(target, left) if left >= 0 else calendar.on(target, -left)


def _promise(
    case: Case,
    fixed: tuple[_Rung, ...],
    policy: NudgePolicy,
    calendar: WorkCalendar,
) -> _Rung | None:
    """Return the nudge on the promised day, if that is not after the date.

    A promise for a rest day is meant for the next working day, unless that is too late.
    On the last day the office hears what it hears without a promise.
    """
    if case.promised_on is None or case.promised_on > case.target:
        return None
    day = calendar.on(case.promised_on, 0)
    if day > case.target:
        day = calendar.back(case.promised_on, 0)
    left = calendar.days_left(day, case.target)
    last = [rung.step.hear for rung in fixed if rung.step.left == left == 0]
    office = _FOR_THE_OFFICE.intersection(*last) if last else frozenset()
    step = Step(left=left, hear=office | {Hearer.LIAISON})
    return _Rung(step, policy.moment(day, policy.promise_at), is_promise=True)


def _next_moment(
    rungs: list[_Rung], policy: NudgePolicy, calendar: WorkCalendar, *, after: datetime
) -> datetime | None:
    """Return when one of *rungs* is made known next: a day's last, if it has more.

    *after* is in the office's zone, as all moments here are.
    """
    if not rungs:
        return None
    at = rungs[0].at
    if at < after:
        at = policy.next_opening(after, calendar)
    today = at.date()
    later = [rung.at for rung in rungs if rung.at > at and rung.at.date() == today]
    return later[-1] if later else at


def _hearers(case: Case, step: Step) -> frozenset[Hearer]:
    return step.hear if case.reacted_at else step.hear | step.if_silent


def _is_capped(
    case: Case, later: list[_Rung], policy: NudgePolicy, *, on: date
) -> bool:
    """Tell whether a person has heard as much of the case as one may.

    Before the date, room is kept for the last two steps, which nobody may miss.
    """
    if on > case.due_on:
        return case.nudged_after >= policy.after
    kept = [
        rung
        for rung in later
        if 0 <= rung.step.left <= 1 and rung.at.date() <= case.due_on
    ]
    return case.nudged_before + len(kept) >= policy.before
