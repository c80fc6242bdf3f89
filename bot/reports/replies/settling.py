"""Pieces settled: words that one can only read once the whole piece is known."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.reports.replies.tokens import Token


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that say one thing; `written` is the clause that they stand in.

    `is_passed_on` are the words of another department.
    """

    tokens: tuple[Token, ...]
    written: str
    is_passed_on: bool = False

    def kinds(self) -> set[str]:
        """Return the kinds of its words."""
        return {token.kind for token in self.tokens}

    def first(self) -> str:
        """Return the kind of its first word; "" if nothing is left of it."""
        return self.tokens[0].kind if self.tokens else ""

    def last(self) -> str:
        """Return the kind of its last word; "" if nothing is left of it."""
        return self.tokens[-1].kind if self.tokens else ""


def settled(pieces: Sequence[Piece]) -> list[Piece]:
    """Settle days that depend on others, and leave out what means nothing more."""
    return list(map(_plain, _in_turn(pieces)))


def _in_turn(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Put a mere weekday behind the one named before it: 下周一签字，周二送."""
    last: date | None = None
    named: Token | None = None
    for piece in pieces:
        tokens = []
        for token in piece.tokens:
            token = _that_day(token, named)
            named = token if token.day and token.day.coming else named
            if token.day and token.day.coming and _WEEKDAY.search(token.text):
                token = _after(token, last)
                last = token.day.coming if token.day else None
            tokens.append(token)
        yield replace(piece, tokens=tuple(tokens))


def _that_day(token: Token, named: Token | None) -> Token:
    """Let 当天 point back to the day named before: 29号开会，那天一起交."""
    if named is None or not token.text.startswith(_BACK):
        return token
    return replace(token, kind=named.kind, day=named.day)


_BACK = ("那天", "当天", "当日")


def _after(token: Token, last: date | None) -> Token:
    day = token.day
    is_bare = not token.text.startswith(("下", "这", "本"))
    if day is None or day.coming is None or last is None or not is_bare:
        return token
    if day.coming >= last:
        return token
    return replace(token, day=replace(day, coming=day.coming + timedelta(days=7)))


_WEEKDAY = re.compile("周|星期|礼拜")


def _plain(piece: Piece) -> Piece:
    """Leave out the sighs (哎, 啊): they helped to cut, and mean nothing more."""
    kept = _by_then(list(map(_placed, *_with_before(piece.tokens))))
    kept = _counted(kept)
    steps = [
        place
        for place, one in enumerate(kept)
        if one.kind in ("WRITE", "FINISH") and _is_step(kept[:place], kept[place + 1 :])
    ]
    whose = [at for at, one in enumerate(kept) if steps and one.kind == "BOSS"]
    idle = {*steps, *(at for at in whose if at < steps[0])}
    tokens = (one for place, one in enumerate(kept) if place not in idle)
    return replace(piece, tokens=tuple(tokens))


def _counted(tokens: list[Token]) -> list[Token]:
    """Take two counts of papers for numbers: 三份材料交了两份."""
    counts = {one.text for one in tokens if _COPIES.fullmatch(one.text)}
    if len(counts) < 2:
        return tokens
    return [replace(one, kind="NUM") if one.text in counts else one for one in tokens]


_COPIES = re.compile("[一二两三四五六七八九十]份")


def _by_then(tokens: list[Token]) -> list[Token]:
    """Take 26日前报送 for a day to come, but not 26日前就报送了."""
    kinds = {one.kind for one in tokens}
    if _is_over(tokens):
        return [_past(one) if one.kind == "EITHER" else one for one in tokens]
    if not kinds.isdisjoint(_OVER_BY_THEN) or _is_told_after(tokens):
        return tokens
    return [
        replace(one, kind="DAY") if one.kind == "EITHER" and _is_limit(one) else one
        for one in tokens
    ]


def _is_over(tokens: Sequence[Token]) -> bool:
    """Tell what is done by its last word: 今天重新发到正确的邮箱了, 今天终于凑齐."""
    kinds = [one.kind for one in tokens]
    if "EITHER" not in kinds or not _OPEN.isdisjoint(kinds):
        return False
    after = kinds[kinds.index("EITHER") + 1 :]
    is_done = after[-1:] == ["LE"] and bool({"HAND", "SEND"} & {*after[:-1]})
    return is_done or any(one.text in ("终于", "总算", "可算") for one in tokens)


_OPEN = frozenset(
    "FUT MUST CAN MAY COND WAIT THEN Q QW YN OKQ TAG SOON SURELY CAI JIU BA NO NOT"
    " NOTYET MEANT CANT FAIL NEEDNOT EXT SWITCH IFSO HEARSAY HEDGE AGREE".split()
)


def _past(token: Token) -> Token:
    """Read a day that may be either as one that is over."""
    day = token.day
    if day is None or day.gone is None:
        return token
    return replace(token, kind="GONE", day=replace(day, coming=None))


def _is_told_after(tokens: Sequence[Token]) -> bool:
    """Tell 31号前交的 from 31号前交: what was done is told."""
    kinds = [one.kind for one in tokens]
    row = " ".join(kinds)
    is_told = any(f"{verb} DE" in row for verb in ("HAND", "SEND", "GIVEN"))
    return is_told and {"FUT", "MUST", "CAN"}.isdisjoint(kinds)


def _is_limit(token: Token) -> bool:
    is_coming = token.day is not None and token.day.coming is not None
    return is_coming and token.text.endswith(("前", "内"))


_OVER_BY_THEN = frozenset("ALREADY JIU ADV JUST LE CAI GONE PAST".split())


def _with_before(
    tokens: Sequence[Token],
) -> tuple[Sequence[Token], Sequence[frozenset[str]]]:
    kept = [one for one in tokens if one.kind != "MOOD"]
    kinds = [one.kind for one in kept]
    return kept, [frozenset(kinds[:place]) for place in range(len(kept))]


def _placed(token: Token, before: frozenset[str]) -> Token:
    """Take a day that may be either for a past one behind 已: 已于16日报送."""
    if token.text == "嘛" and _is_stated(before):
        return replace(token, kind="FILL")
    if token.kind != "EITHER" or "ALREADY" not in before or "FUT" in before:
        return token
    return _past(token)


def _is_stated(before: frozenset[str]) -> bool:
    """Tell 早就报了嘛, 还没报嘛 and 不归我们嘛 from 可以嘛, which asks."""
    if not before.isdisjoint(("YN", "QW", "CAN", "MAY", "OKQ")):
        return False
    if before <= {"WAIT", "SOMEDAYS", "SOON", "FILL", "ME", "WE"}:
        return bool(before)
    if "NOT" in before:
        return "OURS" in before
    return not before.isdisjoint(_STATED) or (
        "NO" in before and not before.isdisjoint(("HAND", "SEND", "GIVEN", "WRITE"))
    )


_STATED = frozenset("ADV ALREADY JUST GONE PAST NOTYET NIL NOTUS INHAND PROG".split())


_BETWEEN_STEPS = ("并", "完", "妥", "回", "通过", "系统", "平台", "邮箱")


def _is_step(before: Sequence[Token], after: Sequence[Token]) -> bool:
    """Tell whether some work only led to handing in: 打包发邮箱了, 已修改并报送."""
    then = [one.kind for one in after if one.text not in _BETWEEN_STEPS]
    then = [kind for kind in then if kind != "WRITE"]
    if after and after[-1].text in ("一遍", "一次", "一份"):
        then = then[:-1]
    if any(one.kind in ("GONE", "PAST") for one in before):
        then = [kind for kind in then if kind not in ("JIU", "WE", "ME")]
    is_done = then[-1:] in (["LE"], ["DONE"]) or any(
        one.kind == "ALREADY" for one in before
    )
    return is_done and then[:1] in (["HAND"], ["SEND"], ["GIVEN"])
