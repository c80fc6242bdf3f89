"""Columns on the terminal, in which a Chinese character is two cells wide."""

from collections.abc import Collection, Sequence

from rich.cells import cell_len


def aligned(rows: Sequence[Sequence[str]], *, right: Collection[int] = ()) -> list[str]:
    """Lay rows out in columns; those in *right* end at the same cell.

    All rows are as long as the first. Nothing is cut off or wrapped.
    """
    columns = zip(*rows, strict=True)
    widths = [max(map(cell_len, column)) for column in columns]
    return [
        "  ".join(
            _padded(cell, width, to_the_right=place in right)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def _padded(cell: str, width: int, *, to_the_right: bool) -> str:
    space = " " * (width - cell_len(cell))
    return space + cell if to_the_right else cell + space
