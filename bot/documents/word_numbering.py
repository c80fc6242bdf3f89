"""Automatic numbering of a Word file: which number stands before a paragraph."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from bot.documents.numerals import numeral

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
LEVELS = 9
BULLET = "•"

_HOLE = re.compile(r"%([1-9])")
_CLOSED = "、，。：；．）)】〕》·"


@dataclass(frozen=True, slots=True)
class Level:
    """How one level of a list is numbered."""

    start: int = 1
    kind: str = "decimal"
    pattern: str = ""
    restart: int | None = None
    is_legal: bool = False
    suffix: str = "tab"


class Numbering:
    """The lists of a document, counted on paragraph by paragraph."""

    def __init__(self, root: etree._Element | None) -> None:
        """Read the numbering part; None stands for a document without lists."""
        self._levels: dict[str, dict[int, Level]] = {}
        self._abstract: dict[str, str] = {}
        self._starts: dict[str, dict[int, int]] = {}
        self._styles: dict[tuple[str, str], int] = {}
        self._counts: dict[str, list[int | None]] = {}
        self._begun: set[tuple[str, int]] = set()
        if root is not None:
            self._read(root)

    def level_of_style(self, *, list_id: str, style: str) -> int:
        """Return the level that a list keeps for a paragraph style, or 0."""
        return self._styles.get((list_id, style), 0)

    def next_label(self, list_id: str, level: int) -> str:
        """Count one paragraph, and return what Word prints before it, or ""."""
        levels = self._levels.get(list_id)
        if levels is None or not 0 <= level < LEVELS:
            return ""
        values = self._advance(list_id, level, levels)
        shape = levels.get(level, Level())
        if shape.kind == "bullet":
            return _bullet(shape)
        return _label(shape, values, levels)

    def _advance(self, list_id: str, level: int, levels: dict[int, Level]) -> list[int]:
        """Count on at *level*; return the values of all levels down to it."""
        values = self._counts.setdefault(self._abstract[list_id], [None] * LEVELS)
        start = self._start(list_id, level, levels)
        override = self._starts[list_id].get(level)
        if override is not None and (list_id, level) not in self._begun:
            values[level] = None
        self._begun.add((list_id, level))
        current = values[level]
        values[level] = start if current is None else current + 1
        for lower in range(level + 1, LEVELS):
            if _restarts(levels.get(lower, Level()), lower, level):
                values[lower] = None
        for upper in range(level):
            if values[upper] is None:
                values[upper] = self._start(list_id, upper, levels)
        return [value or 0 for value in values[: level + 1]]

    def _start(self, list_id: str, level: int, levels: dict[int, Level]) -> int:
        override = self._starts[list_id].get(level)
        return levels.get(level, Level()).start if override is None else override

    def _read(self, root: etree._Element) -> None:
        abstracts = {
            item.get(f"{W}abstractNumId", ""): item
            for item in root.iterchildren(f"{W}abstractNum")
        }
        styled = {
            _value(item, "styleLink"): number
            for number, item in abstracts.items()
            if _value(item, "styleLink")
        }
        for item in root.iterchildren(f"{W}num"):
            number = _value(item, "abstractNumId")
            linked = abstracts.get(number)
            if linked is not None and _value(linked, "numStyleLink"):
                number = styled.get(_value(linked, "numStyleLink"), number)
            if number in abstracts:
                self._add(item, number, abstracts[number])

    def _add(self, item: etree._Element, number: str, abstract: etree._Element) -> None:
        """Enter one list: the levels of its model, and what it changes in them."""
        list_id = item.get(f"{W}numId", "")
        self._abstract[list_id] = number
        self._levels[list_id] = dict(self._read_levels(abstract, list_id))
        self._starts[list_id] = {}
        for change in item.iterchildren(f"{W}lvlOverride"):
            level = _integer(change.get(f"{W}ilvl"), 0)
            self._levels[list_id].update(self._read_levels(change, list_id))
            start = _value(change, "startOverride")
            if start:
                self._starts[list_id][level] = _integer(start, 1)

    def _read_levels(
        self, parent: etree._Element, list_id: str
    ) -> Iterator[tuple[int, Level]]:
        for item in parent.iterchildren(f"{W}lvl"):
            level = _integer(item.get(f"{W}ilvl"), 0)
            style = _value(item, "pStyle")
            if style:
                self._styles[list_id, style] = level
            restart = _value(item, "lvlRestart")
            yield (
                level,
                Level(
                    start=_integer(_value(item, "start"), 0),
                    kind=_kind(item),
                    pattern=_value(item, "lvlText"),
                    restart=_integer(restart, 0) if restart else None,
                    is_legal=item.find(f"{W}isLgl") is not None,
                    suffix=_value(item, "suff") or "tab",
                ),
            )


def _restarts(shape: Level, lower: int, counted: int) -> bool:
    """Tell whether level *lower* begins anew when level *counted* is counted."""
    if shape.restart is None:
        return counted < lower
    return counted < shape.restart


def _label(shape: Level, values: list[int], levels: dict[int, Level]) -> str:
    def fill(hole: re.Match[str]) -> str:
        place = int(hole[1]) - 1
        if place >= len(values):
            return ""
        kind = "decimal" if shape.is_legal else levels.get(place, Level()).kind
        return numeral(values[place], kind)

    label = _HOLE.sub(fill, shape.pattern)
    return label + _gap(label, shape)


def _gap(label: str, shape: Level) -> str:
    """Return the blank between a label and its text; none after 、 or ）."""
    if not label or shape.suffix == "nothing" or label[-1] in _CLOSED:
        return ""
    return " "


def _bullet(shape: Level) -> str:
    """Return the mark of a bullet; one of a symbol font cannot be told, so a dot."""
    mark = shape.pattern.strip()
    is_symbol = any("\ue000" <= char <= "\uf8ff" for char in mark)
    mark = BULLET if is_symbol else mark
    return mark + _gap(mark, shape)


def _kind(level: etree._Element) -> str:
    """Return the number format, which new files hide in a choice of dialects."""
    found = level.find(f"{W}numFmt")
    if found is None:
        found = next(level.iter(f"{W}numFmt"), None)
    kind = "decimal" if found is None else found.get(f"{W}val", "decimal")
    if found is not None and kind == "custom":
        padded = (found.get(f"{W}format") or "").startswith("01")
        return "decimalZero" if padded else "decimal"
    return str(kind)


def _value(parent: etree._Element, name: str) -> str:
    """Return the w:val of a child, or ""."""
    child = parent.find(f"{W}{name}")
    return "" if child is None else child.get(f"{W}val", "")


def _integer(text: str | None, fallback: int) -> int:
    try:
        return int(text or "")
    except ValueError:
        return fallback
