"""What an admin wants told, read from his words: text, whom, when, with a receipt."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from bot.chinese import fold
from bot.reports.calendar import WorkCalendar
from bot.reports.replies.day_numbers import NUMBER, count_of
from bot.reports.replies.days import Today, find_days

FIRST_HOUR = time(9)
"""When a broadcast goes out for which only the day was said."""

_BEGINS = re.compile(
    r"(?:请|帮我|麻烦)?(?:再)?(?P<verb>群发|广播|(?:发)?(?:个)?通知(?!书|栏|单|公告))"
    r"(?:一下|一条)?(?:通知|消息)?(?:给|到|至)?[\s,，]*"
)
_GIVES = re.compile(
    r"(?:请|帮我|麻烦)?(?:给|向)(?P<who>[^:：\n，,。]{1,60}?)(?:发送|群发|发)(?:一?个|一条|一下)?"
    r"(?:通知|消息)?[:：\s]"
)
_COLON = re.compile(r"(?<!\d)[:：]|[:：](?!\d)")
_NAMES = re.compile(
    r"(?:[^\s,，。；;]{1,24}(?:局|委|办|会|部|厅|院|校|所|镇|乡|街道|中心|单位|部门|群)[、\s]*)+\n"
)
_ASKS = re.compile(
    r"[?？]\s*$|(?:吗|没有|了没|什么|哪些|哪天|多少|怎么(?:办|写|发)?|如何)[。]?\s*$"
)
_EVERYONE = re.compile(
    r"(?:全县|全市|全区)?(?:(?:全部|全体|所有|各个?|每个)(?:的?成员|的?责任)?"
    r"(?:单位|部门|联络员)(?:的?联络员)?|全体人员|所有人|全员"
    r"|(?:全体|全部)(?=[\s,，:：]|$))"
)
_RECEIPT = re.compile(
    r"(?P<no>不要|不需要?|不用|无需|无须|免)?(?:请)?(?:要求?|需要?|带|并)?"
    r"(?:回执|签收回执|签收确认)"
)
_TAIL = re.compile(r"[,，。；;、\s]+(?P<option>[^,，。；;\n]{1,24})[。.]?\s*$")
_SENDS = re.compile(
    r"(?:请)?(?:于|在|定于|定时)?(?P<when>.+?)(?<!前)(?:准时|定时)?(?:再)?(?:发送|发出|群发|发)"
)
_SENDS_ALONE = re.compile(r"(?:准时|定时)?(?:发送|发出|群发|发)")
_SCOPE_AND_TIME = re.compile(r"(?P<scope>.+?)(?:定?于|在)(?P<when>.+)")
_AT_ONCE = re.compile(r"(?:立即|立刻|马上|现在|即时|即刻)(?:就)?(?:发送?|发出|群发)?")
_CLOCK = re.compile(
    rf"(?P<part>凌晨|早上?|上午|中午|下午|傍晚|晚上|晚间?)?"
    rf"(?P<hour>[0-9]{{1,2}}|{NUMBER})(?:[点时:](?P<rest>半|一刻|三刻|[0-9]{{1,2}}"
    rf"|{NUMBER})?)(?:分|钟|整)?"
)
_IN_A_WHILE = re.compile(
    rf"(?:再?过)?(?P<count>半|{NUMBER})(?P<unit>个?小时|个?钟头|分钟)(?:之?后|以后)?"
)
_REST = {"半": 30, "一刻": 15, "三刻": 45}
_PARTS = {
    "早上": FIRST_HOUR,
    "上午": FIRST_HOUR,
    "中午": time(12),
    "下午": time(14, 30),
    "晚上": time(19),
}
_LATER = frozenset({"下午", "傍晚", "晚上", "晚间", "晚"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to be told, as it was said; `asks` with 通知, not with 群发.

    `scope` are the words for whom, "" for everyone, None where only the text may tell.
    `wants_receipt` is None where nothing was said of it, `when` "" for at once.
    """

    text: str
    asks: bool = False
    scope: str | None = ""
    wants_receipt: bool | None = None
    when: str = ""


def wants_broadcast(words: str) -> bool:
    """Tell whether somebody of the office may want to tell many something."""
    words = _as_usual(words)
    begins = _BEGINS.match(words)
    if begins is None:
        return False
    rest = words[begins.end() :]
    if _COLON.search(rest):
        return True
    return not _ASKS.search(rest)


def read_wish(words: str) -> Wish | None:
    """Read 群发 县应急局、县教育局 明天9点：…, or 通知各单位周五前报活动，不要回执.

    None if it is none after all. Options stand before the colon, or at the end.
    """
    words = _as_usual(words)
    begins = _BEGINS.match(words)
    if begins is None:
        return None
    rest = words[begins.end() :]
    colon = _NAMES.match(rest) or _COLON.search(rest)
    head = rest[: colon.end() - 1] if colon else ""
    if colon and len(head) <= 80 and "\n" not in head and not _is_of_text(head):
        wish = _read_head(head, rest[colon.end() :])
    else:
        wish = _without_colon(rest)
    return replace(_with_tail(wish), asks="通知" in begins["verb"])


def _without_colon(words: str) -> Wish:
    """Read 全体 明天9点 发 开会: everyone, perhaps when, and what; else all is text."""
    if everyone_at(words.strip(), whole=True):
        return Wish(text="", scope=words.strip())
    head = re.match(r"(?P<scope>\S+)\s+(?=\S)", words)
    if head is None or not everyone_at(head["scope"], whole=True):
        return Wish(text=words, scope=None)
    rest = words[head.end() :]
    for sends in re.finditer(r"\S*(?:发送|发出|群发|发)\s+(?=\S)", rest):
        wish = _read_head(rest[: sends.end()], rest[sends.end() :])
        if wish.when and not wish.scope:
            return replace(wish, scope=head["scope"])
    return Wish(text=rest, scope=head["scope"])


