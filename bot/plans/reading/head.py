"""The head of a document: number, titles, issuer, date, and where the plan begins."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise

from bot.facts import Contact, Validity
from bot.plans.reading.layout import Paragraph
from bot.plans.reading.letterhead import (
    find_contact,
    find_draft_marks,
    find_number,
    find_open_mark,
    read_date,
    without_date,
)
from bot.plans.reading.marks import Kind, read_mark
from bot.plans.reading.script import simplified
from bot.plans.reading.signature import (
    find_signature,
    is_signature,
    issuer_of,
    printed_date,
)
from bot.plans.reading.title_lines import (
    ADDRESSEE,
    META,
    NOTICE,
    Spot,
    cited_spot,
    cited_title,
    notice_title,
    squeeze,
    title_spot,
)
from bot.plans.reading.validity import find_validity
from bot.source import Table

_BRACKETED = re.compile(r"[（(][^（）()]{2,30}[）)]")
_SENT = r"(?=[^。，]{2,40}关于)"
_CUTS = (
    re.compile(rf"(?<=号)\s*{_SENT}|(?<=号)\s+(?=\S)"),
    re.compile(
        r"(?<=通知)(?![》”）)])\s*(?=[^》，。；”）)])|(?<=通\s知)\s*(?=[^》，。；”）)])"
    ),
    re.compile(r"\s+(?=[^\s，。；：〔]{1,10}〔\d{4}〕\s?\d{1,4}\s?号)"),
    re.compile(r"(?<=[：:])\s*(?=现将|《|经[^，。]{2,20}同意)"),
    re.compile(
        r"(?<=[。）)])\s*(?=[^，。；：]{2,30}\d{4}\s?年\s?\d{1,2}\s?月\s?\d{1,2}\s?日)"
    ),
    re.compile(
        r"(?:\d{4}|[〇○零一二三四五六七八九]{2,4})\s?年\s?[\d一二三四五六七八九十]{1,3}"
        r"\s?月\s?[\d一二三四五六七八九十]{1,3}\s?日(?=[^前起至以内止，。之])"
    ),
    re.compile(r"(?<=发布）)\s*(?=\S)|(?<=\d）)\s*(?=（此件)"),
)


@dataclass(slots=True)
class Head:
    """What stands before the plan's text; `notice` are the sentences of the notice.

    `rest` are the paragraphs and tables of the plan itself, its title taken off.
    """

    number: str = ""
    title: str = ""
    plan_title: str = ""
    issuer: str = ""
    issue_date: date | None = None
    open_mark: str = ""
    draft_marks: tuple[str, ...] = ()
    contact: Contact | None = None
    validity: Validity | None = None
    notice: list[Paragraph] = field(default_factory=list)
    rest: list[Paragraph | Table] = field(default_factory=list)


def read_head(items: Sequence[Paragraph | Table]) -> Head:
    """Read the head of a document and part it from the plan.

    Titles and names are given in simplified characters, the text as it stands.
    """
    written = _loosen(items)
    items = [_simplified(item) for item in written]
    head = Head()
    zone = _zone(items)
    lines = [item for item in items[:zone] if isinstance(item, Paragraph)]
    head.title, after = notice_title(lines)
    cited, sent = cited_title(items)
    spot = cited_spot(items, cited, sent) or title_spot(items, max(after, sent), zone)
    if spot is not None:
        head.plan_title = spot.title
    head.plan_title = head.plan_title or cited or head.title
    head.plan_title = _without_number(head.plan_title)
    head.title = _without_number(head.title) or head.plan_title
    end = max(zone, spot.first if spot else 0)
    _read_number(head, items[:end])
    _read_signature(head, items, end)
    _part(head, written, zone=zone, spot=spot)
    _read_marks(head, items, end)
    return head


def _without_number(title: str) -> str:
    """Take the number of a list of annexes off a title: 2.某某方案."""
    mark = read_mark(title)
    return title[len(mark.written) :] if mark and mark.number else title


def _simplified(item: Paragraph | Table) -> Paragraph | Table:
    return (
        item if isinstance(item, Table) else replace(item, text=simplified(item.text))
    )


def _loosen(items: Sequence[Paragraph | Table]) -> list[Paragraph | Table]:
    """Cut head lines apart that were glued together."""
    result: list[Paragraph | Table] = []
    begun = False
    for item in items:
        begun = begun or isinstance(item, Table) or read_mark(item.text) is not None
        if begun or isinstance(item, Table) or not _is_glued(item.text):
            result.append(item)
            continue
        cuts = {place.end() for cut in _CUTS for place in cut.finditer(item.text)}
        ends = [0, *sorted(cuts - {0}), len(item.text)]
        parts = [item.cut(a, b) for a, b in pairwise(ends)]
        result.extend(part for part in parts if part.text)
    return result


def _is_glued(text: str) -> bool:
    sent = "印发" in text or "通知" in text
    return len(text) > 60 and sent and bool(re.search(r"\d\s?日|号", text))


def _zone(items: Sequence[Paragraph | Table]) -> int:
    """Return the index of the first chapter, or of the first mark if there is none."""
    first = len(items)
    for at, item in enumerate(items):
        if isinstance(item, Table):
            if not _meta_cells(item):
                return min(first, at)
            continue
        mark = read_mark(item.text)
        if mark is None or (mark.kind is Kind.DASH and at < 8):
            continue
        if mark.kind <= Kind.HAN:
            return at if first == len(items) or first > at - 12 else first
        first = min(first, at)
    return first


def _meta_cells(table: Table) -> dict[str, str]:
    """Read a page's table of 发文字号, 成文日期 and so on; {} if it is none."""
    cells = {}
    for row in table.rows:
        for name, value in pairwise(row):
            cells[squeeze(name).rstrip("：:")] = value.strip()
    known = {"索引号", "发文字号", "文号", "成文日期", "发文机关", "发布日期", "标题"}
    return cells if len(known & cells.keys()) >= 2 else {}


