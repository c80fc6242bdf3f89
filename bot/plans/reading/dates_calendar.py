"""Phrases of time that name days of the calendar: 6月底前, 第二季度, 十四五末."""

import re
from datetime import date

from bot.facts import DueKind
from bot.plans.reading.dates_rule import (
    Hit,
    Rule,
    Scene,
    is_whole,
    words_after,
    words_before,
)
from bot.plans.reading.dates_span import SINCE, STAGE, Span, settle, whole_number
from bot.plans.reading.days import LAST
from bot.plans.reading.numerals import CHINESE, DASH, YEAR

_Y = (
    rf"(?:(?<![0-9]){YEAR}年度?|今年|本年度?|当年|明年|次年|翌年"
    r"|(?<![0-9])[12][0-9]年(?=年?[底末]|[0-9]))"
)
_M = r"(?:[0-9]{1,2}|十[一二]?|[一二三四五六七八九])"
_D = r"(?:[0-9]{1,2}|[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_PART = "底|末|上旬|中旬|下旬|初"
_EVERY = r"(?P<every>每一?年度?的?|每(?=年))?"
_BEFORE = r"(?P<before>之前|以前|前(?!后|期|往|沿|列))?"
CLOCK = (
    rf"(?:上午|下午|中午|晚上?|早上?)?(?:[0-9]{{1,2}}|[{CHINESE}]{{1,3}})"
    r"(?:[:：][0-9]{2}|[时点](?:[0-9]{1,2}分|半|整)?)|下班"
)
_WEEKDAY = r"(?:[（(]?(?:星期|周)(?P<w>[一二三四五六日天])[）)]?)?"
_NOT_A_PART = rf"(?<![0-9{CHINESE}第个.上下])"

_POINT = re.compile(
    rf"{_EVERY}(?P<y>{_Y})?{_NOT_A_PART}(?P<m>{_M})月(?!度)份?"
    rf"(?:(?P<d>{_D})[日号])?(?P<part>{_PART})?{_WEEKDAY}(?P<t>{CLOCK})?{_BEFORE}"
)
_RANGE = re.compile(
    rf"{_EVERY}(?P<y>{_Y})?{_NOT_A_PART}(?P<m>{_M})"
    rf"(?:月份?(?:(?P<d>{_D})[日号]?)?(?:{_PART})?起?(?P<far>{DASH})"
    rf"(?P<y2>{_Y})?(?:(?P<m2>{_M})月份?)?(?:(?P<d2>{_D})[日号])?(?P<part>{_PART})?"
    rf"|{DASH}(?P<m3>{_M})月份?(?:底|末)?)止?{_BEFORE}"
)
_YEARS = re.compile(rf"(?<![0-9])(?P<y>{YEAR})年?{DASH}(?P<y2>{YEAR})年(?!以?来)")
_YEAR_END = re.compile(
    rf"{_EVERY}(?:(?P<y>{_Y})年?|(?<![0-9{CHINESE}半近几多学当去整全青少老中童成壮晚早])年)"
    rf"(?:度?(?:底|末|内)|终(?=前|之前|以前)){_BEFORE}"
)
_QUARTER = re.compile(
    rf"{_EVERY}(?P<y>{_Y})?(?:第?(?P<q>(?<![前至-])[一二三四1-4])季度(?!一[次调通督])|(?P<h>[上下])半年"
    rf"|(?P<whole>全年))(?:末|底)?{_BEFORE}"
)
_YEAR_ONLY = re.compile(
    rf"(?:(?P<y>(?<![0-9]){YEAR})年度?|(?P<w>今年|明年))(?P<before>之前|以前|前(?!后|期))?"
)
_NUMERIC = re.compile(
    r"(?<![0-9.])(?P<y>20[0-9]{2})[./-](?P<m>[0-9]{1,2})(?:[./-](?P<d>[0-9]{1,2}))?"
    rf"(?:(?:{DASH}|-)(?P<y2>20[0-9]{{2}})[./-](?P<m2>[0-9]{{1,2}})"
    rf"(?:[./-](?P<d2>[0-9]{{1,2}}))?)?日?(?![0-9.]){_BEFORE}"
)
_FIVE_YEARS = re.compile(
    r"[“\"「]?十(?P<n>[一二三四五六七])五[”\"」]?(?P<what>期间|时期|规划期内|规划期间|(?:规划)?期?末|末期)(?:前|之前)?"
)

_PARTS = {"上旬": (1, 10), "中旬": (11, 20), "下旬": (21, LAST), "初": (1, 10)}


def _point(found: re.Match[str], scene: Scene) -> Hit | None:
    month, part = whole_number(found["m"]), found["part"] or ""
    first, last = _PARTS.get(part, (1, LAST))
    if found["d"]:
        first = last = whole_number(found["d"]) or 32
    is_range = part in _PARTS and not found["before"] and not found["d"]
    span = Span(
        begin=(month, first),
        end=(month, last),
        year=found["y"] or "",
        is_range=is_range,
    )
    return settle(found, scene, span)


