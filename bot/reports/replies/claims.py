"""What is a claim: a plain statement that the speaker's department has handed in.

Here nothing is searched for: every word of the piece must be known and allowed. So a
claim can only be booked by words that this file admits.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from bot.reports.replies.tokens import Token

_AROUND = frozenset(
    "WE ME YOU PERSON ALREADY ADV JUST PAST ONTIME DID GONE EITHER PERIOD THING THIS"
    " EXTRA FORM ACT DEST PREP AT FILL PLEASE THANKS HELLO OK UP LE DONE HAND SEND"
    " GIVEN MEND FINISH DE JIU CAI BUT REVISED".split()
)
"""Kinds that may stand in a claim; one word of another kind, and it is none."""

_HAND = frozenset(("HAND", "GIVEN"))
_DONE = frozenset(("LE", "DONE"))
_WHITHER = frozenset(("DEST", "YOU", "GIVEN", "THING", "EXTRA", "FORM"))
_BEFORE = frozenset("ALREADY ADV JUST PAST GONE EITHER DID".split())
_POLITE = frozenset("DE FILL PLEASE THANKS".split())
_BARE = frozenset(
    "WE ME ADV JUST ALREADY FILL FINISH MAKE DONE LE UP BUT HELLO".split()
)

_JUST = frozenset(("JUST", "GONE"))
_LATELY = timedelta(days=45)


def is_claim(tokens: Sequence[Token], *, bare_counts: bool, today: date) -> bool:
    """Tell whether a piece claims; *bare_counts* where it answers a nudge (发了)."""
    kinds = [token.kind for token in tokens]
    if bare_counts and is_bare(tokens) and _says_what(tokens):
        return True
    if not _AROUND.issuperset(kinds):
        return False
    verb = _verb(kinds, bare_counts=bare_counts)
    if verb is None:
        return False
    if verb and tokens[verb - 1].text in _WANTS_AN_OBJECT:
        return False
    before, after = kinds[:verb], kinds[verb + 1 :]
    return (
        (_is_done(before, after, verb=kinds[verb]) or _is_once(tokens[verb], after))
        and _is_ours(tokens)
        and _object_is_plain(after)
        and _is_now_plain(before, after)
        and not _is_yours(before)
        and _is_the_report(tokens)
        and all(_is_past(token, today) for token in tokens)
    )


def _says_what(tokens: Sequence[Token]) -> bool:
    """Tell 弄完了 from 好了, which may as well answer 收到; 弄好了 may be a draft."""
    return any(
        (token.kind == "FINISH" and token.text[-1] not in "好齐")
        or token.text in _COMPLETE
        for token in tokens
    )


def is_bare(tokens: Sequence[Token]) -> bool:
    """Tell whether a piece only says that something is done: 好了, 弄完了, 发了."""
    kinds = [token.kind for token in tokens]
    if not _BARE.issuperset(kinds):
        return False
    is_finished = "FINISH" in kinds and not _OVER.isdisjoint(kinds)
    return is_finished or "DONE" in kinds or _ends_by_itself(tokens)


_OVER = frozenset("LE ALREADY ADV JUST".split())
_COMPLETE = ("搞定", "完成", "齐活", "妥了", "完事", "搞掂", "办结", "办妥")


def _ends_by_itself(tokens: Sequence[Token]) -> bool:
    return any(token.text in _COMPLETE for token in tokens)


def _verb(kinds: Sequence[str], *, bare_counts: bool) -> int | None:
    """Find the word of handing in; sending counts where it is said whither or what."""
    for place, kind in enumerate(kinds):
        if kind in _HAND:
            return place
        if kind in ("SEND", "MEND") and (bare_counts or not _WHITHER.isdisjoint(kinds)):
            return place
    return None


def _is_done(before: Sequence[str], after: Sequence[str], *, verb: str) -> bool:
    if verb == "HAND" and "JUST" in before:
        return True
    if "ALREADY" in before or not _DONE.isdisjoint(after):
        return True
    if not _JUST.isdisjoint(before) and not _WHITHER.isdisjoint(after):
        return True
    if "DE" in after:
        by_a_way = "DEST" in before and _POLITE.issuperset(after)
        return by_a_way or not _BEFORE.isdisjoint(before)
    return "UP" in after and not (_BEFORE - {"EITHER"}).isdisjoint(before)


def _is_once(verb: Token, after: Sequence[str]) -> bool:
    """Tell whether it was done once: 报过的."""
    return verb.text.endswith("过") and after[:1] == ["DE"] and "THING" not in after


_WANTS_AN_OBJECT = frozenset("跟 和 同 与 对 把 将 从 向 往 给 按 按照 根据 比".split())
_SENDING = ("由", "让", "派", "托", "叫", "请", "派人", "让人")


def _is_ours(tokens: Sequence[Token]) -> bool:
    """Tell whether a person who is named acts for the speaker, or hands in to us."""
    if all(token.kind != "PERSON" for token in tokens):
        return True
    kinds = {token.kind for token in tokens}
    sends_him = any(token.text in _SENDING for token in tokens)
    return sends_him or not {"WE", "YOU", "GIVEN"}.isdisjoint(kinds)


def _is_yours(before: Sequence[str]) -> bool:
    """Tell whether the office is said to have done it (你们报了), not to have it."""
    if "YOU" not in before:
        return False
    return "PREP" not in before[: before.index("YOU")]


def _object_is_plain(after: Sequence[str]) -> bool:
    """Refuse what a 的 makes of a claim: 已报的单位, 报了的."""
    for place, kind in enumerate(after):
        if kind == "DE":
            rest = after[place + 1 :]
            return {
                "DEST",
                "YOU",
                "THING",
                "EXTRA",
                "FILL",
                "PLEASE",
                "PREP",
                "SEND",
                "DE",
            }.issuperset(rest)
    return True


def _is_now_plain(before: Sequence[str], after: Sequence[str]) -> bool:
    """Refuse 就 and 才 but after a time that is past: 昨天就报了."""
    if {"JIU", "CAI"} & {*after}:
        return False
    return not {"JIU", "CAI"} & {*before} or not _BEFORE.isdisjoint(before)


_GENERAL = frozenset("工作 情况 内容 任务 事项 科普".split())


def _is_the_report(tokens: Sequence[Token]) -> bool:
    """Refuse a claim about an event (讲座材料), or about nothing but an annex."""
    kinds = {token.kind for token in tokens}
    events = (token.text for token in tokens if token.kind == "ACT")
    return _GENERAL.issuperset(events) and (
        "EXTRA" not in kinds or not kinds.isdisjoint(("THING", "FORM"))
    )


def _is_past(token: Token, today: date) -> bool:
    day = token.day
    return day is None or (day.gone is not None and today - day.gone <= _LATELY)
