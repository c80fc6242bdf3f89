"""Festivals that people name instead of a day: 国庆, 除夕, 腊月二十三, 放假."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from itertools import islice
from math import radians, sin

from bot.reports.calendar import WorkCalendar

BY_THE_SUN = {
    "元旦": (1, 1),
    "五一": (5, 1),
    "劳动节": (5, 1),
    "国庆": (10, 1),
    "十一": (10, 1),
    "建党节": (7, 1),
    "七一": (7, 1),
    "建军节": (8, 1),
    "八一": (8, 1),
    "教师节": (9, 10),
    "六一": (6, 1),
    "儿童节": (6, 1),
    "平安夜": (12, 24),
    "圣诞": (12, 25),
}
"""Festivals whose day is the same each year: month and day."""

BY_THE_MOON = {
    "春节": "春节",
    "过年": "春节",
    "年": "春节",
    "清明": "清明节",
    "端午": "端午节",
    "中秋": "中秋节",
}
"""Festivals that move, by the name under which `holidays` knows them."""

FROM_NEW_YEAR = {"除夕": -1, "年三十": -1, "大年初一": 0, "元宵": 14, "正月十五": 14}
"""Days that are reckoned from the lunar new year."""

_A_MONTH = timedelta(days=31)
_FRIDAY = 4


def feast(name: str, *, today: date) -> date | None:
    """Return the day of a festival that is today or comes next; None if unknown."""
    days = (_in_year(name, year) for year in (today.year, today.year + 1))
    return next((day for day in days if day and day >= today), None)


def _in_year(name: str, year: int) -> date | None:
    if name in BY_THE_SUN:
        return date(year, *BY_THE_SUN[name])
    if name in FROM_NEW_YEAR:
        first = _by_the_moon("春节", year)
        return first and first + timedelta(days=FROM_NEW_YEAR[name])
    return _by_the_moon(BY_THE_MOON.get(name, ""), year)


@cache
def _by_the_moon(name: str, year: int) -> date | None:
    from holidays import country_holidays

    law = country_holidays("CN", years=year, language="zh_CN")
    days = (day for day, names in law.items() if name in names.split("; "))
    return min((day for day in days if day.year == year), default=None)


def next_holiday(today: date, *, calendar: WorkCalendar) -> date | None:
    """Return the first weekday off that comes, or that is today; None within a year."""
    days = islice(_weekdays(today), 0, 262)
    return next((day for day in days if not calendar.is_working(day)), None)


def _weekdays(day: date) -> Iterator[date]:
    while day < date.max - _A_MONTH:
        if day.weekday() <= _FRIDAY:
            yield day
        day += timedelta(days=1)


def lunar_day(month: str, day: int, *, today: date) -> date | None:
    """Return the next day of 正月 or 腊月, the months round the lunar new year."""
    for year in (today.year, today.year + 1):
        first = _by_the_moon("春节", year)
        if first is None:
            return None
        if month == "腊":
            first = _moon_before(first)
        found = first + timedelta(days=day - 1)
        if found >= today:
            return found
    return None


def _moon_before(first: date) -> date:
    """Return the first day of the lunar month before the one that begins on *first*."""
    around = (first - date(2000, 1, 6)).days
    turns = round(around / 29.530589)
    moons = (new_moon(turns + more) for more in (-2, -1, 0))
    return max(day for day in moons if day < first - timedelta(days=20))


def new_moon(turn: int) -> date:
    """Return the day in China of the new moon that comes *turn* after 6 January 2000.

    Source: Meeus, Astronomical Algorithms, chapter 49, its largest terms; within
    minutes for this century, so that a moon near midnight may be a day off.
    """
    t = turn / 1236.85
    day = 2451550.09766 + 29.530588861 * turn + 0.00015437 * t * t
    sun = radians(2.5534 + 29.1053567 * turn)
    moon = radians(201.5643 + 385.81693528 * turn)
    height = radians(160.7108 + 390.67050284 * turn)
    day += -0.4072 * sin(moon) + 0.17241 * sin(sun) + 0.01608 * sin(2 * moon)
    day += 0.01039 * sin(2 * height) + 0.00739 * sin(moon - sun)
    day += -0.00514 * sin(moon + sun) + 0.00208 * sin(2 * sun)
    day -= 70 / 86400  # dynamical time runs ahead of the clock
    in_china = day + 0.5 + 8 / 24
    return date.fromordinal(int(in_china) - 1721425)
