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
    r"|工业和信息化|商务|城管|综合执法|行政审批|审批服务|信访|民宗|残疾人|地震|烟草|税务|消防|供销|档案|机关事务|大数据|广电|经信|园林|粮食|农机|林草|国资|海洋|渔业|畜牧|物价|安监|食药监|质监|金融|招商|投促|人防|史志|机关工委"
    r"|老龄|乡村振兴|移民|公路|邮政|供电|营商|数据|外事|台|住房和城乡建设|城建|教科|文体|文广|文广旅|卫计|国土|规划|房管|市政|环卫|武装)"
    r"(?:委员会|指挥部|服务局|[局委部办厅会]|中心|支队|大队)"
    r"|[县区市省]?(?:妇联|团委|团县委|团区委|团市委|总工会|工会|残联|文联|工商联|侨联|红十字会|党校|融媒体中心|法院|检察院|公安分局"
    r"|科学技术局|教育和体育局|编办|政协|人大|纪委|政府办|府办|县委办|区委办|宣传部|统战部|组织部|政法委|网信办|老干部局|疾控中心|图书馆|科技馆|博物馆|供销社|供销联社|信用社)"
)
_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜"
    "范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文白柳温庄齐牛葛岳鲁韦章苗凌霍翁柏翟欧"
)
_FIELDS = (
    "教育|卫健|科技|人社|农业|文旅|民政|财政|应急|宣传|住建|"
    "水利|环保|公安|司法|体育|市监|发改|商务|城管|医保"
)
_FIELD = re.compile(
    rf"(?<=[归找由该是])(?:{_FIELDS})(?=吧|的|管|那边|负责|牵头|报|$)"
    rf"|(?:{_FIELDS})(?=说|那边|那里|的人)"
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


_DOING = "弄|写|做|办|改|搞|整|填|审|签|盖|整理|汇总|收集|统计|核对|修改|完善"
_NEARLY = re.compile(
    rf"就?快要?(?:{_DOING})(?:完|好|定|妥|齐)|(?:{_DOING}|走|忙|准备)着"
)
_REVISED = re.compile(
    r"(?!已)(?:(?:按照?|根据)?(?:你们|您|你|贵办|贵单位|领导)?的?(?:反馈|退回|审核|修改|整改|意见|要求|建议|通知|的){1,4})?(?:已经?|都)?(?:修改|改|完善|补充|补正|整改|调整|更正|订正)"
    r"(?:完善|完毕|到位|好|完)?了?(?:之后|以后|后)?(?:并|且)?"
    r"(?=(?:已经?|又|再次|重新|重)+(?:报|交|发|传|上传|提交|送|上报))"
)
"""What was sent back, and was mended before it was handed in once more."""
_SURELY_DONE = re.compile(
    r"(?:哪能|哪会|怎么会|怎么可能|咋会|咋可能|怎会|怎能|岂能|岂会|哪里会|咋能|不可能|哪敢|怎敢|岂敢)"
    r"(?:(?:没有|没|不|未)(?:上报|报送|提交|[报交发传送])|忘[了记]?)(?:过|给[你您]们?|呢|啊|呀)*"
)
"""A question that is none: 哪能没报呢."""
_DONE_ALONE = re.compile(
    r"(?<!.)(?:(?:行|可以|成|中|ok|okay)[了啦喽])+[哈啊呀噢哦]?(?!.)"
)
_PREPARED = re.compile(
    rf"(?:{_DOING}|打印|装订|打包|准备)(?:完|好|齐|妥)(?:字|章|表)?了?"
    r"(?=(?:上传|提交|[寄送交发传报])[上出过到]?(?:去|给?你们?|给?您|邮箱|系统)?了[啊呀哈哦]?(?!.))"
    r"|(?:盖章|签字|扫描|打印){1,3}后(?=[寄送交发传报][上出过到]?去?了[啊呀哈哦]?(?!.))"
    r"|(?:开完会|散会|会后)(?=就?[交报发送传]了)"
    rf"|(?:(?<=已)|(?<=已经))(?:重新|按要求)?(?:{_DOING}|盖章|签字|整改|送审|审核|审定|签批|填写|填报)"
    r"(?:完善|完毕|完成|好|完)?后?并(?:重新|再次|已)?(?=上报|提交|上传|[报交发送])"
)
"""What went before what was done: 盖好章寄出去了."""
_OFFICE = re.compile(r"贵(?:办公室|单位|科协|科室|中心|[局办会处部委科])")
_SHORT_OF_FIGURES = re.compile(
    r"(?:还|就|只)?[差缺少](?:最后)?[点些几一两]?[个项组]?数据?(?!字)"
)
_ONE_MORE = re.compile(r"还有(?=[一两二三四五几][份个张项][^有没未]{0,4}[没未])")
_BEFORE_YOU = re.compile(r"在?[你您]们?(?:催|提醒|通知)(?:之前|以前|前|的时候)")
_BEFORE_MEETING = re.compile(r"开?会(?:之前|前)(?=就?已?[报交发送传].{0,8}[了的])")
_OUR_HEAD = re.compile(r"(?:我们|咱们|咱|我)(?=[局委科处部站所校院镇]长|局领导)")
_ONCE = re.compile(r"过的[呀啊哦呢嘛]?(?!.)")
_WRONG_ADDRESS = re.compile(
    r"[弄搞发找认派分问通]知?(?:错|混)了?(?:单位|部门|对象|科室)"
)

_FORMS = (
    ("WE", _OUR_HEAD),
    ("INHAND", _SHORT_OF_FIGURES),
    ("LACK", _ONE_MORE),
    ("PAST", _BEFORE_YOU),
    ("PAST", _BEFORE_MEETING),
    ("YOU", _OFFICE),
    ("FILL", _PREPARED),
    ("RHETORIC", _SURELY_DONE),
    ("DONE", _DONE_ALONE),
    ("LE", _ONCE),
    ("REVISED", _REVISED),
    ("NOTUS", _WRONG_ADDRESS),
    ("INHAND", _NEARLY),
    ("YN", _A_NOT_A),
    ("PERSON", _PERSON),
    ("THEY", _DEPARTMENT),
    ("THEY", _FIELD),
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
