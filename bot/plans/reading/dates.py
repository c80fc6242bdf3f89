"""Every phrase of time in a task's text, and the day that it means if it means one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from bot.facts import Doubt, DoubtKind, Due, DueKind
from bot.plans.reading import dates_calendar, dates_loose, dates_rhythm
from bot.plans.reading.dates_rule import Hit, Rule, Scene
from bot.plans.reading.numerals import Compact, compact

_RULES: tuple[Rule, ...] = (
    *dates_loose.RULES,
    *dates_calendar.RULES,
    *dates_rhythm.RULES,
)
_CITED = re.compile(
    r"《[^《》]{0,120}》|〔[^〔〕]{0,12}〕(?:第?[0-9]+号)?|\[[0-9]{4}\]"
)
_SENTENCE_END = re.compile("[。！？]")


@dataclass(frozen=True, slots=True)
class DueReading:
    """The phrases of time of a text, in its order, and what is doubtful in them.

    The doubts have no `where`: only the caller knows which task was read.
    """

    dues: tuple[Due, ...]
    doubts: tuple[Doubt, ...]


def find_dues(text: str, *, year: int | None, issued: date | None) -> DueReading:
    """Read every phrase of time in a task's text, annotation or time column.

    Args:
        text: may hold blanks and line breaks inside a phrase.
        year: the document's year, for phrases that write none; else that of *issued*.
        issued: the day of issue. Periods count from it, and a day without a year
            that lies before it belongs to the next year.

    Returns:
        Dues in the order of the text; `Due.text` is a run of *text*. A day that the
        calendar lacks becomes the last of its month. Not among them: target years
        (到2025年, they belong to measures), cited titles and numbers, service times,
        periods of benefits and of validity. Rhythms are listed in `dates_rhythm`.
    """
    whole = compact(text)
    hits = tuple(find_hits(whole, year=year, issued=issued))
    dues = tuple(_due(whole, hit) for hit in hits)
    doubts = (doubt for hit in hits for doubt in _doubts(whole, hit))
    return DueReading(dues=dues, doubts=tuple(doubts))


def find_hits(
    whole: Compact, *, year: int | None, issued: date | None
) -> Iterator[Hit]:
    """Find phrases of time with their places in a compact text, in its order."""
    text = hide_citations(whole.text)
    scene = Scene(year=year, issued=issued)
    for start, rule, found in _matches(text):
        if start < scene.floor:
            continue
        if _SENTENCE_END.search(text, scene.floor, start):
            scene = replace(scene, carried=None, yearly=False)
        hit = _RULES[rule][1](found, scene)
        scene = _move_on(scene, hit, end=found.end())
        if hit is not None:
            yield hit


def hide_citations(text: str) -> str:
    """Put signs without meaning in place of cited titles and numbers; same length."""
    return _CITED.sub(lambda found: "《" + "书" * (len(found[0]) - 2) + "》", text)


@lru_cache(maxsize=8)  # measures hide the dates of the same text first
def _matches(text: str) -> list[tuple[int, int, re.Match[str]]]:
    """List the matches of all rules by their start; of equals the first rule wins."""
    found = [
        (match.start(), number, match)
        for number, (pattern, _, needed) in enumerate(_RULES)
        if any(char in text for char in needed)
        for match in pattern.finditer(text)
    ]
    return sorted(found, key=lambda item: item[:2])


def _move_on(scene: Scene, hit: Hit | None, *, end: int) -> Scene:
    if hit is None:
        return replace(scene, floor=end)
    yearly = scene.yearly or hit.rhythm.startswith("yearly")
    return Scene(
        year=scene.year,
        issued=scene.issued,
        floor=max(hit.end, scene.floor),
        carried=hit.year or scene.carried,
        yearly=yearly,
        monthly=hit.rhythm.startswith("monthly"),
    )


def _due(whole: Compact, hit: Hit) -> Due:
    return Due(
        text=whole.quote(hit.start, hit.end),
        kind=hit.kind,
        day=hit.day,
        first=hit.first,
        rhythm=hit.rhythm,
        time=hit.time,
        assumed=hit.assumed,
    )


def _doubts(whole: Compact, hit: Hit) -> Iterator[Doubt]:
    about = whole.quote(hit.start, hit.end)
    if hit.advice:
        kind = DoubtKind.IMPOSSIBLE_DATE
        yield Doubt(kind=kind, where="", about=about, advice=hit.advice)
    if hit.assumed and hit.kind is not DueKind.RECURRING:
        advice = "原文没有写年份，请确认。"
        if hit.day:
            advice = f"原文没有写年份，暂按{hit.day.year}年记，请确认。"
        kind = DoubtKind.ASSUMED_YEAR
        yield Doubt(kind=kind, where="", about=about, advice=advice)
