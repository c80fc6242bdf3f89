"""Phrases of time for what returns: 每季度末, 每月25日前, 每两年, 月调度.

A rhythm is one of: "yearly", "yearly 06-30", "every 6 months", "every 2 years",
"every 3-5 years", "quarterly", "quarterly last", "quarterly 25" (that day of the
quarter's last month), "quarterly next 10" (that day of the month after the quarter),
"monthly", "monthly 25", "monthly last", "weekly", "weekly 4" (Thursday), "daily",
"every 2 weeks", "every 10 days", "every term".
"""

import re

from bot.facts import DueKind
from bot.plans.reading.dates_calendar import CLOCK
from bot.plans.reading.dates_rule import Hit, Rule, Scene
from bot.plans.reading.dates_span import read_clock, whole_number
from bot.plans.reading.numerals import CHINESE, DASH

_N = rf"(?:[0-9]{{1,3}}|[{CHINESE}]{{1,3}})"
_DAY = r"(?:[0-9]{1,2}|[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_TIME = rf"(?P<t>{CLOCK})?(?:之前|以前|前)?"
_ONCE = "次|期|场|调度|通报|会商|研判|报|督|总结|讲|课|题|查|更新|例会|汇|评|检|考"
_ALONE = rf"(?<![0-9{CHINESE}个每按逐半本当上下])"

_EVERY_N = re.compile(
    rf"每(?P<skip>隔)?(?P<n>{_N})(?:(?:{DASH}|、)(?P<n2>{_N}))?个?(?P<u>年|月|季度|周|星期|天|日)"
)
_HALF = re.compile(
    r"(?:每|按|逐|一个)半个?年度?(?:末|底)?(?:之前|以前|前)?|半年度?(?=一次|[考测]?评|总结)"
    r"|半年报(?![告考])|(?:^|(?<=[:：，；、]))半年(?=$|[，；。、])"
)
_QUARTER = re.compile(
    r"(?:每一?个?|按|逐|一)季度?(?:(?:的)?(?:末月|最后一?个月|第三个月)(?P<d>"
    + _DAY
    + ")[日号]"
    r"|(?P<next>(?:的)?(?:首月|第一个月|(?:结束|终了)?后)(?P<d2>"
    + _DAY
    + r")[日号](?:内)?)"
    r"|(?P<last>末月?底?|底))?(?:之前|以前|前)?"
    rf"|{_ALONE}季度?(?:调度|通报|督导|督查|报(?![告表考刊]))"
)
_MONTH = re.compile(
    rf"(?:每一?个?|按|逐)月(?:份)?(?:的)?(?:(?P<d>{_DAY})[日号]|(?P<last>月?[底末]))?{_TIME}"
    rf"|{_ALONE}月(?:度)?(?:调度|通报|督导|督查|研判|报(?![告表考刊]))"
)
_NEXT_MONTH = re.compile(rf"(?:次|下|下个)月(?P<d>{_DAY})[日号]{_TIME}")
_SECOND_DAY = re.compile(rf"(?<=[、和及与])(?P<d>{_DAY})[日号]{_TIME}")
_WEEK = re.compile(
    rf"(?:每一?个?|按|逐)(?:周|星期)(?:(?P<w>[一二三四五六日天])(?!{_ONCE}))?{_TIME}"
    rf"|{_ALONE}周(?:调度|通报|督导|研判|报(?![告表考刊]))"
)
_DAILY = re.compile(
    rf"(?:每|逐)一?(?:日|天|个?工作日){_TIME}|{_ALONE}日(?:调度|通报|报告)"
)
_TERM = re.compile(r"每一?个?(?P<u>学期|学年|年度?|旬)")
_ONE_A = re.compile(
    rf"(?P<n>{_N}|半)个?(?P<u>年|季度|季|月|周)(?:度)?"
    rf"(?={_N}(?:次|届|总结|考核|评|调度|通报|督))"
)

_UNITS = {"年": "years", "月": "months", "周": "weeks", "星期": "weeks"}
_SINGLE = {"年": "yearly", "月": "monthly", "周": "weekly", "天": "daily"}


def _hit(found: re.Match[str], rhythm: str) -> Hit:
    clock = found.groupdict().get("t") or ""
    return Hit(
        start=found.start(),
        end=found.end(),
        kind=DueKind.RECURRING,
        rhythm=rhythm,
        time=read_clock(clock),
    )


def _rhythm_of(unit: str, *, low: int, high: int) -> str:
    if unit in ("季", "季度"):
        unit, low, high = "月", 3 * low, 3 * high
        if low == high == 3:
            return "quarterly"
    unit = {"星期": "周", "日": "天"}.get(unit, unit)
    if low == high == 1:
        return _SINGLE[unit]
    span = str(low) if low == high else f"{low}-{high}"
    return f"every {span} {_UNITS.get(unit, 'days')}"


def _every_n(found: re.Match[str], scene: Scene) -> Hit | None:
    low = whole_number(found["n"])
    high = whole_number(found["n2"]) or low
    if not low:
        return None
    if found["skip"]:
        low, high = low + 1, high + 1
    return _hit(found, _rhythm_of(found["u"], low=low, high=high))


def _half(found: re.Match[str], scene: Scene) -> Hit | None:
    return _hit(found, "every 6 months")


def _quarter(found: re.Match[str], scene: Scene) -> Hit | None:
    if found["d"]:
        return _hit(found, f"quarterly {whole_number(found['d'])}")
    if found["next"]:
        return _hit(found, f"quarterly next {whole_number(found['d2'])}")
    return _hit(found, "quarterly last" if found["last"] else "quarterly")


def _month(found: re.Match[str], scene: Scene) -> Hit | None:
    if found["d"]:
        return _hit(found, f"monthly {whole_number(found['d'])}")
    return _hit(found, "monthly last" if found["last"] else "monthly")


def _next_month(found: re.Match[str], scene: Scene) -> Hit | None:
    return _hit(found, f"monthly {whole_number(found['d'])}")


def _second_day(found: re.Match[str], scene: Scene) -> Hit | None:
    if not scene.monthly or found.start() != scene.floor + 1:
        return None
    return _hit(found, f"monthly {whole_number(found['d'])}")


def _week(found: re.Match[str], scene: Scene) -> Hit | None:
    day = found["w"]
    if not day:
        return _hit(found, "weekly")
    return _hit(found, f"weekly {'一二三四五六日'.find(day.replace('天', '日')) + 1}")


def _daily(found: re.Match[str], scene: Scene) -> Hit | None:
    return _hit(found, "daily")


def _term(found: re.Match[str], scene: Scene) -> Hit | None:
    rhythms = {"学期": "every term", "旬": "every 10 days"}
    return _hit(found, rhythms.get(found["u"], "yearly"))


def _one_a(found: re.Match[str], scene: Scene) -> Hit | None:
    if found["n"] == "半":
        return _hit(found, "every 6 months") if found["u"] == "年" else None
    count = whole_number(found["n"])
    if not count:
        return None
    return _hit(found, _rhythm_of(found["u"], low=count, high=count))


RULES: tuple[Rule, ...] = (
    (_HALF, _half, "半"),
    (_EVERY_N, _every_n, "每"),
    (_QUARTER, _quarter, "季"),
    (_MONTH, _month, "月"),
    (_NEXT_MONTH, _next_month, "月"),
    (_SECOND_DAY, _second_day, "日号"),
    (_WEEK, _week, "周星"),
    (_DAILY, _daily, "日天"),
    (_TERM, _term, "每"),
    (_ONE_A, _one_a, "年季月周"),
)
