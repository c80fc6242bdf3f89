"""Days named in replies, all reckoned from a Tuesday before 元旦 2027."""

from datetime import date

import pytest

from bot.reports.calendar import WorkCalendar
from bot.reports.replies import feasts
from bot.reports.replies.day_numbers import count_of
from bot.reports.replies.days import Today, find_days
from bot.reports.replies.spans import later

TUESDAY = date(2026, 12, 22)
TODAY = Today(TUESDAY, WorkCalendar(), date(2026, 12, 30))


def _coming(text: str, today: Today = TODAY) -> list[str]:
    return [str(day.coming) for day in find_days(text, today=today)]


def _gone(text: str, today: Today = TODAY) -> list[str]:
    return [str(day.gone) for day in find_days(text, today=today)]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("下周一", "2026-12-28"),
        ("这周五", "2026-12-25"),
        ("周一", "2026-12-28"),
        ("下下周一", "2027-01-04"),
        ("下周的周三", "2026-12-30"),
        ("周三之前", "2026-12-23"),
        ("后天", "2026-12-24"),
        ("明天下午3点前", "2026-12-23"),
        ("明后两天", "2026-12-24"),
        ("今晚", "2026-12-22"),
        ("下班前", "2026-12-22"),
        ("三个工作日内", "2026-12-25"),
        ("3天内", "2026-12-25"),
        ("四五天内", "2026-12-27"),
        ("半个月内", "2027-01-06"),
        ("过三天", "2026-12-25"),
        ("月底", "2026-12-31"),
        ("年底前", "2026-12-31"),
        ("1月5号", "2027-01-05"),
        ("下月5号", "2027-01-05"),
        ("12/28", "2026-12-28"),
        ("12.28", "2026-12-28"),
        ("2026-12-28", "2026-12-28"),
        ("28号", "2026-12-28"),
        ("5号", "2027-01-05"),
        ("十二月二十八日", "2026-12-28"),
        ("廿八号", "2026-12-28"),
        ("28-29号", "2026-12-29"),
        ("截止当天", "2026-12-30"),
        ("放假前", "2026-12-31"),
        ("节后第一个工作日", "2027-01-04"),
        ("元旦后上班第一天", "2027-01-04"),
        ("节后上班第二天", "2027-01-05"),
        ("春节前", "2027-02-04"),
        ("腊月二十三", "2027-01-30"),
        ("正月初八", "2027-02-13"),
        ("冬月十五", "2026-12-23"),
        ("腊八前", "2027-01-15"),
        ("冬至那天", "2026-12-22"),
        ("小寒前", "2027-01-05"),
        ("平安夜报", "2026-12-24"),
    ],
)
def test_a_day_to_come_is_read(text: str, day: str) -> None:
    assert _coming(text) == [day]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("昨天", "2026-12-21"),
        ("前天下午", "2026-12-20"),
        ("上周五", "2026-12-18"),
        ("周五", "2026-12-18"),
        ("28号", "2026-11-28"),
        ("12月18日", "2026-12-18"),
        ("三天前", "2026-12-19"),
        ("大雪那天", "2026-12-07"),
        ("国庆那天", "2026-10-01"),
    ],
)
def test_a_day_gone_is_read(text: str, day: str) -> None:
    assert _gone(text) == [day]


@pytest.mark.parametrize(
    "text",
    [
        "过两天",
        "13月40号",
        "2月30日",
        "2026年全年",
        "3号楼",
        "21号文",
        "第3号通知",
        "大雪封路",
        "冬至快乐",
        "年报",
        "每周一次",
        "周报",
        "1.5万",
    ],
)
def test_what_names_no_day_is_left_alone(text: str) -> None:
    assert _coming(text) == []


def test_a_day_just_past_is_not_meant_for_next_year() -> None:
    assert _coming("12月20号") == ["None"]
    assert _gone("12月20号") == ["2026-12-20"]


@pytest.mark.parametrize(
    ("today", "text", "day"),
    [
        (date(2026, 9, 21), "国庆后上班第一天", "2026-10-08"),
        (date(2026, 9, 21), "中秋前", "2026-09-24"),
        (date(2026, 9, 21), "国庆前", "2026-09-30"),
        (date(2026, 2, 10), "年后上班第一天", "2026-02-24"),
        (date(2026, 2, 10), "春节前", "2026-02-14"),
        (date(2026, 2, 10), "月底", "2026-02-28"),
        (date(2026, 10, 9), "月底", "2026-10-30"),
    ],
)
def test_shifted_working_days_are_known(today: date, text: str, day: str) -> None:
    assert _coming(text, Today(today, WorkCalendar(), None)) == [day]


def test_the_table_of_the_office_goes_first() -> None:
    own = WorkCalendar({date(2027, 1, 4): False, date(2027, 1, 2): True})

    assert _coming("元旦后上班第一天", Today(TUESDAY, own, None)) == ["2027-01-02"]


@pytest.mark.parametrize(
    ("span", "day"),
    [
        ("两天", "2027-01-01"),
        ("三个工作日", "2027-01-05"),
        ("一周", "2027-01-06"),
        ("半个月", "2027-01-14"),
        ("一个月", "2027-01-30"),
        ("999天", "None"),
        ("几天", "None"),
    ],
)
def test_a_span_is_added_to_the_due_date(span: str, day: str) -> None:
    found = later(date(2026, 12, 30), span, calendar=TODAY.calendar)

    assert str(found) == day


def test_moons_are_reckoned_as_the_almanac_has_them() -> None:
    for year in range(2020, 2060):
        first = feasts.feast("春节", today=date(year, 1, 15))
        assert first
        turns = round((first - date(2000, 1, 6)).days / 29.530589)
        assert feasts.new_moon(turns) == first


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("清明", date(2024, 4, 4)),
        ("清明", date(2026, 4, 5)),
        ("大雪", date(2026, 12, 7)),
        ("冬至", date(2021, 12, 21)),
        ("冬至", date(2026, 12, 22)),
        ("小寒", date(2027, 1, 5)),
        ("立春", date(2025, 2, 3)),
    ],
)
def test_the_sun_is_reckoned_as_the_almanac_has_it(name: str, day: date) -> None:
    assert feasts.term(name, day.year) == day


@pytest.mark.parametrize(
    ("written", "number"),
    [("28", 28), ("二十八", 28), ("十", 10), ("廿八", 28), ("两", 2), ("三四", 4)],
)
def test_numbers_are_read(written: str, number: int) -> None:
    assert count_of(written) == number
