"""A roster file as tables of texts: xlsx or csv, of bounded size."""

import csv
import io
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path

from bot.errors import DocumentError

Rows = list[tuple[int, list[str]]]

_MAX_BYTES = 5_000_000
_MAX_UNPACKED = 40_000_000
_MAX_ROWS = 20_000
_MAX_COLUMNS = 30
_UNREADABLE = "通讯录读不出来，请用系统给的模板（xlsx 或 csv）填写后再导入。"
_TOO_BIG = "通讯录过大，请用系统给的模板填写，不要粘贴其他内容。"


def read_tables(path: Path) -> list[tuple[str, Rows]]:
    """Read each sheet's title and its rows that hold anything, numbered from 1.

    Raises DocumentError if the file is no xlsx or csv, broken, or larger than 5 MB.
    """
    try:
        data = path.read_bytes() if path.stat().st_size <= _MAX_BYTES else None
    except OSError as error:
        raise _unreadable(path, error) from error
    if data is None:
        raise DocumentError(f"{path}: too big", reply=_TOO_BIG)
    if path.suffix.lower() == ".csv":
        return [(path.name, _csv_rows(path, data))]
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        return _sheets(path, data)
    raise DocumentError(f"{path}: unknown ending", reply=_UNREADABLE)


def _unreadable(path: Path, error: Exception) -> DocumentError:
    return DocumentError(f"{path}: {error!r}", reply=_UNREADABLE)


def _csv_rows(path: Path, data: bytes) -> Rows:
    try:
        text = _decoded(data)
        lines = csv.reader(io.StringIO(text, newline=""), strict=True)
        return list(_kept(path, lines))
    except (UnicodeDecodeError, csv.Error) as error:
        raise _unreadable(path, error) from error


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030")


def _sheets(path: Path, data: bytes) -> list[tuple[str, Rows]]:
    from openpyxl import load_workbook  # 0.2 s, which only an import should pay

    _refuse_bomb(path, data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of what Excel adds
            book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            tables = []
            for page in book.worksheets:
                page.reset_dimensions()  # other programs may write them wrong
                lines = (map(_text, row) for row in page.iter_rows(values_only=True))
                tables.append((page.title, list(_kept(path, lines))))
            return tables
    except DocumentError:
        raise
    except Exception as error:  # openpyxl lets any error of a broken file through
        raise _unreadable(path, error) from error


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
        if number > _MAX_ROWS:
            raise DocumentError(f"{path}: too many rows", reply=_TOO_BIG)
        texts = [text.strip() for text in list(line)[:_MAX_COLUMNS]]
        if any(texts):
            yield number, texts


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
