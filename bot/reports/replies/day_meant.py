"""Which day a reply means, once it is known what it says."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise

from bot.reports.replies.days import Today
from bot.reports.replies.meaning import Label
from bot.reports.replies.named_days import (
    day_of_its_condition,
    day_put_off,
    is_until,
    span_after_due,
)
from bot.reports.replies.patterns import Sense
from bot.reports.replies.senses import Said

_HANDING = frozenset("HAND SEND GIVEN MEND FINISH".split())
_WISHES = (Sense.EXTENSION, Sense.ASKED_DAY)


def day_of(label: Label, said: Sequence[Said], today: Today) -> date | None:
    """Return the day that a promise or a wish names, or on which the rest comes."""
    if label is Label.PROMISE:
        return _promised(said, today)
    if label is Label.EXTENSION:
        return _asked(said, today)
    if label is Label.PARTIAL:
        return _of_the_rest(said)
    return None


def _promised(said: Sequence[Said], today: Today) -> date | None:
    promised = _named(said, Sense.PROMISE) or day_of_its_condition(said)
    return promised or _named(said, *_WISHES) or _any_day(said)


def _asked(said: Sequence[Said], today: Today) -> date | None:
    """Return the day behind the wish, else the one within it: 能延期吗，4号.

    What cannot be met is not what is asked for: 30号交不了，能不能缓缓.
    """
    first = today.due_on if today.due_on and today.day <= today.due_on else None
    return (
        day_put_off(said, today) or _wished(said, first) or span_after_due(said, today)
    )


def _wished(said: Sequence[Said], first: date | None) -> date | None:
    wishes = [place for place, one in enumerate(said) if one.sense in _WISHES]
    after = said[wishes[-1] + 1 :] if wishes else ()
    until = [one for one in after if is_until(one)]
    return (
        _named(until, Sense.NOTHING, Sense.PROMISE, later_than=first)
        or _named(said, *_WISHES, Sense.PROMISE, later_than=first)
        or _any_day(said, later_than=first)
        or _named(after, Sense.PROMISE)
        or _put_off_to(said)
    )


def _put_off_to(said: Sequence[Said]) -> date | None:
    """Return the day to which something is put off, though it lies before T."""
    rows = (pairwise(one.piece.tokens) for one in said if one.sense in _WISHES)
    pairs = (pair for row in rows for pair in row)
    days = (day.day.coming for to, day in pairs if day.day and to.text[-1] in "到至")
    return next((day for day in days if day), None)


def _of_the_rest(said: Sequence[Said]) -> date | None:
    parts = [place for place, one in enumerate(said) if one.sense is Sense.PARTIAL]
    after = said[parts[-1] + 1 :] if parts else said
    return (
        _named(after, Sense.PROMISE)
        or _named(said, Sense.PARTIAL, Sense.PROMISE)
        or _any_day([one for one in said if one.piece.kinds().isdisjoint(_OVER)])
    )


_OVER = frozenset("LE DONE ALREADY JUST".split())


def _named(
    said: Sequence[Said], *senses: Sense, later_than: date | None = None
) -> date | None:
    """Return the last day named with the first of some senses that names one."""
    some = ([one for one in said if one.sense is sense] for sense in senses)
    return next((day for day in (_last(one, later_than) for one in some) if day), None)


def _any_day(said: Sequence[Said], *, later_than: date | None = None) -> date | None:
    """Return a day to come from whatever pieces, rather from one that hands in."""
    handing = [one for one in said if one.piece.kinds() & _HANDING]
    return _last(handing, later_than) or _last(said, later_than)


def _last(said: Sequence[Said], later_than: date | None) -> date | None:
    days = [day for day in _days_in(said) if later_than is None or day > later_than]
    return days[-1] if days else None


_WEEKDAY = ("周", "星期", "礼拜")
_OF_IT = ("最后一天", "上午", "中午", "下午", "下班", "晚上")
"""What tells more of another day that is named: 周五（27号）下班前."""


def _days_in(said: Sequence[Said]) -> list[date]:
    """List the days to come that pieces name.

    A weekday that only repeats a date is left out: 12月29日（周二）.
    """
    days = list(_days_written(said))
    days = [day for day in days if not day[1].startswith(_OF_IT)] or days
    dated = {day.weekday() for day, text in days if not text.startswith(_WEEKDAY)}
    return [
        day
        for day, text in days
        if not text.startswith(_WEEKDAY) or day.weekday() not in dated
    ]


def _days_written(said: Sequence[Said]) -> Iterator[tuple[date, str]]:
    for one in said:
        for token in one.piece.tokens:
            if token.day and token.day.coming:
                yield token.day.coming, token.text
