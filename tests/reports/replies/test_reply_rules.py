"""The table of rules: each row does what its example says."""

import re
from datetime import date

import pytest

from bot.reports.calendar import WorkCalendar
from bot.reports.replies.clauses import take_apart
from bot.reports.replies.days import Today
from bot.reports.replies.lexicon import KINDS, MISSPELT, WORDS
from bot.reports.replies.patterns import Rule, Sense, Table, kinds_of
from bot.reports.replies.pieces import pieces_of
from bot.reports.replies.rules import AFTER_CLAIMS, NO_CLAIM
from bot.reports.replies.shapes import SHAPES
from bot.reports.replies.tokens import Token

TODAY = Today(date(2026, 12, 22), WorkCalendar(), date(2026, 12, 30))
ROWS = [(rule, NO_CLAIM) for rule in NO_CLAIM]
ROWS += [(rule, AFTER_CLAIMS) for rule in AFTER_CLAIMS]


@pytest.mark.parametrize(
    ("rule", "table"), ROWS, ids=lambda one: getattr(one, "example", "")
)
def test_a_rule_is_the_first_that_fits_its_example(rule: Rule, table: Table) -> None:
    pieces = pieces_of(take_apart(rule.example).clauses, today=TODAY)

    assert any(table.first(piece.tokens) is rule for piece in pieces)


@pytest.mark.parametrize("shape", SHAPES, ids=lambda one: one[2])
def test_a_shape_stands_in_its_example(shape: tuple[str, str, str]) -> None:
    _, pattern, example = shape

    assert any(
        re.search(pattern, clause.text) for clause in take_apart(example).clauses
    )


def test_no_rule_makes_a_claim() -> None:
    assert all(rule.sense is not Sense.CLAIM for rule, _ in ROWS)


def test_a_word_stands_in_one_kind() -> None:
    words = [word for row in WORDS.values() for word in row.split()]

    assert len(words) == len(set(words)) == len(KINDS)
    assert not MISSPELT.keys() & KINDS.keys()


@pytest.mark.parametrize(
    ("pattern", "kinds", "fits"),
    [
        ("NO HAND", "NO HAND LE", True),
        ("NO HAND", "NO THING HAND", False),
        ("NO .. HAND", "NO THING DEST HAND", True),
        ("DAY .. HAND", "DAY NO HAND", False),
        ("DAY ... HAND", "DAY NO HAND", True),
        ("HAND LE? NO $", "HAND NO", True),
        ("HAND LE? NO $", "HAND NO THING", False),
        ("^ FILL* NO $", "FILL FILL FILL FILL NO", True),
        ("^ FILL* NO $", "FILL FILL FILL FILL FILL NO", False),
        ("EITHER HAND !LE", "EITHER HAND THING", True),
        ("EITHER HAND !LE", "EITHER HAND LE", False),
        ("EITHER HAND !LE", "EITHER HAND", False),
        ("NO|NOTYET HAND", "NOTYET HAND", True),
        ("NO HAND", "FOONO HAND", False),
    ],
)
def test_a_pattern_fits_an_order_of_kinds(pattern: str, kinds: str, fits: bool) -> None:
    tokens = [Token(kind, "", 0) for kind in kinds.split()]
    rule = Rule(Sense.NOTHING, pattern, "")

    assert kinds_of(tokens) == f"{kinds} "
    assert (Table((rule,)).first(tokens) is rule) == fits
