"""Where the characters of a question sound like, or are, those of some texts."""

from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.plans.finding.question import TYPED, Question
from bot.plans.finding.segments import FIELDS, Segment
from bot.plans.finding.terms import STOP, Codes, sounds, text_of

Floats = npt.NDArray[np.float32]
Bools = npt.NDArray[np.bool_]
Ways = list[tuple[Bools, float, tuple[int, ...]]]
_INITIALS = 0.9
_EDGE = 3  # empty rows and columns, so that a look beyond the edge finds nothing


@dataclass(frozen=True, slots=True)
class Pool:
    """The texts of some entries, end to end.

    Character j belongs to sentence `sentence[j]`, of which there are `count`. The
    title of entry k begins with sentence `turns[2 * k]`, also `heads[k]`, its body
    with `turns[2 * k + 1]`; `sizes[k]` counts its sentences.
    """

    codes: Codes
    sentence: npt.NDArray[np.int64]
    count: int
    heads: npt.NDArray[np.int64]
    turns: npt.NDArray[np.int64]
    sizes: npt.NDArray[np.int64]


def gather(places: Sequence[tuple[Segment, int]]) -> Pool:
    """Put the texts of entries, each given by segment and number, end to end."""
    parts, begins, at = [], [], 0
    for segment, number in places:
        cut = segment.fields[len(FIELDS) * number : len(FIELDS) * (number + 1) + 1]
        first, *_, last = whole = cut.tolist()
        parts.append(segment.codes[first:last])
        begins += [place - first + at for place in whole[:-1]]
        at += last - first
    codes = np.concatenate(parts)
    opens = np.zeros(len(codes), np.bool_)
    np.equal(codes[:-1], STOP, out=opens[1:])
    opens[begins] = True
    sentence = opens.cumsum() - 1
    fields = sentence[begins].reshape(-1, len(FIELDS))
    heads, count = fields[:, 0], int(sentence[-1]) + 1
    sizes = np.empty_like(heads)
    np.subtract(heads[1:], heads[:-1], out=sizes[:-1])
    sizes[-1] = count - heads[-1]
    return Pool(codes, sentence, count, heads, fields[:, :2].ravel(), sizes)


class Hits:
    """Where places of a question and characters of a pool have the same code."""

    def __init__(self, asked: npt.NDArray[Any], written: npt.NDArray[Any]) -> None:
        rows, columns = len(asked), len(written)
        table = np.zeros((rows + _EDGE, columns + _EDGE), np.bool_)
        np.equal(asked[:, None], written, out=table[:rows, :columns])
        table[:rows][asked == 0] = False
        self._table = table.ravel()
        self._width = columns + _EDGE
        self._at = self._table.nonzero()[0]
        self.row, self.column = np.divmod(self._at, self._width)

    def holds(self, down: int, right: int) -> Bools:
        """Say of each hit whether the one so many rows and columns away is one too."""
        hit: Bools = self._table[self._at + (down * self._width + right)]
        return hit

    def only(self, some: Bools) -> "Hits":
        """Return the same hits where only *some* of them are held by the others."""
        chosen = copy(self)
        chosen._table = np.zeros(len(self._table), np.bool_)
        chosen._table[self._at] = some
        return chosen


@dataclass(frozen=True, slots=True)
class Alike:
    """The hits of a question in a pool: places that sound like a character.

    Beside each hit: whether it is `same` in writing, or `typed` in pinyin; whether the
    `next` place and character are a hit, also the one `after`; whether the next one is
    written the same (`next_same`). `alike` are the hits where only the same count.
    `hinted` gives, for each hint that any sentence says, its number, the places that
    it stands for, and which sentences say it.
    """

    hits: Hits
    alike: Hits
    same: Bools
    typed: Bools
    next: Bools
    after: Bools
    next_same: Bools
    hinted: list[tuple[int, slice, Bools]]


def find_alike(question: Question, pool: Pool) -> Alike:
    """Find where the places of a question sound like a character of the pool."""
    hits = Hits(question.heard, sounds().of_char[pool.codes])
    written = question.chars[hits.row]
    same = written == pool.codes[hits.column]
    alike = hits.only(same)
    return Alike(
        hits=hits,
        alike=alike,
        same=same,
        typed=written == TYPED,
        next=hits.holds(1, 1),
        after=hits.holds(2, 2),
        next_same=alike.holds(1, 1),
        hinted=list(_find_hints(question, pool)),
    )


def _find_hints(question: Question, pool: Pool) -> Iterator[tuple[int, slice, Bools]]:
    text = text_of(pool.codes) if question.hints else ""
    for number, (word, stands) in enumerate(question.hints):
        at = text.find(word.text)
        if at < 0:
            continue
        said = np.zeros(pool.count, np.bool_)
        while at >= 0:
            said[pool.sentence[at]] = True
            at = text.find(word.text, at + 1)
        yield number, stands, said


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
    worths = np.zeros((_EDGE, len(hits.row)), np.float32)
    for chosen, worth, reach in ways:
        for shift in reach:
            np.copyto(worths[shift], worth, where=chosen)
    shifts, held = worths.nonzero()
    found = worths[shifts, held]
    rows, sentences = hits.row[held] + shifts, pool.sentence[hits.column[held]]
    order = found.argsort()  # of several that fall on one place the highest stays
    cover[rows[order], sentences[order]] = found[order]
