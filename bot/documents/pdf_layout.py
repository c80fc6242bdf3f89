"""Indents and gaps of printed lines: which of them begin a paragraph."""

from collections import Counter
from collections.abc import Iterable
from itertools import pairwise
from statistics import median

from bot.documents.pdf_lines import PrintedLine

_INDENT = (1.4, 2.8)  # ems of a first line
_COMMON = 0.1  # share of the lines that must begin at the margin
_FAR = 1.6  # times the usual distance of two lines
_DEEPEST = 20


class Layout:
    """The margins of a document, and the line that came last."""

    def __init__(self, pages: list[list[PrintedLine]]) -> None:
        """Measure the margins of odd and even pages, and the distance of lines."""
        self._margins = {
            parity: _margins([line for page in pages[parity::2] for line in page])
            for parity in (0, 1)
        }
        lines = [line for page in pages for line in page]
        self._em = median([line.em for line in lines] or [1.0])
        self._distance = _usual_distance(pages)
        self._last: PrintedLine | None = None
        self._page = -1

    def interrupt(self) -> None:
        """Forget the line that came last: something else stands in between."""
        self._last = None

    def texts(self, line: PrintedLine, *, page: int) -> list[str]:
        """Return the text with its indent, after a blank line where a gap is seen."""
        left, right = self._margins[page % 2]
        is_centred = self._is_centred(line, left, right)
        texts = [("" if is_centred else _indent(line, left)) + line.text]
        if self._is_far(line, page, left, right):
            texts.insert(0, "")
        self._last, self._page = line, page
        return texts

    def _is_far(self, line: PrintedLine, page: int, left: float, right: float) -> bool:
        """Tell whether a gap or a change to or from centred lines comes before."""
        last = self._last
        if last is None or page != self._page:
            return False
        if last.middle - line.middle > _FAR * self._distance:
            return True
        was_centred = self._is_centred(last, left, right)
        return was_centred != self._is_centred(line, left, right)

    def _is_centred(self, line: PrintedLine, left: float, right: float) -> bool:
        """Tell whether a line stands in the middle, as titles do."""
        before, after = line.left - left, right - line.right
        is_large = line.em > 1.15 * self._em
        is_inside = is_large or before > _INDENT[1] * line.em
        return is_inside and abs(before - after) < line.em


def _indent(line: PrintedLine, margin: float) -> str:
    ems = (line.left - margin) / line.em
    if ems < _INDENT[0]:
        return ""
    if ems <= _INDENT[1]:
        return "　　"
    return "　" * min(round(ems), _DEEPEST)


def _margins(lines: list[PrintedLine]) -> tuple[float, float]:
    """Return the left margin, at which many lines begin, and the right one."""
    if not lines:
        return 0.0, 0.0
    step = max(median(line.em for line in lines) / 2, 1.0)
    left = _leftmost((line.left for line in lines), step)
    return left, -_leftmost((-line.right for line in lines), step)


def _leftmost(places: Iterable[float], step: float) -> float:
    """Return the least of *places* that a share of them keep, give or take a step."""
    found = sorted(places)
    counts = Counter(round(place / step) for place in found)
    enough = _COMMON * len(found)
    for place in found:
        key = round(place / step)
        if counts[key] + counts[key + 1] >= enough:
            return place
    return found[0]


def _usual_distance(pages: list[list[PrintedLine]]) -> float:
    """Return the distance of most lines from the one above, in points."""
    distances = [
        above.middle - line.middle for page in pages for above, line in pairwise(page)
    ]
    return median(distances) if distances else 0.0
