"""What a reply tells beside its label: by what way, since when, why, who comes next."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from bot.reports.replies.meaning import Label, Understood
from bot.reports.replies.patterns import Sense
from bot.reports.replies.senses import Said

WAYS = (
    ("邮箱", ("邮箱", "邮件", "公邮")),
    ("系统", ("系统", "平台", "oa", "网", "后台", "门户", "在线", "收集表")),
    ("微信", ("微信", "企微")),
    ("钉钉", ("钉",)),
    ("QQ", ("qq",)),
    ("传真", ("传真",)),
    ("邮寄", ("快递", "邮寄", "寄")),
    ("工作群", ("群",)),
    ("机要", ("机要", "公文")),
    ("纸质", ("纸质", "窗口", "前台", "桌", "柜", "收发室", "传达室", "原件")),
)
"""How a report is handed in, and what is said for it; the first that fits counts."""

_WHY = frozenset((Sense.NOT_YET, Sense.DRAFTED, Sense.NOTHING))
_POLITE = frozenset(
    "THANKS HELLO PLEASE FILL LE OK WE ME YOU BOSS PERSON MAY BUT".split()
)
_BECAUSE = ("因为", "由于", "因")

_ASK = "请再明确：已报送请回复“已报”，未报送可告知预计日期。"
_ASK_WHOSE = "请问您说的是否为贵单位的{report}？如已报送，请回复“已报”。"


def with_details(found: Understood, said: Sequence[Said], *, report: str) -> Understood:
    """Add to a label what else the words tell, or what to ask if it is not sure."""
    if not found.sure:
        return replace(found, ask=_what_to_ask(said, report))
    if found.label is Label.CLAIMED:
        claims = [one for one in said if one.sense is Sense.CLAIM]
        return replace(
            found, via=_way(claims) or _way(said), handed_in_on=_day_gone(claims)
        )
    if found.label is Label.PARTIAL:
        return replace(found, via=_way(said))
    if found.label is Label.HANDOVER:
        return replace(found, name=_name(said))
    if found.label in (Label.EXTENSION, Label.NOT_YET, Label.PROMISE):
        return replace(found, reason=_reason(said, found.label))
    if found.label is Label.DISPUTE:
        reasons = (one.piece.written for one in said if one.sense is Sense.DISPUTE)
        return replace(found, reason=next(reasons, ""))
    return found


def _way(said: Sequence[Said]) -> str:
    texts = [
        token.text
        for one in said
        for token in one.piece.tokens
        if token.kind in ("DEST", "SEND", "EXTRA", "PREP", "THING")
    ]
    for way, words in WAYS:
        if any(word in text for text in texts for word in words):
            return way
    return ""


def _day_gone(claims: Sequence[Said]) -> date | None:
    tokens = [token for one in claims for token in one.piece.tokens]
    days = (token.day.gone for token in tokens if token.day)
    return next((day for day in days if day), None)


def _name(said: Sequence[Said]) -> str:
    names = [
        token.text
        for one in said
        if one.sense is Sense.HANDOVER
        for token in one.piece.tokens
        if token.kind in ("NAME", "PERSON")
    ]
    return names[-1] if names else ""


def _reason(said: Sequence[Said], label: Label) -> str:
    """Join the clauses that give a reason: all but greetings and the wish itself."""
    wishes = {one.piece.written for one in said if one.sense not in _WHY}
    if label is Label.NOT_YET:
        wishes = set()
    reasons = dict.fromkeys(_reasons(said, wishes))
    return "，".join(reasons)


def _reasons(said: Sequence[Said], wishes: set[str]) -> Iterator[str]:
    for one in said:
        written = one.piece.written.strip()
        if one.piece.written in wishes or one.piece.kinds() <= _POLITE:
            continue
        for word in _BECAUSE:
            written = written.removeprefix(word)
        yield written


def _what_to_ask(said: Sequence[Said], report: str) -> str:
    if any(one.sense is Sense.THEIRS for one in said):
        return _ASK_WHOSE.format(report=f"《{report}》" if report else "本次报送")
    return _ASK
