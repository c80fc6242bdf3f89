"""The table department × report as a workbook; the same table makes the same bytes."""

import re
from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from bot.reports.lights import LEGEND, Light
from bot.reports.matrix import Matrix
from bot.sheets import put

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

FILLS = {
    Light.GREEN: "C6E7C8",
    Light.BLUE: "BFDDF7",
    Light.WHITE: "FFFFFF",
    Light.YELLOW: "FFE99A",
    Light.RED: "F6B4AE",
    Light.VIOLET: "DCC8EE",
    Light.GREY: "DDDDDD",
    Light.PAUSED: "DDDDDD",
}
"""The colour of each light, pale enough for black words."""

_HEAD = 6  # rows above the departments: title, day, and four of the columns
_FIRST, _OTHERS, _MOST_WIDE = 14, 18, 40
_ALWAYS = (1980, 1, 1, 0, 0, 0)  # the time that stands in the package
_WRITTEN_AT = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*")


def write_matrix(matrix: Matrix) -> bytes:
    """Return the workbook."""
    from openpyxl import Workbook  # 0.2 s, which only those who want it should pay

    book = Workbook()
    sheet = book.active
    sheet.title = "报送情况"
    _write_head(sheet, matrix)
    _write_rows(sheet, matrix)
    _write_legend(sheet, first=_HEAD + len(matrix.rows) + 2)
    _lay_out(sheet, matrix)
    file = BytesIO()
    book.save(file)
    return _settled(file.getvalue())


def _write_head(sheet: "Worksheet", matrix: Matrix) -> None:
    from openpyxl.styles import Font

    _put(sheet, 1, 1, matrix.title).font = Font(bold=True, size=16)
    _put(sheet, 2, 1, matrix.dated)
    for row, words in enumerate(("单位", "时限", "依据", "合计"), start=3):
        _frame(_put(sheet, row, 1, words)).font = Font(bold=True)
    for place, column in enumerate(matrix.columns, start=2):
        lines = (
            f"{column.title} {column.code}",
            column.due_words,
            column.basis,
            column.summary,
        )
        for row, words in enumerate(lines, start=3):
            cell = _frame(_put(sheet, row, place, words))
            cell.font = Font(bold=row == 3)


def _write_rows(sheet: "Worksheet", matrix: Matrix) -> None:
    for place, row in enumerate(matrix.rows, start=_HEAD + 1):
        _frame(_put(sheet, place, 1, row.department), to_the_left=True)
        for column, one in enumerate(row.cells, start=2):
            _colour(_frame(_put(sheet, place, column, one.words)), one.light)


def _write_legend(sheet: "Worksheet", *, first: int) -> None:
    _put(sheet, first, 1, "图例")
    for row, (light, words) in enumerate(LEGEND, start=first):
        _colour(_frame(_put(sheet, row, 2, words)), light)


def _put(sheet: "Worksheet", row: int, column: int, words: str) -> "Cell":
    cell: Cell = sheet.cell(row, column)
    put(cell, words)
    return cell


def _frame(cell: "Cell", *, to_the_left: bool = False) -> "Cell":
    from openpyxl.styles import Alignment, Border, Side

    thin = Side(style="thin", color="999999")
    cell.border = Border(left=thin, right=thin, top=thin, bottom=thin)
    cell.alignment = Alignment(
        horizontal="left" if to_the_left else "center",
        vertical="center",
        wrap_text=True,
    )
    return cell


def _colour(cell: "Cell", light: Light) -> None:
    from openpyxl.styles import PatternFill

    cell.fill = PatternFill("solid", fgColor=FILLS[light])


def _lay_out(sheet: "Worksheet", matrix: Matrix) -> None:
    """Set what keeps the table readable on a screen and on paper."""
    from openpyxl.utils import get_column_letter

    longest = max((len(row.department) for row in matrix.rows), default=0)
    widths = [min(max(_FIRST, 2 * longest + 2), _MOST_WIDE)]
    widths += [_OTHERS] * max(1, len(matrix.columns))
    for place, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    for row, height in ((3, 48), (4, 20), (5, 48), (6, 64)):
        sheet.row_dimensions[row].height = height
    sheet.freeze_panes = f"B{_HEAD + 1}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = f"3:{_HEAD}"


def _settled(package: bytes) -> bytes:
    """Pack a workbook anew, without the moments at which it was written."""
    file = BytesIO()
    with ZipFile(BytesIO(package)) as old, ZipFile(file, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = _WRITTEN_AT.sub(rb"\g<1>2000-01-01T00:00:00Z", content)
            entry = ZipInfo(name, _ALWAYS)
            entry.compress_type = ZIP_DEFLATED
            new.writestr(entry, content)
    return file.getvalue()
