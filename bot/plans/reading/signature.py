"""Who signed a document and when: names of bodies beside a date."""

import re
from collections.abc import Sequence
from datetime import date

from bot.plans.reading.layout import Paragraph
from bot.plans.reading.letterhead import read_date, without_date
from bot.source import Table

_ORGAN = re.compile(
    r"[^，。；：:、0-9]{0,36}(?:政府|办公室|办公厅|委员会|委|局|厅|部|院|会|科协|小组"
    r"|指挥部|公司|中心|集团|学校|大学|银行|支行|组|总队|支队|处)"
    r"(?:\s*[（(][^（）()]{1,30}[）)])?"
)
_STAMP = re.compile(r"\s*[（(][^（）()]*代章[）)]")
_PARTS = re.compile(r"\s{2,}|\u3000+|、")
_NAMED = re.compile(
    r"(?:中共|共青团|国家|中国|[\u4e00-\u9fff]{0,6}?[省市县区州盟旗])[\u4e00-\u9fff]{2}"
)


def find_signature(
    lines: Sequence[Paragraph], *, forwards: bool = False
) -> tuple[date | None, str] | None:
    """Return the date and the issuer of the earliest signature among *lines*.

    If the notice *forwards* what another has written, its own comes first.
    """
    signed: list[tuple[date | None, str]] = []
    for at, line in enumerate(lines):
        beside = without_date(line.text)
        if (
            beside is None
            or re.search(r"(?:日期|时间|来源)\s*[：:]", line.text)
            or "印发" in beside
        ):
            continue
        beside = beside.strip(" 　（）()")
        if beside and not is_organ(beside):
            continue
        before = [beside] if beside else _organs(lines[:at][::-1])[::-1]
        names = before or _organs(lines[at + 1 :])
        signed.append((read_date(line.text), "、".join(names)))
    by_issuer = [pair for pair in signed if pair[1]]
    dated = [pair for pair in by_issuer or signed if pair[0] is not None]
    if forwards and dated:
        return dated[0]
    return min(dated, key=lambda pair: pair[0] or date.max, default=None)


def _organs(lines: Sequence[Paragraph]) -> list[str]:
    """List the issuers on the lines next to a date, nearest first."""
    names: list[str] = []
    for line in lines[:12]:
        if not _STAMP.sub("", line.text.strip()):
            continue
        if not is_organ(line.text):
            break
        names.extend(reversed(organs_of(line.text)))
    return names


def organs_of(text: str) -> list[str]:
    """List the bodies that a line names; one blank parts them before a place.

    A blank may also stand inside a name (清河市 人民政府).
    """
    names: list[str] = []
    for part in _PARTS.split(_STAMP.sub("", text.strip())):
        held = ""
        words = part.split()
        for at, word in enumerate(words):
            rest = "".join(words[at:])
            if len(held) > 1 and _ORGAN.fullmatch(held) and _NAMED.match(rest):
                names.append(held)
                held = ""
            held += word
        names.append(held)
    return [name for name in names if name]


def is_organ(text: str) -> bool:
    """Say whether a line is nothing but the names of bodies."""
    parts = organs_of(text)
    return bool(parts) and all(_ORGAN.fullmatch(p) and "关于" not in p for p in parts)


def printed_date(items: Sequence[Paragraph | Table]) -> date | None:
    """Read the day of printing from the imprint at the end: …2022年11月7日印发."""
    for item in items[-12:]:
        if isinstance(item, Paragraph) and re.search(r"日\s*印\s*发$", item.text):
            return read_date(item.text)
    return None


def issuer_of(title: str) -> str:
    """Return the issuer that the title begins with, or ""."""
    name = title.partition("关于")[0] if "关于" in title else ""
    return "、".join(organs_of(name)) if name and is_organ(name) else ""


def is_signature(item: Paragraph | Table) -> bool:
    """Say whether a line under a title only dates it or names who issued it."""
    if isinstance(item, Table):
        return False
    beside = without_date(item.text)
    return is_organ(item.text) or (beside is not None and len(beside) < 3)
