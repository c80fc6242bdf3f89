"""Which days the office works."""

from datetime import date, timedelta

import chinese_calendar
import pytest

from bot.reports.calendar import Certainty, WorkCalendar

PLAIN = WorkCalendar({})
NOTICE_OF_2027 = {
    date(2027, 1, 1): False,
    date(2027, 5, 1): False,
    date(2027, 10, 1): False,
    date(2027, 2, 20): True,
}


@pytest.mark.parametrize(
    ("day", "is_working"),
    [
        (date(2026, 6, 19), False),  # 端午, a Friday
        (date(2026, 6, 22), True),
        (date(2026, 2, 14), True),  # a shifted Saturday
        (date(2026, 9, 20), True),  # a shifted Sunday
        (date(2026, 10, 10), True),
        (date(2026, 10, 17), False),  # a plain Saturday
        (date(2025, 10, 8), False),
        (date(2024, 2, 18), True),
        (date(2027, 5, 3), False),  # by the law alone
        (date(2027, 2, 5), False),  # 除夕
        (date(2101, 10, 3), True),  # 国庆, but nobody knows that year
        (date(2101, 10, 1), False),  # a Saturday
    ],
)
def test_working_days_are_known_with_their_shifts(day: date, is_working: bool) -> None:
    assert PLAIN.is_working(day) is is_working


def test_every_day_of_the_known_years_agrees_with_chinesecalendar() -> None:
    day = date(2018, 1, 1)
    while day.year < 2027:
        assert PLAIN.is_working(day) == chinese_calendar.is_workday(day), day
        day += timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "certainty"),
    [
        (date(2026, 6, 30), Certainty.KNOWN),
        (date(2027, 6, 30), Certainty.PROVISIONAL),
        (date(2101, 6, 30), Certainty.UNKNOWN),
        (date(1949, 6, 30), Certainty.UNKNOWN),
    ],
)
def test_a_year_that_no_library_knows_is_survived(
    day: date, certainty: Certainty
) -> None:
    assert PLAIN.certainty(day) is certainty
    assert PLAIN.is_working(day) is (day.weekday() < 5)


def test_the_table_of_the_office_goes_before_the_libraries() -> None:
    calendar = WorkCalendar({date(2026, 6, 22): False, date(2026, 6, 20): True})

    assert not calendar.is_working(date(2026, 6, 22))
    assert calendar.is_working(date(2026, 6, 20))
    assert calendar.certainty(date(2026, 6, 20)) is Certainty.OFFICE
    assert calendar.certainty(date(2026, 6, 23)) is Certainty.KNOWN


def test_a_notice_that_was_entered_ends_what_was_supposed_of_its_year() -> None:
    calendar = WorkCalendar(NOTICE_OF_2027)

    assert calendar.certainty(date(2027, 6, 30)) is Certainty.OFFICE
    assert calendar.is_working(date(2027, 2, 20))
    assert calendar.is_working(date(2027, 5, 4))  # supposed to be free, not in it
    assert calendar.certainty(date(2028, 6, 30)) is Certainty.PROVISIONAL


@pytest.mark.parametrize(
    ("due_on", "days"),
    [
        ((2026, 6, 30), ["06-01", "06-15", "06-23", "06-25", "06-29", "06-30"]),
        ((2026, 12, 30), ["12-02", "12-16", "12-23", "12-25", "12-29", "12-30"]),
        ((2028, 12, 30), ["12-01", "12-15", "12-22", "12-26", "12-28", "12-29"]),
    ],
)
def test_days_before_a_date_are_counted_as_the_office_counts(
    due_on: tuple[int, int, int], days: list[str]
) -> None:
    back = [PLAIN.back(date(*due_on), count) for count in (20, 10, 5, 3, 1, 0)]

    assert [f"{day:%m-%d}" for day in back] == days


@pytest.mark.parametrize(
    ("day", "count", "there"),
    [
        (date(2026, 6, 30), 0, date(2026, 6, 30)),
        (date(2026, 6, 30), 1, date(2026, 7, 1)),
        (date(2026, 12, 30), 3, date(2027, 1, 5)),
        (date(2028, 12, 30), 0, date(2029, 1, 2)),
        (date(2028, 12, 30), 1, date(2029, 1, 2)),
        (date(2026, 10, 9), 1, date(2026, 10, 10)),
    ],
)
def test_days_after_a_date(day: date, count: int, there: date) -> None:
    assert PLAIN.on(day, count) == there


@pytest.mark.parametrize("due_on", [date(2026, 12, 30), date(2028, 12, 30)])
@pytest.mark.parametrize("left", [0, 1, 3, 5, 10, 20, 60, 300])
def test_days_left_undo_the_way_back(due_on: date, left: int) -> None:
    assert PLAIN.days_left(PLAIN.back(due_on, left), due_on) == left


@pytest.mark.parametrize("late", [1, 3, 5, 300])
def test_days_left_are_negative_when_the_date_is_past(late: int) -> None:
    due_on = date(2028, 12, 30)

    assert PLAIN.days_left(PLAIN.on(due_on, late), due_on) == -late


def test_a_rest_day_right_after_the_date_is_not_a_day_late() -> None:
    assert PLAIN.days_left(date(2028, 12, 31), date(2028, 12, 30)) == 0


@pytest.mark.parametrize(
    ("today", "years"),
    [
        (date(2026, 10, 31), []),
        (date(2026, 11, 1), [2027]),
        (date(2027, 1, 1), [2027]),
        (date(2027, 11, 22), [2027, 2028]),
    ],
)
def test_missing_years_are_told_from_november_on(today: date, years: list[int]) -> None:
    assert PLAIN.missing_years(today) == years
    assert [int(text[:4]) for text in PLAIN.warnings(today)] == years


def test_warnings_end_with_the_notice() -> None:
    assert WorkCalendar(NOTICE_OF_2027).warnings(date(2026, 11, 22)) == []
    assert "周一至周五" in PLAIN.warnings(date(2101, 3, 1))[0]
    assert "未计调休" in PLAIN.warnings(date(2027, 3, 1))[0]


def test_due_dates_near_a_supposed_holiday_are_to_be_confirmed() -> None:
    due_dates = [
        date(2026, 6, 30),
        date(2026, 12, 30),  # two days before 元旦 of a year not known
        date(2027, 6, 18),  # nine days after 端午
        date(2027, 6, 19),
        date(2101, 6, 30),
    ]

    doubtful = [date(2026, 12, 30), date(2027, 6, 18), date(2101, 6, 30)]
    assert PLAIN.to_confirm([*due_dates, *due_dates]) == doubtful
    assert WorkCalendar(NOTICE_OF_2027).to_confirm(due_dates[:4]) == []
