"""Printed lines of a PDF page: characters put side by side, blanks judged."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

from bot.documents.pdf_chars import Char

_WIDE_GAP = 2.5  # ems; letterspaced heads (通 知) stay below
_SAME_LINE = 0.5  # of the height of a character
_QUOTES = frozenset("“”‘’—…·℃％")


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """A line as printed; measures in points, y upwards, `em` its character size."""

    text: str
    left: float
    bottom: float
    right: float
    top: float
    em: float

    @property
    def middle(self) -> float:
        """Return the height of the line on the page."""
        return (self.bottom + self.top) / 2


def printed_lines(chars: Iterable[Char]) -> list[PrintedLine]:
    """Put *chars* into lines, from the top of the page to its bottom."""
    rows = sorted(_rows(chars), key=_height, reverse=True)
    merged: list[list[Char]] = []
    for row in rows:
        if merged and _is_level(merged[-1][0], row[0]):
            merged[-1].extend(row)
        else:
            merged.append(row)
    return [_line(row) for row in merged]


def _rows(chars: Iterable[Char]) -> list[list[Char]]:
    """Cut *chars* wherever the next one stands at another height."""
    rows: list[list[Char]] = []
    height = near = -math.inf
    for char in chars:
        if abs(char.bottom + char.top - height) < near:
            rows[-1].append(char)
        else:
            rows.append([char])
            height, near = char.bottom + char.top, _near(char)
    return rows


def _near(char: Char) -> float:
    """Return how far twice the middle of a line may lie from that of *char*."""
    return 2 * _SAME_LINE * max(char.top - char.bottom, 1.0)


def _is_level(one: Char, other: Char) -> bool:
    apart = (one.top + one.bottom) - (other.top + other.bottom)
    return abs(apart) < max(_near(one), _near(other))


def _height(row: list[Char]) -> float:
    return row[0].top + row[0].bottom


def _line(row: list[Char]) -> PrintedLine:
    row.sort(key=_left)
    em = _em(row)
    return PrintedLine(
        text=_text(row, em),
        left=row[0].left,
        bottom=min(char.bottom for char in row),
        right=max(char.right for char in row),
        top=max(char.top for char in row),
        em=em,
    )


def _left(char: Char) -> float:
    return char.left


def _em(row: list[Char]) -> float:
    """Return the size of the characters: the width of Chinese ones, else the height."""
    wide = [char.right - char.left for char in row if char.text >= "\u2e80"]
    size = median(wide) if wide else median(char.top - char.bottom for char in row)
    return max(size, 1.0)


def _text(row: list[Char], em: float) -> str:
    """Join the characters of a line.

    A blank stays where it parts words in Latin script; between Chinese characters
    only a gap that a person would see as one. A character printed twice for boldness
    counts once.
    """
    last = row[0]
    texts = [last.text]
    for char in row[1:]:
        if char.text == last.text and char.left - last.left < 0.3 * em:
            continue
        if char.left - last.right > _WIDE_GAP * em:
            texts.append("\u3000")
        elif char.after_blank and not (_is_wide(last.text) or _is_wide(char.text)):
            texts.append(" ")
        texts.append(char.text)
        last = char
    return "".join(texts)


def _is_wide(text: str) -> bool:
    return text >= "\u2e80" or text in _QUOTES
