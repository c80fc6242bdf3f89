"""The lines of a head that are titles: of the notice, and of the plan itself."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.plans.reading.layout import Paragraph
from bot.plans.reading.letterhead import find_number, find_open_mark, without_date
from bot.plans.reading.signature import is_organ, organs_of
from bot.plans.reading.titles import is_known_heading
from bot.source import Table

_PLAN_WORD = (
    r"(?:方案|行动计划|计划|规划|规划纲要|纲要|要点|措施|举措|意见|清单|办法|任务分工"
    r"|分工|安排|任务|台账|任务书|规程|细则|(?:分工|分解|任务|一览|责任)表)"
)
_BRACKETED = r"(?:\s*[（(〔][^（）()]{1,24}[）)〕])?"
_PLAN_TITLE = re.compile(rf"[^，。；：]{{0,80}}{_PLAN_WORD}{_BRACKETED}")
NOTICE = re.compile(rf"(?:通知|函|通告|公告|批复|决定){_BRACKETED}$")
_CITED = re.compile(r"《([^《》]{4,100})》")
ADDRESSEE = re.compile(
    r"(?:各|县|市|区|省|镇|乡|局|委|办|院|厅|公司|单位|部门)[^。]{0,300}[：:]"
)
_SENDING = re.compile(r"印发|下发|现将|转发|请(?:认真|遵照|结合)")
META = re.compile(
    r"(?:索\s*引\s*号|主题(?:分类|词)|发布(?:日期|时间|机构|单位)|来\s*源|浏览(?:次数|量)"
    r"|字\s*[体号]|成文日期|发文(?:机关|字号|日期|单位)|生成日期|信息来源|签发人|有效性"
    r"|公开(?:方式|属性|范围|形式)|文\s*号|标\s*题|打印|分享|点击(?:数|率))\s*[：:\[【]"
)
_TITLE_TAIL = re.compile(
    r"(?:[（(](?:[^（）()]*(?:稿|试行|草案|修订|暂行|年)[^（）()]{0,6})[）)]\s*)+"
)
_SECRECY = re.compile(
    r"(?:绝密|机密|秘密|内部|特急|加急|急件|特提|平急)[★☆\s]*[^，。]{0,8}"
)


def squeeze(text: str) -> str:
    """Take out all blanks, for titles and for comparing."""
    return re.sub(r"\s+", "", text)


def cited_title(items: Sequence[Paragraph | Table]) -> tuple[str, int]:
    """Return the title that the notice gives in 《》, and the index after it."""
    for at, item in enumerate(items[:40]):
        if isinstance(item, Table) or not _SENDING.search(item.text):
            continue
        for found in _CITED.finditer(item.text):
            title = squeeze(found[1])
            near = item.text[max(0, found.start() - 12) : found.end() + 60]
            if _PLAN_TITLE.fullmatch(title) and re.search(r"印发|下发|现将|转发", near):
                return title, at + 1
    return "", 0


@dataclass(frozen=True, slots=True)
class Spot:
    """Where the plan's own title stands: its lines, and the offset after it."""

    title: str
    first: int
    last: int
    offset: int


def cited_spot(
    items: Sequence[Paragraph | Table], cited: str, after: int
) -> Spot | None:
    """Find the lines that repeat the title given in the notice."""
    for first in range(after if cited else len(items), len(items)):
        held = ""
        for last in range(first, min(first + 5, len(items))):
            line = items[last]
            if isinstance(line, Table) or not cited.startswith(held):
                break
            if offset := _covers(cited, held, line.text):
                return _with_tail(items, Spot(cited, first, last, offset))
            held += squeeze(line.text)
    return None


def _with_tail(items: Sequence[Paragraph | Table], spot: Spot) -> Spot:
    """Take a line such as （征求意见稿） behind a title to the title."""
    line = items[spot.last + 1] if spot.last + 1 < len(items) else None
    tail = _TITLE_TAIL.match(line.text) if isinstance(line, Paragraph) else None
    if tail is None or not isinstance(line, Paragraph):
        return spot
    rest = line.text[tail.end() :].strip("（()） ")
    if rest and find_open_mark(line.text) != rest:
        return spot
    title = spot.title + squeeze(tail[0])
    return Spot(title, spot.first, spot.last + 1, len(line.text))


def title_spot(
    items: Sequence[Paragraph | Table], after: int, zone: int
) -> Spot | None:
    """Find the first lines that make a title ending in 方案, 计划 and the like."""
    best: Spot | None = None
    held, first = "", after
    for at, item in enumerate(items[after:zone], start=after):
        if isinstance(item, Table):
            break
        text = squeeze(item.text)
        is_title = _is_title_line(item) and len(held + text) <= 90
        if best is not None and not (is_title and _PLAN_TITLE.fullmatch(held + text)):
            break
        if not is_title or text.startswith("附件"):
            held, first = "", at + 1
            continue
        held += text
        if _PLAN_TITLE.fullmatch(held):
            best = Spot(held, first, at, len(item.text))
    return best and _with_tail(items, best)


def _covers(title: str, held: str, text: str) -> int:
    """Return the offset in *text* at which *title*, begun with *held*, is complete."""
    wanted = len(title) - len(held)
    if not title.startswith(held) or wanted <= 0:
        return 0
    if not squeeze(text).startswith(title[len(held) :]):
        return 0
    seen = 0
    for offset, char in enumerate(text):
        seen += not char.isspace()
        if seen == wanted:
            return offset + 1
    return 0


def _is_title_line(line: Paragraph) -> bool:
    text = line.text
    return not (
        META.search(text)
        or _SECRECY.fullmatch(text)
        or find_number(text)
        or re.search(r"[。；]", text)
        or text[-1] in "：:"
        or re.match(r"[（(].*[）)]$", text)
        or re.search(r"文\s*件$", text)
        or without_date(text) is not None
        or is_known_heading(text)
    )


def notice_title(lines: Sequence[Paragraph]) -> tuple[str, int]:
    """Put together the title of the notice; returns it and the index after it."""
    for end, line in enumerate(lines):
        text = squeeze(line.text)
        if re.search(r"[。]", text) or ADDRESSEE.fullmatch(text):
            break
        bare = re.sub(r"[（(][^（）()]*号[）)]$", "", text)
        if not NOTICE.search(bare) or len(text) > 150:
            continue
        first = end
        while first and "关于" not in bare and _is_title_line(lines[first - 1]):
            first -= 1
            bare = squeeze(lines[first].text) + bare
        return _with_issuers(lines[:first], bare), end + 1
    return "", 0


def _with_issuers(lines: Sequence[Paragraph], title: str) -> str:
    """Put the bodies on the lines before a title that begins with 关于 before it."""
    names: list[str] = []
    for line in reversed(lines):
        if not title.startswith("关于") or not _names_organ(line):
            break
        names = [*organs_of(line.text), *names]
    return " ".join(names) + title


def _names_organ(line: Paragraph) -> bool:
    return _is_title_line(line) and is_organ(line.text)
