"""Phrases of time without a day of their own: periods, seasons, events, 适时."""

import re
from datetime import date, timedelta

from bot.facts import DueKind
from bot.plans.reading.dates_rule import (
    STOPS,
    Hit,
    Rule,
    Scene,
    is_whole,
    words_after,
    words_before,
)
from bot.plans.reading.dates_span import whole_number
from bot.plans.reading.days import add_months, nearest_day
from bot.plans.reading.numerals import CHINESE, DASH, YEAR, read_year

_N = rf"(?:[0-9]{{1,3}}|[{CHINESE}]{{1,3}})"
_LENGTH = (
    rf"(?:(?:{_N}{DASH})?(?P<n>{_N})个?(?P<u>工作日|月|年|日|天|周|星期|小时)"
    r"|(?P<half>半)个?(?P<hu>年|月))(?:以|之)?内"
)
_SINCE_YEAR = re.compile(rf"(?<![0-9])(?P<y>{YEAR})年起(?P<n>{_N})年(?:以|之)?内")
_AFTER_EVENT = re.compile(rf"(?:之日起?|起|之后|以后|后)的?{_LENGTH}")
_PLAIN = re.compile(rf"(?<![0-9{CHINESE}第.]){_LENGTH}")
_TRANSITION = re.compile(r"(?:过渡|整改|试点|建设|规划|宽限)期(?:限)?(?:以|之)?内")
_FROM_NOW = re.compile(
    rf"(?:即日|现在|印发之日|发布之日)起(?!的?[0-9{CHINESE}半])(?:至(?P<y>{YEAR})年(?P<m>[0-9]{{1,2}})月"
    r"(?P<d>[0-9]{1,2})日)?"
)
_AROUND = (
    r"(?:召开|来临|到来|开始|结束)?(?:之前|以前|前后|前夕|前|期间|之后|以后|后|结束)"
)
_SEASON = re.compile(
    r"(?:迎峰度[夏冬]|主?汛期|供[暖热]季|采暖季|雨季|冬春?季?供暖|防[火汛]期|[入立]冬|入汛|三夏|三秋"
    r"|[春夏秋]收|春耕|秋冬季|冬春季|暑[期假]|寒假|[春秋]季学期|新学期|开学|封冻|上冻|(?<=[在于，；。])汛)"
    r"(?:开学|开始|结束|来临)?(?:之前|以前|前夕?|期间|后|内)"
)
_HOLIDAY = re.compile(
    r"(?:至|到)?(?:全国)?(?:(?:省|市|县|区)?[“\"]?两会[”\"]?|元旦|春节|元宵节?|清明节?|五一|劳动节"
    r"|端午节?|中秋节?|国庆节?|七一|八一|十一|高考|中考|党的[一二三四五六七八九十]+大|双节)"
    rf"(?:假期|假日)?{_AROUND}"
)
_DAY_NAME = re.compile(
    r"(?:科技活动周|全国科普日|科普日|防灾减灾(?:日|周|宣传周)|安全生产月|质量月|敬老月|植树节"
    r"|科技工作者日|(?:世界|国际|全国|中国)[一-鿿]{1,10}?(?:(?<![每当今近昨次假作终])日(?![常趋益子本])|周(?![年边期])|月(?!份)"
    r"|节(?![能约日水目点])|主题日)"
    r"|[一-鿿]{2,6}(?:宣传|活动|安全|教育|服务|体验)(?:周(?![年边期])|月(?!份)|(?<![每当今近昨次假作终])日(?![常前趋益子本])))"
    rf"(?:{_AROUND})?"
)
_TOLD = re.compile(
    r"根据[^，。；]{0,20}安排(?:确定)?(?=[，。；）)]|$)|另行(?:通知|确定|安排|部署)|待定"
)
_OPEN = re.compile(
    r"不定期|定期(?!存|限)|适时|及时(?!雨)|近期(?!目标|规划|发展)|尽快|尽早|择机|逐年|随时"
)
_ONGOING = re.compile(
    r"(?:持续|长期|常态化|按进度|按计划|按序时进度|全年|常年|不断)"
    r"(?:持续|坚持|抓好)?(?:推进|优化|坚持|实施|开展|推动|改进|深化|巩固|提升|完善|进行|组织)?"
    r"(?=$|[，；。、）),;])"
)
_NAME_JOINTS = re.compile(
    r"[的和与及等在为了]|(?:开展|组织|举办|结合|利用|做好|参与|参加|深入|依托|围绕|抓住|办好)+"
)

