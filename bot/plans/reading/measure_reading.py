"""A text prepared for measures: its parts, the words that govern, its quantities."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from bot.plans.reading import measure_forms as forms
from bot.plans.reading.dates import find_hits, hide_citations
from bot.plans.reading.numerals import DASH, YEAR, Compact, read_number, read_year

_HIDDEN = "\ue000"
_NAME = re.compile(
    r"“[^”。；！？]{0,30}[”\"]|\"[^\"”。；！？]{0,30}[\"”]|「[^」。]{0,30}」"
)
_YEAR = re.compile(rf"(?<![0-9])(?:{YEAR}{DASH})?{YEAR}年")
_INSIDE = re.compile("以上|左右|以内")
_STOP = re.compile(r"[，；。！？;?：]|,(?![0-9])|:(?![0-9])")
_SENTENCE_END = re.compile("[。！？]")
_PART_END = re.compile("[。！？；;]")
REACH = 160
"""How far before a number the words may stand that govern it, in characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A number with its unit in the compact text, before it is known to count."""

    start: int
    end: int
    core: int
    number: float
    unit: str
    qualifier: str
    in_digits: bool
    is_bare: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Governor:
    """A word of time that governs the quantities after it."""

    start: int
    end: int
    words: str
    year: int | None


class Reading:
    """A text prepared for measures: what is hidden in it, where its parts begin."""

    def __init__(self, whole: Compact) -> None:
        self.whole = whole
        self.text = hide_citations(whole.text)
        self.plain = _hide_names_and_dates(self.text, whole)
        self.stops = _ends(_STOP, self.text)
        self.sentences = _ends(_SENTENCE_END, self.text)
        self.parts = _ends(_PART_END, self.text)
        self.every = [_governor(found) for found in forms.EVERY.finditer(self.text)]
        self.within = [_governor(found) for found in forms.WITHIN.finditer(self.text)]
        self.years = list(_target_years(self.text))

    def before(self, place: int, *, since: int = 0, count: int = REACH) -> str:
        """Cut out at most *count* characters before a place."""
        return self.text[max(since, place - count, 0) : place]

    def after(self, place: int, *, count: int = 16) -> str:
        """Cut out at most *count* characters after a place."""
        return self.text[place : place + count]


def _ends(pattern: re.Pattern[str], text: str) -> list[int]:
    return [0, *(found.end() for found in pattern.finditer(text))]


def last_before(places: list[int], place: int) -> int:
    """Find the last of rising *places* that does not lie after *place*."""
    return places[bisect_right(places, place) - 1]


def last_of(governors: list[Governor], *, since: int, until: int) -> Governor | None:
    """Find the last governor that begins at *since* or later and ends by *until*."""
    place = bisect_right(governors, until, key=lambda item: item.end) - 1
    if place < 0 or governors[place].start < since:
        return None
    return governors[place]


def _hide_names_and_dates(text: str, whole: Compact) -> str:
    named = _NAME.sub(lambda found: _HIDDEN * len(found[0]), text)
    hidden = list(_YEAR.sub(lambda found: _HIDDEN * len(found[0]), named))
    for hit in find_hits(whole, year=None, issued=None):
        stop = hit.core or hit.end
        hidden[hit.start : stop] = _HIDDEN * (stop - hit.start)
    return "".join(hidden)


def _governor(found: re.Match[str]) -> Governor:
    return Governor(start=found.start(), end=found.end(), words=found[0], year=None)


def _target_years(text: str) -> Iterator[Governor]:
    for found in forms.YEARS.finditer(text):
        before = text[max(0, found.start() - 3) : found.start()]
        after = text[found.end() : found.end() + 2]
        if forms.NO_TARGET_YEAR.search(before) or forms.NO_TARGET_AFTER.match(after):
            continue
        if after.startswith("的") and not found["to"]:
            continue
        start = found.start("to") if found["to"] else found.start("first")
        year = read_year(found["y"]) if found["y"] else 0
        if found["five"]:
            year = 2010 + 5 * "一二三四五六七".index(found["five"])
        words = text[start : found.end()]
        yield Governor(start=start, end=found.end(), words=words, year=year)


def find_quantities(reading: Reading) -> Iterator[Quantity]:
    """Find the numbers with a unit, whether they count or not, in the text's order."""
    for found in forms.QUANTITY.finditer(reading.plain):
        number, unit = _value(found)
        if number is None or _is_other_word(reading.plain, found, unit):
            continue
        after = found.start("after") if found["after"] else found.end()
        yield Quantity(
            start=found.start(),
            end=found.end(),
            core=after,
            number=number,
            unit=unit,
            qualifier=_qualifier(reading, found),
            in_digits=found[0][0] in "0123456789",
            is_bare=found[0][0] in "百千" and not found["part"],
        )


def _value(found: re.Match[str]) -> tuple[float | None, str]:
    if found["part"]:
        return _part(found["part"], found["of"])
    if found["times"]:
        return float(found["times"]), found["timesunit"]
    if found["ratio"]:
        return float(found["ratio"]), found["ratiounit"]
    if found["over"]:
        under = int(found["under"])
        return (int(found["over"]) / under if under else None), ""
    unit = found["unit"].replace(found["inner"] or "\0", "")
    unit = _INSIDE.sub("", unit)
    return read_number(found["number"]), unit + (
        "/" + found["per"] if found["per"] else ""
    )


def _part(whole: str, written: str) -> tuple[float | None, str]:
    number = read_number(written)
    unit = {"百": "%", "千": "‰"}.get(whole)
    if unit or number is None:
        return number, unit or ""
    parts = read_number(whole)
    return (number / parts if parts else None), ""


def _is_other_word(text: str, found: re.Match[str], unit: str) -> bool:
    following = text[found.end() : found.end() + 1]
    unit = unit.lstrip("百千万亿")
    return bool(following) and following in forms.NO_UNIT.get(unit, "")


def _qualifier(reading: Reading, found: re.Match[str]) -> str:
    before = reading.before(found.start(), count=16)
    after = found["after"] or found["middle"]
    if found["number"]:
        after = after or found["inner"]
    inside = _INSIDE.search(found["unit"] or "")
    after = after or (inside[0] if inside else None)
    bound = forms.BOUND.search(before)
    if bound or after:
        return bound["word"] if bound else str(after)
    for pattern in (forms.LOOSE_BOUND, forms.ABOUT, forms.REACHED, forms.CHANGED):
        word = pattern.search(before)
        if word:
            return str(word["word"])
    return ""
