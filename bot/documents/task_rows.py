"""Rows of a task table: empty ones trimmed, the title above the heads set apart."""

from collections.abc import Sequence

from bot.errors import DocumentError
from bot.source import Block, Line, Table

MOST_ROWS = 20_000
MOST_CELLS = 500_000
_TITLE_ROWS = 10

Row = tuple[int, Sequence[str]]


def check_size(*, rows: int, cells: int) -> None:
    """Refuse a table that no plan can have.

    Raises:
        DocumentError: there are more rows or cells than we take.
    """
    if rows > MOST_ROWS or cells > MOST_CELLS:
        raise DocumentError(
            f"{rows} rows, {cells} cells",
            reply="表格太大（最多 2 万行、50 万格）。请只保留任务表后再导入。",
        )


def table_blocks(rows: list[Row]) -> list[Block]:
    """Return the titles above the heads as lines, and the rest as one table.

    *rows* are numbered by their place in the file. Rows and columns without any text
    are left out. The heads are the first row that fills most of the columns.
    """
    full = [(place, row) for place, row in rows if any(cell.strip() for cell in row)]
    columns = sorted(
        {at for _, row in full for at, cell in enumerate(row) if cell.strip()}
    )
    check_size(rows=len(full), cells=len(full) * len(columns))
    even = [
        (place, tuple(row[at] if at < len(row) else "" for at in columns))
        for place, row in full
    ]
    heads = _heads(even, width=len(columns))
    blocks: list[Block] = [
        Line(text, place) for place, row in even[:heads] for text in _texts(row)
    ]
    if heads < len(even):
        blocks.append(Table(tuple(row for _, row in even[heads:]), even[heads][0]))
    return blocks


def _heads(rows: list[tuple[int, tuple[str, ...]]], *, width: int) -> int:
    """Return which row holds the column heads; past the last one if none does."""
    for at, (_, row) in enumerate(rows[:_TITLE_ROWS]):
        filled = [cell for cell in row if cell.strip()]
        if len(filled) >= 0.75 * width and len(set(filled)) >= max(2, width // 2):
            return at
    several = (at for at, (_, row) in enumerate(rows) if len(set(row) - {""}) > 1)
    return next(several, len(rows))


def _texts(row: tuple[str, ...]) -> list[str]:
    """Return a title row as lines; its cells stand side by side, joined ones once."""
    cells = [
        cell for at, cell in enumerate(row) if cell.strip() and cell not in row[:at]
    ]
    return "　".join(cells).split("\n")
