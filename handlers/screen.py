"""Which of many patterns a text may hold, told at a glance by its characters."""

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from re import _constants as ops  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

_WIDEST = 64  # characters of a range that are listed one by one
_COMMON = frozenset("的了是有在个多少几什么哪些谁怎要报年我们任务负责")
_COMMONER = 9  # times as often in a question as any other character
_ONCE = (ops.MAX_REPEAT, ops.MIN_REPEAT, ops.POSSESSIVE_REPEAT)


class Screen:
    """Patterns in their order; most are passed over without a look by their engine.

    A pattern of which no match can do without one of some characters, as 谁 or 啥, is
    not tried on a text that has none of them. They are compiled when first tried.
    """

    def __init__(self, patterns: Sequence[str], *, present: str = "") -> None:
        """Screen *patterns*; the characters *present* are taken to be in any text."""
        self._patterns = patterns
        self._present = frozenset(present)
        self._compiled: dict[int, re.Pattern[str]] = {}

    @cached_property
    def _marks(self) -> tuple[int, dict[str, int]]:
        """The patterns that are always tried, and those that a character calls for.

        Both are sets of bits.
        """
        always, called = 0, dict[str, int]()
        for number, pattern in enumerate(self._patterns):
            chars = _needed(parser.parse(pattern), self._present)
            if chars is None:
                always |= 1 << number
            for char in chars or ():
                called[char] = called.get(char, 0) | 1 << number
        return always, called

    def which_may_stand_in(self, text: str) -> Iterator[tuple[int, re.Pattern[str]]]:
        """Yield the patterns, by number and in order, that *text* may hold."""
        wanted, called = self._marks
        for char in text:
            wanted |= called.get(char, 0)
        while wanted:
            number = (wanted & -wanted).bit_length() - 1
            wanted &= wanted - 1
            if number not in self._compiled:
                self._compiled[number] = re.compile(self._patterns[number])
            yield number, self._compiled[number]


def _needed(parsed: Any, present: frozenset[str]) -> frozenset[str] | None:
    """Return characters of which every match has one; None if it may lack them all."""
    found = [chars for op, what in parsed if (chars := _of(op, what, present))]
    return min(found, key=_often, default=None)


def _often(chars: frozenset[str]) -> int:
    """Say how often a text may have one of *chars*."""
    return len(chars) + _COMMONER * len(chars & _COMMON)


def _of(op: Any, what: Any, present: frozenset[str]) -> frozenset[str] | None:
    if op is ops.LITERAL:
        return frozenset(chr(what)) - present or None
    if op is ops.IN:
        return _of_set(what, present)
    if op is ops.BRANCH:
        ways = [_needed(way, present) for way in what[1]]
        return None if None in ways else frozenset().union(*filter(None, ways))
    if op is ops.SUBPATTERN or (op in _ONCE and what[0]):
        return _needed(what[-1], present)
    if op is ops.ASSERT:
        return _needed(what[1], present)
    return None


def _of_set(members: Any, present: frozenset[str]) -> frozenset[str] | None:
    """List the characters of a set such as [一二三]; None if it is large or open."""
    chars: set[str] = set()
    for op, what in members:
        if op is ops.LITERAL:
            chars.add(chr(what))
        elif op is ops.RANGE and what[1] - what[0] < _WIDEST:
            chars |= {chr(code) for code in range(what[0], what[1] + 1)}
        else:
            return None
    return frozenset(chars) if present.isdisjoint(chars) else None