def _range(found: re.Match[str], scene: Scene) -> Hit | None:
    if not (found["m2"] or found["d2"] or found["m3"]):
        return _point_again(found, scene)
    begin = (whole_number(found["m"]), whole_number(found["d"]) or 1)
    month = whole_number(found["m2"] or found["m3"]) or begin[0]
    day = whole_number(found["d2"]) or _PARTS.get(found["part"] or "", (1, LAST))[1]
    if (begin, (month, day)) == ((1, 1), (12, 31)) and not found["every"]:
        return None  # a whole year of days is the period of a benefit
    span = Span(
        begin=begin,
        end=(month, day),
        year=found["y"] or "",
        end_year=found["y2"] or "",
        is_range=True,
    )
    return settle(found, scene, span)


def _point_again(found: re.Match[str], scene: Scene) -> Hit | None:
    again = _POINT.match(found.string, found.start())
    return _point(again, scene) if again else None


def _years_range(found: re.Match[str], scene: Scene) -> Hit | None:
    before, after = words_before(found, scene), words_after(found, count=40)
    in_bracket = before.endswith(("（", "(")) and after[:1] in ("）", ")")
    title = re.match(r"[^，。；：,;]{0,36}?(?:规划|纲要|方案|计划|意见)", after)
    if title or (in_bracket and not STAGE.search(before)):
        return None
    span = Span(
        begin=(1, 1),
        end=(12, LAST),
        year=found["y"],
        end_year=found["y2"],
        is_range=True,
    )
    return settle(found, scene, span)


def _year_end(found: re.Match[str], scene: Scene) -> Hit | None:
    before = words_before(found, scene)
    if before.endswith(("到", "至")) and not found["before"]:
        return None
    span = Span(begin=(1, 1), end=(12, LAST), year=found["y"] or "")
    return settle(found, scene, span)


def _quarter(found: re.Match[str], scene: Scene) -> Hit | None:
    if found["whole"] and not (found["y"] or is_whole(found)):
        return None
    if words_before(found, scene).endswith(("前", "至")):
        return None
    months = {"上": (1, 6), "下": (7, 12)}.get(found["h"] or "", (1, 12))
    if found["q"]:
        last = 3 * whole_number(found["q"])
        months = (last - 2, last)
    span = Span(
        begin=(months[0], 1),
        end=(months[1], LAST),
        year=found["y"] or "",
        is_range=not found["before"] and found[0][-1] not in "末底",
    )
    return settle(found, scene, span)


def _year_only(found: re.Match[str], scene: Scene) -> Hit | None:
    before, after = words_before(found, scene), words_after(found)
    doing = re.match(r"(?:全部|全面|基本)?(?:完成|竣工|开工|投用|投入使用|交付)", after)
    since = SINCE.match(after)
    bound = found["before"] or is_whole(found) or doing or since
    if not bound or before.endswith(("到", "至", "力争", "比", "较")):
        return None
    if since and not found["before"] and after.startswith(("以后", "之后", "后")):
        return None
    word = f"{found['y']}年" if found["y"] else found["w"]
    return settle(found, scene, Span(begin=(1, 1), end=(12, LAST), year=word))


def _numeric(found: re.Match[str], scene: Scene) -> Hit | None:
    if not (found["d"] or is_whole(found)):
        return None
    begin = (int(found["m"]), int(found["d"] or 1))
    end = (int(found["m"]), int(found["d"] or LAST))
    if found["m2"]:
        end = (int(found["m2"]), int(found["d2"] or LAST))
    span = Span(
        begin=begin,
        end=end,
        year=f"{found['y']}年",
        end_year=f"{found['y2']}年" if found["y2"] else "",
        is_range=bool(found["m2"]),
    )
    return settle(found, scene, span)


def _five_years(found: re.Match[str], scene: Scene) -> Hit | None:
    first = 2006 + 5 * ("一二三四五六七".index(found["n"]))
    begin, end = date(first, 1, 1), date(first + 4, 12, 31)
    if found["what"][-1] in "间期内" and found["what"] != "末期":
        kind = DueKind.RANGE
    elif words_before(found, scene).endswith(("到", "至")):
        return None
    else:
        kind = DueKind.DEADLINE
    start, stop = found.span()
    ranged = kind is DueKind.RANGE
    return Hit(
        start=start, end=stop, kind=kind, day=end, first=begin if ranged else None
    )


RULES: tuple[Rule, ...] = (
    (_YEARS, _years_range, "年"),
    (_RANGE, _range, "月"),
    (_POINT, _point, "月"),
    (_NUMERIC, _numeric, "./-"),
    (_YEAR_END, _year_end, "年"),
    (_QUARTER, _quarter, "季半全"),
    (_FIVE_YEARS, _five_years, "五"),
    (_YEAR_ONLY, _year_only, "年"),
)
