"""Arithmetic of calendar days: ends of months, months added, impossible days."""

import calendar
from datetime import date

LAST = 0
"""As a day of the month: its last day."""


def days_in(year: int, month: int) -> int:
    """Count the days of a month (1 to 12)."""
    return calendar.monthrange(year, month)[1]


def is_day(year: int, month: int, day: int) -> bool:
    """Tell whether the calendar has this day; LAST always exists."""
    return 1 <= month <= 12 and (day == LAST or 1 <= day <= days_in(year, month))


def nearest_day(year: int, month: int, day: int) -> date | None:
    """Make a date; a day that the month lacks becomes its last; None without month."""
    if not 1 <= month <= 12:
        return None
    known = day != LAST and is_day(year, month, day)
    return date(year, month, day if known else days_in(year, month))


def add_months(start: date, months: int) -> date | None:
    """Add *months* to a day; the 31st becomes the month's end; None past the year 9999.

    29 February plus twelve months is 28 February.
    """
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        return None
    return date(year, month + 1, min(start.day, days_in(year, month + 1)))
