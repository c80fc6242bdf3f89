"""Patterns that are tried only on texts that have a character they cannot do without.

A question meets a hundred patterns and fits a few. Most are ruled out by the set of
its characters: that takes a tenth of the time, and they are never even compiled.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

_REPEATS = (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT)


@dataclass(frozen=True)
class Phrase:
    """A pattern; a text that it matches has one of the characters of `needs`."""

    pattern: str

    @cached_property
    def needs(self) -> frozenset[str]:
        """The characters of which a text needs one; empty where none can be named."""
        found = _of_sequence(_parser.parse(self.pattern))
        return frozenset(map(chr, found or ()))

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self.pattern)

    def spans(self, text: str) -> list[tuple[int, int]]:
        """List where the pattern stands in *text*."""
        if self.needs and self.needs.isdisjoint(text):
            return []
        found = self._compiled.finditer(text)
        return [one.span() for one in found if one.group()]


def _of_sequence(parts: Iterable[tuple[Any, Any]]) -> set[int] | None:
    """Return what the part that can be told by the fewest characters needs."""
    told = [needs for part in parts if (needs := _of_part(*part)) is not None]
    return min(told, key=len, default=None)


def _of_part(code: Any, value: Any) -> set[int] | None:
    """Return the characters of which one must stand in the text; None if unknown."""
    if code is codes.LITERAL:
        return {value}
    if code is codes.IN:
        return _of_all(
            {item} if kind is codes.LITERAL else None for kind, item in value
        )
    if code is codes.BRANCH:
        return _of_all(map(_of_sequence, value[1]))
    if code is codes.SUBPATTERN:
        return _of_sequence(value[-1])
    if code is codes.ASSERT:
        return _of_sequence(value[1])
    if code in _REPEATS and value[0] > 0:
        return _of_sequence(value[2])
    return None


def _of_all(alternatives: Iterable[set[int] | None]) -> set[int] | None:
    """Join what alternatives need; None as soon as one of them is unknown."""
    joined: set[int] = set()
    for needs in alternatives:
        if needs is None:
            return None
        joined |= needs
    return joined
