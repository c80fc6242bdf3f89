"""The State Council's notice of holidays, as pasted, read into days off and worked."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

from bot.errors import DocumentError

FESTIVALS = ("元旦", "春节", "清明", "劳动", "端午", "中秋", "国庆")
"""What each notice speaks of, in the words that all its wordings share."""

_NAME = "(?:元旦|春节|清明节?|(?:五一)?(?:国际)?劳动节|端午节?|中秋节?|国庆节?)"
_ITEM = re.compile(rf"(?P<name>{_NAME}(?:[、和与]{_NAME})*):")
_OF_YEAR = re.compile(rf"(?P<year>\d{{4}})年{_NAME}")
_DAY = r"(?:(?P<{0}y>\d{{4}})年)?{1}(?P<{0}d>\d{{1,2}})日(?:\((?P<{0}w>[^()]*)\))?"
_SPAN = re.compile(
    _DAY.format("a", r"(?P<am>\d{1,2})月")
    + "(?P<to>[至到~—-]+"
    + _DAY.format("b", r"(?:(?P<bm>\d{1,2})月)?")
    + ")?"
)
_VERB = re.compile(r"起?(?:照常|正常)?(?P<verb>放假|补休|上班)(?:调休)?(?P<n>\d+)?天?")
_HAS_VERB = re.compile("放假|补休|上班")
_TOTAL = re.compile(r"共(\d+)天")
_WEEKDAY = re.compile("(?:周|星期)([一二三四五六日天])")
_WEEKDAYS = "一二三四五六日"


class NoticeDay(NamedTuple):
    """A day that is not as its weekday says, or that lies within a holiday."""

    day: date
    is_working: bool
    name: str


def parse_notice(text: str, *, year: int) -> list[NoticeDay]:
    """Read the days off and the shifted working days of a notice for *year*.

    Items may be pasted alone, or with all that stands around them. A day without a
    year is one of *year*; a December of 元旦 is the one before. Rising, each day once.

    Raises:
        DocumentError: the notice is one of another year, names a weekday or a number of
            days that is not right, or says something that cannot be understood; its
            reply quotes the passage.
    """
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    _refuse_another_year(plain, year)
    days: dict[date, NoticeDay] = {}
    for name, passage in _items(plain):
        for day in _days_of_item(name, passage, year):
            known = days.setdefault(day.day, day)
            if known.is_working != day.is_working:
                raise _unclear(passage, f"{_said(day.day)}既放假又上班")
    if not days:
        raise DocumentError(
            "no item of a holiday notice",
            reply="没有看到放假安排，请粘贴国务院办公厅通知里“一、元旦：……”各条原文。",
        )
    return [days[day] for day in sorted(days)]


def missing_festivals(days: Iterable[NoticeDay]) -> list[str]:
    """List the festivals for which no day is free; none if a notice is complete."""
    named = "".join(day.name for day in days if not day.is_working)
    return [festival for festival in FESTIVALS if festival not in named]


def _refuse_another_year(text: str, year: int) -> None:
    head = text[: item.start()] if (item := _ITEM.search(text)) else text
    named = _OF_YEAR.search(head)
    if named and int(named["year"]) != year:
        raise DocumentError(
            f"a notice of {named['year']}, not of {year}",
            reply=f"这是{named['year']}年的放假通知，不是{year}年的，请核对。",
        )


def _items(text: str) -> Iterator[tuple[str, str]]:
    """Cut the text into festivals and what is said of each."""
    for head, after in pairwise([*_ITEM.finditer(text), None]):
        if head:
            yield head["name"], text[head.end() : after and after.start()]


def _days_of_item(name: str, passage: str, year: int) -> list[NoticeDay]:
    days: list[NoticeDay] = []
    waiting: list[date] = []
    for clause in re.split("[,;。]", passage):
        dates, rest = _leading_dates(clause, name=name, year=year)
        waiting += dates
        verb = _VERB.fullmatch(rest) if waiting else None
        if verb:
            days += _told(waiting, verb, name=name, clause=clause)
        elif dates and _HAS_VERB.search(rest):
            raise _unclear(clause, "这一句看不懂")
        if verb or rest:
            waiting = []
        total = _TOTAL.fullmatch(rest)
        free = sum(not day.is_working for day in days)
        if total and free != int(total[1]):
            raise _unclear(passage, f"写的是共{total[1]}天，算出来是{free}天")
    if all(day.is_working for day in days):
        raise _unclear(f"{name}：{passage}", "没有看到哪天放假")
    return days


def _leading_dates(clause: str, *, name: str, year: int) -> tuple[list[date], str]:
    """Take the dates and spans with which a clause begins; return them and the rest."""
    dates: list[date] = []
    while span := _SPAN.match(clause):
        first = _date_of(span, "a", year=year - _is_before(span, name), clause=clause)
        last = first
        if span["to"]:
            month = int(span["bm"] or first.month)
            turn = first.year + (month < first.month)
            last = _date_of(span, "b", year=turn, month=month, clause=clause)
        if not timedelta(0) <= last - first < timedelta(days=31):
            raise _unclear(clause, "起止日期不对")
        dates += _each_day(first, last)
        clause = clause[span.end() :].lstrip("、和及")
    return dates, clause


def _is_before(span: re.Match[str], name: str) -> bool:
    return "元旦" in name and int(span["am"]) == 12


def _date_of(
    span: re.Match[str], part: str, *, year: int, clause: str, month: int = 0
) -> date:
    """Build a date of a span, and hold it against the weekday in its brackets."""
    try:
        day = date(
            int(span[f"{part}y"] or year),
            month or int(span[f"{part}m"]),
            int(span[f"{part}d"]),
        )
    except ValueError:
        raise _unclear(clause, "没有这一天") from None
    named = _WEEKDAY.search(span[f"{part}w"] or "")
    real = _WEEKDAYS[day.weekday()]
    if named and named[1].replace("天", "日") != real:
        raise _unclear(clause, f"{day.year}年{_said(day)}是周{real}，请核对年份")
    return day


def _told(
    dates: list[date], verb: re.Match[str], *, name: str, clause: str
) -> list[NoticeDay]:
    """Say what a clause tells of its dates; 放假3天 after one date means three days."""
    count = int(verb["n"] or len(dates))
    if len(dates) == 1 and 1 < count < 31:
        dates = _each_day(dates[0], dates[0] + timedelta(days=count - 1))
    if count != len(dates):
        raise _unclear(clause, f"写的是{count}天，算出来是{len(dates)}天")
    is_working = verb["verb"] == "上班"
    for day in dates:
        if is_working and day.weekday() < 5:
            raise _unclear(clause, f"{day.year}年{_said(day)}不是周末，请核对年份")
    return [NoticeDay(day, is_working, name) for day in dates]


def _each_day(first: date, last: date) -> list[date]:
    count = (last - first).days + 1
    return [first + timedelta(days=further) for further in range(count)]


def _said(day: date) -> str:
    return f"{day.month}月{day.day}日"


def _unclear(passage: str, why: str) -> DocumentError:
    return DocumentError(
        f"a holiday notice: {passage!r}",
        reply=f"{why}：“{passage[:60]}”。未作任何改动。",
    )
