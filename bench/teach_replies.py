"""Teaches the scorecard of replies from labelled lines, and writes its table anew.

python -m bench.teach_replies [FILE.jsonl ...]     (without files: the dev set)

A line is {"id","now","due","report","in_reply_to_nudge","text","label"}. The points of
the phrases are found by linear support vector machines, one label against the rest, by
dual coordinate descent. The same lines give the same table.
"""

import argparse
import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.chinese import fold
from bot.reports.calendar import WorkCalendar
from bot.reports.replies.clauses import take_apart
from bot.reports.replies.days import Today
from bot.reports.replies.meaning import Label
from bot.reports.replies.scorecard import LABELS, LENGTH, NAMES, TABLE, written
from bot.reports.replies.senses import Scene
from bot.reports.replies.signs import signs_of
from bot.reports.replies.understanding import read

DEV = Path(__file__).parent.parent / "tests" / "replies" / "dev.jsonl"
KEPT = 12_000
"""Rows of the table: with fewer it knew less, with more no more."""

_ROUNDS = 12
_LEAST = 3
_COST = 0.3
_OWN = "r"
_HALF = 0.5
_POINTS = 100
_SEED = 6

Matrix = NDArray[np.float64]
Row = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Lesson:
    """A labelled line: its signs, its label, and how much it counts."""

    signs: frozenset[str]
    label: Label
    weight: float


def lesson_of(line: Mapping[str, Any], calendar: WorkCalendar) -> Lesson:
    """Take the signs off a labelled line.

    The lines of those who wrote the rules (their id begins with r) are many and
    resemble each other: they count half.
    """
    now = datetime.fromisoformat(line["now"])
    due_on = date.fromisoformat(line["due"]) if line["due"] else None
    scene = Scene(
        Today(now.date(), calendar, due_on),
        fold(line["report"]),
        line["in_reply_to_nudge"],
    )
    signs = signs_of(read(take_apart(line["text"]).clauses, scene), scene)
    weight = _HALF if str(line["id"]).startswith(_OWN) else 1.0
    return Lesson(frozenset(signs), Label(line["label"]), weight)


def teach(lessons: Sequence[Lesson], *, kept: int = KEPT) -> dict[str, list[int]]:
    """Find the points of signs for each label, in the order of `LABELS`.

    Of the signs that stand in two lines or more the *kept* weightiest are taught again,
    alone; those that then have no points are left out.
    """
    counts = Counter(sign for lesson in lessons for sign in lesson.signs)
    signs = sorted(sign for sign, count in counts.items() if count > 1)
    weights = _weights(lessons, signs)
    heavy = np.argsort(-np.abs(weights).max(axis=1), kind="stable")[:kept]
    signs = [signs[place] for place in sorted(heavy)]
    weights = _weights(lessons, signs)
    points = np.rint(weights * _POINTS).astype(int)
    points[np.abs(points) < _LEAST] = 0
    rows = zip(signs, points.tolist(), strict=True)
    return {sign: row for sign, row in rows if any(row)}


def _weights(lessons: Sequence[Lesson], signs: Sequence[str]) -> Matrix:
    """Return weights by sign and label."""
    places = {sign: place for place, sign in enumerate(signs)}
    rows = [row_of(lesson.signs, places) for lesson in lessons]
    sides = np.array(
        [
            [1.0 if lesson.label is label else -1.0 for label in LABELS]
            for lesson in lessons
        ]
    )
    costs = np.array([lesson.weight * _COST for lesson in lessons])
    return descend(rows, sides, costs, size=len(signs), length=LENGTH)


def row_of(signs: Iterable[str], places: Mapping[str, int]) -> Row:
    """List the places of the signs that have one."""
    known = sorted(places[sign] for sign in signs if sign in places)
    return np.array(known, dtype=np.intp)


def descend(
    rows: Sequence[Row], sides: Matrix, costs: Matrix, *, size: int, length: float
) -> Matrix:
    """Solve all machines at once: squared hinge loss, signs of equal length.

    Each row lists the signs of a line, of *size* signs; all together weigh *length*.
    *sides* are 1 or -1 by line and machine. Returns weights by sign and machine.
    """
    weights = np.zeros((size, sides.shape[1]))
    multipliers = np.zeros_like(sides)
    softness = 1 / (2 * costs)
    order = np.random.default_rng(_SEED)
    for _ in range(_ROUNDS):
        for at in order.permutation(len(rows)):
            row, side = rows[at], sides[at]
            each = length / len(row) ** 0.5
            slope = side * (weights[row].sum(axis=0) * each) - 1
            slope += multipliers[at] * softness[at]
            new = np.maximum(multipliers[at] - slope / (length**2 + softness[at]), 0)
            weights[row] += (new - multipliers[at]) * side * each
            multipliers[at] = new
    return weights


def table_of(points: Mapping[str, Sequence[int]]) -> Iterable[str]:
    """Write the rows of a table: a sign, and its points for each label that has any."""
    for sign, row in sorted(points.items()):
        cells = sorted(
            zip(NAMES.values(), row, strict=True), key=lambda it: -abs(it[1])
        )
        yield "\t".join((written(sign), *(f"{name}{n:+}" for name, n in cells if n)))


def read_lines(files: Collection[Path]) -> list[dict[str, Any]]:
    """Read labelled lines of several files, in their order."""
    texts = (file.read_text("utf-8") for file in files)
    return [json.loads(line) for text in texts for line in text.splitlines() if line]


def main() -> None:
    """Teach the table from files, and write it over the one that is in use."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, default=[DEV])
    calendar = WorkCalendar()
    lines = read_lines(parser.parse_args().files)
    rows = table_of(teach([lesson_of(line, calendar) for line in lines]))
    TABLE.write_text("\n".join((*HEAD, *rows, "")), "utf-8")


HEAD = (
    "# 左边是说法，右边是它给各类别加减的分；一条答复的说法加起来，分最高的是类别。",
    "# ^ $ 是整条的首尾，| 是两句之间；首: 末: 只看头一句、末一句；类: 是词的种类。",
    "# 可以改一个数，加一行（说法、制表符、类别和分），重启生效。",
    "# 重新教一遍：python -m bench.teach_replies，手改的会被盖掉。",
)

if __name__ == "__main__":
    main()
