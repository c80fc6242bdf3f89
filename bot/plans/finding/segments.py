"""Whole plans in one block of the index: their texts, and where each term stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.plans.finding.terms import (
    Codes,
    Keys,
    encode_all,
    initial_keys,
    pair_keys,
    sound_keys,
    sounds,
)

MOST_ENTRIES = 1 << 16  # an entry is numbered by 16 bits within its segment
KINDS = PAIR, SOUND, INITIAL = range(3)
FIELDS = TITLE, BODY, SECTION = range(3)
# BM25F: weights of the fields, and the length at which a field counts as average.
# Fixed lengths let segments be built and merged without knowing one another.
_WEIGHTS = np.array([2.4, 1.0, 0.5], np.float32)
_USUAL_LENGTHS = np.array([14.0, 180.0, 30.0], np.float32)
_LENGTH_MATTERS = 0.4  # b of BM25
_SATURATION = 1.2  # k1 of BM25

Places = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A task or a passage to be found: `id` is the caller's, unique in the index.

    `section` is the heading under which it stands; `has_number` says that it names
    a quantity (每年5场), for questions that ask how many.
    """

    id: int
    title: str
    body: str
    section: str
    has_number: bool


@dataclass(frozen=True, slots=True)
class Postings:
    """The entries in which each term stands, and how much it tells about each.

    Term number i of the rising `keys` stands in the rising
    `entries[starts[i] : starts[i + 1]]`; `impacts` (1..255) run beside `entries`.
    """

    keys: Keys
    starts: Places
    entries: npt.NDArray[np.uint16]
    impacts: npt.NDArray[np.uint8]

    def spans(self, keys: Keys) -> Places:
        """Return a row (begin, end) of `entries` for each key; equal if unknown."""
        spans = np.zeros((len(keys), 2), np.int64)
        if len(keys) and len(self.keys):
            at = np.minimum(self.keys.searchsorted(keys), len(self.keys) - 1)
            spans[:, 0] = self.starts[at]
            spans[:, 1] = self.starts[at + (self.keys[at] == keys)]
        return spans


@dataclass(frozen=True, slots=True)
class Segment:
    """Up to 65,536 entries; those of one plan stand side by side.

    `codes` holds title, body and section of each entry in turn; field f begins at
    `fields[f]`. `plans` gives each plan's first entry and the one after its last.
    """

    codes: Codes
    fields: Places
    ids: Places
    has_number: npt.NDArray[np.bool_]
    plans: dict[int, tuple[int, int]]
    postings: tuple[Postings, ...]

    def __len__(self) -> int:
        return len(self.ids)


def build_segment(plans: Mapping[int, Sequence[Entry]]) -> Segment:
    """Index *plans* (plan id -> entries, at most 65,536 in all) from their texts."""
    entries = [entry for some in plans.values() for entry in some]
    texts = [t for e in entries for t in (e.title, e.body, e.section)]
    codes, fields = encode_all(texts)
    ends = np.cumsum([len(some) for some in plans.values()]).tolist()
    return Segment(
        codes=codes,
        fields=fields,
        ids=np.array([entry.id for entry in entries], np.int64),
        has_number=np.array([entry.has_number for entry in entries], np.bool_),
        plans={
            plan: (end - len(some), end)
            for (plan, some), end in zip(plans.items(), ends, strict=True)
        },
        postings=_post_all(codes, fields),
    )


def _post_all(codes: Codes, fields: Places) -> tuple[Postings, ...]:
    table = sounds()
    lengths = np.diff(fields)
    kind = np.arange(len(lengths)) % len(FIELDS)
    room = 1 - _LENGTH_MATTERS + _LENGTH_MATTERS * lengths / _USUAL_LENGTHS[kind]
    gains = (_WEIGHTS[kind] / room).astype(np.float32)
    field = np.repeat(np.arange(len(lengths), dtype=np.uint64), lengths)
    return (
        _post(pair_keys(codes), field[:-1], gains),
        _post(sound_keys(table.of_char[codes]), field[:-1], gains),
        _post(initial_keys(table.initial[codes]), field[:-2], gains),
    )


