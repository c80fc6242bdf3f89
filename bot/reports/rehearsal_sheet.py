"""A rehearsal as a workbook: the list, the counts, and the line to sign."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.reports.rehearsal import COUNT_HEADS, HEADS, Rehearsal
from bot.sheets import put

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_WIDTHS = (24, 18, 16, 14, 14, 48, 80)


def write_sheet(rehearsal: Rehearsal, file: Path) -> None:
    """Write the workbook; the same rehearsal makes the same cells."""
    from openpyxl import Workbook  # 0.2 s, which only those who want it should pay

    book = Workbook()
    listed: Any = book.active
    listed.title = "清单"
    _fill(listed, (*HEADS, "全文"), [(*m.row, m.text) for m in rehearsal.messages])
    counts = book.create_sheet("每人条数")
    _fill(counts, COUNT_HEADS, [one.row for one in rehearsal.counts()])
    for row in counts.iter_rows(min_row=2, min_col=3):
        for cell in row:
            cell.value = int(str(cell.value))
    signed = book.create_sheet("说明和签字")
    lines = (*rehearsal.heading(), "", *rehearsal.closing())
    for place, line in enumerate(lines, start=1):
        put(signed.cell(place, 1), line)
    signed.column_dimensions["A"].width = 100
    book.save(file)


def _fill(
    sheet: "Worksheet", heads: tuple[str, ...], rows: list[tuple[str, ...]]
) -> None:
    from openpyxl.styles import Alignment, Font

    sheet.append(list(heads))
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for place, row in enumerate(rows, start=2):
        for column, words in enumerate(row, start=1):
            put(sheet.cell(place, column), words)
    for letter, width in zip("ABCDEFG", _WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    for cells in sheet.iter_rows(min_row=2):
        for cell in cells:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
