"""PDF files: the lines and ruled tables of the text layer, in reading order."""

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from threading import Lock

import pypdfium2
from pypdfium2 import raw

from bot.documents.pdf_chars import page_chars
from bot.documents.pdf_edges import without_edges
from bot.documents.pdf_fonts import install_box_fonts
from bot.documents.pdf_layout import Layout
from bot.documents.pdf_lines import PrintedLine, printed_lines
from bot.documents.pdf_rules import page_rules
from bot.documents.pdf_streams import check_streams
from bot.documents.pdf_tables import RuledTable, ruled_tables
from bot.errors import DocumentError
from bot.source import Block, Line, Table

MOST_PAGES = 600
MOST_CHARACTERS = 1_000_000
_FIRST_PAGES = 2
_STRANGE = re.compile("[\ufffd\ue000-\uf8ff]")
_UNREADABLE_SHARE = 0.3
_TAIL = 4096

_PDFIUM = Lock()  # the library may not be called from two threads at once

_SCAN = "这是扫描件（只有图片，没有文字层），读不出文字。请先做文字识别（OCR），"
_SCAN += "或导入 docx、txt 原文。"
_LOCKED = "这个 pdf 加了打开密码。请先取消密码保护，另存后再导入。"
_DAMAGED = "pdf 文件不完整或已损坏。请重新下载，或打开后另存一份再导入。"
_GARBLED = "这个 pdf 的文字层是乱码（字体没有编码）。请导入 docx 或 txt 原文。"
_LARGE = "pdf 太长（最多 600 页、100 万字）。请只保留方案正文后再导入。"


@dataclass(frozen=True, slots=True)
class _Page:
    """What one page shows."""

    lines: list[PrintedLine]
    tables: list[RuledTable]
    is_picture: bool


def read(content: bytes) -> list[Block]:
    """Read the text layer of a pdf, without page numbers and running heads.

    A first-line indent is kept as two full-width blanks, a gap between paragraphs
    as a blank line.

    Raises:
        DocumentError: the file is torn, locked, a scan, or too long.
    """
    if b"%%EOF" not in content[-_TAIL:]:
        raise DocumentError("no end mark", reply=_DAMAGED)
    check_streams(content)
    with _PDFIUM:
        install_box_fonts()
        pages = _read_pages(content)
    _check_text_layer(pages)
    lines = without_edges([page.lines for page in pages])
    layout = Layout(lines)
    return _blocks(pages, lines, layout)


def first_pages(content: bytes) -> str:
    """Return what the first pages of a pdf say, in any order; "" if nothing is told.

    Raises DocumentError as `read` does.
    """
    check_streams(content)
    try:
        with _PDFIUM, closing(pypdfium2.PdfDocument(content)) as document:
            return "\n".join(
                document[number].get_textpage().get_text_range()
                for number in range(min(len(document), _FIRST_PAGES))
            )
    except pypdfium2.PdfiumError as error:
        raise DocumentError(f"pdfium: {error}", reply=_DAMAGED) from error


def _read_pages(content: bytes) -> list[_Page]:
    try:
        with closing(pypdfium2.PdfDocument(content)) as document:
            if len(document) > MOST_PAGES:
                raise DocumentError(f"{len(document)} pages", reply=_LARGE)
            return list(_pages(document))
    except pypdfium2.PdfiumError as error:
        is_locked = getattr(error, "err_code", 0) == raw.FPDF_ERR_PASSWORD
        reply = _LOCKED if is_locked else _DAMAGED
        raise DocumentError(f"pdfium: {error}", reply=reply) from error


def _pages(document: pypdfium2.PdfDocument) -> Iterator[_Page]:
    total = strange = 0
    for page in document:
        with closing(page):
            rotation = page.get_rotation()
            chars = page_chars(page, rotation=rotation)
            total += len(chars)
            if total > MOST_CHARACTERS:
                raise DocumentError(f"more than {total} characters", reply=_LARGE)
            flat, upright = page_rules(page, rotation=rotation)
            tables, others = ruled_tables(chars, flat=flat, upright=upright)
            lines = printed_lines(others)
            strange += sum(len(_STRANGE.findall(line.text)) for line in lines)
            is_picture = not chars and _has_image(page)
            yield _Page(lines, tables, is_picture)
    if strange > _UNREADABLE_SHARE * total:
        raise DocumentError(f"{strange} of {total} characters", reply=_GARBLED)


def _has_image(page: pypdfium2.PdfPage) -> bool:
    kinds = {item.type for item in page.get_objects(max_depth=2)}
    return raw.FPDF_PAGEOBJ_IMAGE in kinds


def _check_text_layer(pages: list[_Page]) -> None:
    """Refuse a file most of whose pages are pictures."""
    pictures = sum(page.is_picture for page in pages)
    if pictures and 2 * pictures >= len(pages):
        raise DocumentError(f"{pictures} of {len(pages)} are scans", reply=_SCAN)


def _blocks(
    pages: list[_Page], lines: list[list[PrintedLine]], layout: Layout
) -> list[Block]:
    blocks: list[Block] = []
    place = 0
    last: RuledTable | None = None
    for at, page in enumerate(pages):
        items: list[PrintedLine | RuledTable] = [*lines[at], *page.tables]
        for item in sorted(items, key=_top_down):
            place += 1
            if isinstance(item, PrintedLine):
                texts = layout.texts(item, page=at)
                blocks += [Line(text, place) for text in texts]
                last = None
            else:
                _add_table(blocks, item, last, place)
                layout.interrupt()
                last = item
    return blocks


def _top_down(item: PrintedLine | RuledTable) -> float:
    return -item.middle


def _add_table(
    blocks: list[Block], table: RuledTable, last: RuledTable | None, place: int
) -> None:
    """Add a table; one that goes on after a page break becomes one again."""
    before = blocks[-1] if blocks else None
    if last is None or not isinstance(before, Table) or not _fits(table, last):
        blocks.append(Table(table.rows, place))
        return
    repeats = table.rows[0] == before.rows[0]
    rows = table.rows[1:] if repeats else table.rows
    blocks[-1] = Table(before.rows + rows, before.place)


def _fits(table: RuledTable, last: RuledTable) -> bool:
    """Tell whether the columns of two tables stand at the same places."""
    return len(table.columns) == len(last.columns) and all(
        abs(one - other) < 4.0
        for one, other in zip(table.columns, last.columns, strict=True)
    )
