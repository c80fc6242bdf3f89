"""What is printed around the text: page numbers, running heads, Markdown marks."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.plans.reading.marks import read_mark
from bot.source import Block, Line, Table

BOLD_LINE = 7
NEVER_FIRST = "》”’，。、；：！？）)〕】％%,;.．﹒"
_UNITS = "场人次名家个项件年月日万亿元余多所处部期条篇套台站户亩米度倍%"
_PAGE = re.compile(
    r"[-—–－─―·•~～\s]*(?:第\s*)?\d{1,4}\s*(?:页|/\s*\d{1,4})?"
    r"(?:\s*[,，/]?\s*共\s*\d{1,4}\s*页)?[-—–－─―·•~～\s]*"
)
_HASHES = re.compile(r"(#{1,6})\s+")
_BOLD = re.compile(r"\*\*(?=\S)([^*]+)\*\*")
_ESCAPE = re.compile(r"\\([.\-*#()\[\]_+!])")
_RULE = re.compile(r"[-=*_—─\s]{3,}")
_CELLS = re.compile(r"\|.*\|")


@dataclass(frozen=True, slots=True)
class Printed:
    """A line that carries text: its level is 1-6 for # and 7 for a bold line.

    `indent` is its width of blanks at the start, `gap` says that a blank line, and
    `page` that a page number stands before it.
    """

    text: str
    place: int
    indent: int = 0
    level: int = 0
    gap: bool = False
    page: bool = False


def display_width(text: str) -> int:
    """Count columns: a Chinese character takes two."""
    return (len(text.encode("utf-8", "replace")) + len(text)) // 2


def _is_page_number(text: str, after: str) -> bool:
    """Say whether a line is a page number, and no number cut off what follows it.

    *after* is the first character of the next line that carries text, or "".
    """
    if len(text) > 20 or _PAGE.fullmatch(text) is None:
        return False
    return not (text.isdecimal() and after and after in NEVER_FIRST + _UNITS)


def _first_characters_after(blocks: Sequence[Block]) -> list[str]:
    """Return for each block how the next line that carries text begins."""
    found = [""]
    for block in reversed(blocks[1:]):
        text = block.text.strip()[:1] if isinstance(block, Line) else ""
        blank = isinstance(block, Line) and not text
        found.append(found[-1] if blank else text)
    return found[::-1]


def _without_markdown(text: str, *, markdown: bool) -> tuple[str, int]:
    """Take Markdown marks off a line; returns the text and its level."""
    if not markdown:
        return text, 0
    level = 0
    if hashes := _HASHES.match(text):
        text, level = text[hashes.end() :], len(hashes[1])
    bare = text.strip()
    if not level and len(bare) > 4 and bare[:2] == bare[-2:] == "**":
        level = BOLD_LINE if "**" not in bare[2:-2] else 0
    return _ESCAPE.sub(r"\1", _BOLD.sub(r"\1", text)), level


def is_markdown(lines: Iterable[str]) -> bool:
    """Say whether # heads or bold marks show that the text is Markdown."""
    return any(_HASHES.match(text) or _BOLD.search(text) for text in lines)


def _cells(text: str) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in text.strip().strip("|").split("|"))


def _is_ruler(row: tuple[str, ...]) -> bool:
    return all(re.fullmatch(r":?-+:?", cell) for cell in row)


def gather_pipes(blocks: Sequence[Block]) -> list[Block]:
    """Make tables of runs of lines such as | a | b | (Markdown)."""
    result: list[Block] = []
    rows: list[tuple[str, ...]] = []
    place = 0
    for block in [*blocks, Line("", 0)]:
        if isinstance(block, Line) and _CELLS.fullmatch(block.text.strip()):
            place = place or block.place
            rows.append(_cells(block.text))
            continue
        if len(rows) > 1:
            wide = max(len(row) for row in rows)
            full = [row + ("",) * (wide - len(row)) for row in rows]
            result.append(Table(tuple(r for r in full if not _is_ruler(r)), place))
        elif rows:
            result.append(Line(" ".join(rows[0]), place))
        rows, place = [], 0
        result.append(block)
    return result[:-1]


def _indent(text: str) -> int:
    blanks = text[: len(text) - len(text.lstrip())]
    return display_width(blanks.replace("\t", "    "))


def _counted_pages(blocks: Sequence[Block]) -> set[int]:
    """Return the ids of lines whose bare numbers count up by one, as pages do."""
    bare = [
        block
        for block in blocks
        if isinstance(block, Line) and block.text.strip().isdecimal()
    ]
    ahead = [int(line.text.strip()[:6]) - at for at, line in enumerate(bare)]
    if not ahead:
        return set()
    usual, count = Counter(ahead).most_common(1)[0]
    pairs = zip(bare, ahead, strict=True)
    return {id(line) for line, by in pairs if by == usual and count > 1}


def printed_lines(blocks: Sequence[Block]) -> list[Printed | Table]:
    """Keep the lines that carry text, and the tables; drop what is furniture."""
    blocks = gather_pipes(blocks)
    markdown = is_markdown(block.text for block in blocks if isinstance(block, Line))
    result: list[Printed | Table] = []
    pages = _counted_pages(blocks)
    gap = page = False
    for block, after in zip(blocks, _first_characters_after(blocks), strict=False):
        if isinstance(block, Table):
            result.append(block)
            gap = page = False
            continue
        text, level = _without_markdown(block.text.strip(), markdown=markdown)
        if not text or (markdown and _RULE.fullmatch(text)):
            gap = True
        elif id(block) in pages or _is_page_number(text, after):
            page = True
        else:
            indent = _indent(block.text)
            result.append(Printed(text, block.place, indent, level, gap, page))
            gap = page = False
    return _without_running_heads(result)


def _at_edge(line: Printed, after: Printed | Table | None) -> bool:
    """Say whether a page number stands before or behind *line*."""
    return line.page or (isinstance(after, Printed) and after.page)


def _without_running_heads(lines: list[Printed | Table]) -> list[Printed | Table]:
    """Drop short lines that return at page edges, once the text has begun."""
    begun = next((at for at, line in enumerate(lines) if _is_marked(line)), len(lines))
    text = lines[begun:]
    counts = Counter(line.text for line in text if isinstance(line, Printed))
    often = {line for line, count in counts.items() if count > 2 and _may_run(line)}
    if not often:
        return lines
    edges: Counter[str] = Counter()
    for line, after in zip(text, [*text[1:], None], strict=False):
        if isinstance(line, Printed) and line.text in often:
            edges[line.text] += _at_edge(line, after)
    running = {line for line in often if 3 * edges[line] >= 2 * counts[line]}
    kept = [
        line
        for line in text
        if not (isinstance(line, Printed) and line.text in running)
    ]
    return lines[:begun] + kept


def _is_marked(line: Printed | Table) -> bool:
    return isinstance(line, Table) or read_mark(line.text) is not None


def _may_run(text: str) -> bool:
    short = 4 <= len(text) <= 40 and not re.search(r"[。；：:，、（）()]", text)
    return short and read_mark(text) is None