def _as_usual(words: str) -> str:
    """Turn 给县应急局发通知：… into 群发 县应急局：…"""
    words = words.strip()
    gives = _GIVES.match(words)
    return f"群发 {gives['who']}：{words[gives.end() :]}" if gives else words


def _is_of_text(head: str) -> bool:
    """Tell whether a colon stands within what is told: 请各单位注意：…"""
    return head.strip().startswith(("请", "各位", "关于", "根据", "按照"))


def _read_head(head: str, text: str) -> Wish:
    wish = Wish(text=text)
    scope = []
    for piece in re.split(r"[\s,，;；]+", head.strip()):
        if receipt := _RECEIPT.fullmatch(piece):
            wish = replace(wish, wants_receipt=not receipt["no"])
        elif when := _when_in(piece):
            wish = replace(wish, when=f"{wish.when}的{when}" if wish.when else when)
        elif (both := _SCOPE_AND_TIME.fullmatch(piece)) and _when_in(both["when"]):
            scope.append(both["scope"])
            wish = replace(wish, when=_when_in(both["when"]))
        elif piece and not (wish.when and _SENDS_ALONE.fullmatch(piece)):
            scope.append(piece)
    return replace(wish, scope=" ".join(scope))


def _when_in(piece: str) -> str:
    """Return the words of a moment that a piece is, "" if it is something else."""
    said = _SENDS.fullmatch(piece)
    words = said["when"] if said else piece
    if _AT_ONCE.fullmatch(piece):
        return piece
    probe = datetime(2026, 1, 1).astimezone()
    return words if moment_in(words, now=probe, lenient=True) else ""


def _with_tail(wish: Wish) -> Wish:
    """Take the options from the end of the text."""
    text = wish.text.strip()
    while found := _TAIL.search(text):
        option = found["option"].strip()
        sends = _SENDS.fullmatch(option)
        if receipt := _RECEIPT.fullmatch(option):
            if wish.wants_receipt is None:
                wish = replace(wish, wants_receipt=not receipt["no"])
        elif _AT_ONCE.fullmatch(option) or (sends and _when_in(option)):
            wish = replace(wish, when=wish.when or _when_in(option))
        else:
            break
        text = text[: found.start()].strip()
    return replace(wish, text=text)


def everyone_at(words: str, *, whole: bool = False) -> int:
    """Return where 全部单位 at the beginning ends, 0 if it does not begin so."""
    found = _EVERYONE.fullmatch(words) if whole else _EVERYONE.match(words)
    return found.end() if found else 0


def wants_receipt_in(words: str) -> bool | None:
    """Read 要回执 and 不要回执; None if it is something else."""
    found = _RECEIPT.fullmatch(words.strip().rstrip("。."))
    return not found["no"] if found else None


def is_at_once(words: str) -> bool:
    """Tell whether something is to go out now."""
    return _AT_ONCE.fullmatch(words.strip().rstrip("。.")) is not None


def moment_to_send(words: str) -> str:
    """Return when something goes out by 明天9点发; "" if that is not what is said."""
    words = words.strip().rstrip("。.")
    said = _SENDS.fullmatch(words)
    return words if is_at_once(words) else _when_in(words) if said else ""


def moment_in(words: str, *, now: datetime, lenient: bool = False) -> datetime | None:
    """Read 明天9点, 周五14:30, 半小时后; None if it is no moment, or has no meaning.

    *now* bears the office's zone. A day alone means 9 o'clock, a clock alone today.
    What has passed is given as it is; *lenient* takes any moment of a form.
    """
    folded = fold(re.sub(r"(?<=\S)\s+(?=\d)", "的", words.strip())).rstrip("。.")
    folded = re.sub("(?:准时|定时)$", "", folded)
    if soon := _IN_A_WHILE.fullmatch(folded):
        return now + _span(soon["count"], soon["unit"])
    for words, at in _clocks_in(folded):
        day = _day_in(words, now=now, lenient=lenient)
        if day:
            return datetime.combine(day, at, tzinfo=now.tzinfo)
    return None


def _day_in(words: str, *, now: datetime, lenient: bool) -> date | None:
    """Read the day that all the words are, today if there are none."""
    words = words.removesuffix("的")
    if not words:
        return now.date()
    days = find_days(words, today=Today(now.date(), WorkCalendar(), None))
    if len(days) != 1 or (days[0].start, days[0].end) != (0, len(words)):
        return None
    return days[0].coming or days[0].gone or (now.date() if lenient else None)


def _span(count: str, unit: str) -> timedelta:
    number = 0.5 if count == "半" else float(count_of(count))
    return timedelta(minutes=number) if unit == "分钟" else timedelta(hours=number)


def _clocks_in(folded: str) -> Iterator[tuple[str, time]]:
    """Cut the clock off the end of a text, in each way in which it may be read."""
    for found in _CLOCK.finditer(folded):
        at = _time_of(found)
        if found.end() == len(folded) and at:
            yield folded[: found.start()], at
            yield folded[: found.start("hour")], at  # 明晚8点: a day is 明晚
    for part, at in _PARTS.items():
        if folded.endswith(part):
            yield folded.removesuffix(part), at
    if not _CLOCK.fullmatch(folded):
        yield folded, FIRST_HOUR


def _time_of(found: re.Match[str]) -> time | None:
    hour, rest, part = count_of(found["hour"]), found["rest"] or "", found["part"]
    minute = _REST.get(rest, count_of(rest) if rest else 0)
    hour += 12 if hour < 12 and part in _LATER else 0
    hour += 12 if part == "中午" and hour < 3 else 0
    return time(hour, minute) if hour < 24 and minute < 60 else None
