"""The best dozen looked at closely: how much of a question their texts really say."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.plans.finding.question import TYPED, Question
from bot.plans.finding.segments import FIELDS, Segment
from bot.plans.finding.terms import STOP, Codes, sounds

Floats = npt.NDArray[np.float32]
Bools = npt.NDArray[np.bool_]
_HEARD = 0.85  # a run that sounds alike and is written alike in part, or is long
_TYPED_PAIR = 0.8  # two syllables typed in pinyin; three count in full
_FAINT = 0.5  # two characters of which not one is written alike
_GAPPED = 0.6  # two places right, with one wrong between them
_SWAPPED = 0.7
_INITIALS = 0.9
_HINTED = 0.75  # said in the words of the thesaurus
_EDGE = 2  # empty rows and columns, so that a look beyond the edge finds nothing


@dataclass(frozen=True, slots=True)
class Pool:
    """The texts of some entries, end to end.

    Character j belongs to sentence `sentence[j]`, of which there are `count`.
    `heads[k]` and `bodies[k]` are the first sentences of title and body of entry k.
    """

    codes: Codes
    sentence: npt.NDArray[np.int64]
    count: int
    heads: npt.NDArray[np.int64]
    bodies: npt.NDArray[np.int64]


def gather(places: Sequence[tuple[Segment, int]]) -> Pool:
    """Put the texts of entries, each given by segment and number, end to end."""
    parts, fields, at = [], [], 0
    for segment, number in places:
        cut = segment.fields[len(FIELDS) * number : len(FIELDS) * (number + 1) + 1]
        first, last = int(cut[0]), int(cut[-1])
        parts.append(segment.codes[first:last])
        fields.append(cut[:-1] + (at - first))
        at += last - first
    codes, begins = np.concatenate(parts), np.array(fields)
    opens = np.append(False, codes[:-1] == STOP)
    opens[begins] = True
    sentence = np.cumsum(opens) - 1
    heads, bodies = sentence[begins[:, 0]], sentence[begins[:, 1]]
    return Pool(codes, sentence, int(sentence[-1]) + 1, heads, bodies)


@dataclass(frozen=True, slots=True)
class Shares:
    """What each entry of a pool shares with a question, as shares of its weight.

    `whole` is said anywhere in the entry, `title` in its title, `sentence` in the
    one sentence that says most.
    """

    whole: Floats
    title: Floats
    sentence: Floats


def measure(question: Question, pool: Pool, weights: Floats) -> Shares:
    """Compare a question, its places weighted, with each entry of the pool."""
    cover = _cover(question, pool)
    for _, codes, stands in question.hints:
        said = _said(codes, pool) * np.float32(_HINTED)
        cover[stands] = np.maximum(cover[stands], said)
    weights = weights / max(float(weights.sum()), 1e-9)
    turns = np.stack((pool.heads, pool.bodies), axis=1).ravel()
    fields = np.maximum.reduceat(cover, turns, axis=1)
    titles, rest = fields[:, ::2], fields[:, 1::2]
    return Shares(
        whole=weights @ np.maximum(titles, rest),
        title=weights @ titles,
        sentence=np.maximum.reduceat(weights @ cover, pool.heads),
    )


def _cover(question: Question, pool: Pool) -> Floats:
    """Return how well each sentence says each place of the question, from 0 to 1.

    A place that sounds like a character is a hit. Hits are few beside the whole table
    of places by characters, so all that follows looks at hits only.
    """
    heard = sounds().of_char[pool.codes]
    hits = _Hits(question.heard, heard)
    same = question.chars[hits.row] == pool.codes[hits.column]
    pair = hits.holds(1, 1)
    triple = pair & hits.holds(2, 2)
    typed = question.chars[hits.row] == TYPED
    ways: list[tuple[Bools, float, tuple[int, ...]]] = [
        (pair & ~typed, _FAINT, (0, 1)),
        (hits.holds(2, 2), _GAPPED, (0, 2)),
        (hits.holds(1, -1), _SWAPPED, (0, 1)),
        (pair & typed, _TYPED_PAIR, (0, 1)),
        (pair & (same | hits.among(same, 1, 1)), _HEARD, (0, 1)),
        (triple & ~typed, _HEARD, (0, 1, 2)),
        (triple & typed, 1.0, (0, 1, 2)),
        (same & hits.among(same, 1, 1), 1.0, (0, 1)),
    ]
    cover = np.zeros((len(question.chars), pool.count), np.float32)
    _raise(cover, hits, ways, pool)
    if question.letters.any():
        begun = _Hits(question.letters, sounds().initial[pool.codes])
        triple = begun.holds(1, 1) & begun.holds(2, 2)
        _raise(cover, begun, [(triple, _INITIALS, (0, 1, 2))], pool)
    return cover


class _Hits:
    """Where places of a question and characters of a pool have the same code."""

    def __init__(self, asked: npt.NDArray[Any], written: npt.NDArray[Any]) -> None:
        rows, columns = len(asked), len(written)
        table = np.zeros((rows + _EDGE, columns + _EDGE), np.bool_)
        np.equal(asked[:, None], written, out=table[:rows, :columns])
        table[:rows][asked == 0] = False
        self._table = table.ravel()
        self._width = columns + _EDGE
        self._at = np.flatnonzero(self._table)
        self.row, self.column = np.divmod(self._at, self._width)

    def holds(self, down: int, right: int) -> Bools:
        """Say of each hit whether the one so many rows and columns away is one too."""
        hit: Bools = self._table[self._at + (down * self._width + right)]
        return hit

    def among(self, some: Bools, down: int, right: int) -> Bools:
        """Say of each hit whether the one so far away is one of *some*."""
        table = np.zeros(len(self._table), np.bool_)
        table[self._at] = some
        hit: Bools = table[self._at + (down * self._width + right)]
        return hit


def _raise(
    cover: Floats,
    hits: _Hits,
    ways: Sequence[tuple[Bools, float, tuple[int, ...]]],
    pool: Pool,
) -> None:
    """Set the cover of the places at each reach from chosen hits; worth must rise."""
    for chosen, worth, reach in ways:
        rows, sentences = hits.row[chosen], pool.sentence[hits.column[chosen]]
        for shift in reach:
            cover[rows + shift, sentences] = worth


def _said(codes: Codes, pool: Pool) -> Bools:
    """Say for each sentence whether it holds the word *codes*."""
    said = np.zeros(pool.count, np.bool_)
    at = np.flatnonzero(pool.codes[: len(pool.codes) - len(codes)] == codes[0])
    for shift, code in enumerate(codes[1:].tolist(), 1):
        at = at[pool.codes[at + shift] == code]
    said[pool.sentence[at]] = True
    return said
