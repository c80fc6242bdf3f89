"""The outcome of a broadcast as a workbook: one row for each who was meant."""

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING

from bot.sheets import put
from handlers.broadcast_outcome import Outcome, Row
from handlers.lane_words import lane_words

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_HEADS = (
    *("序号", "单位", "接收人", "渠道", "结果", "原因", "完成时间", "签收时间"),
    *("电话", "已电话告知"),
)
_WIDTHS = (6, 26, 14, 14, 10, 30, 17, 17, 14, 12)


def lines_of(outcome: Outcome, *, at: datetime) -> list[Sequence[str]]:
    """List what stands in the workbook; *at* is this moment, in the office's zone."""
    one = outcome.broadcast
    counts = "，".join(f"{word} {many}" for word, many in outcome.counts.items())
    rows = (_cells(number, row, at) for number, row in enumerate(outcome.rows, start=1))
    return [
        [f"第{one.id}号群发结果（{_moment(at, at)}）"],
        [f"应发 {len(outcome.rows)}：{counts}；已签收 {outcome.received}"],
        [one.text[:2000]],
        _HEADS,
        *rows,
    ]


def write_outcome(lines: Sequence[Sequence[str]]) -> bytes:
    """Return the workbook; it takes a while, and nothing of the store."""
    from openpyxl import Workbook  # 0.2 s, which only those who want it should pay
    from openpyxl.styles import Font

    book = Workbook()
    sheet = book.active
    sheet.title = "群发结果"
    for number, line in enumerate(lines, start=1):
        _put(sheet, number, line)
    for row in (1, 4):
        for cell in sheet[row]:
            cell.font = Font(bold=True)
    for letter, width in zip("ABCDEFGHIJ", _WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A5"
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _cells(number: int, row: Row, at: datetime) -> list[str]:
    return [
        *(str(number), row.department, row.name, lane_words(row.lane), row.result),
        *(row.why, _moment(row.at, at), _moment(row.receipt_at, at)),
        *(row.phone, row.called_by),
    ]


def _moment(moment: datetime | None, at: datetime) -> str:
    """Write a moment as a clock in the office shows it, whose zone *at* bears."""
    return f"{moment.astimezone(at.tzinfo):%Y-%m-%d %H:%M}" if moment else ""


def _put(sheet: "Worksheet", row: int, words: Sequence[str]) -> None:
    for column, one in enumerate(words, start=1):
        put(sheet.cell(row, column), one)
