"""Markdown files: the text without its marks, pipe tables as tables."""

import re
from collections.abc import Iterator
from itertools import takewhile

from bot.documents.encoding import decode, split_lines
from bot.source import Block, Line, Table

_FENCE = re.compile(r"\s{0,3}(```+|~~~+)")
_UNDERLINE = re.compile(r"\s{0,3}(=+|-{2,})\s*")
_RULE = re.compile(r"\s{0,3}([-*_])(?:\s*\1){2,}\s*")
_QUOTE = re.compile(r"^\s{0,3}(?:>\s?)+")
_HEADING = re.compile(r"^\s{0,3}#{1,6}(?:[ \t\u3000]+|(?=[^#\s\d])|$)")
_CLOSING = re.compile(r"[ \t]#{1,6}$")
_ITEM = re.compile(r"^\s*[-*+][ \t]+(?:\[[ xX]\]\s+)?")
_NUMBERED = re.compile(r"^\s*(\d{1,9}[.)])[ \t]+")
_BAR = re.compile(r"\|?:?-+:?(?:\|:?-+:?)*\|?")
_CELL_END = re.compile(r"(?<!\\)\|")
_LINE_BREAK = re.compile(r"<br\s*/?>", re.I)
_TAG = re.compile(
    r"</?[A-Za-z][A-Za-z0-9]{0,9}(?:\s[^<>\n]{0,300})?/?>|<!--[^\n]{0,500}?-->"
)
_LINK = re.compile(r"!?\[([^\[\]\n]{0,300})\]\([^()\n]{0,500}\)")
_EMPHASIS = (
    re.compile(r"(?<![\d\\])(\*{1,3})(?=\S)([^*\n]{0,2000}?\S)\1"),
    re.compile(r"(?<![\w\\])(_{1,3})(?=\S)([^_\n]{0,2000}?\S)\1(?!\w)"),
    re.compile(r"(~~)(?=\S)([^~\n]{0,2000}?\S)\1"),
    re.compile(r"(`{1,3})([^`\n]{1,2000}?)\1"),
)
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|>~])")


def read(content: bytes) -> list[Block]:
    """Read a Markdown file: headings, lists and emphasis lose their marks.

    Raises:
        DocumentError: the content is no text.
    """
    lines = split_lines(decode(content))
    return list(_blocks(lines, first=_past_front_matter(lines)))


def _past_front_matter(lines: list[str]) -> int:
    """Return where the text begins, behind a leading block of settings."""
    if lines and lines[0].strip() == "---":
        for at, line in enumerate(lines[1:60], start=1):
            if line.strip() in {"---", "..."}:
                return at + 1 if all(map(_is_setting, lines[1:at])) else 0
    return 0


def _is_setting(line: str) -> bool:
    return not line.strip() or bool(re.match(r"\s*(?:[\w.-]+:|- |#)", line))


def _blocks(lines: list[str], *, first: int) -> Iterator[Block]:
    at = first
    fence = ""
    while at < len(lines):
        line = lines[at]
        mark = _FENCE.match(line)
        if mark and (not fence or mark[1].startswith(fence)):
            fence = "" if fence else mark[1]
        elif fence:
            yield Line(line, at + 1)
        elif _opens_table(lines, at):
            rows = _table_rows(lines, at)
            yield _table(rows, place=at + 1)
            at += len(rows)
            continue
        elif not _underlines(lines, at):
            yield Line(_plain(line), at + 1)
        at += 1


def _opens_table(lines: list[str], at: int) -> bool:
    if "|" not in lines[at] or at + 1 == len(lines):
        return False
    bar = lines[at + 1]
    return (
        "-" in bar
        and "|" in bar + lines[at]
        and _BAR.fullmatch(bar.replace(" ", "")) is not None
    )


def _table_rows(lines: list[str], at: int) -> list[str]:
    return list(takewhile(lambda line: "|" in line, lines[at:]))


def _table(rows: list[str], *, place: int) -> Table:
    cells = [_cells(row) for at, row in enumerate(rows) if at != 1]
    width = max(map(len, cells))
    return Table(tuple((*row, *[""] * (width - len(row))) for row in cells), place)


def _cells(row: str) -> list[str]:
    inner = row.strip().removeprefix("|")
    if inner.endswith("|") and not inner.endswith("\\|"):
        inner = inner[:-1]
    texts = (_LINE_BREAK.sub("\n", cell.strip()) for cell in _CELL_END.split(inner))
    return [_inline(text) for text in texts]


def _underlines(lines: list[str], at: int) -> bool:
    """Tell whether a line only makes the one above a heading."""
    above = lines[at - 1].strip() if at else ""
    return bool(above) and _UNDERLINE.fullmatch(lines[at]) is not None


def _plain(line: str) -> str:
    """Return a line without the marks that make it a heading, item or quote."""
    if _RULE.fullmatch(line):
        return ""
    line = _QUOTE.sub("", line)
    heading = _HEADING.match(line)
    if heading:
        return _inline(_CLOSING.sub("", line[heading.end() :].rstrip()))
    line = _NUMBERED.sub(r"\1 ", _ITEM.sub("", line))
    return _inline(line)


def _inline(text: str) -> str:
    """Return text without the marks of emphasis, links and tags."""
    text = _TAG.sub("", _LINK.sub(r"\1", text))
    for emphasis in _EMPHASIS:
        text = emphasis.sub(r"\2", text)
    return _ESCAPED.sub(r"\1", text).rstrip()
