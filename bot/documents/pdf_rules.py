"""The ruled lines that are drawn on a PDF page."""

import math
from collections.abc import Iterator
from ctypes import byref, c_float
from dataclasses import dataclass
from itertools import pairwise

import pypdfium2
from pypdfium2 import raw

from bot.documents.pdf_chars import Box, turned_box

MOST_OBJECTS = 20_000
DEEPEST_FORM = 4
_THICKEST = 2.5  # points
_SHORTEST = 6.0
_TOUCH = 3.0

Matrix = tuple[float, float, float, float, float, float]
_UPRIGHT: Matrix = (1, 0, 0, 1, 0, 0)


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line: `at` is its height (or x), `first` to `last` its run."""

    at: float
    first: float
    last: float


def page_rules(
    page: pypdfium2.PdfPage, *, rotation: int = 0
) -> tuple[list[Rule], list[Rule]]:
    """Return the horizontal and the vertical rules of a page, joined if they touch."""
    flat: list[Rule] = []
    upright: list[Rule] = []
    for box in _thin_boxes(page):
        left, bottom, right, top = turned_box(box, rotation)
        if top - bottom <= _THICKEST and right - left >= _SHORTEST:
            flat.append(Rule((top + bottom) / 2, left, right))
        elif right - left <= _THICKEST and top - bottom >= _SHORTEST:
            upright.append(Rule((left + right) / 2, bottom, top))
    return _joined(flat), _joined(upright)


def _thin_boxes(page: pypdfium2.PdfPage) -> Iterator[Box]:
    count = min(raw.FPDFPage_CountObjects(page), MOST_OBJECTS)
    for at in range(count):
        item = raw.FPDFPage_GetObject(page, at)
        yield from _object_boxes(item, _UPRIGHT, depth=0)


def _object_boxes(item: object, outer: Matrix, *, depth: int) -> Iterator[Box]:
    kind = raw.FPDFPageObj_GetType(item)
    if kind == raw.FPDF_PAGEOBJ_PATH:
        yield from _path_boxes(item, _times(_matrix(item), outer))
    elif kind == raw.FPDF_PAGEOBJ_FORM and depth < DEEPEST_FORM:
        matrix = _times(_matrix(item), outer)
        for at in range(min(raw.FPDFFormObj_CountObjects(item), MOST_OBJECTS)):
            inner = raw.FPDFFormObj_GetObject(item, at)
            yield from _object_boxes(inner, matrix, depth=depth + 1)


def _path_boxes(path: object, matrix: Matrix) -> Iterator[Box]:
    """Yield the boxes of the strokes of a path, and of what it fills."""
    is_stroked = _is_stroked(path)
    for points in _outlines(path, matrix):
        whole = _bounds(points)
        if not is_stroked or _is_thin(whole):
            yield whole
            continue
        for start, end in pairwise(points):
            yield _bounds([start, end])


Point = tuple[float, float]


def _outlines(path: object, matrix: Matrix) -> Iterator[list[Point]]:
    """Yield the points of each part of a path, on the page."""
    points: list[Point] = []
    x, y = c_float(), c_float()
    for at in range(min(raw.FPDFPath_CountSegments(path), MOST_OBJECTS)):
        segment = raw.FPDFPath_GetPathSegment(path, at)
        if raw.FPDFPathSegment_GetType(segment) == raw.FPDF_SEGMENT_MOVETO:
            if len(points) > 1:
                yield points
            points = []
        if not raw.FPDFPathSegment_GetPoint(segment, byref(x), byref(y)):
            continue
        points.append(_moved((x.value, y.value), matrix))
        if raw.FPDFPathSegment_GetClose(segment):
            points.append(points[0])
    if len(points) > 1:
        yield points


def _is_stroked(path: object) -> bool:
    fill, stroke = raw.c_int(), raw.FPDF_BOOL()
    raw.FPDFPath_GetDrawMode(path, byref(fill), byref(stroke))
    return bool(stroke.value)


def _is_thin(box: Box) -> bool:
    return min(box[2] - box[0], box[3] - box[1]) <= _THICKEST


def _bounds(points: list[Point]) -> Box:
    xs = [x for x, _ in points]
    ys = [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def _matrix(item: object) -> Matrix:
    found = raw.FS_MATRIX()
    if not raw.FPDFPageObj_GetMatrix(item, byref(found)):
        return _UPRIGHT
    return found.a, found.b, found.c, found.d, found.e, found.f


def _times(inner: Matrix, outer: Matrix) -> Matrix:
    if outer == _UPRIGHT:
        return inner
    a, b, c, d, e, f = inner
    p, q, r, s, t, u = outer
    return (
        a * p + b * r,
        a * q + b * s,
        c * p + d * r,
        c * q + d * s,
        e * p + f * r + t,
        e * q + f * s + u,
    )


def _moved(point: Point, matrix: Matrix) -> Point:
    x, y = point
    a, b, c, d, e, f = matrix
    moved = a * x + c * y + e, b * x + d * y + f
    return moved if all(map(math.isfinite, moved)) else (0.0, 0.0)


def _joined(rules: list[Rule]) -> list[Rule]:
    """Join rules that lie on one line and touch."""
    joined: list[Rule] = []
    for group in _level_groups(rules):
        at = sum(rule.at for rule in group) / len(group)
        group.sort(key=lambda rule: rule.first)
        first, last = group[0].first, group[0].last
        for rule in group[1:]:
            if rule.first > last + _TOUCH:
                joined.append(Rule(at, first, last))
                first, last = rule.first, rule.last
            last = max(last, rule.last)
        joined.append(Rule(at, first, last))
    return joined


def _level_groups(rules: list[Rule]) -> list[list[Rule]]:
    groups: list[list[Rule]] = []
    for rule in sorted(rules, key=lambda rule: rule.at):
        if groups and rule.at - groups[-1][0].at <= _TOUCH:
            groups[-1].append(rule)
        else:
            groups.append([rule])
    return groups
