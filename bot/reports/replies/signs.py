"""The signs of a reply that the scorecard counts: phrases, words and the scene."""

import re
from collections.abc import Iterator, Sequence

from bot.reports.replies.days import Today
from bot.reports.replies.periods import is_about
from bot.reports.replies.senses import Said, Scene
from bot.reports.replies.tokens import Token

MASKS = {
    "㊐": "〔日〕",
    "㊊": "〔迟日〕",
    "㊋": "〔或日〕",
    "㊌": "〔或迟〕",
    "㊍": "〔过日〕",
    "㊎": "〔人〕",
}
"""What stands for a day in time, one after T, one that may be over, a past day, a name.

Within a phrase each is one character; in the table it is written out.
"""

_DAY, _LATE, _EITHER, _EITHER_LATE, _GONE, _NAME = MASKS
ALWAYS = "〔总是〕"
"""The sign that every reply shows: how common a label is."""

_NUMBER = re.compile("[0-9]+")
_LONGEST = 4
_AT_EITHER_END = 3
_APART = 6
_MANY_PIECES = 5
_LONG = 6


def signs_of(said: Sequence[Said], scene: Scene) -> set[str]:
    """List what a reply shows, each once.

    没来得及 is a phrase anywhere, with ^ $ for the ends of the reply and | between its
    pieces; 首:… and 末:… stand in the first and the last piece; 类:HAND LE are kinds
    of words in a row, 类:HAND…LE in one piece; the rest tells of the scene.
    """
    masked = [
        [_masked(token, scene.today) for token in one.piece.tokens] for one in said
    ]
    texts = ["".join(text for _, text in row) for row in masked]
    signs = set(_phrases(f"^{'|'.join(texts)}$", _LONGEST))
    if texts:
        signs.update(f"首:{it}" for it in _phrases(f"^{texts[0]}$", _AT_EITHER_END))
        signs.update(f"末:{it}" for it in _phrases(f"^{texts[-1]}$", _AT_EITHER_END))
    signs.update(_rows([[kind for kind, _ in row] for row in masked]))
    signs.update(_of_the_scene(said, scene))
    signs.update((ALWAYS, f"段数:{min(len(texts), _MANY_PIECES)}", _length(texts)))
    return signs


def _masked(token: Token, today: Today) -> tuple[str, str]:
    """Return the kind and the text of a word; a day and a name are masked in both."""
    if token.kind == "NAME":
        return token.kind, _NAME
    if token.day is None or token.kind not in ("DAY", "EITHER", "GONE"):
        return token.kind, _NUMBER.sub("0", token.text)
    coming, due_on = token.day.coming, today.due_on
    if token.kind == "GONE" or coming is None:
        return _GONE, _GONE
    late = due_on is not None and coming > due_on
    if token.kind == "EITHER":
        mask = _EITHER_LATE if late else _EITHER
    else:
        mask = _LATE if late else _DAY
    return mask, mask


def _phrases(text: str, longest: int) -> Iterator[str]:
    for length in range(1, longest + 1):
        for start in range(len(text) - length + 1):
            yield text[start : start + length]


def _rows(pieces: Sequence[Sequence[str]]) -> Iterator[str]:
    """List kinds of words that follow each other, and pairs within a piece."""
    row = ["^"]
    for kinds in pieces:
        row += [*kinds, "|"]
        for place, kind in enumerate(kinds):
            for after in kinds[place + 1 : place + _APART]:
                yield f"类:{kind}…{after}"
    for length in range(1, _LONGEST + 1):
        for start in range(len(row) - length + 1):
            yield "类:" + " ".join(row[start : start + length])


def _of_the_scene(said: Sequence[Said], scene: Scene) -> Iterator[str]:
    today = scene.today
    tokens = [token for one in said for token in one.piece.tokens]
    yield "〔答催报〕" if scene.in_reply else "〔非答催报〕"
    if not all(
        is_about(token.text, report=scene.report, today=today)
        for token in tokens
        if token.kind == "PERIOD"
    ):
        yield "〔他期〕"
    if today.due_on is None or today.day <= today.due_on:
        yield "〔未逾期〕"
        return
    yield "〔已逾期〕"
    is_named = any(token.kind in ("DAY", "EITHER") for token in tokens)
    yield "〔已逾期，有日子〕" if is_named else "〔已逾期，无日子〕"


def _length(texts: Sequence[str]) -> str:
    return f"长度:{min(sum(map(len, texts)) // _LONG, _LONG)}"
