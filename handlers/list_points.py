"""How much a message sounds like a wish for a department's tasks, in points.

The points are taught from the questions of several writers (`bench.teach_lists`), so
that wordings are recognised which nobody listed: 又有我们，到底摊上哪几样.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from math import sqrt
from pathlib import Path

from bot.errors import SettingsError
from handlers.phrases import GAP

TABLE = Path(__file__).with_name("list_pieces.tsv")
LENGTH = 3
"""How much all pieces of a message weigh together, when they are taught."""

SURELY = 40
"""Points with which a list is given whatever else a message names."""

LIKELY = 0
"""Points with which a list is given rather than the message searched for as a topic."""

_LONGEST = 3  # characters of a piece; longer ones tell no more
_NAME = "□"  # stands for the name of a department
_NAMES = re.compile(f"{GAP}+")
_BLANKS = re.compile(r"\s+")


def pieces_of(text: str) -> set[str]:
    """Cut a question, with gaps for the names of departments, into its pieces.

    A piece has at most three characters; ^ and $ are the ends of the question.
    """
    marked = f"^{_BLANKS.sub('', _NAMES.sub(_NAME, text))}$"
    return {
        marked[at : at + length]
        for length in range(1, _LONGEST + 1)
        for at in range(len(marked) - length + 1)
    }


def points(text: str) -> int:
    """Add up what the pieces of a question say for a list, or against it.

    More than 0: for it. The sum is divided by the root of the number of pieces that
    are known, so that a long question is no surer than a short one.
    """
    table = _table()
    known = [table[piece] for piece in pieces_of(text) if piece in table]
    return round(sum(known) * LENGTH / sqrt(len(known) or 1))


def read_table(lines: Iterable[str]) -> Mapping[str, int]:
    """Read the rows of a table, a piece and its points; raises SettingsError."""
    rows = (line.split("\t") for line in lines if not line.startswith("#"))
    try:
        return {piece: int(given) for piece, given in rows}
    except ValueError as error:
        raise SettingsError(f"{TABLE.name}: {error}") from error


@cache
def _table() -> Mapping[str, int]:
    return read_table(TABLE.read_text("utf-8").splitlines())
