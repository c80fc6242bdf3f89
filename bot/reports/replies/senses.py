"""What each piece of a reply says by itself, and of whose report it speaks."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.reports.replies.claims import is_bare, is_claim
from bot.reports.replies.days import Today
from bot.reports.replies.patterns import Sense, rule_for
from bot.reports.replies.periods import is_about
from bot.reports.replies.pieces import Piece
from bot.reports.replies.rules import AFTER_CLAIMS, NO_CLAIM
from bot.reports.replies.subjects import in_context
from bot.reports.replies.tokens import Token

_HANDED_IN = frozenset("HAND SEND GIVEN MEND FINISH".split())
_COLLEAGUES = frozenset("PERSON NAME BOSS PROCESS".split())
_DONE = frozenset("ALREADY LE DONE UP ADV JUST".split())


@dataclass(frozen=True, slots=True)
class Said:
    """A piece with its sense."""

    piece: Piece
    sense: Sense


@dataclass(frozen=True, slots=True)
class Scene:
    """What is known before a word is read; `report` is its folded name."""

    today: Today
    report: str
    in_reply: bool


def senses_of(pieces: Sequence[Piece], scene: Scene) -> list[Said]:
    """Say what each piece says.

    Whoever was the subject stays it: 教育局报了，昨天报的 is about 教育局 throughout.
    """
    said: list[Said] = []
    theirs = has_colleague = False
    for piece in pieces:
        sense = _sense(piece, scene, has_colleague=has_colleague)
        if sense is Sense.CLAIM and theirs and not _is_of_speaker(piece, scene):
            sense = Sense.THEIRS
        theirs = sense is Sense.THEIRS or (theirs and sense is Sense.NOTHING)
        has_colleague |= bool(piece.kinds() & _COLLEAGUES)
        said.append(Said(piece, sense))
    return said


def _sense(piece: Piece, scene: Scene, *, has_colleague: bool) -> Sense:
    tokens = piece.tokens
    rule = rule_for(tokens, NO_CLAIM)
    if rule:
        return in_context(rule.sense, tokens, has_colleague=has_colleague)
    if is_claim(tokens, bare_counts=scene.in_reply, today=scene.today.day):
        named = (token for token in tokens if token.kind == "PERIOD")
        is_this = all(_agrees(token, scene) for token in named)
        return Sense.CLAIM if is_this else Sense.THEIRS
    rule = rule_for(tokens, AFTER_CLAIMS)
    if rule:
        return rule.sense
    sounds_done = is_bare(tokens) or _sounds_done(piece)
    return Sense.DOUBT if sounds_done else Sense.NOTHING


def _sounds_done(piece: Piece) -> bool:
    kinds = piece.kinds()
    return bool(kinds & _HANDED_IN) and bool(kinds & _DONE)


def _is_of_speaker(piece: Piece, scene: Scene) -> bool:
    """Tell whether a piece names its speaker, or the report that is spoken of."""
    if piece.kinds() & {"WE", "ME"}:
        return True
    periods = [token for token in piece.tokens if token.kind == "PERIOD"]
    titles = [
        token
        for token in piece.tokens
        if token.kind == "THING" and token.text in scene.report
    ]
    named = periods or titles
    return bool(named) and all(_agrees(token, scene) for token in periods)


def _agrees(period: Token, scene: Scene) -> bool:
    return is_about(period.text, report=scene.report, today=scene.today)