def _read_number(head: Head, items: Sequence[Paragraph | Table]) -> None:
    """Take the first number that stands alone before the text."""
    for item in items:
        if isinstance(item, Table):
            cells = _meta_cells(item)
            found = find_number(cells.get("发文字号", cells.get("文号", "")))
        else:
            found = find_number(item.text)
        if found:
            head.number = found
            return


def _read_signature(head: Head, items: Sequence[Paragraph | Table], end: int) -> None:
    """Read who signed, and the day, from the lines around the date."""
    tail = max(end, len(items) - 12)
    lines = [item for item in items[:end] if isinstance(item, Paragraph)]
    forwards = re.search("批转|转发", head.title) is not None
    found = find_signature(lines, forwards=forwards) or find_signature(
        [item for item in items[tail:] if isinstance(item, Paragraph)]
    )
    meta = [
        cells for x in items[:end] if isinstance(x, Table) and (cells := _meta_cells(x))
    ]
    if found is not None:
        head.issue_date, head.issuer = found
    for cells in meta:
        head.issue_date = head.issue_date or read_date(cells.get("成文日期", ""))
        head.issuer = head.issuer or cells.get("发文机关", "")
    if not head.issue_date:
        head.issue_date = printed_date(items)
    head.issuer = head.issuer or issuer_of(head.title)


def _read_marks(head: Head, items: Sequence[Paragraph | Table], end: int) -> None:
    """Read marks of openness and of drafts, the contact and the period."""
    texts = [item.text for item in items if isinstance(item, Paragraph)]
    for text in texts:
        if len(text) < 120 or "联系" in text:
            head.open_mark = head.open_mark or find_open_mark(text)
            head.contact = head.contact or find_contact(text)
    before = [item.text for item in items[:end] if isinstance(item, Paragraph)]
    inside = [found[0] for text in before for found in _BRACKETED.finditer(text)]
    near = "\n".join([head.title, head.plan_title, *texts[:6], *inside])
    head.draft_marks = find_draft_marks(near)
    title = f"{head.plan_title} {head.title}"
    ends = "\n".join(text for text in texts if "期" in text)
    head.validity = find_validity(title=title, text=ends, issued=head.issue_date)


def _part(
    head: Head,
    items: Sequence[Paragraph | Table],
    *,
    zone: int,
    spot: Spot | None,
) -> None:
    """Part the sentences of the notice from the plan's text."""
    if spot is None:
        begin = _after_head(items[:zone])
        head.rest = list(items[begin:])
        before = items[:begin]
    else:
        last = items[spot.last]
        assert isinstance(last, Paragraph)
        glued = last.cut(spot.offset)
        begin = spot.last + 1
        while begin < zone and is_signature(items[begin]):
            begin += 1
        head.rest = [*([glued] if glued.text else []), *items[begin:]]
        before = items[: spot.first]
    head.notice = [
        item
        for item in before
        if isinstance(item, Paragraph) and "。" in item.text and len(item.text) > 12
    ]


def _after_head(items: Sequence[Paragraph | Table]) -> int:
    """Return the index after the last line that belongs to a head."""
    begin = 0
    for at, item in enumerate(items, start=1):
        if isinstance(item, Table):
            continue
        is_head = (
            find_number(item.text)
            or META.search(item.text)
            or NOTICE.search(squeeze(item.text))
            or ADDRESSEE.fullmatch(item.text)
            or (without_date(item.text) is not None and len(item.text) < 60)
            or find_open_mark(item.text)
        )
        begin = at if is_head else begin
    return begin
