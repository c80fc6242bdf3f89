"""Plain text files: every line as it stands, blank ones too."""

from bot.documents.encoding import decode, split_lines
from bot.source import Block, Line


def read(content: bytes) -> list[Block]:
    """Read a text file in UTF-8, UTF-16 with a mark, or GB18030.

    Raises:
        DocumentError: the content is no text.
    """
    lines = split_lines(decode(content))
    return [Line(text, place) for place, text in enumerate(lines, start=1)]
