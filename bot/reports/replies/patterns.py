"""The language of the rules: orders of kinds of words, and what they say.

A pattern is a row of kinds of words (lexicon.py): `A|B` is either, `A?` may be missing,
`A*` stands up to four times, `!A` is one word of another kind, `^` and `$` are the
ends of the piece, `..` is up to five words that turn nothing round, `...` up to five
words of any kind.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import Self

from bot.reports.replies.tokens import Token


class Sense(StrEnum):
    """What one piece of a reply says; several pieces make the label together."""

    CLAIM = "claim"
    NOT_YET = "not_yet"
    DRAFTED = "drafted"  # written or signed, but not handed in
    PROMISE = "promise"
    ASKED_DAY = "asked_day"  # whether a day would do
    EXTENSION = "extension"
    NIL = "nil"
    DISPUTE = "dispute"
    PARTIAL = "partial"
    HANDOVER = "handover"
    WITHDRAW = "withdraw"
    QUESTION = "question"
    STATUS = "status"  # asks whether it was handed in
    RECEIVED = "received"
    DOUBT = "doubt"  # as good as a claim, but not a plain one
    THEIRS = "theirs"  # somebody else, or another report
    RHETORIC = "rhetoric"  # as good as a claim, but only beside one
    JOKE = "joke"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table: its meaning, the order of kinds, and an example."""

    sense: Sense
    pattern: str
    example: str
    needs: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Note what the pattern cannot do without."""
        object.__setattr__(self, "needs", _needs(self.pattern))

    def fits(self, kinds: str) -> bool:
        """Tell whether the order stands in a row of kinds, as `kinds_of` writes it."""
        return _compiled(self.pattern).search(kinds) is not None


_TURNS = "NO|NOTYET|NOT|NEEDNOT|BUT|CANT|FAIL"


@cache
def _compiled(pattern: str) -> "re.Pattern[str]":
    """Compile it when it is first asked for: all of them would delay each command.

    No row can take longer than its gaps allow.
    """
    return re.compile("".join(map(_element, pattern.split())))


def _needs(pattern: str) -> frozenset[str]:
    """Return kinds of which a piece must have one, or nothing of this pattern fits."""
    rows = [
        frozenset(element.split("|"))
        for element in pattern.split()
        if element[0] not in "!^$." and element[-1] not in "?*"
    ]
    return min(rows, key=len, default=frozenset())


def _element(element: str) -> str:
    if element == "^":
        return "^"
    if element == "$":
        return "$"
    if element == "..":
        return rf"(?:(?!(?:{_TURNS}) )\S+ ){{0,5}}?"
    if element == "...":
        return r"(?:\S+ ){0,5}?"
    name, mark = element.rstrip("?*"), element[-1]
    often = {"?": "?", "*": "{0,4}"}.get(mark, "")
    if name.startswith("!"):
        return rf"(?:(?!(?:{name[1:]}) )\S+ ){often}"
    return rf"(?<!\S)(?:(?:{name}) ){often}"


def kinds_of(tokens: Sequence[Token]) -> str:
    """Write the kinds of words in a row, each with a blank behind it."""
    return "".join(f"{token.kind} " for token in tokens)


class Table(tuple[Rule, ...]):
    """Rules in the order in which they are tried, found by a kind that they need."""

    _by_kind: dict[str, list[int]]
    _always: list[int]

    def __new__(cls, rules: Iterable[Rule]) -> Self:
        """Note for each kind the places of the rules that cannot do without it."""
        table = super().__new__(cls, rules)
        table._always = [place for place, rule in enumerate(table) if not rule.needs]
        table._by_kind = {}
        for place, rule in enumerate(table):
            for kind in rule.needs:
                table._by_kind.setdefault(kind, []).append(place)
        return table

    def first(self, tokens: Sequence[Token]) -> Rule | None:
        """Return the first rule that fits; None if no rule does."""
        places = {*self._always}
        for kind in {token.kind for token in tokens}:
            places.update(self._by_kind.get(kind, ()))
        kinds = kinds_of(tokens)
        fitting = (place for place in sorted(places) if self[place].fits(kinds))
        return next((self[place] for place in fitting), None)
