"""A draft as an xlsx file that the office corrects, and the corrected draft back."""

import warnings
import zipfile
import zlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import DocumentError
from bot.facts import PlanDraft
from bot.plans.drafting.cells import Column, Faults, Mode, Shown, text_of, written
from bot.plans.drafting.corrections import KEY_HEAD, Grid, corrected, refusal
from bot.plans.drafting.parcel import STORE, packed, unpacked
from bot.plans.drafting.sheets import (
    HEAD_COLUMNS,
    HEAD_TITLE,
    SHEETS,
    Sheet,
    Values,
    head_values,
)

if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.styles import Alignment, PatternFill
    from openpyxl.worksheet.worksheet import Worksheet

NOTE_TITLE = "说明"
_MAX_BYTES = 20_000_000
_MAX_ROWS = 20_000
_MAX_COLUMNS = 40
_MAX_UNPACKED = 80_000_000
_MAX_PARTS = 500
_SPARE_ROWS = 500  # rows under a table in which the choices are offered too
_NOTES = (
    "本表由系统读取文件后生成，供办公室核对更正；改好保存后重新导入，签发后才生效。",
    "绿色表头的列可以修改，灰色表头的列不得改动。正文、责任标注是文件原文，"
    "如有错误请改源文件后重新导入。",
    "黄色并写有“疑点”字样的行请重点核对；核对清楚后，在“疑点”表里删除该行。",
    "可以增加、删除整行；请勿改动工作表名称、表头和末尾隐藏的列。",
)
_NOT_A_ZIP = (
    OSError,
    KeyError,
    ValueError,
    RuntimeError,
    EOFError,
    zipfile.BadZipFile,
    zlib.error,
)
_GREEN, _GREY, _PALE, _YELLOW = "FFC6E0B4", "FFD9D9D9", "FFF2F2F2", "FFFFEB9C"


def write_workbook(draft: PlanDraft, path: Path) -> None:
    """Write *draft* as a workbook; text that looks like a formula stays text.

    Raises DocumentError if the file cannot be written, as when it is open elsewhere.
    """
    from openpyxl import Workbook  # 0.2 s, which only those who correct should pay

    book = Workbook()
    book.remove(book.active)
    _write_notes(book.create_sheet(NOTE_TITLE))
    _write_head(book.create_sheet(HEAD_TITLE), draft)
    for sheet in SHEETS:
        _write_sheet(book.create_sheet(sheet.title), sheet, sheet.rows(draft))
    store = book.create_sheet(STORE)
    store.sheet_state = "veryHidden"
    for row, text in enumerate(packed(draft), start=1):
        _put(store.cell(row, 1), text)
    book.active = 1
    try:
        book.save(path)
    except OSError as error:
        words = f"写不了 {path.name}：请检查文件夹权限，或先关闭已打开的同名表格。"
        raise DocumentError(f"{path}: {error!r}", reply=words) from error


def is_draft_workbook(path: Path) -> bool:
    """Tell, without reading it all, whether *path* is a workbook of ours."""
    try:
        with zipfile.ZipFile(path) as archive, archive.open("xl/workbook.xml") as part:
            return STORE.encode() in part.read(200_000)
    except _NOT_A_ZIP:
        return False


def read_workbook(path: Path) -> PlanDraft:
    """Read the corrected draft back, all of it or nothing.

    Raises DocumentError; its reply names sheet and row of each wrong correction, 20
    at most.
    """
    _refuse_huge(path)
    faults = Faults()
    grids = _grids(path, faults)
    if faults.found:
        raise refusal(faults)
    store = [row[0] for _, row in grids.get(STORE, []) if row]
    return corrected(unpacked(store), grids)


def _refuse_huge(path: Path) -> None:
    try:
        size = path.stat().st_size
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except _NOT_A_ZIP as error:
        words = "这不是可读的 xlsx 工作簿，请用系统导出的表修改后再导入。"
        raise DocumentError(f"{path}: {error!r}", reply=words) from error
    unpacked_size = sum(part.file_size for part in parts)
    if size > _MAX_BYTES or unpacked_size > _MAX_UNPACKED or len(parts) > _MAX_PARTS:
        words = "工作簿过大，请用系统导出的表修改，不要粘贴其他内容。"
        raise DocumentError(f"{path}: {size} bytes, {unpacked_size} out", reply=words)


def _grids(path: Path, faults: Faults) -> dict[str, Grid]:
    from openpyxl import load_workbook

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of what Excel adds
            book = load_workbook(path, read_only=True)
            try:
                return {
                    sheet.title: list(_rows(sheet, faults)) for sheet in book.worksheets
                }
            finally:
                book.close()
    except DocumentError:
        raise
    except Exception as error:  # openpyxl lets any error of a broken file through
        words = "这个工作簿已损坏，请用系统重新导出后再修改。"
        raise DocumentError(f"{path}: {error!r}", reply=words) from error


