"""Which report is meant: half a year, a year, a quarter, last year's."""

import re
from datetime import date

from bot.reports.replies.days import Today

_HALF = re.compile("半年|年中")
_WHOLE = re.compile("全年|年度|年终|年报|年底")
_PART = re.compile("季|月|周|旬")
_PAST = re.compile("上期|上一期|上一次|往年|前半年的上")
_TO_COME = re.compile("下期|下半年")
_YEAR = re.compile("20([0-9]{2})|(?<![0-9])([0-9]{2})年?")
_RELATIVE = {"前年": -2, "去年": -1, "上年": -1, "上一年": -1, "今年": 0, "明年": 1}
_WINTER = (11, 12, 1, 2, 3)


def is_about(period: str, *, report: str, today: Today) -> bool:
    """Tell whether a period that people name is that of the report spoken of.

    Where nothing is known of the report, its due date tells: in summer half a year is
    reported, in winter a whole one.
    """
    if period in report:
        return True
    if _PAST.search(period) or _TO_COME.search(period) or _PART.search(period):
        return False
    if not _year_agrees(period, report=report, today=today):
        return False
    if _HALF.search(period):
        return _is_half(report, today.due_on)
    if _WHOLE.search(period):
        return _is_whole(report, today.due_on)
    return True


def _year_agrees(period: str, *, report: str, today: Today) -> bool:
    year = _year(period, today.day)
    if year is None:
        return True
    titled = _year(report, today.day)
    if titled:
        return year == titled
    due_on = today.due_on
    return due_on is not None and year == due_on.year - (due_on.month <= _WINTER[-1])


def _year(written: str, today: date) -> int | None:
    for words, years in _RELATIVE.items():
        if words in written:
            return today.year + years
    named = _YEAR.search(written)
    return int(f"20{named[1] or named[2]}") if named else None


def _is_half(report: str, due_on: date | None) -> bool:
    if report:
        return bool(_HALF.search(report))
    return due_on is not None and due_on.month not in _WINTER


def _is_whole(report: str, due_on: date | None) -> bool:
    if _HALF.search(report) or _PART.search(report):
        return False
    if _WHOLE.search(report):
        return True
    return due_on is not None and due_on.month in _WINTER
