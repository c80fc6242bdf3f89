"""Where the characters of a question sound like, or are, those of some texts."""

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
Ways = list[tuple[Bools, float, tuple[int, ...]]]
_INITIALS = 0.9
_EDGE = 3  # empty rows and columns, so that a look beyond the edge finds nothing


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


class Hits:
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


@dataclass(frozen=True, slots=True)
class Alike:
    """The hits of a question in a pool: places that sound like a character.

    Beside each hit: whether it is `same` in writing, or `typed` in pinyin; whether the
    `next` place and character are a hit, also the one `after`, and the one `before`;
    and whether the next one is written the same (`next_same`).
    """

    hits: Hits
    same: Bools
    typed: Bools
    next: Bools
    after: Bools
    before: Bools
    next_same: Bools


def find_alike(question: Question, pool: Pool) -> Alike:
    """Find where the places of a question sound like a character of the pool."""
    hits = Hits(question.heard, sounds().of_char[pool.codes])
    same = question.chars[hits.row] == pool.codes[hits.column]
    return Alike(
        hits=hits,
        same=same,
        typed=question.chars[hits.row] == TYPED,
        next=hits.holds(1, 1),
        after=hits.holds(2, 2),
        before=hits.holds(-1, -1),
        next_same=hits.among(same, 1, 1),
    )


def cover_sentences(question: Question, pool: Pool, hits: Hits, ways: Ways) -> Floats:
    """Return how well each sentence says each place of the question, from 0 to 1.

    Each of *ways* chooses hits, and tells what the places at some reach from them are
    worth; worth must rise. Hits are few beside the whole table of places by
    characters, so all that follows looks at hits only.
    """
    cover = np.zeros((len(question.chars), pool.count), np.float32)
    _raise(cover, hits, ways, pool)
    if question.letters.any():
        begun = Hits(question.letters, sounds().initial[pool.codes])
        triple = begun.holds(1, 1) & begun.holds(2, 2)
        _raise(cover, begun, [(triple, _INITIALS, (0, 1, 2))], pool)
    return cover


def _raise(cover: Floats, hits: Hits, ways: Ways, pool: Pool) -> None:
    """Set the cover of the places at each reach from chosen hits."""
    for chosen, worth, reach in ways:
        rows, sentences = hits.row[chosen], pool.sentence[hits.column[chosen]]
        for shift in reach:
            cover[rows + shift, sentences] = worth


def said_in(codes: Codes, pool: Pool) -> Bools:
    """Say for each sentence whether it holds the word *codes*."""
    said = np.zeros(pool.count, np.bool_)
    at = np.flatnonzero(pool.codes[: len(pool.codes) - len(codes)] == codes[0])
    for shift, code in enumerate(codes[1:].tolist(), 1):
        at = at[pool.codes[at + shift] == code]
    said[pool.sentence[at]] = True
    return said
