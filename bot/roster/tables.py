"""A roster file as tables of texts: xlsx or csv, of bounded size."""

import csv
import io
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.errors import DocumentError

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

Rows = list[tuple[int, list[str]]]
Cell = tuple[int, int]
"""Where a cell is: its row from 1, its column from 0."""

_MAX_BYTES = 5_000_000
_MAX_UNPACKED = 40_000_000
_MAX_ROWS = 20_000
_MAX_COLUMNS = 30
_UNREADABLE = (
    "通讯录读不出来，请用系统给的模板（xlsx 或 csv）填写后再导入；"
    "有密码的请先取消密码，xls、et 请另存为 xlsx。"
)
_EMPTY = "“{}”是空文件，没有内容。请用系统给的模板（xlsx 或 csv）填写后再导入。"
_NO_TABLE = "“{}”不是 xlsx 或 csv 表格。请用系统给的模板填写，存为 xlsx 或 csv 再导入。"
_OLD_TABLES = (".xls", ".et")
_TOO_BIG = (
    "通讯录过大（最多两万行、5 MB），请用系统给的模板填写，删去下方的空行和其他内容。"
)
_NO_RESULT = "是公式，没有算好的结果，请改成直接填写的内容"
_BROKEN = "公式出错，请改成直接填写的内容"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One sheet: its rows that hold anything of their own, numbered from 1.

    `merged` tells what a cell shows that is one with a cell above it, `unread` why a
    cell has no text that one could take over.
    """

    title: str
    rows: Rows
    merged: Mapping[Cell, str] = field(default_factory=dict)
    unread: Mapping[Cell, str] = field(default_factory=dict)
    hidden_rows: frozenset[int] = frozenset()
    is_hidden: bool = False


def read_tables(path: Path) -> list[Table]:
    """Read each sheet of an xlsx, or the one table of a csv.

    Raises DocumentError if the file is no xlsx or csv, broken, or larger than 5 MB.
    """
    try:
        data = path.read_bytes() if path.stat().st_size <= _MAX_BYTES else None
    except OSError as error:
        raise _unreadable(path, error) from error
    if data is None:
        raise DocumentError(f"{path}: too big", reply=_TOO_BIG)
    if not data.strip():
        raise DocumentError(f"{path}: empty", reply=_EMPTY.format(path.name))
    if data.startswith(b"%PDF"):
        raise DocumentError(f"{path}: a pdf", reply=_NO_TABLE.format(path.name))
    if path.suffix.lower() == ".csv":
        return [Table(title=path.name, rows=_csv_rows(path, data))]
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        return _sheets(path, data)
    is_old = path.suffix.lower() in _OLD_TABLES
    words = _UNREADABLE if is_old else _NO_TABLE.format(path.name)
    raise DocumentError(f"{path}: unknown ending", reply=words)


def _unreadable(path: Path, error: Exception) -> DocumentError:
    if isinstance(error, FileNotFoundError):
        words = f"找不到文件“{path}”，请核对路径。"
        return DocumentError(f"no file {path}", reply=words)
    return DocumentError(f"{path}: {error!r}", reply=_UNREADABLE)


def _csv_rows(path: Path, data: bytes) -> Rows:
    try:
        text = _decoded(data)
        comma = "\t" if "\t" in text.partition("\n")[0] else ","
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=comma, strict=True)
        return list(_kept(path, lines))
    except (UnicodeDecodeError, csv.Error) as error:
        raise _unreadable(path, error) from error


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030")


def _sheets(path: Path, data: bytes) -> list[Table]:
    _refuse_bomb(path, data)
    try:
        book = _opened(data, results=False)
        if any(page.max_row > _MAX_ROWS for page in book.worksheets):
            raise DocumentError(f"{path}: too many rows", reply=_TOO_BIG)
        formulas = {page.title: _formulas(page) for page in book.worksheets}
        if any(formulas.values()):
            book = _opened(data, results=True)
        return [_table(path, page, formulas[page.title]) for page in book.worksheets]
    except DocumentError:
        raise
    except Exception as error:  # openpyxl lets any error of a broken file through
        raise _unreadable(path, error) from error


def _opened(data: bytes, *, results: bool) -> "Workbook":
    from openpyxl import load_workbook  # 0.2 s, which only an import should pay

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of what Excel adds
        return load_workbook(io.BytesIO(data), data_only=results)


def _cells(page: "Worksheet") -> Iterator[tuple[Any, ...]]:
    """Go through the cells row by row; each cell on the way is made, if it is not."""
    columns = min(page.max_column, _MAX_COLUMNS)
    yield from page.iter_rows(max_row=page.max_row, max_col=columns)


def _formulas(page: "Worksheet") -> set[Cell]:
    return {
        (cell.row, cell.column - 1)
        for row in _cells(page)
        for cell in row
        if cell.data_type == "f"
    }


def _table(path: Path, page: "Worksheet", formulas: set[Cell]) -> Table:
    lines = [[_text(cell.value) for cell in row] for row in _cells(page)]
    unread = {}
    for row in _cells(page):
        for cell in row:
            place = cell.row, cell.column - 1
            if cell.data_type == "e":
                unread[place] = f"{cell.value} {_BROKEN}"
            elif place in formulas and cell.value is None:
                unread[place] = _NO_RESULT
    return Table(
        title=page.title,
        rows=list(_kept(path, lines)),
        merged=dict(_merged(page)),
        unread=unread,
        hidden_rows=frozenset(
            number for number, kept in page.row_dimensions.items() if kept.hidden
        ),
        is_hidden=page.sheet_state != "visible",
    )


def _merged(page: "Worksheet") -> Iterator[tuple[Cell, str]]:
    """Tell what the cells show that are merged with one above them."""
    for area in page.merged_cells.ranges:
        if area.min_col > _MAX_COLUMNS:
            continue
        text = _text(page.cell(area.min_row, area.min_col).value).strip()
        for row in range(area.min_row + 1, min(area.max_row, _MAX_ROWS) + 1):
            yield (row, area.min_col - 1), text


def _refuse_bomb(path: Path, data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size = sum(part.file_size for part in archive.infolist())
    except (zipfile.BadZipFile, zlib.error, ValueError, EOFError) as error:
        raise _unreadable(path, error) from error
    if size > _MAX_UNPACKED:
        raise DocumentError(f"{path}: {size} bytes unpacked", reply=_TOO_BIG)


def _kept(
    path: Path, lines: Iterable[Iterable[str]]
) -> Iterator[tuple[int, list[str]]]:
    for number, line in enumerate(lines, start=1):
        texts = [text.strip() for text in list(line)[:_MAX_COLUMNS]]
        if not any(texts):
            continue
        if number > _MAX_ROWS:
            raise DocumentError(f"{path}: too many rows", reply=_TOO_BIG)
        yield number, texts


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