_PAST = re.compile(
    r"(?:近|过去|前|连续|满|不足|超过|毕业|离校|成立|创办|登记|注册|投产|参保|任职|入职|退役|出站|落户|届|期)$"
)
_SERVICE = re.compile(r"(?:至|到|为|控制在|保持在|缩短|压缩|压减|不超过|限)$")
_FROM = re.compile(r"(?<![现存所由对关属终至])(?:自(?![然己身主治])|[于在从])")
_OWN_ISSUE = re.compile(
    r"^本?(?:实施)?(?:方案|意见|通知|计划|措施|文件|文|办法|规定|细则|行动计划|要点)?"
    r"(?:正式)?(?:印发|下发|发布|公布|发文|出台)$"
)


def _reach(length: re.Match[str], start: date | None) -> date | None:
    """Count a length from a day on; None for working days, which need a calendar."""
    if start is None:
        return None
    unit = length["u"] or length["hu"]
    if length["half"]:
        return add_months(start, 6) if unit == "年" else start + timedelta(days=15)
    count = whole_number(length["n"])
    if unit in ("年", "月"):
        return add_months(start, count * (12 if unit == "年" else 1))
    days = {"日": 1, "天": 1, "周": 7, "星期": 7}.get(unit)
    if days is None or start.year > 9000:
        return None
    return start + timedelta(days=count * days)


def _since_year(found: re.Match[str], scene: Scene) -> Hit | None:
    first = date(read_year(found["y"]), 1, 1)
    last = add_months(first, 12 * whole_number(found["n"]))
    return Hit(
        start=found.start(),
        end=found.end(),
        kind=DueKind.RANGE,
        first=first,
        day=last - timedelta(days=1) if last and last > first else None,
        year=first.year,
    )


def _after_event(found: re.Match[str], scene: Scene) -> Hit | None:
    before = words_before(found, scene, count=14)
    event = re.split(f"[{re.escape(STOPS)}]", before)[-1]
    named = _FROM.split(event)[-1]
    event = re.sub("^(?:应当|应|须|要|并|请)+", "", named if len(named) > 1 else event)
    own = _OWN_ISSUE.match(event)
    return Hit(
        start=found.start() - len(event),
        end=found.end(),
        kind=DueKind.RELATIVE,
        day=_reach(found, scene.issued) if own else None,
    )


def _plain(found: re.Match[str], scene: Scene) -> Hit | None:
    before = words_before(found, scene)
    if _PAST.search(before) or _SERVICE.search(before):
        return None
    if (found["u"] or found["hu"]) not in ("年", "月"):
        return None  # how long a service may take: a measure
    day = _reach(found, scene.issued)
    return Hit(start=found.start(), end=found.end(), kind=DueKind.RELATIVE, day=day)


def _from_now(found: re.Match[str], scene: Scene) -> Hit | None:
    if words_after(found, count=2) in ("施行", "生效", "实施", "执行"):
        return None
    last = None
    if found["y"]:
        month, day = int(found["m"]), int(found["d"])
        last = nearest_day(read_year(found["y"]), month, day)
    return Hit(
        start=found.start(),
        end=found.end(),
        kind=DueKind.RANGE if found["y"] else DueKind.START,
        day=last or scene.issued,
        first=scene.issued if found["y"] else None,
    )


def _event(found: re.Match[str], scene: Scene) -> Hit | None:
    return Hit(start=found.start(), end=found.end(), kind=DueKind.EVENT)


def _named_day(found: re.Match[str], scene: Scene) -> Hit | None:
    start = found.start()
    for joint in _NAME_JOINTS.finditer(found[0]):
        start = found.start() + joint.end()
    if found.end() - start < 3:
        return None
    return Hit(start=start, end=found.end(), kind=DueKind.EVENT)


def _open(found: re.Match[str], scene: Scene) -> Hit | None:
    return Hit(start=found.start(), end=found.end(), kind=DueKind.OPEN)


def _ongoing(found: re.Match[str], scene: Scene) -> Hit | None:
    if found[0] in ("全年", "不断", "持续", "长期", "常年") and not is_whole(found):
        return None
    return Hit(start=found.start(), end=found.end(), kind=DueKind.ONGOING)


def _transition(found: re.Match[str], scene: Scene) -> Hit | None:
    return Hit(start=found.start(), end=found.end(), kind=DueKind.RELATIVE)


RULES: tuple[Rule, ...] = (
    (_SINCE_YEAR, _since_year, "起"),
    (_FROM_NOW, _from_now, "起"),
    (_AFTER_EVENT, _after_event, "内"),
    (_PLAIN, _plain, "内"),
    (_TRANSITION, _transition, "期"),
    (_HOLIDAY, _event, "前后间束"),
    (_SEASON, _event, "前后间内"),
    (_DAY_NAME, _named_day, "日周月节"),
    (_TOLD, _open, "排通定署"),
    (_OPEN, _open, "期时早快机年"),
    (_ONGOING, _ongoing, "续期化度划全常断"),
)
