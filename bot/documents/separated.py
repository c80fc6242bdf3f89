"""Comma separated files: one task table, whatever separates its cells."""

import csv
from collections import Counter
from collections.abc import Iterator
from io import StringIO
from itertools import islice

from bot.documents.encoding import decode
from bot.documents.task_rows import MOST_ROWS, check_size, table_blocks
from bot.errors import DocumentError
from bot.source import Block

SEPARATORS = (",\t;|", "，；")  # the second where none of the first fits
_SAMPLE_ROWS = 30
_LONGEST_CELL = 131_072


def read(content: bytes) -> list[Block]:
    """Read a csv file in any encoding of a text file and with any usual separator.

    Raises:
        DocumentError: it is no text, or larger than any task table.
    """
    text = decode(content).removeprefix("\ufeff")
    separator, text = _separator(text)
    try:
        rows = list(islice(_rows(text, separator), MOST_ROWS + 1))
    except csv.Error as error:
        raise DocumentError(
            f"csv: {error}",
            reply="这个 csv 的格式有误（引号或单元格不完整）。请另存为 xlsx 后再导入。",
        ) from error
    check_size(rows=len(rows), cells=sum(map(len, rows)))
    return table_blocks(list(enumerate(rows, start=1)))


def _rows(text: str, separator: str) -> Iterator[list[str]]:
    return csv.reader(StringIO(text, newline=""), delimiter=separator)


def _separator(text: str) -> tuple[str, str]:
    """Return the separator, declared (sep=;) or found, and the text to be read."""
    first, _, rest = text.partition("\n")
    if first.lower().startswith("sep=") and len(first.strip()) == 5:
        return first[4], rest
    for marks in SEPARATORS:
        best = max(marks, key=lambda mark: _evenness(text, mark))
        if _evenness(text, best) > 0:
            return best, text
    return ",", text


def _evenness(text: str, separator: str) -> float:
    """Tell which share of the first rows *separator* cuts into as many columns."""
    sample = text[: 4 * _LONGEST_CELL]
    try:
        rows = list(islice(_rows(sample, separator), _SAMPLE_ROWS))
    except csv.Error:
        return 0.0
    widths = Counter(len(row) for row in rows if len(row) > 1)
    if not widths:
        return 0.0
    return widths.most_common(1)[0][1] / len([row for row in rows if row])
