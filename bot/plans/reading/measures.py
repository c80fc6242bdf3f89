"""Quantities that a task or a plan is to reach, read off its sentences."""

import re
from bisect import bisect_right
from collections.abc import Iterator

from bot.facts import Measure
from bot.plans.reading import measure_forms as forms
from bot.plans.reading.measure_checks import counts
from bot.plans.reading.measure_reading import (
    REACH,
    Governor,
    Quantity,
    Reading,
    find_quantities,
    last_before,
    last_of,
)
from bot.plans.reading.numerals import compact

_CLAUSE_END = re.compile(r"[，；。、！？：;:,()（）〕】]")


def find_measures(text: str) -> tuple[Measure, ...]:
    """Read the quantities of a task's text, in its order.

    `Measure.text` is the clause word for word: from the stop before the quantity to
    the end of what is counted (to the end of the quantity where another follows or
    the rest is long), and back to a governing 每年 or 到2025年 nearby. Of a range
    (1—2家) the number is the lower bound; of a ratio (1:20) the first figure, the
    rest is its unit, as with 7×24小时; 百分之三十 is 30 %; 万, 亿 belong to the unit.
    `qualifier` is one word: a bound (不少于, 超过) before 以上, 左右, 余 behind the
    number, these before 约, those before 达到, 提高到, and 力争 last.

    Not measures: figures in titles, document numbers, quoted names and dates, the
    content of a programme (5项行动), what is reached already (目前已建成5家), the
    starting value of 由10%提高到20%.
    """
    return tuple(_measures(Reading(compact(text)), carry=False))


def find_targets(text: str) -> tuple[Measure, ...]:
    """Read the quantities of a goal chapter, in its order, each with its year.

    As `find_measures`, but a year (到2025年) also governs the sentences that follow it
    until another year is named.
    """
    return tuple(_measures(Reading(compact(text)), carry=True))


def _measures(reading: Reading, *, carry: bool) -> Iterator[Measure]:
    found = [item for item in find_quantities(reading) if counts(reading, item)]
    last = 0
    for index, item in enumerate(found):
        following = found[index + 1].start if index + 1 < len(found) else None
        year = _year_of(reading, item, found, index, carry=carry)
        period = _period_of(reading, item, year)
        start = _clause_start(reading, item, period, last=last)
        end = _clause_end(reading, item, following)
        yield Measure(
            text=reading.whole.quote(start, end),
            number=item.number,
            unit=item.unit,
            period=period.words if period else "",
            qualifier=item.qualifier or _hope(reading, item, last),
            year=year.year if year else None,
        )
        last = item.end


def _hope(reading: Reading, item: Quantity, last: int) -> str:
    since = max(last, last_before(reading.stops, item.start))
    found = forms.HOPED.search(reading.before(item.start, since=since))
    return found["word"] if found else ""


def _year_of(
    reading: Reading,
    item: Quantity,
    found: list[Quantity],
    index: int,
    *,
    carry: bool,
) -> Governor | None:
    sentence = 0 if carry else last_before(reading.sentences, item.start)
    last = last_of(reading.years, since=sentence, until=item.start)
    if last is None:
        return None
    return _respective(reading, last, found, index) or last


def _respective(
    reading: Reading, last: Governor, found: list[Quantity], index: int
) -> Governor | None:
    """Pair years with quantities: 到2025年、2035年分别达到18%、25%."""
    item = found[index]
    if "分别" not in reading.text[last.end : min(item.start, last.end + 40)]:
        return None
    years = [last]
    place = bisect_right(reading.years, last.start, key=lambda year: year.start) - 1
    while (
        place
        and len(years) < 6
        and re.fullmatch(
            "[、和与及，]",
            reading.text[reading.years[place - 1].end : reading.years[place].start],
        )
    ):
        place -= 1
        years.insert(0, reading.years[place])
    number = sum(
        1 for other in found[max(0, index - 6) : index] if other.start > last.end
    )
    return years[number] if number < len(years) else None


def _period_of(
    reading: Reading, item: Quantity, year: Governor | None
) -> Governor | None:
    part = last_before(reading.parts, item.start)
    since = max(part, item.start - REACH)
    near = (
        last_of(reading.every, since=since, until=item.start),
        last_of(reading.within, since=since, until=item.start),
        year,
    )
    known = [governor for governor in near if governor]
    return max(known, key=lambda governor: governor.start) if known else None


def _clause_start(
    reading: Reading, item: Quantity, period: Governor | None, *, last: int
) -> int:
    start = max(last_before(reading.stops, item.start), item.start - REACH)
    if period and last <= period.start < start and item.end - period.start <= 70:
        return period.start
    if start < last:
        joint = re.search("[、和及与]", reading.text[last : item.start])
        return last + joint.end() if joint else start
    return _inside_bracket(reading.text, start, item.start)


def _inside_bracket(text: str, start: int, stop: int) -> int:
    opened = max(text.rfind("（", start, stop), text.rfind("(", start, stop))
    closed = max(text.rfind("）", start, stop), text.rfind(")", start, stop))
    return opened + 1 if opened > closed else start


def _clause_end(reading: Reading, item: Quantity, following: int | None) -> int:
    stop = _CLAUSE_END.search(reading.text, item.end, item.end + 31)
    end = stop.start() if stop else len(reading.text)
    if end - item.end > 30 or (following is not None and following < end):
        return item.end
    return end
