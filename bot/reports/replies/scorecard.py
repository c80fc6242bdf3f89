"""The scorecard: how many points each sign of a reply gives to each label."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from math import sqrt
from pathlib import Path
from typing import Self

from bot.errors import SettingsError
from bot.reports.replies.meaning import Label
from bot.reports.replies.signs import MASKS

TABLE = Path(__file__).with_name("phrases.tsv")
NAMES = {
    Label.RECEIVED: "收到",
    Label.CLAIMED: "已报",
    Label.NOT_YET: "没报",
    Label.PROMISE: "约定",
    Label.EXTENSION: "延期",
    Label.NIL: "零报告",
    Label.DISPUTE: "异议",
    Label.PARTIAL: "部分",
    Label.HANDOVER: "换人",
    Label.QUESTION: "询问",
    Label.WITHDRAW: "撤回",
    Label.OTHER: "其他",
}
"""How the table names the labels."""

LABELS = tuple(NAMES)
LENGTH = 3
"""How much all the signs of a reply weigh together, when they are taught."""

_BY_NAME = {name: place for place, name in enumerate(NAMES.values())}


BY_RULE = 25
"""What a label that the rules read is worth beside the points."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The label with most points, and by how many it leads.

    `margin` is divided by the root of the number of signs, so that a long reply, which
    shows many, is no surer than a short one.
    """

    label: Label
    margin: int


@dataclass(frozen=True, slots=True)
class Scorecard:
    """Points by sign: pairs of a place in `LABELS` and the points for it."""

    points: Mapping[str, tuple[tuple[int, int], ...]]

    @classmethod
    def read(cls, lines: Iterable[str]) -> Self:
        """Read the rows of a table; raise SettingsError for one that it cannot read."""
        rows = (line.rstrip("\n").split("\t") for line in lines)
        try:
            return cls({plain(row[0]): _points(row[1:]) for row in rows if row[1:]})
        except (KeyError, ValueError) as error:
            raise SettingsError(f"{TABLE.name}: {error}") from error

    def judge(self, signs: Collection[str], *, ruled: Label) -> Verdict:
        """Add up the points of signs; between equals the label named first wins.

        What the rules read (*ruled*) has so many points more that a lead of `BY_RULE`
        is made good.
        """
        totals = [0.0] * len(LABELS)
        known = 0
        for sign in signs:
            row = self.points.get(sign)
            if row is not None:
                known += 1
                for place, points in row:
                    totals[place] += points
        length = sqrt(known or 1) / LENGTH
        totals[LABELS.index(ruled)] += BY_RULE * length
        second, best = sorted(totals)[-2:]
        margin = round((best - second) / length)
        return Verdict(LABELS[totals.index(best)], margin)


def _points(cells: Iterable[str]) -> tuple[tuple[int, int], ...]:
    found = []
    for cell in cells:
        at = max(cell.rfind("+"), cell.rfind("-"))
        found.append((_BY_NAME[cell[:at]], int(cell[at:])))
    return tuple(found)


def plain(sign: str) -> str:
    """Return a sign as it is counted, from how the table writes it."""
    for mask, written in MASKS.items():
        sign = sign.replace(written, mask)
    return sign


def written(sign: str) -> str:
    """Return a sign as the table writes it."""
    for mask, name in MASKS.items():
        sign = sign.replace(mask, name)
    return sign


@cache
def scorecard() -> Scorecard:
    """Read the table that comes with the program, once."""
    return Scorecard.read(TABLE.read_text("utf-8").splitlines())