def _rows(sheet: "Worksheet", faults: Faults) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that hold anything: their number from 1, their texts."""
    sheet.reset_dimensions()  # other programs may write them wrong
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        if number > _MAX_ROWS:
            words = f"工作表“{sheet.title}”超过{_MAX_ROWS}行，请删去多余的行。"
            raise DocumentError(f"{sheet.title}: too many rows", reply=words)
        texts = [_text(cell, sheet.title, faults) for cell in cells[:_MAX_COLUMNS]]
        if any(texts):
            yield number, texts


def _text(cell: "Cell", sheet: str, faults: Faults) -> str:
    if cell.data_type == "f":
        faults.add(sheet, cell.row, "不能使用公式，请改填文字或数字")
        return ""
    return text_of(cell.value)


def _write_notes(page: "Worksheet") -> None:
    page.column_dimensions["A"].width = 14
    page.column_dimensions["B"].width = 100
    for row, note in enumerate(_NOTES, start=1):
        _put(page.cell(row, 1), f"说明{row}")
        _put(page.cell(row, 2), note)
    for row, sheet in enumerate(SHEETS, start=len(_NOTES) + 2):
        _put(page.cell(row, 1), f"“{sheet.title}”表")
        _put(page.cell(row, 2), sheet.note)


def _write_head(page: "Worksheet", draft: PlanDraft) -> None:
    for at, (head, width) in enumerate([("项目", 16), ("内容", 80), ("能否修改", 14)]):
        _put(page.cell(1, at + 1), head, fill=_GREY)
        page.column_dimensions["ABC"[at]].width = width
    values = head_values(draft)
    for row, column in enumerate(HEAD_COLUMNS, start=2):
        locked = column.mode is Mode.LOCKED
        _put(page.cell(row, 1), column.head, fill=_GREY)
        shown = column.kind.show(values[column.name])
        _put(page.cell(row, 2), shown, fill=_PALE if locked else "")
        _put(page.cell(row, 3), "不得改动" if locked else "可改")
    page.freeze_panes = "B2"


def _write_sheet(page: "Worksheet", sheet: Sheet, rows: list[Values]) -> None:
    from openpyxl.utils import get_column_letter

    last = len(sheet.columns) + 1
    for at, column in enumerate(sheet.columns, start=1):
        fill = _GREEN if column.mode is Mode.EDIT else _GREY
        _put(page.cell(1, at), column.label, fill=fill)
        page.column_dimensions[get_column_letter(at)].width = column.width
        _offer_choices(page, column, at=get_column_letter(at), rows=len(rows))
    _put(page.cell(1, last), KEY_HEAD)
    page.column_dimensions[get_column_letter(last)].hidden = True
    for number, values in enumerate(rows, start=1):
        _write_row(page, sheet, number=number, values=values)
    page.freeze_panes = "B2"
    page.auto_filter.ref = f"A1:{get_column_letter(last - 1)}{len(rows) + 1}"


def _write_row(page: "Worksheet", sheet: Sheet, *, number: int, values: Values) -> None:
    doubtful = bool(values.get("doubt")) or sheet.title == "疑点"
    for at, column in enumerate(sheet.columns, start=1):
        pale = "" if column.mode is Mode.EDIT else _PALE
        shown = column.kind.show(values[column.name])
        if column.name == "doubt" and shown:
            shown = f"疑点：{shown}"
        _put(page.cell(number + 1, at), shown, fill=_YELLOW if doubtful else pale)
    page.cell(number + 1, len(sheet.columns) + 1).value = number


def _put(cell: "Cell", shown: Shown, *, fill: str = "") -> None:
    """Fill a cell; a text stays a text even if it begins like a formula."""
    cell.value = written(shown)
    cell.alignment = _alignment()
    if isinstance(shown, str):
        cell.data_type = "s"
        cell.number_format = "@"
        cell.quotePrefix = shown[:1] in ("=", "+", "-", "@")
    if fill:
        cell.fill = _fill(fill)


@cache
def _alignment() -> "Alignment":
    from openpyxl.styles import Alignment

    return Alignment(wrap_text=True, vertical="top")


@cache
def _fill(colour: str) -> "PatternFill":
    from openpyxl.styles import PatternFill

    return PatternFill("solid", fgColor=colour)


def _offer_choices(page: "Worksheet", column: Column, *, at: str, rows: int) -> None:
    from openpyxl.worksheet.datavalidation import DataValidation

    if not column.kind.words or column.mode is not Mode.EDIT:
        return
    words = ",".join(column.kind.words)
    offer = DataValidation(type="list", formula1=f'"{words}"', allow_blank=True)
    offer.error, offer.errorTitle = f"只能填：{words}", column.head
    offer.showErrorMessage = True
    offer.add(f"{at}2:{at}{rows + _SPARE_ROWS}")
    page.add_data_validation(offer)
