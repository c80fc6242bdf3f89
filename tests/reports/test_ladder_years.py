"""The ladder over two years of simulated time, with all that departments may say."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model import SubmissionState as State
from bot.reports.calendar import Certainty, WorkCalendar
from bot.reports.ladder import (
    SETTLED,
    Case,
    Reached,
    made_known,
    next_step,
    reached,
)
from bot.reports.policy import SHANGHAI, Hearer, load_policy

POLICY = load_policy(Path(__file__).parents[2] / "config" / "nudges.toml")
PLAIN = WorkCalendar({})
PEOPLE = {Hearer.LIAISON, Hearer.DEPUTY, Hearer.OWN_GROUP}
DUE_DATES = [
    date(2026, 6, 30),
    date(2026, 12, 30),
    date(2027, 6, 30),
    date(2027, 12, 30),
    date(2028, 12, 30),
    date(2101, 6, 30),
]
Word = Callable[[Case, datetime], Case]


@dataclass
class Journey:
    """One submission, asked now and then what it has reached."""

    case: Case
    told: list[tuple[datetime, Reached]] = field(default_factory=list)

    def look(self, now: datetime) -> None:
        step = reached(self.case, policy=POLICY, calendar=PLAIN, now=now)
        if step:
            self.told.append((now, step))
            self.case = made_known(self.case, step, policy=POLICY, now=now)

    def travel(self, times: Iterable[datetime]) -> "Journey":
        for now in times:
            self.look(now)
        return self

    @property
    def heard(self) -> list[datetime]:
        return [now for now, step in self.told if step.to & PEOPLE]


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=SHANGHAI)


def every(pace: timedelta, first: date, last: date) -> Iterator[datetime]:
    now = midnight(first)
    while now < midnight(last):
        yield now
        now += pace


def around(due_on: date) -> tuple[date, date]:
    return due_on - timedelta(days=45), due_on + timedelta(days=20)


@pytest.mark.parametrize("due_on", DUE_DATES)
@pytest.mark.parametrize("pace", [timedelta(minutes=10), timedelta(hours=1)])
def test_asked_at_any_pace_each_step_comes_once_on_its_day(
    due_on: date, pace: timedelta
) -> None:
    journey = Journey(Case(due_on=due_on)).travel(every(pace, *around(due_on)))

    steps = [step.step for _, step in journey.told]
    assert steps == [20, 10, 5, 3, 1, 0, -1, -3, -5]
    assert all(not step.skipped for _, step in journey.told)
    for now, step in journey.told:
        left = PLAIN.days_left(now.date(), due_on)
        assert left == step.step, now
        assert PLAIN.is_working(now.date())


def test_two_years_day_by_day_keep_hours_and_rest_days() -> None:
    journeys = [Journey(Case(due_on=due_on)) for due_on in DUE_DATES[:4]]
    for day in every(timedelta(days=1), date(2026, 1, 1), date(2028, 1, 31)):
        for hour in (3, 8, 9, 10, 12, 15, 18, 23):
            for journey in journeys:
                journey.look(day + timedelta(hours=hour, minutes=7))

    for journey in journeys:
        assert [step.step for _, step in journey.told][-3:] == [-1, -3, -5]
        assert len(journey.told) == 9
        assert all(POLICY.is_open(now, PLAIN) for now, _ in journey.told)
        assert (journey.case.nudged_before, journey.case.nudged_after) == (6, 1)


def test_what_next_step_says_is_when_it_is_reached() -> None:
    for due_on in DUE_DATES:
        journey = Journey(Case(due_on=due_on))
        now = midnight(around(due_on)[0])
        while step := next_step(journey.case, policy=POLICY, calendar=PLAIN, after=now):
            just_before = step.at - timedelta(seconds=1)
            assert not reached(
                journey.case, policy=POLICY, calendar=PLAIN, now=just_before
            )
            now = step.at
            journey.look(now)
            assert journey.told[-1][1].step == step.step
        assert len(journey.told) == 9


@pytest.mark.parametrize("first", range(60))
def test_an_outage_of_seven_days_is_made_up_for_by_one_message(first: int) -> None:
    due_on = date(2026, 12, 30)
    off = midnight(date(2026, 11, 25)) + timedelta(days=first, hours=13)
    back = off + timedelta(days=7)
    hours = every(timedelta(hours=1), *around(due_on))
    journey = Journey(Case(due_on=due_on))
    journey.travel(now for now in hours if not off <= now < back)

    late = [
        now
        for now, step in journey.told
        if PLAIN.days_left(now.date(), due_on) != step.step
    ]
    assert len(late) <= 1
    assert not late or back <= late[0] <= back + timedelta(days=4)
    told = [step.step for _, step in journey.told]
    skipped = [left for _, step in journey.told for left in step.skipped]
    assert sorted([*told, *skipped], reverse=True) == [s.left for s in POLICY.steps]
    assert len({now.date() for now in journey.heard}) == len(journey.heard)


def test_a_year_that_nobody_knows_is_nudged_from_monday_to_friday() -> None:
    due_on = date(2101, 6, 30)
    journey = Journey(Case(due_on=due_on))
    journey.travel(every(timedelta(hours=1), *around(due_on)))

    assert PLAIN.certainty(due_on) is Certainty.UNKNOWN
    assert len(journey.told) == 9
    assert all(now.weekday() < 5 for now, _ in journey.told)


def test_shifted_working_saturdays_carry_steps() -> None:
    journey = Journey(Case(due_on=date(2026, 10, 12)))
    journey.travel(every(timedelta(hours=1), date(2026, 8, 20), date(2026, 11, 1)))

    days = {step.step: now.date() for now, step in journey.told}
    assert days[1] == date(2026, 10, 10)  # a Saturday that is worked
    assert days[3] == date(2026, 10, 8)
    assert days[10] == date(2026, 9, 21)


def say(state: State) -> Word:
    return lambda case, now: replace(case, state=state, reacted_at=now)


def acknowledge(case: Case, now: datetime) -> Case:
    state = State.ACKNOWLEDGED
    return replace(case, state=state, acknowledged_at=now, reacted_at=now)


def promise(days: int) -> Word:
    def said(case: Case, now: datetime) -> Case:
        day = now.astimezone(SHANGHAI).date() + timedelta(days=days)
        if day > case.target:
            return case
        return replace(case, state=State.PROMISED, promised_on=day, reacted_at=now)

    return said


def extend(days: int) -> Word:
    def said(case: Case, now: datetime) -> Case:
        day = max(now.astimezone(SHANGHAI).date(), case.target)
        agreed = day + timedelta(days=days)
        case = replace(case, state=State.EXTENDED, agreed_on=agreed)
        return replace(case, promised_on=None, step=None)

    return said


def give_back(case: Case, now: datetime) -> Case:
    if case.state not in SETTLED:
        return case
    return replace(case, state=State.RETURNED, promised_on=None, acknowledged_at=None)


WORDS = st.one_of(
    st.just(acknowledge),
    st.builds(say, st.sampled_from([*SETTLED, State.OPEN])),
    st.builds(promise, st.integers(1, 20)),
    st.builds(extend, st.integers(1, 20)),
    st.just(give_back),
)
MINUTES = st.integers(0, 65 * 24 * 60)


def looks(due_on: date, *, pace: int, outage: int | None) -> Iterator[datetime]:
    """The moments at which the bot looks, every *pace* minutes but in an outage."""
    start = midnight(around(due_on)[0])
    for minute in range(0, 65 * 24 * 60, pace):
        if outage is None or not outage <= minute < outage + 7 * 24 * 60:
            yield start + timedelta(minutes=minute)


@settings(max_examples=80, deadline=None)
@given(
    due_on=st.sampled_from(DUE_DATES),
    pace=st.sampled_from([25, 60, 7 * 60, 24 * 60 + 35]),
    outage=st.none() | MINUTES,
    said=st.dictionaries(MINUTES, WORDS, max_size=8),
)
def test_whatever_is_said_caps_hours_and_silence_are_kept(
    due_on: date, pace: int, outage: int | None, said: dict[int, Word]
) -> None:
    start = midnight(around(due_on)[0])
    words = {start + timedelta(minutes=minute): word for minute, word in said.items()}
    journey = Journey(Case(due_on=due_on))
    for now in sorted({*looks(due_on, pace=pace, outage=outage), *words}):
        if word := words.get(now):
            journey.case = word(journey.case, now)
            continue
        state, told = journey.case.state, len(journey.told)
        journey.look(now)
        assert state not in SETTLED or len(journey.told) == told

    heard = journey.heard
    days = [now.date() for now in heard]
    assert all(POLICY.is_open(now, PLAIN) for now in heard)
    assert len(set(days)) == len(days)
    assert sum(day <= due_on for day in days) <= POLICY.before
    assert sum(day > due_on for day in days) <= POLICY.after
    assert all(Hearer.LIAISON not in step.to for _, step in journey.told if step.ends)
