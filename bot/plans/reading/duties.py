"""What a plan lays down outside its tasks: reports to hand in, standing duties."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import pairwise

from bot.facts import Duty, DutyKind
from bot.plans.reading.bodies import subject
from bot.plans.reading.dates import find_hits, hide_citations
from bot.plans.reading.dates_rule import Hit
from bot.plans.reading.duty_reports import Sentence, find_reports, yearly_day
from bot.plans.reading.numerals import Compact, compact

_SENTENCE = re.compile("[^。！？]+[。！？]?")
_NUMBERING = re.compile(
    r"(?:[（(]?[一二三四五六七八九十0-9]{1,3}[）)]|[一二三四五六七八九十]{1,3}、|[0-9]{1,2}[.．、](?![0-9]))"
)
_MODAL = re.compile("[，,]?(?:也要|都要|还要|要|应当|应|必须|须|需)?")


def find_duties(
    text: str, *, where: str, issued: date | None, year: int | None = None
) -> tuple[Duty, ...]:
    """Read the duties of one paragraph that is no task, in its order.

    A REPORT is something to hand in (报送, 上报, 抄送, 反馈, 备案), with or without a
    date; each date and each 将 of a sentence makes one of its own. A STANDING duty
    is a sentence, or a part of it between ；, that names its doer (领导小组要…) or a
    rhythm (每两年进行一次总结); it is not repeated where the sentence holds a report.

    Args:
        text: the paragraph, with or without its number and heading.
        where: the clause, such as 四（三）.
        issued: the day of issue; dates without a year count from it.
        year: the document's year where the day of issue is not known.

    Returns:
        Duties whose `text` is the sentence or part, word for word, without its line
        breaks. `who` is empty where the text names nobody.
    """
    source = _Source(text, where=where, year=year, issued=issued)
    found: list[Duty] = []
    for start, end in _sentences(source.whole.text):
        reports = find_reports(source.cut(start, end))
        found.extend(reports or _standing(source, start, end))
    return tuple(_as_written(duty, source.whole) for duty in found)


def _as_written(duty: Duty, whole: Compact) -> Duty:
    """Give the words of a duty in the document's own script."""
    if whole.script is None:
        return duty
    who = tuple(whole.as_written(name) for name in duty.who)
    what, to = whole.as_written(duty.what), whole.as_written(duty.to)
    return replace(duty, who=who, what=what, to=to)


class _Source:
    """A paragraph with its phrases of time, from which sentences are cut."""

    def __init__(
        self, text: str, *, where: str, year: int | None, issued: date | None
    ) -> None:
        self.whole = compact(text)
        self.where = where
        self.hits = tuple(find_hits(self.whole, year=year, issued=issued))

    def cut(self, start: int, end: int) -> Sentence:
        """Cut out a sentence; places in the compact text."""
        first = bisect_left(self.hits, start, key=lambda hit: hit.start)
        last = bisect_left(self.hits, end, key=lambda hit: hit.start)
        return Sentence(
            text=self.whole.text[start:end],
            quote=self.whole.quote(start, end),
            where=self.where,
            hits=tuple(
                _shifted(hit, start) for hit in self.hits[first:last] if hit.end <= end
            ),
        )


def _shifted(hit: Hit, by: int) -> Hit:
    core = None if hit.core is None else hit.core - by
    return replace(hit, start=hit.start - by, end=hit.end - by, core=core)


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    for found in _SENTENCE.finditer(hide_citations(text)):
        number = _NUMBERING.match(text, found.start(), found.end())
        start = number.end() if number else found.start()
        if start < found.end():
            yield start, found.end()


def _standing(source: _Source, start: int, end: int) -> Iterator[Duty]:
    for first, last in _parts(source.whole.text, start, end):
        duty = _standing_duty(source.cut(first, last))
        if duty:
            yield duty


def _parts(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Split a sentence before each part that names a doer of its own."""
    starts = [start]
    for found in re.finditer("[；;]", text[start:end]):
        place = start + found.end()
        if place < end and subject(text[place:end])[1]:
            starts.append(place)
    return list(pairwise([*starts, end]))


def _standing_duty(sentence: Sentence) -> Duty | None:
    run, who = subject(sentence.text)
    rhythms = [hit.rhythm for hit in sentence.hits if hit.rhythm]
    if not who and not rhythms:
        return None
    predicate = sentence.text[sentence.text.find(run) + len(run) :]
    rhythm = rhythms[0] if rhythms else ""
    month, day_of_month = yearly_day(rhythm)
    return Duty(
        kind=DutyKind.STANDING,
        who=who,
        what=_MODAL.sub("", predicate, count=1).rstrip("。；;！？"),
        month=month,
        day_of_month=day_of_month,
        rhythm=rhythm,
        where=sentence.where,
        text=sentence.quote,
    )
