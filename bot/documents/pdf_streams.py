"""The compressed streams of a PDF, checked before the library unpacks them."""

import re
import zlib
from base64 import a85decode

from bot.errors import DocumentError

LARGEST_STREAM = 4 * 1024 * 1024  # what a page draws; a plan's page has some kilobytes
LARGEST_FONT = 48 * 1024 * 1024
LARGEST_TOTAL = 128 * 1024 * 1024
_CHUNK = 64 * 1024
_HEAD = 2048

_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_FILTER = re.compile(rb"/(FlateDecode|Fl|ASCII85Decode|A85)\b")
_UNREAD = re.compile(rb"/Subtype\s*/Image\b|/Type\s*/EmbeddedFile\b")
_FONT = re.compile(
    rb"/Length1\b|/FontFile|/Subtype\s*/(?:CIDFontType0C|Type1C|OpenType)"
)
_BOMB = "pdf 解压后异常地大，已停止读取。请只保留方案正文，另存为新的 pdf 再导入。"


def check_streams(content: bytes) -> None:
    """Unpack every stream but pictures and attachments, and refuse what is too large.

    The library cannot be stopped while it draws a page, so it must not begin one
    whose description has no end. Neither of those is unpacked by reading text.

    Raises:
        DocumentError: a stream, or all of them together, are too large.
    """
    total = 0
    for found in _STREAM.finditer(content):
        head = content[max(0, found.start() - _HEAD) : found.start()]
        head = head[head.rfind(b" obj") + 1 :]
        if _UNREAD.search(head):
            continue
        most = LARGEST_FONT if _FONT.search(head) else LARGEST_STREAM
        size = _size(content, found.end(), _FILTER.findall(head), most)
        total += size
        if size > most or total > LARGEST_TOTAL:
            raise DocumentError(f"a stream of {size} bytes or more", reply=_BOMB)


def _size(content: bytes, start: int, filters: list[bytes], most: int) -> int:
    """Return how large a stream becomes, *most* + 1 if larger; 0 if none can tell."""
    data = content
    for name in filters:
        if name in {b"ASCII85Decode", b"A85"}:
            data = _from_letters(data, start, most)
        else:
            data = _inflated(data, start, most)
        start = 0
        if len(data) > most:
            break
    return len(data) if filters else 0


def _from_letters(data: bytes, start: int, most: int) -> bytes:
    end = data.find(b"~>", start, start + 2 * most)
    if end < 0:
        return b""
    try:
        return a85decode(data[start:end], ignorechars=b" \t\n\r\v\f\x00")
    except ValueError:
        return b""


def _inflated(data: bytes, start: int, most: int) -> bytes:
    """Inflate from *start*, at most *most* + 1 bytes; what is damaged ends it."""
    engine = zlib.decompressobj()
    parts: list[bytes] = []
    left = most + 1
    while start < len(data) and left > 0 and not engine.eof:
        try:
            part = engine.decompress(data[start : start + _CHUNK], left)
            while engine.unconsumed_tail and left > len(part):
                part += engine.decompress(engine.unconsumed_tail, left - len(part))
        except zlib.error:
            break
        parts.append(part)
        left -= len(part)
        start += _CHUNK
    return b"".join(parts)
