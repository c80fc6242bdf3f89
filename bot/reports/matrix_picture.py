"""The table department × report as pictures that a phone shows; several if many."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from io import BytesIO
from typing import TYPE_CHECKING, TypeVar

from bot.reports.lights import LEGEND, Light
from bot.reports.matrix import Cell, Column, Matrix, Row

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

T = TypeVar("T")

_COLUMNS, _ROWS = 3, 24  # that one picture shows
_MARGIN, _PAD = 28, 12
_NAMES, _NAMES_WIDE = 400, 460  # pixels of the departments' column
_CELLS, _CELLS_WIDE = 274, 330
_LARGE, _USUAL, _SMALL = 44, 32, 26  # pixels of type
_ROW = 92  # room for two lines
_LINE = 1.25
_TALLEST = 5000  # what no page reaches; the rest is cut off
_SIMPLIFIED = "Noto Sans CJK SC"
_INK, _PALE_INK, _GRID, _PAPER, _BAND = (
    "#1A1A1A",
    "#555555",
    "#A8A8A8",
    "#FFFFFF",
    "#EEF1F5",
)
_FILLS = {
    Light.GREEN: "#BFE5C2",
    Light.BLUE: "#B5D8F7",
    Light.WHITE: "#FFFFFF",
    Light.YELLOW: "#FFE58A",
    Light.RED: "#F5A8A1",
    Light.VIOLET: "#D7C0EC",
    Light.GREY: "#DADADA",
    Light.PAUSED: "#DADADA",
}
_UNSOUND = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")


def draw_matrix(matrix: Matrix, *, most: int | None = None) -> list[bytes]:
    """Return the pictures, PNG, or the first *most*; none is wider than 1280 pixels.

    First all departments with the first reports, then with the next ones. The same
    table makes the same bytes.
    """
    pages = [
        (columns, tuple(Row(r.department, r.cells[first:last]) for r in rows))
        for first, last, columns in _column_groups(matrix.columns)
        for rows in _evenly(matrix.rows, _ROWS)
    ]
    return [
        _Page(matrix, columns, rows, number, len(pages)).draw()
        for number, (columns, rows) in enumerate(pages[:most], start=1)
    ]


def _column_groups(
    columns: Sequence[Column],
) -> Iterator[tuple[int, int, Sequence[Column]]]:
    first = 0
    for some in _evenly(columns, _COLUMNS):
        yield first, first + len(some), some
        first += len(some)


def _evenly(things: Sequence[T], most: int) -> Iterator[Sequence[T]]:
    """Deal *things* out to as few pages as will do, about as many to each."""
    pages = max(1, -(-len(things) // most))
    for page in range(pages):
        start = len(things) * page // pages
        yield things[start : len(things) * (page + 1) // pages]


@dataclass
class _Page:
    """One picture, drawn from top to bottom; `y` is where the next line begins."""

    matrix: Matrix
    columns: Sequence[Column]
    rows: Sequence[Row]
    number: int
    of: int
    y: int = _MARGIN

    def __post_init__(self) -> None:
        is_roomy = len(self.columns) < _COLUMNS
        self._names = _NAMES_WIDE if is_roomy else _NAMES
        self._cell = _CELLS_WIDE if is_roomy else _CELLS
        self._inside = self._names + self._cell * max(1, len(self.columns))

    def draw(self) -> bytes:
        """Return the picture, as high as what is on it."""
        from PIL import Image, ImageDraw

        width = self._inside + 2 * _MARGIN
        image = Image.new("RGB", (width, _TALLEST), _PAPER)
        self._pen: ImageDraw.ImageDraw = ImageDraw.Draw(image)
        self._draw_title()
        self._draw_legend()
        self._draw_heads()
        for row in self.rows:
            self._draw_row(row)
        file = BytesIO()
        image.crop((0, 0, width, self.y + _MARGIN)).save(file, "PNG")
        return file.getvalue()

    def _draw_title(self) -> None:
        page = f"  第 {self.number}/{self.of} 张" if self.of > 1 else ""
        for words, size, bold in (
            (self.matrix.title, _LARGE, True),
            (self.matrix.dated + page, _USUAL, False),
        ):
            for line in _lines(words, size, self._inside, most=2, bold=bold):
                self._say((_MARGIN, self.y), line, size, bold=bold)
                self.y += round(size * _LINE)
        self.y += _PAD

    def _draw_legend(self) -> None:
        x, square = _MARGIN, _SMALL
        for light, words in LEGEND:
            width = square + 8 + round(_font(_SMALL).getlength(words)) + 24
            if x > _MARGIN and x + width - 24 > _MARGIN + self._inside:
                x, self.y = _MARGIN, self.y + round(_SMALL * 1.6)
            box = (x, self.y + 6, x + square, self.y + 6 + square)
            self._pen.rectangle(box, fill=_FILLS[light], outline=_GRID)
            self._say((x + square + 8, self.y), words, _SMALL, fill=_PALE_INK)
            x += width
        self.y += round(_SMALL * 1.6) + _PAD

    def _draw_heads(self) -> None:
        """Draw the reports: title, date, ground and counts."""
        room = self._cell - 2 * _PAD
        heads = [
            [
                *((x, _USUAL, True) for x in _lines(one.title, _USUAL, room, 3, True)),
                (one.due_words, _SMALL, False),
                *((x, _SMALL, False) for x in _lines(one.basis, _SMALL, room, 3)),
                *((x, _SMALL, True) for x in _lines(one.summary, _SMALL, room, 4)),
            ]
            for one in self.columns
        ]
        tall = max((sum(round(s * _LINE) for _, s, _ in h) for h in heads), default=0)
        height = tall + 2 * _PAD
        self._box(0, 0, self._names, height, fill=_BAND)
        middle = self.y + (height - round(_USUAL * _LINE)) // 2
        self._say((_MARGIN + _PAD, middle), "单位", _USUAL, bold=True)
        for place, head in enumerate(heads):
            left = self._names + place * self._cell
            self._box(left, 0, self._cell, height, fill=_BAND)
            y = self.y + _PAD
            for words, size, bold in head:
                self._say((_MARGIN + left + _PAD, y), words, size, bold=bold)
                y += round(size * _LINE)
        self.y += height

    def _draw_row(self, row: Row) -> None:
        self._box(0, 0, self._names, _ROW)
        self._fill_in(0, self._names, row.department, centred=False)
        for place, cell in enumerate(row.cells):
            self._draw_cell(self._names + place * self._cell, cell)
        self.y += _ROW

    def _draw_cell(self, left: int, cell: Cell) -> None:
        self._box(left, 0, self._cell, _ROW, fill=_FILLS[cell.light])
        self._fill_in(left, self._cell, cell.words, centred=True)

    def _fill_in(self, left: int, width: int, words: str, *, centred: bool) -> None:
        """Write words into a box of a row, in two lines at most."""
        lines = _lines(words, _USUAL, width - 2 * _PAD, most=2)
        step = round(_USUAL * _LINE)
        y = self.y + (_ROW - step * len(lines)) // 2 - 3
        for line in lines:
            room = width - 2 * _PAD - round(_font(_USUAL).getlength(line))
            x = _MARGIN + left + _PAD + (room // 2 if centred else 0)
            self._say((x, y), line, _USUAL)
            y += step

    def _box(
        self, left: int, top: int, width: int, height: int, *, fill: str = _PAPER
    ) -> None:
        x, y = _MARGIN + left, self.y + top
        box = (x, y, x + width, y + height)
        self._pen.rectangle(box, fill=fill, outline=_GRID, width=2)

    def _say(
        self,
        at: tuple[int, int],
        words: str,
        size: int,
        *,
        bold: bool = False,
        fill: str = _INK,
    ) -> None:
        self._pen.text(at, words, font=_font(size, bold), fill=fill)


def _lines(
    words: str, size: int, width: int, most: int, bold: bool = False
) -> list[str]:
    """Break words into lines of *width*; what is too long ends with …."""
    font = _font(size, bold)
    lines: list[str] = []
    rest = _UNSOUND.sub(" ", words).strip()
    while rest:
        count = _that_fit(rest, font, width)
        if len(lines) + 1 == most and count < len(rest):
            while count > 1 and font.getlength(rest[:count] + "…") > width:
                count -= 1
            return [*lines, rest[:count].rstrip() + "…"]
        lines.append(rest[:count].rstrip())
        rest = rest[count:].lstrip()
    return lines


def _that_fit(words: str, font: "FreeTypeFont", width: int) -> int:
    """Count the characters of one line, which ends at a comma or at least not in 12."""
    count = len(words)
    while count > 1 and font.getlength(words[:count]) > width:
        count -= 1
    if count == len(words):
        return count
    comma = words.rfind("，", count // 2, count)
    if comma > 0:
        return comma + 1
    best = count
    while best > count // 2 and _is_one(words[best - 1], words[best]):
        best -= 1
    return best if best > count // 2 else count


def _is_one(before: str, after: str) -> bool:
    """Tell whether two characters should stay in one line."""
    if after in " ，。、；：）〕》日家个年号·" or before in " （〔《·":
        return True
    return (before + after).isascii()


@cache
def _font(size: int, bold: bool = False) -> "FreeTypeFont":
    from PIL import ImageFont

    package = files("manimgx_fonts_cjk") / "NotoSansCJK-VF.otf.ttc"
    basic = ImageFont.Layout.BASIC  # alike on every machine
    with as_file(package) as file:
        for index in range(8):
            font = ImageFont.truetype(file, size, index=index, layout_engine=basic)
            if font.getname()[0] == _SIMPLIFIED:
                break
    font.set_variation_by_axes([700 if bold else 400])
    return font
