"""A clause cut into words, each with what it does in the sentence."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.reports.replies.days import NamedDay, Today, find_days
from bot.reports.replies.lexicon import KINDS, MISSPELT
from bot.reports.replies.names import DEPARTMENT, NAME, PERSON
from bot.reports.replies.shapes import shape_at

UNKNOWN = "X"

_LONGEST = max(map(len, (*KINDS, *MISSPELT)))
_STICKER = re.compile(r"\[[\u4e00-\u9fffa-z]{1,4}\]")


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a clause, from `start` on, and its kind; a day also knows its dates."""

    kind: str
    text: str
    start: int
    day: NamedDay | None = None


def tokenise(
    text: str, *, today: Today, report: str = "", own: tuple[str, ...] = ()
) -> list[Token]:
    """Cut a folded clause into words: days first, then the longest known words.

    What stands in the folded name of the *report* is a THING: that report.
    """
    text = _corrected(text)
    days = {day.start: day for day in find_days(text, today=today)}
    tokens: list[Token] = []
    at = 0
    starts = sorted(day for day in days if text[day] == "明")
    while at < len(text):
        token = _day_at(text, at, days) or _own_at(text, at, own)
        token = token or _title_at(text, at, report)
        token = (
            token
            or _name_at(text, at, tokens)
            or _form_at(text, at)
            or _word_at(text, at, end=_next(starts, at, len(text)))
        )
        at += len(token.text)
        _add(tokens, _with_an_object(tokens, token))
    return tokens


def _with_an_object(tokens: list[Token], token: Token) -> Token:
    """Tell 已将材料报送 from 将报送: there 将 only brings the object."""
    before = {one.kind for one in tokens}
    is_object = token.kind in ("THING", "THIS", "EXTRA", "FORM")
    if is_object and tokens[-1:] and tokens[-1].text == "将" and before & _DONE_BEFORE:
        tokens[-1] = replace(tokens[-1], kind="PREP")
    return token


_DONE_BEFORE = {"ALREADY", "GONE", "PAST"}


_SOUNDED = dict(
    zip(
        "bao jiao fa mei hai yi le liao la tian ming wei mai".split(),
        "报 交 发 没 还 已 了 了 啦 天 明 未 没".split(),
        strict=True,
    )
)
_SOUNDS = re.compile(
    rf"(?<=[\u4e00-\u9fff])(?:{'|'.join(_SOUNDED)})(?![a-z0-9])"
    rf"|(?<![a-z0-9])(?:{'|'.join(_SOUNDED)})(?=[\u4e00-\u9fff])"
)
"""Syllables that were left standing: bao了, mei报."""


_ALREADY = re.compile(
    r"(?<![可所自得予加难足何利知])[以己巳乙](?=经?(?:上[报传交](?!告)|报送|提交|[报交发送]了))"
    r"|(?<!自)[己巳](?=经?(?:上[报传交]|报|交|发|送|提交))"
)
"""What looks like 已: 巳上报."""

_NOT_YET = re.compile(r"(?<![周月年期岁学])末(?=[报交发送])")
_REPORT = re.compile(r"(?<=[天午早晚号就])[爆暴抱](?=[的了过到给])")
_HAND_IN = re.compile(
    r"(?<=[号日天周一二三四五能再就])[教叫](?=$|不好意思|谢|[吧哈啊行])"
)
"""What sounds like 交: 五号才能教."""


def _corrected(text: str) -> str:
    """Mend slips of spelling, but not within another word (可以报)."""
    text = _SOUNDS.sub(lambda found: _SOUNDED[found[0]], text)
    text = _ALREADY.sub("已", text)
    text = _NOT_YET.sub("未", text)
    text = _HAND_IN.sub("交", text)
    text = _REPORT.sub("报", text)
    out: list[str] = []
    at = 0
    while at < len(text):
        for length in range(min(_LONGEST, len(text) - at), 0, -1):
            word = text[at : at + length]
            if word in KINDS or (word in MISSPELT and not _is_blown(text, at)):
                break
        out.append(MISSPELT.get(word, word))
        at += len(word)
    return "".join(out)


def _is_blown(text: str, at: int) -> bool:
    """Tell 系统爆了 from 爆了 for 报了."""
    return at > 0 and text[at] in "爆暴" and text[at - 1] in "统台器站络箱挤卡被要气火"


def _day_at(text: str, at: int, days: dict[int, NamedDay]) -> Token | None:
    day = days.get(at)
    if day is None:
        return None
    kind = "DAY" if day.coming else "GONE"
    if day.coming and day.gone:
        kind = "EITHER"
    return Token(kind, text[at : day.end], at, day)


_NO_NAME = re.compile(rf"(?:{PERSON})|(?:{DEPARTMENT})")