def _post(
    keys: Keys, field: npt.NDArray[np.uint64], gains: npt.NDArray[np.float32]
) -> Postings:
    """Turn the stream of terms, each in its field, into postings."""
    real = np.flatnonzero(keys)
    marks = keys[real].astype(np.uint64) << np.uint64(18) | field[real]
    marks.sort()
    field = marks & np.uint64((1 << 18) - 1)
    pairs = marks >> np.uint64(18) << np.uint64(16) | field // np.uint64(3)
    first = _firsts(pairs)
    found = np.add.reduceat(gains[field], first) if len(first) else np.zeros(0)
    share = found / (_SATURATION + found)
    impacts = np.maximum(np.rint(share * 255), 1).astype(np.uint64)
    return _posted(pairs[first], impacts)


def _posted(pairs: npt.NDArray[np.uint64], impacts: npt.NDArray[np.uint64]) -> Postings:
    """Cut rising (term, entry) pairs, 16 bits the entry, into postings."""
    keys = (pairs >> np.uint64(16)).astype(np.uint32)
    first = _firsts(keys)
    return Postings(
        keys=keys[first],
        starts=np.append(first, len(keys)),
        entries=(pairs & np.uint64(0xFFFF)).astype(np.uint16),
        impacts=impacts.astype(np.uint8),
    )


def _firsts(values: npt.NDArray[np.uint64] | Keys) -> Places:
    """Return where a new value begins in rising *values*."""
    if not len(values):
        return np.zeros(0, np.int64)
    return np.flatnonzero(np.append(True, values[1:] != values[:-1]))


def merge_segments(parts: Sequence[Segment]) -> Segment:
    """Join segments of at most 65,536 entries together; the order is kept."""
    before = np.cumsum([0, *map(len, parts)]).tolist()
    letters = np.cumsum([0, *(len(part.codes) for part in parts)]).tolist()
    return Segment(
        codes=np.concatenate([part.codes for part in parts]),
        fields=np.concatenate(
            [p.fields[:-1] + at for p, at in zip(parts, letters, strict=False)]
            + [np.array(letters[-1:])]
        ),
        ids=np.concatenate([part.ids for part in parts]),
        has_number=np.concatenate([part.has_number for part in parts]),
        plans={
            plan: (low + at, high + at)
            for part, at in zip(parts, before, strict=False)
            for plan, (low, high) in part.plans.items()
        },
        postings=tuple(
            _merge([part.postings[kind] for part in parts], before) for kind in KINDS
        ),
    )


def _merge(parts: Sequence[Postings], before: Sequence[int]) -> Postings:
    """Join the postings of one kind; *before* counts the entries before each part."""
    marks = np.concatenate(
        [
            (
                np.repeat(part.keys.astype(np.uint64), np.diff(part.starts))
                << np.uint64(24)
            )
            | (part.entries.astype(np.uint64) + np.uint64(shift)) << np.uint64(8)
            | part.impacts
            for part, shift in zip(parts, before, strict=False)
        ]
    )
    marks.sort()
    return _posted(marks >> np.uint64(8), marks & np.uint64(0xFF))


def without_plan(segment: Segment, plan: int) -> Segment | None:
    """Return *segment* without one of its plans; None if nothing is left."""
    if plan not in segment.plans:
        return segment
    low, high = segment.plans[plan]
    gone = high - low
    if gone == len(segment):
        return None
    cut = segment.fields[[3 * low, 3 * high]]
    return Segment(
        codes=np.delete(segment.codes, slice(*cut)),
        fields=np.concatenate(
            (segment.fields[: 3 * low], segment.fields[3 * high :] - (cut[1] - cut[0]))
        ),
        ids=np.delete(segment.ids, slice(low, high)),
        has_number=np.delete(segment.has_number, slice(low, high)),
        plans={
            other: (first - gone, last - gone) if first >= high else (first, last)
            for other, (first, last) in segment.plans.items()
            if other != plan
        },
        postings=tuple(_without(p, low=low, high=high) for p in segment.postings),
    )


def _without(postings: Postings, *, low: int, high: int) -> Postings:
    """Return *postings* without the entries low..high, the later ones moved up."""
    size = np.uint16(high - low)
    # Unsigned: what stands before *low* wraps around to a large number.
    gone = np.flatnonzero(postings.entries - np.uint16(low) < size)
    entries = np.delete(postings.entries, gone)
    entries -= (entries >= np.uint16(low)) * size
    starts = postings.starts - np.searchsorted(gone, postings.starts)
    used = np.flatnonzero(np.diff(starts))
    return Postings(
        keys=postings.keys[used],
        starts=np.append(starts[used], starts[-1:]),
        entries=entries,
        impacts=np.delete(postings.impacts, gone),
    )
