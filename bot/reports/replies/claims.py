"""What is a claim: a plain statement that the speaker's department has handed in.

Here nothing is searched for: every word of the piece must be known and allowed. So a
claim can only be booked by words that this file admits.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from bot.reports.replies.tokens import Token

_AROUND = frozenset(
    "WE ME YOU PERSON ALREADY ADV JUST PAST ONTIME DID GONE EITHER PERIOD THING THIS"
    " EXTRA FORM ACT DEST PREP AT FILL PLEASE THANKS HELLO OK UP LE DONE HAND SEND"
    " GIVEN MEND FINISH DE JIU CAI BUT REVISED SHOWN".split()
)
"""Kinds that may stand in a claim; one word of another kind, and it is none."""

_HAND = frozenset(("HAND", "GIVEN"))
_DONE = frozenset(("LE", "DONE"))
_WHITHER = frozenset(("DEST", "YOU", "GIVEN", "THING", "EXTRA", "FORM"))
_BEFORE = frozenset("ALREADY ADV JUST PAST GONE EITHER DID".split())
_POLITE = frozenset("DE FILL PLEASE THANKS".split())
_BARE = frozenset(
    "WE ME ADV JUST ALREADY GONE PAST FILL FINISH MAKE DONE LE UP BUT HELLO".split()
)

_JUST = frozenset(("JUST", "GONE"))
_LATELY = timedelta(days=45)


def is_claim(tokens: Sequence[Token], *, bare_counts: bool, today: date) -> bool:
    """Tell whether a piece claims; *bare_counts* where it answers a nudge (发了)."""
    tokens = [
        replace(one, kind="THIS") if one.text in _THIS_WORK else one
        for one in _without_ways(tokens)
    ]
    kinds = [token.kind for token in tokens]
    if bare_counts and is_bare(tokens) and _says_what(tokens):
        return True
    if not _AROUND.issuperset(kinds):
        return False
    if _lies_with_you(kinds):
        return all(_is_past(token, today) for token in tokens)
    verb = _verb(kinds, bare_counts=bare_counts)
    if verb is None or _is_handed_to_us(tokens, verb):
        return False
    if _is_formal(tokens, verb) and _is_ours(tokens) and _is_the_report(tokens):
        return all(_is_past(token, today) for token in tokens)
    if verb and tokens[verb - 1].text in _WANTS_AN_OBJECT:
        return False
    before, after = kinds[:verb], kinds[verb + 1 :]
    return (
        (
            _is_done(before, after, verb=kinds[verb])
            or _is_once(tokens[verb], after)
            or _is_stressed(tokens[:verb], after)
            or _is_told_whither(tokens[:verb], after)
        )
        and _is_ours(tokens)
        and _object_is_plain(after)
        and _is_now_plain(before, after)
        and not _is_yours(tokens[:verb], tokens[verb : verb + 1], tokens[verb + 1 :])
        and _is_the_report(tokens)
        and all(_is_past(token, today) for token in tokens)
        and not _is_handed_up(tokens, verb)
    )


_THIS_WORK = ("这项工作", "此项工作", "这块工作", "这事", "此事", "这件事", "这个事")


def _lies_with_you(kinds: Sequence[str]) -> bool:
    """Tell whether the paper is where it shall be: 材料昨天就在你们邮箱里了."""
    row = [kind for kind in kinds if kind not in ("GONE", "PAST", "JIU", "ADV")]
    where = [kind for kind in row if kind not in ("ALREADY", "DEST")]
    return where == ["THING", "AT", "YOU", "LE"]


def _without_ways(tokens: Sequence[Token]) -> list[Token]:
    """Leave out an unknown word that only says by what way: 用手机, 通过专班."""
    return [
        one
        for place, one in enumerate(tokens)
        if not _is_our_head(tokens, place)
        and not _is_sent_for(tokens, place)
        and not _counts_all(tokens, place)
        and (one.kind != "X" or not _is_a_way(tokens, place))
    ]


def _is_our_head(tokens: Sequence[Token], place: int) -> bool:
    """Tell whether 科长 is ours: 我们科长昨天送去了."""
    return (
        tokens[place].kind == "BOSS"
        and tokens[place - 1 : place] != []
        and (tokens[place - 1].kind == "WE")
    )


def _is_sent_for(tokens: Sequence[Token], place: int) -> bool:
    """Tell whether sending is only the way of handing in: 发邮箱报的."""
    after = [one.kind for one in tokens[place + 1 : place + 3]]
    return tokens[place].kind == "SEND" and after == ["DEST", "HAND"]


def _counts_all(tokens: Sequence[Token], place: int) -> bool:
    """Tell whether a number only says how many all are: 全部五项都报了."""
    before = [one.text for one in tokens[max(place - 1, 0) : place]]
    after = {one.text for one in tokens[place + 1 :]}
    if tokens[place].text == "先":
        return _OF_PARTS.isdisjoint(one.kind for one in tokens)
    is_all = tokens[place].kind == "NUM" and (
        not _ALL_OF.isdisjoint(before) or tokens[place].text[-1] in _PAPERS
    )
    is_size = "共" in before and tokens[place].text[-1] in "页张字份"
    return is_size or (is_all and not _ALL.isdisjoint(after))


_OF_PARTS = frozenset("THING EXTRA FORM HALF NUM X ACT".split())
_PAPERS = "封份张页件篇项样"
_ALL_OF = frozenset("全部 所有 一共 总共 共".split())
_ALL = frozenset("都 都已 都已经 全 全都 均 均已 全部".split())


def _is_a_way(tokens: Sequence[Token], place: int) -> bool:
    before = tokens[place - 1] if place else None
    coming = {one.kind for one in tokens[place + 1 : place + 3]}
    if before is None:
        return False
    leads = before.kind in ("AT", "YOU") or before.text in ("到", "从")
    return before.text in _BY or (leads and "DEST" in coming)


_BY = frozenset(("用", "通过"))


def _says_what(tokens: Sequence[Token]) -> bool:
    """Tell 弄完了 from 好了, which may as well answer 收到; 弄好了 may be a draft."""
    return any(
        (token.kind == "FINISH" and token.text[-1] not in "好齐")
        or token.text in _COMPLETE
        for token in tokens
    )


def is_bare(tokens: Sequence[Token]) -> bool:
    """Tell whether a piece only says that something is done: 好了, 弄完了, 发了."""
    kinds = [token.kind for token in tokens if token.text != "于"]
    if not _LONG_AGO.isdisjoint(kinds):
        kinds = [kind for kind in kinds if kind != "JIU"]
    if not _BARE.issuperset(kinds):
        return False
    is_finished = "FINISH" in kinds and not _OVER.isdisjoint(kinds)
    return is_finished or "DONE" in kinds or _ends_by_itself(tokens)


_LONG_AGO = frozenset(("GONE", "PAST"))
_OVER = frozenset("LE ALREADY ADV JUST".split())
_COMPLETE = ("搞定", "完成", "齐活", "妥了", "完事", "搞掂", "办结", "办妥", "已妥")


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
    if verb in ("HAND", "SEND") and "JUST" in before:
        return True
    if verb == "GIVEN" and "JUST" in before and after[:1] == ["SEND"]:
        return True
    if "ALREADY" in before or not _DONE.isdisjoint(after):
        return True
    if not _JUST.isdisjoint(before) and not _WHITHER.isdisjoint(after):
        return True
    if after[:2] == ["DE", "THING"] and before[-1:] in (["ME"], ["WE"]):
        return verb == "SEND" and len(after) == 2
    tells_whither = after in (["DE", "DEST"], ["DE", "FORM"])
    if tells_whither and {"PREP", "FILL"}.issuperset(before):
        return True
    if "DE" in after:
        by_a_way = "DEST" in before and _POLITE.issuperset(after)
        return by_a_way or not _BEFORE.isdisjoint(before)
    return "UP" in after and not (_BEFORE - {"EITHER"}).isdisjoint(before)


def _is_once(verb: Token, after: Sequence[str]) -> bool:
    """Tell whether it was done once: 报过的."""
    if not verb.text.endswith("过"):
        return False
    return not after or (after[:1] == ["DE"] and "THING" not in after)


def _is_formal(tokens: Sequence[Token], verb: int) -> bool:
    """Tell the written style, which needs no 了: 我局于8月6日报送."""
    before = [one.kind for one in tokens[:verb]]
    at = tokens[max(verb - 2, 0)]
    return (
        verb == len(tokens) - 1
        and before[-2:] == ["PREP", "GONE"]
        and at.text == "于"
        and "FUT" not in before
    )


def _is_stressed(before: Sequence[Token], after: Sequence[str]) -> bool:
    """Tell whether 是…的 only stresses how it was done: 我们是第一批报的, 提前报的."""
    if after[:1] != ["DE"] or not _POLITE.issuperset(after):
        return False
    texts = {one.text for one in before}
    ours = any(one.kind in ("WE", "ME") for one in before)
    stands_in = any(one.kind == "PERSON" for one in before) and any(
        one.text.startswith(("替我", "代我", "帮我")) for one in before
    )
    return stands_in or (ours and "是" in texts) or not texts.isdisjoint(_TOGETHER)


def _is_told_whither(before: Sequence[Token], after: Sequence[str]) -> bool:
    """Tell whether 是…的 tells to whom it went: 材料是用手机发给你们的."""
    return (
        after[-1:] == ["DE"]
        and bool({*after} & {"YOU", "GIVEN", "DEST"})
        and any(one.text == "是" for one in before)
    )


_TOGETHER = frozenset(
    "亲自 亲手 专门 当面 同一天 同一批 同天 一起 一块儿 一块 一并 一道 同时"
    " 提前 按时 按期 如期 及时".split()
)
_WANTS_AN_OBJECT = frozenset("跟 和 同 与 对 把 将 从 向 往 给 按 按照 根据 比".split())
_SENDING = ("由", "让", "派", "托", "叫", "请", "派人", "让人")


def _is_a_colleague(token: Token) -> bool:
    """Tell 小刘 and 同事, as one calls one's own people, from 王主任."""
    return token.kind == "PERSON" and token.text.startswith(("小", "老", "同事"))


