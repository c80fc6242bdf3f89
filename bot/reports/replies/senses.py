"""What each piece of a reply says by itself, and of whose report it speaks."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.reports.replies.claims import is_bare, is_claim
from bot.reports.replies.days import Today
from bot.reports.replies.patterns import Sense
from bot.reports.replies.periods import is_about
from bot.reports.replies.rules import AFTER_CLAIMS, NO_CLAIM
from bot.reports.replies.settling import Piece
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
        if sense is Sense.CLAIM and said and _is_of_that(piece, said[-1]):
            sense = Sense.THEIRS
        if sense is Sense.CLAIM and theirs and not _is_of_speaker(piece, scene):
            sense = Sense.THEIRS
        if sense is Sense.CLAIM and _is_to_come(piece, scene):
            angry = any(one.sense is Sense.RHETORIC for one in said)
            sense = Sense.CLAIM if angry else Sense.DOUBT
        if sense is Sense.PROMISE and said and _only_dates(piece, said[-1]):
            sense = Sense.NOTHING
        theirs = (
            sense is Sense.THEIRS
            or (theirs and sense is Sense.NOTHING)
            or (sense is Sense.QUESTION and _names_another(piece, scene))
        )
        has_colleague |= bool(piece.kinds() & _COLLEAGUES)
        said.append(Said(piece, sense))
    return said


def _is_of_that(piece: Piece, before: Said) -> bool:
    """Tell whether 那个 points back to some other paper: 是考核材料吧？那个报了."""
    points = any(token.text in ("那个", "那份", "那项", "它") for token in piece.tokens)
    return points and "MASK" in before.piece.kinds()


def _is_to_come(piece: Piece, scene: Scene) -> bool:
    """Tell a day that is rather to come than gone: 周五就交了, said on a Tuesday."""
    today, due_on = scene.today.day, scene.today.due_on
    days = [one.day for one in piece.tokens if one.day and one.text[-1] != "前"]
    return piece.kinds() <= _BARE and any(
        day.coming
        and day.gone
        and day.coming - today < today - day.gone
        and (due_on is None or day.coming <= due_on)
        for day in days
    )


_BARE = frozenset("EITHER JIU HAND SEND LE".split())


def _names_another(piece: Piece, scene: Scene) -> bool:
    """Tell whether another report is asked about: 你说的那个半年报吗，早报了."""
    return any(
        not _agrees(token, scene) for token in piece.tokens if token.kind == "PERIOD"
    )


def _only_dates(piece: Piece, before: Said) -> bool:
    """Tell whether a day only says when a claim was true: 报的，21号."""
    days = [one.day for one in piece.tokens if one.day]
    is_day = piece.kinds() <= {"EITHER", "FILL"} and len(days) == 1
    if before.sense is not Sense.CLAIM or not is_day:
        return False
    return before.piece.tokens[-1].kind == "DE"


def _sense(piece: Piece, scene: Scene, *, has_colleague: bool) -> Sense:
    tokens = piece.tokens
    if piece.is_passed_on:
        return Sense.THEIRS
    rule = NO_CLAIM.first(tokens)
    if rule:
        return in_context(rule.sense, tokens, has_colleague=has_colleague)
    if is_claim(tokens, bare_counts=scene.in_reply, today=scene.today.day):
        named = (token for token in tokens if token.kind == "PERIOD")
        is_this = _names_both(tokens, scene) or all(
            _agrees(token, scene) for token in named
        )
        return Sense.CLAIM if is_this else Sense.THEIRS
    rule = AFTER_CLAIMS.first(tokens)
    if rule:
        return rule.sense
    sounds_done = is_bare(tokens) or _sounds_done(piece)
    return Sense.DOUBT if sounds_done else Sense.NOTHING


def _names_both(tokens: Sequence[Token], scene: Scene) -> bool:
    """Tell whether this report is named beside another: 上半年和全年的都报了."""
    is_named = any(
        token.kind == "THING" and "年" in token.text and token.text in scene.report
        for token in tokens
    )
    periods = [_agrees(token, scene) for token in tokens if token.kind == "PERIOD"]
    is_named |= len(periods) > 1 and any(periods)
    return is_named and any(token.text in _BOTH for token in tokens)


_BOTH = frozenset("和 及 跟 与 都 都已 都已经 均 均已 全都 也都".split())


def _sounds_done(piece: Piece) -> bool:
    kinds = piece.kinds()
    return bool(kinds & _HANDED_IN) and bool(kinds & _DONE)


def _is_of_speaker(piece: Piece, scene: Scene) -> bool:
    """Tell whether a piece names its speaker, or the report that is spoken of."""
    if piece.kinds() & {"WE", "ME"} or any(
        token.kind == "THIS" and token.text.startswith(("你", "您"))
        for token in piece.tokens
    ):
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
