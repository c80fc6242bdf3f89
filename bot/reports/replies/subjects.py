"""Of whom a piece of a reply speaks, and whether it only asks what it seems to say."""

from collections.abc import Sequence
from itertools import pairwise

from bot.reports.replies.patterns import Sense
from bot.reports.replies.tokens import Token

_STATES = frozenset(
    (
        Sense.NIL,
        Sense.EXTENSION,
        Sense.ASKED_DAY,
        Sense.HANDOVER,
        Sense.PROMISE,
        Sense.NOT_YET,
        Sense.DRAFTED,
        Sense.PARTIAL,
    )
)
"""What is said of a department: of another one it is none of the speaker's."""

_AHEAD = frozenset(
    "ONLY FILL OK BUT HELLO HEDGE ASKING THANKS YN PERIOD DAY GONE".split()
)
_RUMOUR = frozenset("听说 据说 传说 据悉 听 都说 他说 她说 群里说".split())
_PRONOUN = ("他", "她", "他们", "她们")
_NEEDED = frozenset("要不要 用不用 需不需要 需不需 是否需要 要否 算不算 会不会".split())
_DENIES = frozenset("NO NOT NOTYET NIL NONE WU PROG".split())


def in_context(sense: Sense, tokens: Sequence[Token], *, has_colleague: bool) -> Sense:
    """Turn what a rule reads into what is said of the speaker's own department.

    *has_colleague*: then 他 is a colleague who was named before.
    """
    if sense not in _STATES | {Sense.DISPUTE, Sense.WITHDRAW}:
        return sense
    is_told = _is_told(tokens)
    of_others = is_told or _is_of_others(tokens, has_colleague=has_colleague)
    if sense is Sense.DISPUTE and has_colleague and _names_him(tokens):
        return Sense.HANDOVER
    if sense not in _STATES:
        others = is_told or (of_others and _is_not_theirs(tokens))
        return Sense.THEIRS if others else sense
    if _asks(sense, tokens, of_others=of_others):
        return Sense.QUESTION
    return Sense.THEIRS if of_others and not _is_awaited(tokens) else sense


def _first(tokens: Sequence[Token]) -> int:
    """Return the place of the first word that may be a subject."""
    places = (place for place, one in enumerate(tokens) if one.kind not in _AHEAD)
    return next(places, len(tokens))


def _is_told(tokens: Sequence[Token]) -> bool:
    """Tell whether it is hearsay: 听说可以延期, 他们说不归他们."""
    place = _first(tokens)
    words = tokens[place : place + 4]
    me = bool(words) and words[0].kind in ("ME", "WE")
    if any(word.text in _RUMOUR for word in words[me : me + 1]):
        return True
    kinds = [word.kind for word in words]
    rows = pairwise(token.kind for token in tokens)
    return ("HEARSAY", "THEY") in rows or (kinds[:1] == ["THEY"] and "HEARSAY" in kinds)


def _is_of_others(tokens: Sequence[Token], *, has_colleague: bool) -> bool:
    place = _first(tokens)
    if place == len(tokens) or tokens[place].kind != "THEY":
        return False
    return not (has_colleague and tokens[place].text in _PRONOUN)


def _is_not_theirs(tokens: Sequence[Token]) -> bool:
    """Tell whether others refuse (他们不归口), and not the speaker."""
    refuses = any(token.kind == "NOTUS" for token in tokens)
    return refuses and not any("我" in token.text for token in tokens)


def _names_him(tokens: Sequence[Token]) -> bool:
    """Tell whether a colleague shall be asked from now on: 以后请联系她."""
    return any(
        one.kind == "FIND" and after.text in _PRONOUN for one, after in pairwise(tokens)
    )


def _is_awaited(tokens: Sequence[Token]) -> bool:
    """Tell whether others owe something to the speaker: 各科室还没报上来."""
    comes = any(
        token.kind in ("HAND", "SEND", "UP") and token.text.endswith("来")
        for token in tokens
    )
    kinds = [token.kind for token in tokens]
    return comes or any(
        token.text in ("给", "向") and {"WE", "ME"} & {*kinds[place + 1 : place + 2]}
        for place, token in enumerate(tokens)
    )


def _asks(sense: Sense, tokens: Sequence[Token], *, of_others: bool) -> bool:
    """Tell a question about a state from the state: 换人要什么手续, 零报告盖章吗."""
    kinds = [token.kind for token in tokens]
    if any(token.text in _NEEDED for token in tokens):
        return True
    if sense in (Sense.EXTENSION, Sense.ASKED_DAY) and not of_others:
        return False
    if not {"Q", "TAG", "YN", "ASKING"}.isdisjoint(kinds):
        return True
    return "QW" in kinds and _DENIES.isdisjoint(kinds)
