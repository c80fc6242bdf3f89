"""Excel files: every visible sheet as one task table."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from bot.documents.cell_text import Format, read_formats, shown
from bot.documents.package import Package
from bot.documents.task_rows import Row, check_size, table_blocks
from bot.errors import DocumentError
from bot.source import Block

S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"

_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")

Cells = dict[int, dict[int, str]]


@dataclass(frozen=True, slots=True)
class _Book:
    """What the sheets of a workbook share."""

    strings: list[str]
    formats: list[Format]
    is_1904: bool


def read(content: bytes) -> list[Block]:
    """Read the visible sheets of an xlsx file, in order; joined cells are repeated.

    Places are row numbers; those of a later sheet go on after the sheet before.

    Raises:
        DocumentError: the file is torn, locked, or larger than any task table.
    """
    package = Package(content)
    name = package.main_part("xl/workbook.xml")
    root = package.part(name)
    if root is None or root.find(f"{S}sheets") is None:
        raise DocumentError(
            f"no sheets in {name}",
            reply="这个 xlsx 里没有工作表。请用 WPS 打开，另存为 xlsx 后再导入。",
        )
    shape = root.find(f"{S}workbookPr")
    book = _Book(
        strings=_strings(package.related_part(name, kind="sharedStrings")),
        formats=read_formats(package.related_part(name, kind="styles")),
        is_1904=shape is not None and shape.get("date1904") in {"1", "true"},
    )
    blocks: list[Block] = []
    before = 0
    for sheet in _visible_sheets(package, name, root):
        rows = _rows(sheet, book, before)
        blocks += table_blocks(rows)
        before = rows[-1][0] if rows else before
    return blocks


def _visible_sheets(
    package: Package, name: str, root: etree._Element
) -> Iterator[etree._Element]:
    targets = package.related(name)
    for item in root.find(f"{S}sheets").iterchildren(f"{S}sheet"):
        if item.get("state", "visible") == "visible":
            sheet = package.part(targets.get(item.get(_LINK, ""), ""))
            if sheet is not None and sheet.tag == f"{S}worksheet":
                yield sheet


def _rows(sheet: etree._Element, book: _Book, before: int) -> list[Row]:
    """Return the rows that hold text, numbered on after *before*."""
    cells = _cells(sheet, book)
    columns = sorted({column for row in cells.values() for column in row})
    check_size(rows=len(cells), cells=len(cells) * len(columns))
    _repeat_joined(sheet, cells, columns)
    return [
        (before + number, [cells[number].get(column, "") for column in columns])
        for number in sorted(cells)
    ]


def _cells(sheet: etree._Element, book: _Book) -> Cells:
    """Return the filled cells, by row and column, both from 1."""
    found: Cells = {}
    number = 0
    for row in sheet.iterfind(f"{S}sheetData/{S}row"):
        number = _number(row.get("r"), number + 1)
        column = 0
        for cell in row.iterchildren(f"{S}c"):
            column = _column(cell.get("r"), column + 1)
            text = _text(cell, book)
            if text.strip():
                found.setdefault(number, {})[column] = text
        check_size(rows=len(found), cells=0)
    return found


def _repeat_joined(sheet: etree._Element, cells: Cells, columns: list[int]) -> None:
    """Write the text of joined cells into each of them that the table keeps."""
    numbers = sorted(cells)
    work = 0
    for item in sheet.iterfind(f"{S}mergeCells/{S}mergeCell"):
        corners = _REFERENCE.findall(item.get("ref", ""))
        if len(corners) != 2:
            continue
        (left, top), (right, bottom) = corners
        text = cells.get(int(top), {}).get(_column_number(left), "")
        if not text:
            continue
        inside = [
            at for at in columns if _column_number(left) <= at <= _column_number(right)
        ]
        kept = [at for at in numbers if int(top) <= at <= int(bottom)]
        work += len(numbers) + len(kept) * len(inside)
        check_size(rows=0, cells=work // 20)
        for number in kept:
            cells[number].update(dict.fromkeys(inside, text))


def _text(cell: etree._Element, book: _Book) -> str:
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        inline = cell.find(f"{S}is")
        return "" if inline is None else _rich_text(inline)
    value = cell.findtext(f"{S}v", "")
    if kind == "s":
        index = int(value) if value.isdecimal() else -1
        return book.strings[index] if 0 <= index < len(book.strings) else ""
    if kind == "b":
        return "TRUE" if value == "1" else "FALSE"
    if kind in {"str", "e", "d"}:
        return _unescape(value)
    style = _number(cell.get("s"), 0)
    form = book.formats[style] if style < len(book.formats) else Format("General")
    return shown(value, form, is_1904=book.is_1904)


def _strings(root: etree._Element | None) -> list[str]:
    items = () if root is None else root.iterchildren(f"{S}si")
    return [_rich_text(item) for item in items]


def _rich_text(item: etree._Element) -> str:
    """Return the text of a string, without the readings above it (rPh)."""
    runs = [item.findtext(f"{S}t", "")]
    runs += [run.findtext(f"{S}t", "") for run in item.iterchildren(f"{S}r")]
    return _unescape("".join(runs))


def _unescape(text: str) -> str:
    text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    return text.replace("\r\n", "\n").replace("\r", "\n").strip("\n")


def _column(reference: str | None, fallback: int) -> int:
    found = _REFERENCE.match(reference or "")
    return _column_number(found[1]) if found else fallback


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _number(text: str | None, fallback: int) -> int:
    return int(text) if text and len(text) < 8 and text.isdecimal() else fallback
