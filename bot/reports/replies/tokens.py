"""A clause cut into words, each with what it does in the sentence."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.reports.replies.days import SPAN, NamedDay, Today, find_days
from bot.reports.replies.lexicon import KINDS, MISSPELT

UNKNOWN = "X"

_LONGEST = max(map(len, (*KINDS, *MISSPELT)))
_A_NOT_A = re.compile(r"([报交发传送寄收弄办归])(?:了)?[没不]\1")
_DEPARTMENT = re.compile(
    r"[县区市省]?(?:教育|教体|卫健|卫生|科技|人社|农业农村|农业|农委|文旅|文化和旅游|文化|民政|财政|应急(?:管理)?|宣传|统战|组织"
    r"|政法|公安|司法|住建|交通(?:运输)?|水利|水务|林业|生态环境|环保|自然资源|市场监管|市监|审计|统计|医保|体育|退役军人|气象|发改|工信"
    r"|工业和信息化|商务|城管|综合执法|行政审批|审批服务|信访|民宗|残疾人|地震|烟草|税务|消防|供销|档案|机关事务|大数据|广电|经信|园林|粮食)"
    r"(?:委员会|指挥部|服务局|[局委部办厅会]|中心|支队|大队)"
    r"|[县区市省]?(?:妇联|团委|团县委|团区委|团市委|总工会|工会|残联|文联|工商联|侨联|红十字会|党校|融媒体中心|法院|检察院|公安分局"
    r"|科学技术局|教育和体育局|编办|政协|人大|纪委|政府办|府办|县委办|区委办|宣传部|统战部|组织部|政法委|网信办|老干部局|疾控中心|图书馆|科技馆|博物馆)"
)
_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜"
    "范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
_PERSON = re.compile(
    rf"(?:小|老)[{_SURNAMES}]|[{_SURNAMES}](?:科长|主任|局长|老师|工|姐|哥|总|局|处|部长|书记"
    r"|秘书|干事|委员)"
)
_NAME = re.compile(rf"[{_SURNAMES}][\u4e00-\u9fff]{{1,2}}")
_PERIOD = re.compile(
    r"(?:20[0-9]{2}年?|[0-9]{2}年|去年|前年|今年|明年|上一?年|本年)?的?"
    r"(?:(?:上|下|前|后)半年|半年(?:报|度)?|全年|年度|年终|年中|年报|[一二三四1-4]季度|第[一二三四1-4]季度|季度|季报|月报|周报|旬报|[0-9一二三四五六七八九十]{1,3}月份)"
    r"|20[0-9]{2}年(?:度)?|去年|前年|明年|上一?年(?!级)|上期|上一期|上一次|往年|下期|[0-9]{2}年度?(?=的)"
)
_NUMBER = re.compile(r"[0-9]+(?:[./][0-9]+)?%?(?!报告|报送|申报|上报|事项|活动)")
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
    while at < len(text):
        token = _day_at(text, at, days) or _own_at(text, at, own)
        token = token or _title_at(text, at, report)
        token = (
            token
            or _name_at(text, at, tokens)
            or _form_at(text, at)
            or _word_at(text, at)
        )
        at += len(token.text)
        _add(tokens, token)
    return tokens


def _corrected(text: str) -> str:
    """Mend slips of spelling, but not within another word (可以报)."""
    out: list[str] = []
    at = 0
    while at < len(text):
        for length in range(min(_LONGEST, len(text) - at), 0, -1):
            word = text[at : at + length]
            if word in KINDS or word in MISSPELT:
                break
        out.append(MISSPELT.get(word, word))
        at += len(word)
    return "".join(out)


def _day_at(text: str, at: int, days: dict[int, NamedDay]) -> Token | None:
    day = days.get(at)
    if day is None:
        return None
    kind = "DAY" if day.coming else "GONE"
    if day.coming and day.gone:
        kind = "EITHER"
    return Token(kind, text[at : day.end], at, day)


_FORMS = (
    ("YN", _A_NOT_A),
    ("PERSON", _PERSON),
    ("THEY", _DEPARTMENT),
    ("PERIOD", _PERIOD),
    ("SPAN", SPAN),
    ("NUM", _NUMBER),
)


def _name_at(text: str, at: int, tokens: Sequence[Token]) -> Token | None:
    """Find a person's name where one is expected: 换李娜, 新联络员是张三."""
    kinds = [token.kind for token in tokens[-3:]]
    expected = kinds and (
        kinds[-1] in ("SWITCH", "FIND", "NEWONE")
        or tokens[-1].text in ("由", "让", "给", "是", "为", "叫")
        or (kinds[-1] in ("FILL", "LE") and {"SWITCH", "NEWONE"} & {*kinds})
    )
    found = _NAME.match(text, at) if expected else None
    if found is None or _DEPARTMENT.match(text, at):
        return None
    for length in (3, 2):
        end = at + length
        if end <= found.end() and (end == len(text) or _is_known(text, end)):
            return Token("NAME", text[at:end], at)
    return None


def _is_known(text: str, at: int) -> bool:
    return _word_at(text, at).kind != UNKNOWN or not "\u4e00" <= text[at] <= "\u9fff"


def _own_at(text: str, at: int, own: tuple[str, ...]) -> Token | None:
    found = [name for name in own if name and text.startswith(name, at)]
    return Token("WE", max(found, key=len), at) if found else None


def _title_at(text: str, at: int, report: str) -> Token | None:
    """Find two or more characters of the report's name, but no word of handing in."""
    end = at + 2
    while end <= len(text) and text[at:end] in report:
        end += 1
    part = _VERBS.split(text[at : end - 1])[0]
    known = _word_at(text, at)
    if len(part) < 2 or (known.kind != UNKNOWN and len(known.text) >= len(part)):
        return None
    return Token("THING", part, at)


_VERBS = re.compile("[报交发送传]")


def _form_at(text: str, at: int) -> Token | None:
    for kind, pattern in _FORMS:
        found = pattern.match(text, at)
        if found and found[0]:
            return Token(kind, found[0], at)
    return None


def _word_at(text: str, at: int) -> Token:
    for length in range(min(_LONGEST, len(text) - at), 0, -1):
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
