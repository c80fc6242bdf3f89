"""Page numbers and running heads of a PDF, found by what repeats at the edges."""

import re
from collections import Counter
from statistics import median

from bot.documents.pdf_lines import PrintedLine

_ZONE = 2  # lines from the top or the bottom
_SAME_HEIGHT = 6.0  # points
_LEAST_PAGES = 3
_MOST_PAGES = 0.6

_DASH = "[-‐‑–—―−－─━_·•~～]"
_NUMBERED = re.compile(
    rf"{_DASH}+\d{{1,4}}{_DASH}+"
    r"|第(?:\d{1,4}|[一二三四五六七八九十百〇]{1,5})页(?:[/／,，、（(]?共\d{1,4}页[)）]?)?"
    r"|\d{1,4}[/／]\d{1,4}|(?:page)?\d{1,4}of\d{1,4}|page\d{1,4}|[pP]\.?\d{1,4}",
    re.I,
)
_BARE = re.compile(r"\d{1,4}")
_DIGITS = re.compile(r"\d+")
_BLANKS = re.compile(r"\s+")

Page = list[PrintedLine]


def without_edges(pages: list[Page]) -> list[Page]:
    """Drop page numbers, running heads and feet; a page is never emptied by it."""
    pages = _without_numbers(pages)
    heads = _running_lines(pages)
    kept = [[line for line in page if id(line) not in heads] for page in pages]
    if any(kept):
        pages = _without_numbers(kept)
    return pages


def _bare(line: PrintedLine) -> str:
    return _BLANKS.sub("", line.text)


def _without_count(text: str) -> str:
    """Return *text* with its numbers made equal; a number alone stays what it is."""
    return text if text.isdecimal() else _DIGITS.sub("0", text)


def _without_numbers(pages: list[Page]) -> list[Page]:
    offset = _offset(pages)
    return [_without_number(page, at, offset) for at, page in enumerate(pages)]


def _without_number(page: Page, at: int, offset: int | None) -> Page:
    for edge in (-1, 0):
        if page and _is_number(_bare(page[edge]), at, offset):
            return page[:-1] if edge else page[1:]
    return page


def _is_number(text: str, at: int, offset: int | None) -> bool:
    if _NUMBERED.fullmatch(text):
        return True
    return _BARE.fullmatch(text) is not None and int(text) - at == offset


def _offset(pages: list[Page]) -> int | None:
    """Return by how much bare page numbers run ahead of the pages; None if none do.

    One number alone must be that of its own page.
    """
    found = Counter(
        int(_bare(page[edge])) - at
        for at, page in enumerate(pages)
        for edge in (-1, 0)
        if page and _BARE.fullmatch(_bare(page[edge]))
    )
    if not found:
        return None
    offset, count = found.most_common(1)[0]
    return offset if count > 1 or offset == 1 else None


def _running_lines(pages: list[Page]) -> set[int]:
    """Return the ids of lines that stand at one height on most pages."""
    found: dict[tuple[str, bool], list[PrintedLine]] = {}
    for page in pages:
        for is_top, zone in ((True, page[:_ZONE]), (False, page[-_ZONE:])):
            for line in zone:
                key = (_without_count(_bare(line)), is_top)
                found.setdefault(key, []).append(line)
    least = max(_LEAST_PAGES, _MOST_PAGES * sum(map(bool, pages)))
    running: set[int] = set()
    for lines in found.values():
        if len(lines) < least:
            continue
        height = median(line.middle for line in lines)
        level = [x for x in lines if abs(x.middle - height) < _SAME_HEIGHT]
        if len(level) >= least:
            running.update(map(id, level))
    return running