_STANDING_IN = frozenset(("替", "代", "帮"))


def _is_ours(tokens: Sequence[Token]) -> bool:
    """Tell whether a person who is named acts for the speaker, or hands in to us."""
    if all(token.kind != "PERSON" for token in tokens):
        return True
    kinds = {token.kind for token in tokens}
    sends_him = any(token.text in _SENDING for token in tokens)
    texts = [token.text for token in tokens]
    kinds_before = [one.kind for one in tokens]
    first = kinds_before.index("PERSON")
    if {*kinds_before[:first]} <= {"THING", "THIS", "FILL"} and any(
        map(_is_a_colleague, tokens)
    ):
        return True
    stands_in = "ME" in kinds and not _STANDING_IN.isdisjoint(texts)
    goes = any(token.text == "过去" for token in tokens)
    with_whom = not {"WE", "YOU", "GIVEN"}.isdisjoint(kinds)
    return sends_him or goes or stands_in or with_whom


def _is_yours(
    before: Sequence[Token], verb: Sequence[Token], after: Sequence[Token]
) -> bool:
    """Tell whether the office is said to have done it (你们报了), not to have it.

    办公室 is the speaker's own where things go away from it: 办公室送过去了.
    """
    goes = any(one.text in ("过去", "上去") or one.kind == "YOU" for one in after)
    goes = goes or any(one.text in ("送去", "拿去", "寄去") for one in verb)
    kinds = ["WE" if goes and one.text == "办公室" else one.kind for one in before]
    if "YOU" not in kinds:
        return False
    return {"PREP", "AT"}.isdisjoint(kinds[: kinds.index("YOU")])


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
                "FORM",
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
    is_timed = not (_BEFORE | {"ONTIME"}).isdisjoint(before)
    return not {"JIU", "CAI"} & {*before} or is_timed


