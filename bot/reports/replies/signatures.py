"""A reply that opens with the name of its own department: 县残联收到."""

from collections.abc import Sequence
from dataclasses import replace

from bot.reports.replies.names import is_department
from bot.reports.replies.settling import Piece
from bot.reports.replies.tokens import Token

_AHEAD = frozenset("HELLO FILL OK".split())
_HEARD = frozenset(
    "HELLO FILL OK SEEN THANKS LE PLEASE NOTE THING THIS ALREADY ADV".split()
)
_COMING = frozenset("DAY EITHER".split())
_TO_COME = _COMING | frozenset(
    "HELLO FILL OK SEEN THANKS PERSON PREP THING HAND SEND FUT CAN YOU DEST"
    " UP BA".split()
)
_ASKED = frozenset("Q OKQ YN".split())
_TIME = frozenset("EXT LATE".split()) | _COMING
_LAID_BEFORE = (
    "查收",
    "核收",
    "接收",
    "请收",
    "收一下",
    "审阅",
    "审核",
    "登记",
    "登记一下",
    "备案",
    "记录",
    "特此报告",
)


def signed(pieces: Sequence[Piece], *, in_reply: bool) -> list[Piece]:
    """Take the department that opens a reply for its writer's, where none else fits.

    It does for who says that he heard, who lays something before the office, and, in
    reply to a nudge, who names a day or asks for one. A mere 教育局已报 or 教育局零报告
    may as well be said of a neighbour: that is asked back.
    """
    place = _opening(pieces)
    if place is None or not _speaks_for_itself(pieces, in_reply=in_reply):
        return list(pieces)
    first, *rest = pieces
    tokens = [*first.tokens]
    tokens[place] = replace(tokens[place], kind="WE")
    return [replace(first, tokens=tuple(tokens)), *rest]


def _opening(pieces: Sequence[Piece]) -> int | None:
    """Find the one department of a reply, if its words begin with that."""
    tokens = [token for piece in pieces for token in piece.tokens]
    others = [token for token in tokens if token.kind == "THEY"]
    if len(others) != 1 or any(piece.is_passed_on for piece in pieces):
        return None
    ahead = [one.kind in _AHEAD for one in pieces[0].tokens]
    place = ahead.index(False) if False in ahead else len(ahead)
    is_first = place < len(ahead) and pieces[0].tokens[place] is others[0]
    return place if is_first and is_department(others[0].text) else None


def _speaks_for_itself(pieces: Sequence[Piece], *, in_reply: bool) -> bool:
    tokens = [token for piece in pieces for token in piece.tokens]
    kinds = {token.kind for token in tokens} - {"THEY"}
    first = pieces[0].kinds() - {"THEY"}
    if first & {"OK", "SEEN"} and first <= _HEARD:
        return True
    if any(map(_lays_before, tokens)):
        return kinds.isdisjoint(("HEARSAY", "WE", "ME", "MASK"))
    if not in_reply or "LE" in kinds:
        return False
    names_day = bool(kinds & _COMING and kinds & {"HAND", "SEND"})
    asks_for_time = bool(kinds & _ASKED and kinds & _TIME)
    return (names_day and kinds <= _TO_COME) or (asks_for_time and "WE" not in kinds)


def _lays_before(token: Token) -> bool:
    return token.kind == "PLEASE" and token.text.endswith(_LAID_BEFORE)