def _name_at(text: str, at: int, tokens: Sequence[Token]) -> Token | None:
    """Find a person's name where one is expected: 换李娜, 新联络员是张三."""
    kinds = [token.kind for token in tokens[-3:]]
    expected = kinds and (
        kinds[-1] in ("SWITCH", "FIND", "NEWONE")
        or tokens[-1].text in ("由", "让", "给", "是", "为", "叫", "同事", "发给", "找")
        or (kinds[-1] == "WE" and tokens[-2:-1] != [] and tokens[-2].text == "由")
        or (kinds[-1] in ("FILL", "LE") and {"SWITCH", "NEWONE"} & {*kinds})
    )
    found = NAME.match(text, at) if expected else None
    if found is None or _NO_NAME.match(text, at):
        return None
    for length in (3, 2):
        end = at + length
        if not _NO_NAMES.isdisjoint(text[at + 1 : end]):
            continue
        if end <= found.end() and (end == len(text) or _is_known(text, end)):
            return Token("NAME", text[at:end], at)
    return None


_NO_NAMES = frozenset("了的吧啊呢哈不没未已有在就都也还很接报交来去负管代")


def _is_known(text: str, at: int) -> bool:
    return _word_at(text, at).kind != UNKNOWN or not "\u4e00" <= text[at] <= "\u9fff"


def _own_at(text: str, at: int, own: tuple[str, ...]) -> Token | None:
    found = [name for name in own if name and text.startswith(name, at)]
    named = _DEPARTMENT.match(text, at)
    if named and any(_is_short_for(named[0], name) for name in own):
        found.append(named[0])
    return Token("WE", max(found, key=len), at) if found else None


_DEPARTMENT = re.compile(DEPARTMENT)


def _is_short_for(spoken: str, name: str) -> bool:
    """Tell whether a name is the short form of another: 教体局, 县教育和体育局."""
    return any(_is_within(core, name) for core in (spoken, spoken[1:]))


def _is_within(core: str, name: str) -> bool:
    rest = iter(name)
    return len(core) > 2 and core[-1] == name[-1:] and all(one in rest for one in core)


def _title_at(text: str, at: int, report: str) -> Token | None:
    """Find two or more characters of the report's name, but no word of handing in."""
    end = at + 2
    while end <= len(text) and text[at:end] in report:
        end += 1
    part = _VERBS.split(text[at : end - 1])[0].removesuffix("活动")
    if _ends_within_a_number(part, text[at + len(part) :]):
        return None  # 2025年 is no part of 2026年全年落实情况
    known = _word_at(text, at)
    is_its_kind = (
        known.kind in ("NOTE", "FUT")
        and known.text == part
        and report.endswith(part)
        and not _PLANS.match(text, at)
    )
    if len(part) < 2 or (
        known.kind != UNKNOWN and len(known.text) >= len(part) and not is_its_kind
    ):
        return None
    if is_its_kind and text[at + len(part) : at + len(part) + 1] in _ITS_SUFFIXES:
        part = text[at : at + len(part) + 1]
    return Token("THING", part, at)


def _ends_within_a_number(part: str, rest: str) -> bool:
    return part[-1:].isdigit() and rest[:1].isdigit()


_VERBS = re.compile("[报交发送传]")
_ITS_SUFFIXES = ("书", "表", "稿", "单")
"""What a report's name may grow by: 计划书 is 2026年科普工作计划."""
_PLANS = re.compile(
    "(?:计划|安排|打算)(?!书|稿|表|已|昨|刚|上[周午个]|都|早|也|我|传|发|报|交)"
)
"""计划周五交 speaks of what is planned, not of the plan."""


def _form_at(text: str, at: int) -> Token | None:
    found = shape_at(text, at)
    return Token(found[0], found[1], at) if found else None


def _next(starts: Sequence[int], at: int, end: int) -> int:
    """Return where the next day begins: 说明天 is 说|明天."""
    return next((start for start in starts if start > at), end)


def _word_at(text: str, at: int, *, end: int | None = None) -> Token:
    end = len(text) if end is None else end
    for length in range(min(_LONGEST, end - at), 0, -1):
        word = text[at : at + length]
        if word in KINDS:
            return Token(KINDS[word], word, at)
    sticker = _STICKER.match(text, at)
    if sticker:
        return Token("FILL", sticker[0], at)
    return Token(UNKNOWN if text[at].isalnum() else "FILL", text[at], at)


def _add(tokens: list[Token], token: Token) -> None:
    """Add a token; unknown characters run together."""
    if tokens and token.kind == UNKNOWN and tokens[-1].kind == UNKNOWN:
        last = tokens[-1]
        tokens[-1] = Token(UNKNOWN, last.text + token.text, last.start)
    else:
        tokens.append(token)