_GENERAL = frozenset("工作 情况 内容 任务 事项 科普".split())


def _is_the_report(tokens: Sequence[Token]) -> bool:
    """Refuse a claim about an event (讲座材料), or about nothing but an annex."""
    kinds = {token.kind for token in tokens}
    events = (token.text for token in tokens if token.kind == "ACT")
    return _GENERAL.issuperset(events) and (
        "EXTRA" not in kinds or not kinds.isdisjoint(("THING", "FORM"))
    )


def _is_handed_to_us(tokens: Sequence[Token], verb: int) -> bool:
    """Tell whether the speaker got it from another: 街道把表报给我们了."""
    goes_to = "给到至" if tokens[verb].text[-1] in "给到至" else ""
    after = [one for one in tokens[verb + 1 :] if one.text not in ("过", "过来", "来")]
    if after[:1] and after[0].text in ("给", "到", "至"):
        goes_to, after = after[0].text, after[1:]
    return bool(goes_to) and after[:1] != [] and after[0].kind in ("WE", "ME")


def _is_handed_up(tokens: Sequence[Token], verb: int) -> bool:
    """Tell whether it came to the speaker from below: 材料交上来了."""
    kinds = {token.kind for token in tokens}
    came = tokens[verb].kind == "HAND" and tokens[verb].text.endswith("上来")
    return came and kinds.isdisjoint(("WE", "ME", "YOU"))


def _is_past(token: Token, today: date) -> bool:
    day = token.day
    return day is None or (day.gone is not None and today - day.gone <= _LATELY)
