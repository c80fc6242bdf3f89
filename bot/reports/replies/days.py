"""Days named in a reply: 下周一, 28号, 三个工作日内, 国庆后上班第一天."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from bot.reports.calendar import WorkCalendar
from bot.reports.replies import feasts
from bot.reports.replies.day_numbers import (
    DAY,
    NUMBER,
    count_of,
    day_of,
    last_of,
    monday_of,
    month_after,
)
from bot.reports.replies.spans import FAR, SPAN, later

_HALF_YEAR = timedelta(days=183)
_LATELY = timedelta(days=62)


@dataclass(frozen=True, slots=True)
class Today:
    """From where days are reckoned."""

    day: date
    calendar: WorkCalendar
    due_on: date | None


@dataclass(frozen=True, slots=True)
class NamedDay:
    """A day that a text names in `text[start:end]`.

    Many words name two days: 28号 is `coming` in a promise and `gone` in 28号报了. A
    reading that cannot be is None; `is_bare` is a weekday without 这 or 下.
    """

    start: int
    end: int
    coming: date | None = None
    gone: date | None = None
    is_bare: bool = False


Found = tuple[date | None, date | None]
Read = Callable[["re.Match[str]", Today], Found]


def _both(day: date | None, today: Today) -> Found:
    """Give a day that can only be meant as it is: to come, or gone, or today."""
    if day is None:
        return None, None
    return (day if day >= today.day else None, day if day <= today.day else None)


def _month_day(found: "re.Match[str]", today: Today) -> Found:
    month, day = count_of(found["month"]), count_of(found["day"])
    written = found.groupdict().get("year")
    if written:
        year = _YEARS.get(written)
        number = today.day.year + year if year is not None else int(written)
        number += 2000 if number < 100 else 0
        return _both(day_of(number, month, day), today)
    years = range(today.day.year - 1, today.day.year + 2)
    return _nearest([day_of(year, month, day) for year in years], today)


_YEARS = {"去": -1, "今": 0, "本": 0, "明": 1}


def _nearest(days: Iterable[date | None], today: Today) -> Found:
    """Choose the next and the last of some days.

    A day that has only just passed is not meant for the next year.
    """
    known = sorted(day for day in days if day)
    coming = next((day for day in known if day >= today.day), None)
    gone = next((day for day in reversed(known) if day <= today.day), None)
    if coming and coming - today.day > _HALF_YEAR:
        if gone and today.day - gone < _LATELY:
            coming = None
    return coming, gone


def _day_of_this_or_next_month(found: "re.Match[str]", today: Today) -> Found:
    day = count_of(found["day"])
    months = (month_after(today.day, months) for months in range(-2, 3))
    return _nearest([day_of(*month, day) for month in months], today)


_NEXT = {"": 0, "本": 0, "这": 0, "这个": 0, "当": 0, "下": 1, "下个": 1, "下下": 2}
_NEXT |= {"下下个": 2, "上": -1, "上个": -1, "上上": -2, "上上个": -2}
_WHICH = r"(?P<which>本|这个?|当|下下?个?|上上?个?)"


def _day_of_named_month(found: "re.Match[str]", today: Today) -> Found:
    month = month_after(today.day, _NEXT[found["which"]])
    return _both(day_of(*month, count_of(found["day"])), today)


_WEEK = r"(?:周|星期|礼拜)"


def _weekday(found: "re.Match[str]", today: Today) -> Found:
    written = found["weekday"]
    weekday = 6 if written in "日天7" else count_of(written) - 1
    which = found["which"]
    if which is None:
        until = (weekday - today.day.weekday()) % 7
        since = (today.day.weekday() - weekday) % 7
        return today.day + timedelta(days=until), today.day - timedelta(days=since)
    weeks = timedelta(days=7 * _NEXT[which] + weekday)
    coming, gone = _both(monday_of(today.day) + weeks, today)
    if gone and not coming and which.startswith(("本", "这")):
        coming = gone + timedelta(days=7)
    return coming, gone


def _end_of_week(found: "re.Match[str]", today: Today) -> Found:
    weeks = timedelta(days=7 * _NEXT[found["which"] or ""] + 6)
    return _last_worked(monday_of(today.day) + weeks, today)


def _first_of_week(found: "re.Match[str]", today: Today) -> Found:
    monday = monday_of(today.day) + timedelta(days=7 * _NEXT[found["which"]])
    return today.calendar.on(monday - timedelta(days=1), 1), None


def _last_worked(last: date, today: Today) -> Found:
    """Give the last working day of a span, or its end if no working day is left."""
    worked = today.calendar.back(last, 0)
    return _both(worked if worked >= today.day else last, today)


def _end_of_month(found: "re.Match[str]", today: Today) -> Found:
    written = found.groupdict().get("month")
    if written is None:
        ahead = _NEXT[found["which"] or ""]
        return _last_worked(last_of(*month_after(today.day, ahead)), today)
    month = count_of(written)
    if not 1 <= month <= 12:
        return None, None
    year = today.day.year + (month < today.day.month)
    return _last_worked(last_of(year, month), today)


def _end_of_year(found: "re.Match[str]", today: Today) -> Found:
    years = 1 if found["year"] == "明" else 0
    return _last_worked(date(today.day.year + years, 12, 31), today)


_AWAY = {"大前": -3, "前": -2, "昨": -1, "今": 0, "明": 1, "今明": 1}
_AWAY |= {"后": 2, "明后": 2, "大后": 3}


def _day_away(found: "re.Match[str]", today: Today) -> Found:
    return _both(today.day + timedelta(days=_AWAY[found["away"]]), today)


def _after_a_while(found: "re.Match[str]", today: Today) -> Found:
    return _both(later(today.day, found[0], calendar=today.calendar), today)


def _a_while_ago(found: "re.Match[str]", today: Today) -> Found:
    return None, today.day - timedelta(days=count_of(found["count"]))


def _today(found: "re.Match[str]", today: Today) -> Found:
    return today.day, today.day


def _tomorrow(found: "re.Match[str]", today: Today) -> Found:
    return today.day + timedelta(days=1), None


def _next_worked(found: "re.Match[str]", today: Today) -> Found:
    return today.calendar.on(today.day, 1), None


def _due_date(found: "re.Match[str]", today: Today) -> Found:
    return _both(today.due_on, today)


def _before_due(found: "re.Match[str]", today: Today) -> Found:
    ahead = timedelta(days=count_of(found["count"]))
    return _both(today.due_on and today.due_on - ahead, today)


def _round_a_feast(found: "re.Match[str]", today: Today) -> Found:
    days = (holiday_after(found["feast"], today, start) for start in _STARTS)
    known = [_near(day, found, today) for day in days if day]
    coming = (day for day in known if day >= today.day)
    gone = (day for day in known if day <= today.day)
    return min(coming, default=None), max(gone, default=None)


_STARTS = (timedelta(days=-60), timedelta(days=-10), timedelta())


def holiday_after(name: str, today: Today, start: timedelta) -> date | None:
    """Find a festival, or the next weekday off, from some days before today on."""
    first = today.day + start
    if name in _ANY_HOLIDAY:
        return feasts.next_holiday(first, calendar=today.calendar)
    return feasts.feast(name, today=first)


def _near(day: date, found: "re.Match[str]", today: Today) -> date:
    """Return the last working day before a festival, or a working day after it."""
    if found["before"]:
        return today.calendar.back(day, 0)
    return today.calendar.on(day, min(count_of(found["count"] or "1"), FAR))


_ANY_HOLIDAY = ("节", "假", "放假", "假期", "长假", "小长假", "休假", "节假日")
_NAMES = (*feasts.BY_THE_SUN, *feasts.BY_THE_MOON, *feasts.FROM_NEW_YEAR)
_BY_NAME = [name for name in _NAMES if name not in ("年", "过年", "十一")]
FEASTS = sorted((*_NAMES, *_ANY_HOLIDAY), key=len, reverse=True)
FEAST = (
    r"(?<![0-9一二两三几今明去多全半每季])"
    rf"(?:{'|'.join(FEASTS)})"
)
_FIRST = (
    rf"(?:上班|开工|复工|收假|回来)?后?的?(?:第(?P<count>{NUMBER})个?(?:工作日|上班日|天)"
    r"|[首头]一?个?(?:工作日|上班日|天|日)|当一?天)(?:上班|开工)?"
)


def _days_before_a_feast(found: "re.Match[str]", today: Today) -> Found:
    day = feasts.feast(found["feast"], today=today.day)
    return _both(day and day - timedelta(days=count_of(found["count"])), today)


def _on_a_feast(found: "re.Match[str]", today: Today) -> Found:
    years = range(today.day.year - 1, today.day.year + 2)
    return _nearest([feasts.in_year(found["feast"], year) for year in years], today)


def _lunar(found: "re.Match[str]", today: Today) -> Found:
    day = count_of(found["day"].removeprefix("初"))
    if not 1 <= day <= 30:
        return None, None
    return _both(feasts.lunar_day(found["lunar"], day, today=today.day), today)


_PART = (
    r"(?:凌晨|一?早上?|上午|中午|下午|傍晚|晚上|晚间|午后|午饭|下班|上班|之前|以前|前"
    rf"|之内|以内|内|左右|的?时候|当天|那天|的|{NUMBER}[点时](?:半|钟|整|多|来钟|[0-9]{{1,2}}分?)?"
    r"|[0-9]{1,2}:[0-9]{2})"
)

FORMS: tuple[tuple[str, Read], ...] = (
    (
        rf"(?:(?P<year>20[0-9]{{2}}|[0-9]{{2}}|今|明|去|本)年?)?(?<![0-9])"
        rf"(?P<month>{DAY})月份?(?P<day>{DAY})(?![0-9.])[日号]?",
        _month_day,
    ),
    (
        r"(?<![0-9])(?P<year>20[0-9]{2})[-/.年]?(?P<month>[0-9]{1,2})"
        r"[-/.月]?(?P<day>[0-9]{2}|(?<=[-/.月])[0-9])(?![0-9])[日号]?",
        _month_day,
    ),
    (
        r"(?<![0-9./-])(?P<month>1[0-2]|0?[1-9])[-/.](?P<day>[0-3]?[0-9])"
        r"(?![0-9./%万亿版倍个gmk])[日号]?",
        _month_day,
    ),
    (
        r"(?<![0-9])(?P<month>1[0-2]|0[1-9])(?P<day>[0-3][0-9])(?=[日号前]|之前|以前|就?(?:已经?)?[报交发送传])[日号]?",
        _month_day,
    ),
    (rf"{_WHICH}月(?:份的?)?(?P<day>{DAY})[日号]?", _day_of_named_month),
    (
        rf"(?<![0-9第月])(?P<day>{DAY})号(?![楼文线院机令通公函方来])",
        _day_of_this_or_next_month,
    ),
    (
        rf"(?:(?<=最晚)|(?<=最迟)|(?<![0-9第月延期限缓晚迟给长]))(?P<day>{DAY})日",
        _day_of_this_or_next_month,
    ),
    (
        rf"(?<![每一两三四])(?P<which>这个?|本|下下?个?|上上?个?)?(?:{_WEEK}的)?{_WEEK}"
        r"(?P<weekday>[一二三四五六日天1-7])(?!天|[0-9个次]|(?<=一)[定直])",
        _weekday,
    ),
    (
        rf"(?P<which>这个?|本|下个?)?{_WEEK}(?:末?之前|末?以前|末前|底|(?:之内|以内|内)?的?最[后末]一个?工作日)前?",
        _end_of_week,
    ),
    (
        rf"(?:(?P<month>{DAY})月份?|(?P<which>本|这个?|当|下个?|上个?)?月份?)"
        r"(?:(?:底|末|之内|以内|内)(?:的?最后一天)?|的?最后一(?:天|个?工作日))",
        _end_of_month,
    ),
    (
        r"(?P<year>今|明|本)?年(?:(?:底|末)(?![事太人各考忙都的一工])|内|之内|以内|的?最后一(?:天|个?工作日))",
        _end_of_year,
    ),
    (
        r"(?<!以)(?P<away>大前|前|昨|今明|今|明后|明|大后|后)(?:两?[天日]|儿个?|个儿?(?!月)"
        r"|(?=早|晚|上午|中午|下午))",
        _day_away,
    ),
    (r"(?<![今每])(?P<away>今|明|昨)(?:早上?|晚上?)", _day_away),
    (rf"(?:再?过(?![两几])){SPAN}(?:之?后|以后)?", _after_a_while),
    (rf"{SPAN}(?:之内|以内|内|之后|以后|后)(?:的今天)?", _after_a_while),
    (
        rf"(?:比|在)?(?:截止|期限|到期)(?:日期?|时间)?(?:之?前|提前|早)(?P<count>{NUMBER})天",
        _before_due,
    ),
    (rf"(?P<count>{NUMBER})天(?:之|以)?前", _a_while_ago),
    (
        rf"(?:{NUMBER}|半)个?多?(?:小时|钟头|分钟)(?:之|以)?前",
        lambda found, today: (None, today.day),
    ),
    (
        rf"(?P<which>下个?){_WEEK}的?(?:第一|头一?|首)个?工作日",
        _first_of_week,
    ),
    (r"(?:下|次|后)一?个?工作日", _next_worked),
    (r"次日|翌日|隔天|隔日|第二天(?!上班)", _tomorrow),
    (
        r"(?:[早午晚中]饭|午休)后|(?<![早晚])(?:上午|中午|下午|傍晚|晚上|晚间|午后|下班|天黑|早上|凌晨)(?!好)(?:之?前|以前|时)?",
        _today,
    ),
    (rf"(?<![0-9]){NUMBER}[点时](?:半|钟|整)?(?:之前|以前|前|左右)", _today),
    (
        r"(?:截止|截至|到期|期限|规定)的?(?:日期|时间|期限)?的?(?:当天|那天|当日|日|之前|前)"
        r"|最后(?:一天|期限)|(?:ddl|deadline)",
        _due_date,
    ),
    (
        rf"(?P<feast>{'|'.join(sorted(_NAMES, key=len, reverse=True))})节?的?前"
        rf"(?P<count>{NUMBER})[天日]",
        _days_before_a_feast,
    ),
    (
        rf"(?<!过完)(?<!过了)(?P<feast>{FEAST})(?:节|假期|长假|放假|假)?(?P<before>之前|以前|前)"
        r"(?:的?最后一(?:天|个?工作日))?",
        _round_a_feast,
    ),
    (
        rf"(?P<feast>{'|'.join((*_BY_NAME, *feasts.TERMS))})(?:节气?)?"
        r"(?:当天|那天|当日|(?=就?[报交发送](?!告)))",
        _on_a_feast,
    ),
    (
        rf"(?:过完|过了|过|放完)?(?P<feast>{FEAST})(?:节|假期|长假|放假|假)?(?:过?之?后|过完|以后|回来|上来|收假后?|结束后?|放完假|完了?)?"
        rf"(?P<before>(?!))?{_FIRST}",
        _round_a_feast,
    ),
    (
        r"(?P<feast>除夕|年三十|大年初一|元宵|元旦|圣诞|平安夜|建党节|七一|建军节|八一|教师节|六一|儿童节|妇女节|植树节|青年节)(?:节)?(?:当天|那天|当日)?(?!节|假|后|过|之|以|期|回来|上来|上班)",
        _on_a_feast,
    ),
    (
        rf"(?P<feast>{'|'.join(feasts.TERMS)})(?:节气?)?(?:之前|以前|前|当天|那天|当日)",
        _on_a_feast,
    ),
    (r"(?P<lunar>腊)(?P<day>八)(?=节|前|之前|那天|当天|就?[报交发送])节?", _lunar),
    (rf"(?P<lunar>冬|腊|正)月(?P<day>初{DAY}|{DAY})", _lunar),
)
"""How a day may be written, and who reads it; of two at one place the longer counts."""

_FORMS = tuple((re.compile(pattern), read) for pattern, read in FORMS)
_SIGNS = re.compile(
    r"[0-9月号日周星礼年天今明昨前后过内午晚早班次第点时期限节头首除元圣七八六腊正ld至立分暑寒雪露霜雨惊满种冬宵夜端秋春凌]"
)
_PARTS = re.compile(rf"{_PART}{{1,4}}")


def find_days(text: str, *, today: Today) -> list[NamedDay]:
    """Find the days that a folded text names, in their order, none overlapping."""
    if not _SIGNS.search(text):
        return []
    found = [
        (match.start(), -match.end(), *read(match, today))
        for pattern, read in _FORMS
        for match in pattern.finditer(text)
    ]
    days: list[NamedDay] = []
    end = 0
    for start, minus_end, coming, gone in sorted(found, key=lambda one: one[:2]):
        if start < end or (coming is None and gone is None):
            continue
        end = -minus_end
        part = _PARTS.match(text, end)
        end = part.end() if part else end
        days.append(NamedDay(start, end, coming, gone))
    return days
