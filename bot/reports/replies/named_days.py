"""Which of the days named in a reply is the promised or the asked one."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from bot.reports.replies.days import Today
from bot.reports.replies.patterns import Sense
from bot.reports.replies.senses import Said
from bot.reports.replies.spans import later
from bot.reports.replies.vague_times import vague_start


def day_named(said: Sequence[Said], *senses: Sense) -> date | None:
    """Return the last day named with the first of some senses that names one."""
    for sense in senses:
        days = [day for one in said if one.sense is sense for day in _days_in(one)]
        if len(days) > 1:
            days = [day for day in days if day[1] != "最后一天"]
        known = _without_doubles(days)
        if known:
            return known[-1]
    return None


def _days_in(one: Said) -> list[tuple[date, str]]:
    """List the days to come that a piece names, and how they are written."""
    return [
        (token.day.coming, token.text)
        for token in one.piece.tokens
        if token.day and token.day.coming
    ]


_WEEKDAY = ("周", "星期", "礼拜")


def _without_doubles(days: Sequence[tuple[date, str]]) -> list[date]:
    """Leave out a weekday that only repeats a date: 12月29日（周二）."""
    dated = {day.weekday() for day, text in days if not text.startswith(_WEEKDAY)}
    return [
        day
        for day, text in days
        if not text.startswith(_WEEKDAY) or day.weekday() not in dated
    ]


def day_of_its_condition(said: Sequence[Said]) -> date | None:
    """Return the day of what must come first: 局长下周一回来，签了就报."""
    for before, after in pairwise(said):
        if after.sense is Sense.PROMISE and before.piece.kinds() & _MUST_COME_FIRST:
            days = _without_doubles(_days_in(before))
            if days:
                return days[-1]
    return None


_MUST_COME_FIRST = frozenset("BOSS WRITE PROCESS".split())


def is_until(one: Said) -> bool:
    """Tell whether a piece only names a day: 能否延期一周，到1月7日."""
    return one.piece.kinds() <= {"UP", "PREP", "FILL", "DAY", "EITHER"}


def span_after_due(said: Sequence[Said], today: Today) -> date | None:
    """Return the day asked for by a span (宽限两天), from the due date or today on."""
    start = max(today.due_on or today.day, today.day)
    spans = [
        token.text
        for one in said
        if one.sense in (Sense.EXTENSION, Sense.ASKED_DAY)
        for token in one.piece.tokens
        if token.kind == "SPAN"
    ]
    return later(start, spans[0], calendar=today.calendar) if spans else None


def day_put_off(said: Sequence[Said], today: Today) -> date | None:
    """Return the day so many days after one that is named: 在30号的基础上延五天."""
    for one in said:
        tokens = one.piece.tokens
        if one.sense is not Sense.EXTENSION or "基础" not in one.piece.written:
            continue
        spans = [token.text for token in tokens if token.kind == "SPAN"]
        days = _days_in(one)
        if spans and days:
            return later(days[0][0], spans[-1], calendar=today.calendar)
    return None


def start_of_promised_time(said: Sequence[Said], today: Today) -> date | None:
    """Return the first day of a promised time that names no day: 下周, 元旦后."""
    starts = (
        vague_start(token.text, today)
        for one in said
        if one.sense is Sense.PROMISE
        for token in one.piece.tokens
        if token.kind == "SOON"
    )
    return max((start for start in starts if start), default=None)
