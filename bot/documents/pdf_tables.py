"""Ruled tables on a PDF page: cells between the rules, and the text in them."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from bot.documents.pdf_chars import Char
from bot.documents.pdf_lines import printed_lines
from bot.documents.pdf_rules import Rule

MOST_RULES = 1_000
MOST_CELLS = 20_000
_TOUCH = 3.0  # points

Rows = tuple[tuple[str, ...], ...]
Cell = tuple[int, int]


@dataclass(frozen=True, slots=True)
class RuledTable:
    """A table on a page: its cells, where it stands, and where its columns part."""

    rows: Rows
    top: float
    columns: tuple[float, ...]

    @property
    def middle(self) -> float:
        """Return the height by which the table is ordered among the lines."""
        return self.top


def ruled_tables(
    chars: list[Char], *, flat: list[Rule], upright: list[Rule]
) -> tuple[list[RuledTable], list[Char]]:
    """Find the tables between the rules; return them, and the characters outside.

    A table has two columns or more and text in two cells or more; a frame around
    text is none. Cells without a rule between them are one, repeated in each.
    """
    tables: list[RuledTable] = []
    if len(flat) + len(upright) > MOST_RULES:
        return tables, chars
    for grid in _grids(flat, upright):
        inside, outside = grid.parted(chars)
        rows = grid.rows(inside)
        if len({text for row in rows for text in row if text}) > 1:
            tables.append(RuledTable(rows, grid.ys[-1], tuple(grid.xs)))
            chars = outside
    return tables, chars


@dataclass(frozen=True, slots=True)
class _Grid:
    """Rules that cross: where they stand, rising, and which parts they cover."""

    xs: list[float]
    ys: list[float]
    flat: list[Rule]
    upright: list[Rule]

    def parted(self, chars: list[Char]) -> tuple[dict[Cell, list[Char]], list[Char]]:
        """Part *chars* into those of each cell and those outside."""
        inside: dict[Cell, list[Char]] = {}
        outside: list[Char] = []
        for char in chars:
            row = bisect_right(self.ys, (char.top + char.bottom) / 2) - 1
            column = bisect_right(self.xs, (char.left + char.right) / 2) - 1
            if 0 <= row < len(self.ys) - 1 and 0 <= column < len(self.xs) - 1:
                inside.setdefault((row, column), []).append(char)
            else:
                outside.append(char)
        return inside, outside

    def rows(self, inside: dict[Cell, list[Char]]) -> Rows:
        """Return the text of each cell, from the top row down."""
        owner = self._owners()
        chars: dict[Cell, list[Char]] = {}
        for cell, found in inside.items():
            chars.setdefault(owner[cell], []).extend(found)
        texts = {
            cell: "\n".join(line.text for line in printed_lines(found))
            for cell, found in chars.items()
        }
        return tuple(
            tuple(
                texts.get(owner[row, column], "") for column in range(len(self.xs) - 1)
            )
            for row in reversed(range(len(self.ys) - 1))
        )

    def _owners(self) -> dict[Cell, Cell]:
        """Tell for each place of the grid which cell it belongs to."""
        owner: dict[Cell, Cell] = {}
        for row in range(len(self.ys) - 1):
            for column in range(len(self.xs) - 1):
                self._settle(owner, row, column)
        return {cell: _root(owner, cell) for cell in owner}

    def _settle(self, owner: dict[Cell, Cell], row: int, column: int) -> None:
        """Join a place to those at its left and below that no rule parts from it."""
        here = owner[row, column] = (row, column)
        height = (self.ys[row] + self.ys[row + 1]) / 2
        middle = (self.xs[column] + self.xs[column + 1]) / 2
        if column and not _is_ruled(self.upright, at=self.xs[column], through=height):
            owner[_root(owner, here)] = _root(owner, (row, column - 1))
        if row and not _is_ruled(self.flat, at=self.ys[row], through=middle):
            owner[_root(owner, here)] = _root(owner, (row - 1, column))


def _root(owner: dict[Cell, Cell], cell: Cell) -> Cell:
    while owner[cell] != cell:
        owner[cell] = owner[owner[cell]]
        cell = owner[cell]
    return cell


def _is_ruled(rules: list[Rule], *, at: float, through: float) -> bool:
    return any(
        abs(rule.at - at) <= _TOUCH and rule.first <= through <= rule.last
        for rule in rules
    )


def _grids(flat: list[Rule], upright: list[Rule]) -> list[_Grid]:
    """Group rules that cross one another, the highest group first."""
    groups: list[tuple[list[Rule], list[Rule]]] = []
    for rule in flat:
        crossing = [other for other in upright if _cross(rule, other)]
        touched = [group for group in groups if _shares(group[1], crossing)]
        groups = [group for group in groups if not _shares(group[1], crossing)]
        merged = [rule, *(one for group in touched for one in group[0])]
        others = [*crossing, *(one for group in touched for one in group[1])]
        groups.append((merged, list(dict.fromkeys(others))))
    grids = [
        _Grid(_places(upright), _places(flat), flat, upright)
        for flat, upright in groups
    ]
    grids = [grid for grid in grids if len(grid.xs) > 2 and len(grid.ys) > 1]
    small = [grid for grid in grids if len(grid.xs) * len(grid.ys) < MOST_CELLS]
    return sorted(small, key=lambda grid: -grid.ys[-1])


def _cross(flat: Rule, upright: Rule) -> bool:
    return (
        flat.first - _TOUCH <= upright.at <= flat.last + _TOUCH
        and upright.first - _TOUCH <= flat.at <= upright.last + _TOUCH
    )


def _shares(one: list[Rule], other: list[Rule]) -> bool:
    return not set(one).isdisjoint(other)


def _places(rules: Iterable[Rule]) -> list[float]:
    """Return where *rules* stand, rising, those that nearly meet once."""
    places: list[float] = []
    for at in sorted(rule.at for rule in rules):
        if not places or at - places[-1] > _TOUCH:
            places.append(at)
    return places
