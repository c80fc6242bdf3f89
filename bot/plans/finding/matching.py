"""Where the characters of a question sound like, or are, those of some texts."""

from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from bot.plans.finding.question import TYPED, Question
from bot.plans.finding.segments import FIELDS, Places, Segment
from bot.plans.finding.terms import STOP, Codes, sounds, text_of

Floats = npt.NDArray[np.float32]
Bools = npt.NDArray[np.bool_]
Ways = list[tuple[Bools, float, tuple[int, ...]]]
_INITIALS = 0.9
_EDGE = 3  # empty rows and columns, so that a look beyond the edge finds nothing
_AROUND = ((2, 2), (3, 3), (-1, -1), (1, -1), (1, 1))  # rows down, columns right
_AROUND_SAME = ((1, 1), (2, 2), (1, -1))


@dataclass(frozen=True, slots=True)
class Pool:
    """The texts of some entries, end to end.

    Character j belongs to sentence `sentence[j]`, of which there are `count`. The
    title of entry k begins with sentence `turns[2 * k]`, also `heads[k]`, its body
    with `turns[2 * k + 1]`; `sizes[k]` counts its sentences.
    """

    codes: Codes
    sentence: Places
    count: int
    heads: Places
    turns: Places
    sizes: Places


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

    def holds(self, *away: tuple[int, int]) -> Bools:
        """Say of each hit whether those so many rows and columns away are hits too.

        A column for each of *away*, a row for each hit.
        """
        steps = [down * self._width + right for down, right in away]
        hit: Bools = self._table[self._at[:, None] + steps]
        return hit

    def only(self, some: Bools) -> "Hits":
        """Return the same hits where only *some* of them are held by the others."""
        chosen = copy(self)
        chosen._table = np.zeros(len(self._table), np.bool_)
        chosen._table[self._at] = some
        return chosen


class Look(NamedTuple):
    """What stands at a hit and around it, each beside all hits.

    The place is `same` in writing, or `typed` in pinyin; the `next` place and character
    are a hit, also the one `after`, or the one `beside` three; the next place and the
    character before are one (`swapped`). In `next_same`, `after_same`, `swapped_same`
    only what is written the same counts.
    """

    same: Bools
    typed: Bools
    next: Bools
    after: Bools
    swapped: Bools
    beside: Bools
    next_same: Bools
    after_same: Bools
    swapped_same: Bools


_BITS = 1 << np.arange(len(Look._fields))
EVERY_LOOK = Look(*((np.arange(1 << len(_BITS)) & bit) > 0 for bit in _BITS))
"""All looks that a hit may have, to try rules on; a hit's `look` is a number of it."""


def worths_of(ways: Ways) -> Floats:
    """Return what each place at a reach from a hit is worth, a row for every look.

    Each of *ways* chooses among `EVERY_LOOK`, and tells what the places at some reach
    are worth; worth must rise.
    """
    worths = np.zeros((len(EVERY_LOOK.same), _EDGE), np.float32)
    for chosen, worth, reach in ways:
        for shift in reach:
            worths[chosen, shift] = worth
    return worths


@dataclass(frozen=True, slots=True)
class Alike:
    """The hits of a question in a pool: places that sound like a character.

    Beside each hit its row and its `sentence`, and how it `looks`. `hinted` gives, for
    each hint that any sentence says, its number, the places that it stands for, and
    which sentences say it.
    """

    row: Places
    sentence: Places
    looks: Places
    hinted: list[tuple[int, slice, Bools]]


def find_alike(question: Question, pool: Pool) -> Alike:
    """Find where the places of a question sound like a character of the pool."""
    hits = Hits(question.heard, sounds().of_char[pool.codes])
    written = question.chars[hits.row]
    same = written == pool.codes[hits.column]
    after, beside, before, swapped, next_ = hits.holds(*_AROUND).T
    next_same, after_same, swapped_same = hits.only(same).holds(*_AROUND_SAME).T
    look = Look(
        same=same,
        typed=written == TYPED,
        next=next_,
        after=after,
        swapped=swapped,
        beside=beside | before,
        next_same=next_same,
        after_same=after_same,
        swapped_same=swapped_same,
    )
    return Alike(
        row=hits.row,
        sentence=pool.sentence[hits.column],
        looks=_BITS @ np.array(look),
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


def cover_sentences(
    question: Question, pool: Pool, alike: Alike, worths: Floats
) -> Floats:
    """Return how well each sentence says each place of the question, from 0 to 1.

    *worths* are those of every look, see `worths_of`. Hits are few beside the whole
    table of places by characters, so all that follows looks at hits only.
    """
    cover = np.zeros((len(question.chars), pool.count), np.float32)
    _raise(cover, alike.row, alike.sentence, worths[alike.looks])
    if question.has_letters:
        begun = Hits(question.letters, sounds().initial[pool.codes])
        whole = begun.holds((1, 1), (2, 2)).all(axis=1)
        triple = np.where(whole, np.float32(_INITIALS), 0)[:, None].repeat(_EDGE, 1)
        _raise(cover, begun.row, pool.sentence[begun.column], triple)
    return cover


def _raise(cover: Floats, rows: Places, sentences: Places, worths: Floats) -> None:
    """Set the cover of the places at each reach, a column of *worths*, from hits."""
    held, shifts = worths.nonzero()
    found = worths[held, shifts]
    order = found.argsort()  # of several that fall on one place the highest stays
    held = held[order]
    cover[rows[held] + shifts[order], sentences[held]] = found[order]
