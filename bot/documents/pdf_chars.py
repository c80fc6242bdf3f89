"""The characters of a PDF page and where they stand."""

import ctypes
import struct
from collections.abc import Iterator
from ctypes import addressof, c_int, c_ushort, c_void_p, create_string_buffer
from typing import Any, NamedTuple, cast

import pypdfium2
from pypdfium2 import raw

# Hyphens at the end of a line, of which the library makes marks; and blanks.
_ODD = {"\x02": "-", "\ufffe": "-", "\u00ad": "-", "\u3000": "", "\xa0": ""}
_ODD |= dict.fromkeys(map(chr, (*range(0x2000, 0x2010), 0x202F, 0x205F, 0xFEFF)), "")
_BOX = struct.Struct("4f")
# Called for each character: with plain addresses it takes half the time.
_measure = ctypes.cast(
    raw.FPDFText_GetLooseCharBox,
    ctypes.CFUNCTYPE(c_int, c_void_p, c_int, c_void_p),
)

Measures = tuple[float, float, float, float]


class Char(NamedTuple):
    """A printed character in its box, in points, y upwards.

    `after_blank` tells whether the file has a blank before it.
    """

    text: str
    left: float
    bottom: float
    right: float
    top: float
    after_blank: bool


def page_chars(page: pypdfium2.PdfPage, *, rotation: int = 0) -> list[Char]:
    """Return the characters of a page in the order of the file, without blanks.

    They are turned upright if the page is shown turned by *rotation* degrees.
    """
    textpage = page.get_textpage()
    try:
        handle = textpage.raw
        count = max(raw.FPDFText_CountChars(handle), 0)
        texts = _texts(handle, count)
        chars = list(_printed(texts, _boxes(handle, count)))
    finally:
        textpage.close()
    return [_turned(char, rotation) for char in chars] if rotation else chars


def _texts(handle: object, count: int) -> str | list[str]:
    """Return the characters; at once if each of them is one unit of UTF-16."""
    buffer = (c_ushort * (count + 1))()
    length = raw.FPDFText_GetText(handle, 0, count, buffer) - 1
    if length == count:
        text = bytes(buffer)[: 2 * count].decode("utf-16-le", errors="replace")
        if len(text) == count:
            return text
    codes = (raw.FPDFText_GetUnicode(handle, at) for at in range(count))
    return [chr(code) if code < 0x110000 else "\ufffd" for code in codes]


def _boxes(handle: "ctypes._Pointer[Any]", count: int) -> Iterator[Measures]:
    """Yield left, top, right and bottom of each character, as wide as it advances."""
    boxes = create_string_buffer(_BOX.size * count)
    page = ctypes.cast(handle, c_void_p).value
    first = addressof(boxes)
    for at in range(count):
        _measure(page, at, first + _BOX.size * at)
    return cast(Iterator[Measures], _BOX.iter_unpack(boxes.raw))


def _printed(texts: str | list[str], boxes: Iterator[Measures]) -> Iterator[Char]:
    after_blank = False
    for text, (left, top, right, bottom) in zip(texts, boxes, strict=True):
        if text < "!" or text in _ODD:
            text = _ODD.get(text, "")
            if not text:
                after_blank = True
                continue
        yield Char(text, left, bottom, right, top, after_blank)
        after_blank = False


def _turned(char: Char, rotation: int) -> Char:
    left, bottom, right, top = turned_box(
        (char.left, char.bottom, char.right, char.top), rotation
    )
    return Char(char.text, left, bottom, right, top, char.after_blank)


Box = tuple[float, float, float, float]


def turned_box(box: Box, rotation: int) -> Box:
    """Turn left, bottom, right, top clockwise by *rotation* degrees."""
    left, bottom, right, top = box
    if rotation == 90:
        return bottom, -right, top, -left
    if rotation == 180:
        return -right, -top, -left, -bottom
    if rotation == 270:
        return -top, left, -bottom, right
    return box
