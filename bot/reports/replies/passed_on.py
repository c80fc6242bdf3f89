"""Words of another department that are only passed on: 教育局：我们已报."""

from collections.abc import Sequence

from bot.reports.replies.names import is_department
from bot.reports.replies.tokens import Token

ENDS = ("。", "！", "!", "；", ";", "\n")
"""Marks behind which the writer speaks for himself again."""

_AHEAD = frozenset(
    "PREP FILL MASK GONE EITHER PAST JUST HELLO OK DE THIS THANKS SEEN NOTE".split()
)
_SAYING = frozenset(
    "THEY FILL MASK NOTE DEST HEARSAY TELL PERSON NAME BOSS X DE ME WE IFSO OK"
    " SEEN".split()
)
_PASSED_ON = ("转", "转发", "转达", "转告", "转自", "转一句")


def opens_the_words_of_others(tokens: Sequence[Token], *, mark: str) -> bool:
    """Tell whether what follows a clause was said by another department."""
    texts = {token.text for token in tokens}
    if not texts.isdisjoint(_PASSED_ON) and (len(tokens) == 1 or _speaker(tokens)):
        return True
    return mark in (":", "：") and _speaker(tokens)


def _speaker(tokens: Sequence[Token]) -> bool:
    """Tell whether a clause names a department, and only that it speaks."""
    rest = [token for token in tokens if token.kind not in _AHEAD]
    is_named = bool(rest) and rest[0].kind == "THEY"
    return (
        is_named
        and is_department(rest[0].text)
        and _SAYING.issuperset(token.kind for token in rest)
    )
