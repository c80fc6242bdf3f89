"""Which step of the ladder a submission has reached, and who hears it."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.model import SubmissionState
from bot.reports.calendar import WorkCalendar
from bot.reports.ladder import (
    SETTLED,
    Case,
    Coming,
    Reached,
    begins_on,
    made_known,
    moved_steps,
    next_step,
    reached,
    steps_to_come,
)
from bot.reports.policy import SHANGHAI, Hearer, load_policy

POLICY = load_policy(Path(__file__).parents[2] / "config" / "nudges.toml")
PLAIN = WorkCalendar({})
HALF_YEAR = Case(due_on=date(2026, 6, 30))
WHOLE_YEAR = Case(due_on=date(2026, 12, 30))
LIAISON = frozenset({Hearer.LIAISON})


def at(month: int, day: int, clock: str = "09:00", *, year: int = 2026) -> datetime:
    day_of = date(year, month, day)
    return datetime.combine(day_of, time.fromisoformat(clock), tzinfo=SHANGHAI)


def step_at(case: Case, now: datetime) -> Reached | None:
    return reached(case, policy=POLICY, calendar=PLAIN, now=now)


def coming(case: Case, after: datetime) -> Coming | None:
    return next_step(case, policy=POLICY, calendar=PLAIN, after=after)


def number(case: Case, now: datetime) -> int | None:
    step = step_at(case, now)
    return None if step is None else step.step


@pytest.mark.parametrize(
    ("due_on", "moments"),
    [
        (
            date(2026, 6, 30),
            "06-01 09:00, 06-15 09:00, 06-23 09:00, 06-25 09:00, 06-29 09:00, "
            "06-30 09:30, 07-01 09:00, 07-03 09:00, 07-07 09:00",
        ),
        (
            date(2026, 12, 30),
            "12-02 09:00, 12-16 09:00, 12-23 09:00, 12-25 09:00, 12-29 09:00, "
            "12-30 09:30, 12-31 09:00, 01-05 09:00, 01-07 09:00",
        ),
        (
            date(2028, 12, 30),  # a Saturday: the last step is on Friday
            "12-01 09:00, 12-15 09:00, 12-22 09:00, 12-26 09:00, 12-28 09:00, "
            "12-29 09:30, 01-02 09:00, 01-04 09:00, 01-08 09:00",
        ),
    ],
)
def test_steps_fall_on_the_days_of_the_office(due_on: date, moments: str) -> None:
    steps = steps_to_come(Case(due_on=due_on), policy=POLICY, calendar=PLAIN)

    assert [step.step for step in steps] == [20, 10, 5, 3, 1, 0, -1, -3, -5]
    assert ", ".join(f"{step.at:%m-%d %H:%M}" for step in steps) == moments


@pytest.mark.parametrize(
    ("now", "step", "hearers"),
    [
        (at(6, 1), 20, "liaison own_group all_group"),
        (at(6, 15), 10, "liaison own_group all_group"),
        (at(6, 23), 5, "liaison all_group"),
        (at(6, 25), 3, "liaison deputy"),
        (at(6, 29), 1, "liaison own_group all_group admin_phone_list"),
        (at(6, 30, "09:30"), 0, "liaison admin_digest"),
        (at(7, 1), -1, "liaison deputy"),
        (at(7, 3), -3, "head_draft"),
        (at(7, 7), -5, "admin_phone_list"),
    ],
)
def test_each_step_is_heard_by_those_whom_it_concerns(
    now: datetime, step: int, hearers: str
) -> None:
    there = step_at(HALF_YEAR, now)

    assert there is not None
    assert there.step == step
    assert there.to == frozenset(Hearer(word) for word in hearers.split())
    assert there.ends is (step == -5)


def test_a_step_that_was_made_known_is_not_reached_again() -> None:
    there = step_at(HALF_YEAR, at(6, 15))
    assert there is not None
    case = made_known(HALF_YEAR, there, policy=POLICY, now=at(6, 15))

    assert step_at(case, at(6, 15, "09:01")) is None
    assert coming(case, at(6, 15, "09:01")) == Coming(step=5, at=at(6, 23))
    assert (case.nudged_before, case.nudged_after) == (1, 0)


def test_after_the_last_step_is_silence() -> None:
    case = replace(HALF_YEAR, step=-5)

    assert coming(case, at(7, 8)) is None
    assert step_at(case, at(9, 1)) is None


def test_after_an_outage_only_the_latest_step_is_made_known() -> None:
    there = step_at(replace(HALF_YEAR, step=20), at(6, 26, "15:00"))

    assert there is not None
    assert (there.step, there.skipped) == (3, (10, 5))


@pytest.mark.parametrize(
    ("now", "then"),
    [
        (at(6, 25, "22:00"), at(6, 26)),  # at night
        (at(6, 25, "12:00"), at(6, 25, "14:30")),  # at noon
        (at(6, 26, "17:30"), at(6, 29)),  # over a weekend, on which T-1 comes too
        (at(6, 27, "10:00"), at(6, 29)),
    ],
)
def test_what_was_reached_waits_for_the_next_window(
    now: datetime, then: datetime
) -> None:
    case = replace(HALF_YEAR, step=5)

    assert step_at(case, now) is None
    step = coming(case, now.astimezone(UTC))
    assert step is not None
    assert step.at == then
    assert step.step == (1 if then == at(6, 29) else 3)


def test_a_missed_step_makes_way_for_the_one_of_the_same_day() -> None:
    case = replace(HALF_YEAR, step=3)  # T-1 was missed, and at 09:30 comes T

    assert step_at(case, at(6, 30)) is None
    assert coming(case, at(6, 30)) == Coming(step=0, at=at(6, 30, "09:30"))
    there = step_at(case, at(6, 30, "09:30"))
    assert there is not None
    assert (there.step, there.skipped) == (0, (1,))


@pytest.mark.parametrize("state", SubmissionState)
def test_only_open_submissions_are_nudged(state: SubmissionState) -> None:
    case = replace(HALF_YEAR, state=state)

    silent = {"claimed", "nil_claimed", "accepted", "nil", "exempt", "disputed"}
    assert (state.value in silent) is (state in SETTLED)
    assert (step_at(case, at(6, 25)) is None) is (state in SETTLED)
    assert (coming(case, at(6, 25)) is None) is (state in SETTLED)


def test_an_acknowledgement_skips_t5_and_the_deputy_and_no_other() -> None:
    case = replace(
        HALF_YEAR,
        state=SubmissionState.ACKNOWLEDGED,
        acknowledged_at=at(6, 2),
        reacted_at=at(6, 2),
    )

    steps = steps_to_come(case, policy=POLICY, calendar=PLAIN)
    assert [step.step for step in steps] == [20, 10, 3, 1, 0, -1, -3, -5]
    there = step_at(replace(case, step=10), at(6, 25))
    assert there is not None
    assert (there.to, there.skipped) == (LIAISON, ())


def test_whoever_said_a_word_spares_the_deputy_but_hears_t5() -> None:
    case = replace(HALF_YEAR, reacted_at=at(6, 2), step=10)

    assert number(case, at(6, 23)) == 5
    there = step_at(replace(case, step=5), at(6, 25))
    assert there is not None
    assert there.to == LIAISON


def promise(day: date, *, on: datetime, step: int = 10) -> Case:
    return replace(
        HALF_YEAR,
        state=SubmissionState.PROMISED,
        promised_on=day,
        reacted_at=on,
        step=step,
    )


def test_a_promise_brings_silence_then_one_nudge_then_the_normal_steps() -> None:
    case = promise(date(2026, 6, 26), on=at(6, 16))

    assert coming(case, at(6, 16)) == Coming(
        step=2, at=at(6, 26, "14:30"), is_promise=True
    )
    assert [number(case, at(6, day)) for day in (23, 25, 26)] == [None] * 3
    there = step_at(case, at(6, 26, "14:30"))
    assert there is not None
    assert (there.step, there.is_promise, there.to) == (2, True, LIAISON)
    kept = made_known(case, there, policy=POLICY, now=at(6, 26, "14:30"))
    assert step_at(kept, at(6, 26, "14:31")) is None
    assert coming(kept, at(6, 26, "14:31")) == Coming(step=1, at=at(6, 29))


def test_a_promise_for_the_last_day_silences_that_morning_too() -> None:
    case = promise(date(2026, 6, 30), on=at(6, 26), step=3)

    assert coming(case, at(6, 29)) == Coming(
        step=0, at=at(6, 30, "14:30"), is_promise=True
    )
    there = step_at(case, at(6, 30, "14:30"))
    assert there is not None
    assert there.to == {Hearer.LIAISON, Hearer.ADMIN_DIGEST}
    assert coming(replace(case, step=0), at(6, 30, "15:00")) == Coming(
        step=-1, at=at(7, 1)
    )


def test_a_promise_that_was_missed_in_an_outage_makes_way_for_a_later_step() -> None:
    there = step_at(promise(date(2026, 6, 24), on=at(6, 16)), at(6, 25, "10:00"))

    assert there is not None
    assert (there.step, there.skipped, there.is_promise) == (3, (4,), False)


def test_a_promise_made_in_the_afternoon_for_today_is_not_nudged_at_once() -> None:
    case = promise(date(2026, 6, 24), on=at(6, 24, "15:00"), step=5)

    assert step_at(case, at(6, 24, "15:01")) is None
    assert coming(case, at(6, 24, "15:01")) == Coming(step=3, at=at(6, 25))


def test_a_promise_made_after_the_nudge_of_the_same_day_brings_no_second_one() -> None:
    case = promise(date(2026, 6, 25), on=at(6, 25, "10:00"), step=3)
    assert coming(case, at(6, 25, "10:00")) == Coming(step=1, at=at(6, 29))


@pytest.mark.parametrize(
    ("promised_on", "due_on", "nudged"),
    [
        (date(2026, 6, 20), date(2026, 6, 30), at(6, 22, "14:30")),  # in 端午
        (date(2026, 12, 26), date(2026, 12, 30), at(12, 28, "14:30")),
        (date(2028, 12, 30), date(2028, 12, 30), at(12, 29, "14:30", year=2028)),
    ],
)
def test_a_promise_for_a_rest_day_is_nudged_on_a_working_day(
    promised_on: date, due_on: date, nudged: datetime
) -> None:
    case = Case(due_on=due_on, promised_on=promised_on, step=20)
    step = coming(case, nudged - timedelta(days=3))
    assert step is not None
    assert (step.at, step.is_promise) == (nudged, True)


def test_a_promise_after_the_date_changes_nothing() -> None:
    late = promise(date(2026, 7, 2), on=at(6, 16))
    assert coming(late, at(6, 16)) == Coming(step=5, at=at(6, 23))


def test_an_agreed_date_is_nudged_on_its_day_and_counts_days_late_from_there() -> None:
    case = replace(
        WHOLE_YEAR,
        state=SubmissionState.EXTENDED,
        agreed_on=date(2027, 1, 5),
        reacted_at=at(12, 16),
    )

    steps = steps_to_come(case, policy=POLICY, calendar=PLAIN)
    assert [(step.step, f"{step.at:%m-%d %H:%M}") for step in steps] == [
        (0, "01-05 14:30"),
        (-1, "01-06 09:00"),
        (-3, "01-08 09:00"),
        (-5, "01-12 09:00"),
    ]
    assert case.due_on == date(2026, 12, 30)


def test_what_is_returned_is_nudged_once_by_what_is_reached() -> None:
    case = replace(HALF_YEAR, state=SubmissionState.RETURNED, step=20)

    there = step_at(case, at(6, 24, "10:00"))
    assert there is not None
    assert there.step == 5
    again = made_known(case, there, policy=POLICY, now=at(6, 24, "10:00"))
    assert coming(again, at(6, 24, "10:01")) == Coming(step=3, at=at(6, 25))


def test_a_duty_entered_long_after_its_date_bothers_the_office_alone() -> None:
    there = step_at(HALF_YEAR, at(9, 1))

    assert there is not None
    assert (there.to, there.ends) == ({Hearer.ADMIN_PHONE_LIST}, True)


@pytest.mark.parametrize(
    ("now", "before", "after", "is_heard"),
    [
        (at(6, 23), 3, 0, True),
        (at(6, 23), 4, 0, False),  # the last two are kept for T-1 and T
        (at(6, 25), 4, 0, False),
        (at(6, 29), 4, 0, True),
        (at(6, 29), 5, 0, False),
        (at(6, 30, "09:30"), 5, 0, True),
        (at(6, 30, "09:30"), 6, 0, False),
        (at(7, 1), 6, 1, True),
        (at(7, 1), 6, 2, False),
    ],
)
def test_caps_leave_out_the_people_and_keep_the_office(
    now: datetime, before: int, after: int, is_heard: bool
) -> None:
    case = replace(HALF_YEAR, nudged_before=before, nudged_after=after)

    there = step_at(case, now)
    assert there is not None
    people = {Hearer.LIAISON, Hearer.DEPUTY, Hearer.OWN_GROUP}
    assert bool(there.to & people) is is_heard
    counted = made_known(case, there, policy=POLICY, now=now)
    assert counted.nudged_before + counted.nudged_after == before + after + is_heard


def test_the_draft_to_a_head_is_made_though_the_caps_are_full() -> None:
    case = replace(HALF_YEAR, nudged_before=6, nudged_after=2, step=-1)

    there = step_at(case, at(7, 3))
    assert there is not None
    assert there.to == {Hearer.HEAD_DRAFT}
    assert made_known(case, there, policy=POLICY, now=at(7, 3)).nudged_after == 2


def test_what_the_office_owes_is_told_to_the_office_alone() -> None:
    case = Case(due_on=date(2026, 12, 30), is_of_office=True)

    steps = steps_to_come(case, policy=POLICY, calendar=PLAIN)
    assert [step.step for step in steps] == [60, 30, 10]
    there = step_at(case, steps[0].at)
    assert there is not None
    assert there.to == {Hearer.ADMIN_DIGEST}


def test_a_report_begins_with_its_first_step() -> None:
    due_on = date(2026, 12, 30)
    first = begins_on(due_on, policy=POLICY, calendar=PLAIN)
    of_office = begins_on(due_on, policy=POLICY, calendar=PLAIN, is_of_office=True)

    assert first == date(2026, 12, 2)
    assert of_office == PLAIN.back(due_on, 60)


def test_a_notice_that_comes_in_moves_what_was_supposed() -> None:
    case = Case(due_on=date(2027, 2, 26), step=10)
    noticed = WorkCalendar({date(2027, 2, 20): True})

    supposed = coming(case, at(2, 18, year=2027))
    known = next_step(case, policy=POLICY, calendar=noticed, after=at(2, 18, year=2027))
    assert supposed is not None
    assert known is not None
    assert (supposed.at.day, known.at.day) == (19, 20)
    moved = moved_steps(case, policy=POLICY, was=PLAIN, is_now=noticed)
    assert [(old.step, old.at.day, new.at.day) for old, new in moved] == [(5, 19, 20)]
