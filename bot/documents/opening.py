"""The first words of a file that somebody hands in: enough to see marks on them."""

from collections.abc import Iterable

from bot.documents import READERS
from bot.documents.encoding import decode
from bot.errors import DocumentError
from bot.source import Block, Line

_LARGEST = 4 * 1024 * 1024  # bytes: whoever waits for a file need not wait for us
_TEXT = 16 * 1024  # bytes of a plain text
_MOST = 3000  # characters


def opening_of(ending: str, content: bytes) -> str:
    """Return what the first pages say, "" where that is not told cheaply, or at all.

    *ending* is without its dot: txt, csv, docx, xlsx and pdf are looked into.
    """
    try:
        return _opening(ending.lower(), content)[:_MOST]
    except DocumentError:
        return ""


def _opening(ending: str, content: bytes) -> str:
    if ending in ("txt", "csv"):
        return decode(content[:_TEXT])
    if ending == "pdf":
        from bot.documents.pdf import first_pages

        return first_pages(content)
    if ending not in ("docx", "xlsx") or len(content) > _LARGEST:
        return ""
    return first_words(READERS[f".{ending}"](content))


def first_words(blocks: Iterable[Block]) -> str:
    """Return what the first pages of a document say that has been read already."""
    pieces: list[str] = []
    for block in blocks:
        if isinstance(block, Line):
            pieces.append(block.text)
        else:
            pieces += [cell for row in block.rows for cell in row]
    return "\n".join(pieces)[:_MOST]
