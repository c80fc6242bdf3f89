"""Numbers and calendar days as people type them: 二十八, 廿八, 两, month and day."""

import calendar
from datetime import date, timedelta

DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")}
DIGITS |= {"〇": 0, "两": 2, "俩": 2, "仨": 3}
_TENS = {"十": 1, "廿": 2, "卅": 3}

NUMBER = r"(?:[0-9]{1,3}|[零〇一二三四五六七八九十廿卅两俩仨]{1,4})"
DAY = r"(?:[0-9]{1,2}|[一二三四五六七八九十廿卅]{1,3})"


def count_of(written: str) -> int:
    """Read a number below a thousand in digits or below a hundred in Chinese."""
    if written.isdecimal():
        return int(written)
    if len(written) == 2 and not _TENS.keys() & {*written} and written[1] in DIGITS:
        return DIGITS[written[1]]  # 两三天, 四五天
    total, digit = 0, 0
    for char in written:
        if char in _TENS:
            total += max(digit, 1) * 10 * _TENS[char]
            digit = 0
        else:
            digit = digit * 10 + DIGITS.get(char, 0)
    return total + digit


def day_of(year: int, month: int, day: int) -> date | None:
    """Make a date; None if the calendar has none."""
    try:
        return date(year, month, day)
    except (ValueError, OverflowError):
        return None


def month_after(day: date, months: int) -> tuple[int, int]:
    """Return year and month that lie *months* after the month of a day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return year, month + 1


def last_of(year: int, month: int) -> date:
    """Return the last day of a month."""
    return date(year, month, calendar.monthrange(year, month)[1])


def add_months(day: date, months: int) -> date:
    """Add months to a day; the 31st becomes the month's end."""
    year, month = month_after(day, months)
    return date(year, month, min(day.day, last_of(year, month).day))


def monday_of(day: date) -> date:
    """Return the Monday of the week that a day lies in."""
    return day - timedelta(days=day.weekday())
