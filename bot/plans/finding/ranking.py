"""The first look: which entries of the index share the most telling terms."""

import math
import re
from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from bot.plans.finding.question import Question
from bot.plans.finding.segments import KINDS, PAIR, SOUND, Places, Segment
from bot.plans.finding.terms import pair_key, sound_key

Floats = npt.NDArray[np.float32]
_CHEAP = 150_000  # postings that one search adds up in full
_SHORT_LIST = 240  # entries to which the commonest terms are added
_SMALLEST = 1e-6  # a score below it is none
_NUMBER = re.compile("[0-9]{2,}")
_PRIOR = 8.0  # entries' worth of the whole index in the statistics of a scope


@dataclass(frozen=True, slots=True)
class Slice:
    """The part of a segment in which a search looks: entries `low` to `high`.

    `allowed` marks the wanted ones among them, None if all are, and `size` counts
    them. Term t stands at `spans[t]` (begin, end) of its postings, in `held[t]`
    wanted entries and in `everywhere[t]` of the whole segment.
    """

    segment: Segment
    low: int
    high: int
    allowed: npt.NDArray[np.bool_] | None
    size: int
    spans: Places
    held: Places
    everywhere: Places


@dataclass(frozen=True, slots=True)
class Scope:
    """All slices of a search: `size` wanted entries, term t in `held[t]` of them.

    `everywhere[t]` counts the entries of all segments that hold the term; `rarity[t]`
    says how telling it is, as the logarithm of its rarity.
    """

    slices: tuple[Slice, ...]
    size: int
    held: Places
    everywhere: Places
    rarity: Floats


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry of a segment with its BM25F score, 1 if it held every term well."""

    segment: Segment
    number: int
    score: float


def cut_scope(
    asked: Question, segments: Sequence[Segment], plans: Collection[int] | None
) -> Scope:
    """Find out where to look in *segments* for *plans* (None: all).

    In the rarity of a term the whole index counts a little beside the wanted plans, so
    that a small plan has sane figures.
    """
    slices = tuple(_cut_slices(asked, segments, plans))
    size = sum(one.size for one in slices)
    held = _total([one.held for one in slices], len(asked.keys))
    everywhere = _total([one.everywhere for one in slices], len(asked.keys))
    share = everywhere / max(sum(len(one.segment) for one in slices), 1)
    seen = (held + 0.5 + _PRIOR * share) / (size + 1 + _PRIOR)
    rarity = -np.log(np.minimum(seen, 1)).astype(np.float32)
    return Scope(slices, size, held, everywhere, rarity)


def _total(counts: Sequence[Places], terms: int) -> Places:
    total = np.zeros(terms, np.int64)
    for one in counts:
        total += one
    return total


def _cut_slices(
    asked: Question, segments: Sequence[Segment], plans: Collection[int] | None
) -> Iterator[Slice]:
    """Yield the parts of *segments* that hold *plans* (None: all)."""
    for segment in segments:
        spans = _spans(asked, segment)
        everywhere = spans[:, 1] - spans[:, 0]
        low, high, allowed = 0, len(segment), None
        if plans is not None:
            low, high, allowed = _scope(segment, plans)
            spans = _narrow(asked, segment, spans, low=low, high=high)
        held, size = spans[:, 1] - spans[:, 0], high - low
        if allowed is not None:
            held = _count(asked, segment, spans, allowed, low)
            size = int(np.count_nonzero(allowed))
        yield Slice(segment, low, high, allowed, size, spans, held, everywhere)


def _count(
    asked: Question,
    segment: Segment,
    spans: Places,
    allowed: npt.NDArray[np.bool_],
    low: int,
) -> Places:
    """Count the allowed entries of each term; *allowed* begins with entry *low*."""
    held = np.zeros(len(spans), np.int64)
    for term, (begin, end) in enumerate(spans.tolist()):
        some = segment.postings[asked.kinds[term]].entries[begin:end]
        held[term] = np.count_nonzero(allowed[some - np.uint16(low)])
    return held


def _spans(asked: Question, segment: Segment) -> Places:
    return np.concatenate(
        [
            segment.postings[kind].spans(asked.keys[first:last])
            for kind, (first, last) in zip(KINDS, pairwise(asked.cuts), strict=True)
        ]
    )


def _scope(
    segment: Segment, plans: Collection[int]
) -> tuple[int, int, npt.NDArray[np.bool_] | None]:
    cuts = [segment.plans[plan] for plan in set(plans) if plan in segment.plans]
    if not cuts:
        return 0, 0, None
    low, high = min(cut[0] for cut in cuts), max(cut[1] for cut in cuts)
    if sum(last - first for first, last in cuts) == high - low:
        return low, high, None
    allowed = np.zeros(high - low, np.bool_)
    for first, last in cuts:
        allowed[first - low : last - low] = True
    return low, high, allowed


def _narrow(
    asked: Question, segment: Segment, spans: Places, *, low: int, high: int
) -> Places:
    """Cut the span of each term to the entries from *low* to *high*."""
    if (low, high) == (0, len(segment)):
        return spans
    cut = [(0, 0)] * len(spans)
    kinds = asked.kinds.tolist()
    for term, (begin, end) in enumerate(spans.tolist()):
        if end > begin and high > low:
            entries = segment.postings[kinds[term]].entries
            first = bisect_left(entries, low, begin, end)
            cut[term] = first, bisect_left(entries, high, first, end)
    return np.array(cut, np.int64).reshape(-1, 2)


@dataclass(frozen=True, slots=True)
class Telling:
    """How telling the parts of a question are in a scope, as logarithms of rarity.

    `pairs` runs beside the places: the pair of sounds that begins at each, 0 if none;
    `abroad` says whether the pair of characters there stands in other plans only, or
    is part of a number that is not in the scope.
    `hints` runs beside the hints of the question. `most` is a pair never seen.
    """

    pairs: Floats
    abroad: npt.NDArray[np.bool_]
    hints: Floats
    most: float


def what_tells(asked: Question, scope: Scope) -> Telling:
    """Look the rarities of terms up for the places and hints of the question."""
    terms = list(zip(asked.kinds.tolist(), asked.keys.tolist(), strict=True))
    known = dict(zip(terms, scope.rarity.tolist(), strict=True))
    counts = zip(terms, scope.held.tolist(), scope.everywhere.tolist(), strict=True)
    missing = {term: held_abroad > 0 for term, held, held_abroad in counts if not held}
    heard = asked.heard.tolist()
    chars = asked.chars.tolist()
    written = list(map(pair_key, chars, chars[1:]))
    hints = [
        max((known.get((PAIR, key), 0.0) for key in word.keys), default=0.0)
        for word, _ in asked.hints
    ]
    sounding = map(sound_key, heard, heard[1:])
    numbers = _pairs_of_numbers(chars)
    abroad = [
        missing.get((PAIR, key), False) or (at in numbers and (PAIR, key) in missing)
        for at, key in enumerate(written)
    ]
    return Telling(
        pairs=np.array(
            [known.get((SOUND, key), 0) for key in sounding] + [0], np.float32
        ),
        abroad=np.array([*abroad, False]),
        hints=np.array(hints, np.float32),
        most=-math.log(0.5 / (scope.size + 1 + _PRIOR)),
    )


def _pairs_of_numbers(chars: Sequence[int]) -> set[int]:
    """Return the places where a pair of digits begins."""
    written = "".join(map(chr, chars))
    return {
        at
        for number in _NUMBER.finditer(written)
        for at in range(number.start(), number.end() - 1)
    }


def place_weights(asked: Question, telling: Telling) -> Floats:
    """Weigh the places of a question by the rarer of the two sound pairs at each."""
    around = telling.pairs.copy()
    around[1:] = np.maximum(around[1:], telling.pairs[:-1])
    weights: Floats = around * asked.weights
    return weights


def best_candidates(asked: Question, scope: Scope, *, many: int) -> list[Candidate]:
    """Return the *many* entries of the highest BM25F score, the best first.

    Rare terms are added up over all entries, the commonest only for a short list.
    """
    gains = asked.gains * scope.rarity
    gains /= 255 * max(float(gains.sum()), 1e-9)
    slices, held = scope.slices, scope.held
    order = held.argsort(kind="stable")
    order = order[held[order] > 0]
    if not len(order):
        return []
    full = max(1, int(held[order].cumsum().searchsorted(_CHEAP, "right")))
    sums = [_add_up(asked, one, gains, order[:full]) for one in slices]
    edges = np.cumsum([0, *map(len, sums)])
    scores = np.concatenate(sums)
    short = _largest(scores, max(many, _SHORT_LIST))
    totals, bounds = scores[short], short.searchsorted(edges)
    for one, at, low, high in zip(slices, edges, bounds, bounds[1:], strict=False):
        mine = slice(low, high)
        totals[mine] += _add_on(asked, one, gains, order[full:], short[mine] - at)
    best = np.argsort(-totals, kind="stable")[:many]
    homes = edges.searchsorted(short[best], "right") - 1
    numbers = (short[best] - edges[homes]).tolist()
    found = zip(homes.tolist(), numbers, totals[best].tolist(), strict=True)
    return [
        Candidate(slices[home].segment, slices[home].low + number, score)
        for home, number, score in found
        if score > 0
    ]


def _largest(scores: Floats, many: int) -> Places:
    """Return where the *many* largest scores stand, in rising order of place."""
    if len(scores) <= many:
        return np.arange(len(scores))
    floor = float(scores.max()) / 2
    while len(high := np.flatnonzero(scores > floor)) < many and floor > _SMALLEST:
        floor /= 2
    if len(high) <= many:
        return high
    return high[np.sort(np.argpartition(scores[high], -many)[-many:])]


def _add_up(asked: Question, one: Slice, gains: Floats, terms: Places) -> Floats:
    entries, impacts = [], []
    kinds, spans = asked.kinds.tolist(), one.spans.tolist()
    for term in terms.tolist():
        begin, end = spans[term]
        if end > begin:
            postings = one.segment.postings[kinds[term]]
            entries.append(postings.entries[begin:end])
            impacts.append(postings.impacts[begin:end])
    room = one.high - one.low
    if not entries:
        return np.zeros(room, np.float32)
    places = np.concatenate(entries).astype(np.int64) - one.low
    sizes = one.spans[terms, 1] - one.spans[terms, 0]
    worths = np.concatenate(impacts) * gains[terms].repeat(sizes)
    sums = np.bincount(places, worths, room).astype(np.float32)
    return sums if one.allowed is None else sums * one.allowed


def _add_on(
    asked: Question, one: Slice, gains: Floats, terms: Places, short: Places
) -> Floats:
    """Return what common *terms* add to the entries of a *short* list."""
    more = np.zeros(len(short), np.float32)
    wanted = (short + one.low).astype(np.uint16)
    for term in terms.tolist():
        begin, end = one.spans[term]
        if end > begin:
            postings = one.segment.postings[asked.kinds[term]]
            entries = postings.entries[begin:end]
            at = np.minimum(np.searchsorted(entries, wanted), len(entries) - 1)
            hit = entries[at] == wanted
            more += np.where(hit, postings.impacts[begin + at] * gains[term], 0)
    return more
