"""The language of the rules: orders of kinds of words, and what they say.

A pattern is a row of kinds of words (lexicon.py): `A|B` is either, `A?` may be missing,
`A*` stands up to four times, `!A` is one word of another kind, `^` and `$` are the
ends of the piece, `..` is up to five words that turn nothing round, `...` up to five
words of any kind.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

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
    compiled: "re.Pattern[str]" = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Compile the pattern; no row can take longer than its gaps allow."""
        object.__setattr__(self, "compiled", re.compile(_expression(self.pattern)))


_TURNS = "NO|NOTYET|NOT|NEEDNOT|BUT|CANT|FAIL"


def _expression(pattern: str) -> str:
    return "".join(map(_element, pattern.split()))


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


def rule_for(tokens: Sequence[Token], rules: Sequence[Rule]) -> Rule | None:
    """Return the first rule that fits; None if no rule does."""
    kinds = kinds_of(tokens)
    return next((rule for rule in rules if rule.compiled.search(kinds)), None)
