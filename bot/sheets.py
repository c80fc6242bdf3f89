"""Tables as files: a workbook or CSV, in which no text is taken for a formula."""

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO, StringIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_UNSOUND = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_MOST = 32_000  # characters that Excel takes in a cell
_WIDTH = 20

Rows = Iterable[Sequence[str]]


def put(cell: "Cell", words: str) -> None:
    """Write words into a cell as words, however much they look like a formula."""
    cell.value = _UNSOUND.sub("", words)[:_MOST]
    if words.startswith(_FORMULA):
        cell.data_type = "s"
        cell.quotePrefix = True


def write_csv(rows: Rows) -> bytes:
    """Return rows as CSV that Excel opens in Chinese."""
    file = StringIO(newline="")
    csv.writer(file).writerows([_inert(cell) for cell in row] for row in rows)
    return file.getvalue().encode("utf-8-sig")


def _inert(cell: str) -> str:
    words = _UNSOUND.sub("", cell)
    return f"'{words}" if words.startswith(_FORMULA) else words


def write_workbook(sheets: Mapping[str, Rows]) -> bytes:
    """Return a workbook; the first row of each sheet is its head."""
    from openpyxl import Workbook  # 0.2 s, which only those who want it should pay
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        sheet.freeze_panes = "A2"
        for place in range(1, 12):
            sheet.column_dimensions[get_column_letter(place)].width = _WIDTH
        for row in rows:
            cells = []
            for words in row:
                cell = WriteOnlyCell(sheet)
                put(cell, words)
                cells.append(cell)
            sheet.append(cells)
    file = BytesIO()
    book.save(file)
    return file.getvalue()
