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
    "妇女节": (3, 8),
    "植树节": (3, 12),
    "青年节": (5, 4),
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

TERMS = tuple(
    "春分 清明 谷雨 立夏 小满 芒种 夏至 小暑 大暑 立秋 处暑 白露"
    " 秋分 寒露 霜降 立冬 小雪 大雪 冬至 小寒 大寒 立春 雨水 惊蛰".split()
)
"""The solar terms, each 15 degrees of the sun's way after the last, from 春分 on."""

_A_MONTH = timedelta(days=31)
_FRIDAY = 4


def feast(name: str, *, today: date) -> date | None:
    """Return the day of a festival that is today or comes next; None if unknown."""
    days = (in_year(name, year) for year in (today.year, today.year + 1))
    return next((day for day in days if day and day >= today), None)


def in_year(name: str, year: int) -> date | None:
    """Return the day of a festival or a solar term in a year; None if unknown."""
    if name in BY_THE_SUN:
        return date(year, *BY_THE_SUN[name])
    if name in TERMS:
        return term(name, year)
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


def term(name: str, year: int) -> date:
    """Return the day in China on which the sun reaches a solar term in a year.

    Source: Meeus, Astronomical Algorithms, chapter 25, lower accuracy; within a
    quarter of an hour for this century.
    """
    degrees = 15 * TERMS.index(name)
    turned = (degrees + 80) % 360 / 360  # of the year, at about 280 on 1 January
    day = date(year, 1, 1).toordinal() + 1721424.5 + turned * 365.2422
    for _ in range(3):
        ahead = (degrees - _longitude(day) + 180) % 360 - 180
        day += ahead / 360 * 365.2422
    return _in_china(day)


def _longitude(day: float) -> float:
    """Return the sun's apparent longitude in degrees at a Julian day."""
    t = (day - 2451545) / 36525
    mean = radians(357.52911 + 35999.05029 * t)
    centre = (1.914602 - 0.004817 * t) * sin(mean) + 0.019993 * sin(2 * mean)
    node = radians(125.04 - 1934.136 * t)
    true = 280.46646 + 36000.76983 * t + centre + 0.000289 * sin(3 * mean)
    return true - 0.00569 - 0.00478 * sin(node)


def _in_china(day: float) -> date:
    """Return the date in China of an instant, a Julian day in dynamical time."""
    return date.fromordinal(int(day - 70 / 86400 + 0.5 + 8 / 24) - 1721425)


def lunar_day(month: str, day: int, *, today: date) -> date | None:
    """Return the next day of 冬月, 腊月 or 正月, the months round the new year."""
    for year in (today.year, today.year + 1):
        first = _by_the_moon("春节", year)
        if first is None:
            return None
        for _ in range(_MOONS_BEFORE[month]):
            first = _moon_before(first)
        found = first + timedelta(days=day - 1)
        if found >= today:
            return found
    return None


_MOONS_BEFORE = {"冬": 2, "腊": 1, "正": 0}


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
    return _in_china(day)
