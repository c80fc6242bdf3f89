"""From days of the calendar to a phrase that binds: its year, its kind, its end."""

import re
from dataclasses import dataclass
from datetime import date

from bot.facts import DueKind
from bot.plans.reading.dates_rule import (
    STOPS,
    Hit,
    Scene,
    is_whole,
    words_after,
    words_before,
)
from bot.plans.reading.days import days_in, is_day, nearest_day
from bot.plans.reading.numerals import CHINESE, YEAR, read_number, read_year

SINCE = re.compile(r"起(?!草|步|到|来|诉|码|点|义|止|至)|开始|以后|之后|后(?!续|期)")
_VALID = re.compile(r"(?:正式)?(?:施行|生效)")
_HISTORY = re.compile(
    r"印发|下发|发布|出台|公布|颁布|修订|修正|以来|召开的|审议|[，,]?[《〔]"
)
_ISSUING = re.compile(
    r"(?:印发|下发|发布|出台|公布|修订|审议)(?!的|以来|后|之日|[^，。；]{0,4}[《〔])"
)
_UNTIL_VALID = re.compile(r"(?:有效期|延长|延续|执行|顺延|实施|截|截止|有效)(?:至|到)$")
_TARGET_WORDS = re.compile(r"达到|超过|提高|提升|[0-9]%")
_BENEFIT = re.compile(r"免征|减免|补贴|补助|返还|优惠|享受|奖励|有效|执行|减按|缓缴")
_DOING = re.compile(
    r"(?:前|之前)?(?:全部|全面|基本|力争|争取|确保|初步|要|须|应)?"
    r"(?:完成|取得|实现|建成|竣工|开工|投用|投入|形成|交付|达产|见效|初见|启动)"
)
STAGE = re.compile(
    r"(?:第[一二三四五六七八九十0-9]{1,3}阶段|[一-鿿]{2,8}阶段)[。:：]?[（(]$"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Days of a calendar that a phrase names; a day may be LAST of its month.

    `year` and `end_year` are as written, "" if they are not. `is_range` says that its
    length is meant, not only its end.
    """

    begin: tuple[int, int]
    end: tuple[int, int]
    year: str = ""
    end_year: str = ""
    is_range: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Years:
    begin: int | None
    end: int | None
    written: bool
    assumed: bool


def whole_number(written: str | None) -> int:
    """Read a whole number in digits or Chinese; 0 if there is none."""
    return int(read_number(written or "") or 0)


def _year_of(word: str, scene: Scene) -> int | None:
    home = scene.year or (scene.issued.year if scene.issued else None)
    digits = word.rstrip("度").rstrip("年")
    if re.fullmatch(YEAR, digits):
        return read_year(digits)
    if re.fullmatch("[0-9]{2}", digits):
        return 2000 + int(digits)
    if word.startswith(("明", "次", "翌")):
        home = scene.carried or home
        return home + 1 if home else None
    if word:
        return home
    return scene.carried or home


def _is_gone(span: Span, year: int, issued: date | None) -> bool:
    last = nearest_day(year, *span.end)
    return issued is not None and last is not None and last < issued


def _years(span: Span, scene: Scene) -> _Years:
    wraps = int(span.end[0] < span.begin[0])
    if span.year:
        begin = _year_of(span.year, scene)
        inner = Scene(year=scene.year, issued=scene.issued, carried=begin)
        end = _year_of(span.end_year, inner) if span.end_year else None
        if end is None and begin is not None:
            end = begin + wraps
        return _Years(begin=begin, end=end, written=True, assumed=False)
    end = _year_of(span.end_year, scene)
    if span.end_year or end is None:
        begin = None if end is None else end - wraps
        known = bool(span.end_year)
        return _Years(begin=begin, end=end, written=known, assumed=not known)
    if scene.carried is None and _is_gone(span, end + wraps, scene.issued):
        end += 1
    return _Years(begin=end, end=end + wraps, written=False, assumed=True)


def _yearly(found: re.Match[str], span: Span, time: str) -> Hit:
    month, day = span.end
    last = nearest_day(2023, month, day)
    rhythm = f"yearly {last:%m-%d}" if last else "yearly"
    return Hit(
        start=found.start(),
        end=found.end(),
        kind=DueKind.RECURRING,
        rhythm=rhythm,
        time=time,
        advice=_impossible(2023, span),
    )


def _impossible(year: int, span: Span) -> str:
    month, day = span.end
    if is_day(year, month, day):
        return ""
    if not 1 <= month <= 12:
        return f"没有{month}月，请核对原文日期。"
    last = days_in(year, month)
    return f"{month}月没有{day}日，暂按{month}月{last}日记，请核对原文。"


def read_clock(written: str) -> str:
    """Read a time of day as HH:MM (下午5时: 17:00); 下班 stays 下班前; "" if none."""
    if not written or written == "下班":
        return written and "下班前"
    found = re.search(rf"([0-9]+|[{CHINESE}]+)[:：时点]([0-9]+|半)?", written)
    hour = whole_number(found[1]) if found else 0
    minute = (found[2] or "0") if found else "0"
    if written[0] in "下晚" and hour < 12:
        hour += 12
    return f"{hour:02d}:{30 if minute == '半' else int(minute):02d}"


def settle(found: re.Match[str], scene: Scene, span: Span) -> Hit | None:
    """Make a phrase of the days that it names; None where it binds nothing."""
    groups = found.groupdict()
    time = read_clock(groups.get("t") or "")
    if groups.get("every") or (scene.yearly and _follows_a_year(span)):
        return _yearly(found, span, time)
    if _is_no_due(found, scene, span):
        return None
    years = _years(span, scene)
    last = nearest_day(years.end, *span.end) if years.end else None
    first = nearest_day(years.begin, *span.begin) if years.begin else None
    kind, start, end = _bind(found, scene, span)
    if kind is DueKind.START:
        last, first = first, None
    return Hit(
        start=start,
        end=end,
        kind=kind,
        core=found.end(),
        day=last,
        first=first if kind in (DueKind.RANGE, DueKind.PHASE) else None,
        time=time,
        assumed=years.assumed,
        year=years.end if years.written else None,
        point=None if last else _point(span),
        advice=_impossible(years.end or 2024, span)
        or _wrong_weekday(groups.get("w"), last),
    )


def _point(span: Span) -> tuple[int, int] | None:
    """Give month and day of a phrase without any year; February has 28 days."""
    day = nearest_day(2023, *span.end)
    return (day.month, day.day) if day else None


def _follows_a_year(span: Span) -> bool:
    return not span.year or span.year.startswith(("次", "翌", "当"))


def _wrong_weekday(written: str | None, day: date | None) -> str:
    if not written or day is None:
        return ""
    names = "一二三四五六日"
    if names.find(written.replace("天", "日")) == day.weekday():
        return ""
    return f"{day:%Y-%m-%d}是星期{names[day.weekday()]}，原文写星期{written}，请核对。"


def _is_no_due(found: re.Match[str], scene: Scene, span: Span) -> bool:
    before, after, groups = (
        words_before(found, scene),
        words_after(found),
        found.groupdict(),
    )
    if _UNTIL_VALID.search(before) or _is_cited(before):
        return True
    if groups.get("before"):
        return False
    if before.endswith(("到", "至")) and _TARGET_WORDS.search(_clause_after(found)):
        return True
    since = SINCE.match(after)
    if since and _VALID.match(after[since.end() :]):
        return True
    if span.is_range and groups.get("d") and _BENEFIT.search(after.split("。")[0]):
        return True
    return not since and not is_whole(found) and _is_history(span, scene, after)


def _is_cited(before: str) -> bool:
    return before.endswith(("比", "较", "由", "截至"))


def _clause_after(found: re.Match[str]) -> str:
    return words_after(found, count=60).split("。")[0]


def _is_history(span: Span, scene: Scene, after: str) -> bool:
    if _HISTORY.match(after) and not _is_to_come(span, scene, after):
        return True
    if not span.year or not is_day(2024, *span.end):
        return False
    year = _year_of(span.end_year or span.year, scene)
    return year is not None and _is_gone(span, year, scene.issued)


def _is_to_come(span: Span, scene: Scene, after: str) -> bool:
    """Tell whether what is to be issued then (二季度印发方案) is work to be done."""
    if not _ISSUING.match(after):
        return False
    year = _year_of(span.end_year or span.year, scene) if span.year else None
    if year is None:
        return not span.year
    return scene.issued is not None and not _is_gone(span, year, scene.issued)


def _bind(found: re.Match[str], scene: Scene, span: Span) -> tuple[DueKind, int, int]:
    before, after = words_before(found, scene), words_after(found)
    start, end = found.span()
    since = SINCE.match(after)
    if since and not found.groupdict().get("before"):
        start -= before.endswith(("从", "自"))
        return DueKind.START, start, end + since.end()
    stage = STAGE.search(before)
    if stage:
        return DueKind.PHASE, start - len(stage[0]), end + (after[:1] in tuple("）)"))
    if span.is_range:
        return DueKind.RANGE, start, end
    return _with_doing(found, after)


def _with_doing(found: re.Match[str], after: str) -> tuple[DueKind, int, int]:
    start, end = found.span()
    doing = _DOING.match(after)
    if doing is None:
        return DueKind.DEADLINE, start, end
    clause = re.split(f"[{re.escape(STOPS)}]|并?(?:持续|长期)", after, maxsplit=1)[0]
    result = "取得" in doing[0] or "见效" in doing[0] or "成效" in clause
    kind = DueKind.MILESTONE if result else DueKind.DEADLINE
    if found.groupdict().get("before"):
        return kind, start, end
    return kind, start, end + (len(clause) if len(clause) < 22 else doing.end())
