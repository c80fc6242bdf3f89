"""Teaches what a wish for a list of tasks sounds like, and writes its table anew.

python -m bench.teach_lists [FILE.jsonl ...]   (without files: the sets dev and wild)

A line is a question of the sets, with its kind. The points of the pieces are found by
a linear support vector machine. The same lines give the same table. The real plans
are needed: what a question names is read against the plan that it is about.
"""

import argparse
import asyncio
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bench.accuracy import PLANS, QUESTIONS, ROOT, Case, cases_in
from bench.teach_replies import Matrix, descend, row_of
from bot.app import App
from bot.settings import Settings
from handlers.list_points import LENGTH, TABLE, pieces_of
from handlers.open_plans import OpenPlans, Table
from handlers.question import read_question

SETS = ("dev", "wild")
LISTS = frozenset({"our_tasks", "department_tasks", "joint"})
KEPT = 6_000

_COST = 0.3
_LEAST = 2
_POINTS = 100

Lesson = tuple[frozenset[str], bool]


async def lessons_of(cases: Sequence[Case]) -> list[Lesson]:
    """Read questions as the product does: their pieces, and is a list wished for?

    Those that lean on what was said before teach nothing.
    """
    opened = {doc: await _opened(path) for doc, path in PLANS.items()}
    return [
        (_pieces(case, opened[case.doc]), case.kind in LISTS)
        for case in cases
        if not case.context
    ]


async def _opened(path: Path) -> OpenPlans:
    """Import a plan into a store of its own, and lay it open."""
    file = ROOT / "config" / "bot.toml"
    settings = Settings.load(file, {}, database="sqlite+aiosqlite://")
    async with App.open(settings) as app:
        proposal = await app.propose(app.read_plan(path), actor="teach")
        await app.sign(proposal.plan, signed_by="teach")
        await app.refresh()
        return Table(app.desk.shelf, app.departments).open(app.desk.shelf.plans)


def _pieces(case: Case, opened: OpenPlans) -> frozenset[str]:
    question = read_question(case.question, opened, ours=case.asker_department)
    return frozenset(pieces_of(question.nameless))


def teach(lessons: Sequence[Lesson], *, kept: int = KEPT) -> dict[str, int]:
    """Find the points of the pieces that stand in two questions or more.

    The *kept* weightiest are taught again, alone.
    """
    counts = Counter(piece for pieces, _ in lessons for piece in pieces)
    known = sorted(piece for piece, count in counts.items() if count > 1)
    heavy = np.argsort(-np.abs(_weights(lessons, known)), kind="stable")[:kept]
    known = [known[place] for place in sorted(heavy)]
    points = np.rint(_weights(lessons, known) * _POINTS).astype(int).tolist()
    return {
        piece: given
        for piece, given in zip(known, points, strict=True)
        if abs(given) >= _LEAST
    }


def _weights(lessons: Sequence[Lesson], pieces: Sequence[str]) -> Matrix:
    places = {piece: place for place, piece in enumerate(pieces)}
    rows = [row_of(known, places) for known, _ in lessons]
    sides = np.array([[1.0 if is_list else -1.0] for _, is_list in lessons])
    costs = np.full(len(lessons), _COST)
    return descend(rows, sides, costs, size=len(pieces), length=LENGTH)[:, 0]


def main() -> None:
    """Teach the table, and write it over the one that is in use."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path)
    files = parser.parse_args().files or [QUESTIONS / f"{one}.jsonl" for one in SETS]
    cases = [case for file in files for case in cases_in(file)]
    points = teach(asyncio.run(lessons_of(cases)))
    rows = (f"{piece}\t{given:+}" for piece, given in sorted(points.items()))
    TABLE.write_text("\n".join((*HEAD, *rows, "")), "utf-8")


HEAD = (
    "# 左边是问话里的一小段（□ 是单位名，^ $ 是首尾），右边是它的分：",
    "# 一句话各段的分合起来，越高越像在要任务清单。",
    "# 可以改一个数，加一行（小段、制表符、分），重启生效。",
    "# 重新教一遍：python -m bench.teach_lists，手改的会被盖掉。",
)

if __name__ == "__main__":
    main()
