"""Telegram's kind of HTML, read as Telegram does."""

from html.parser import HTMLParser
from typing import Any

_TAGS = {"b", "i", "u", "s", "a", "code", "pre", "blockquote", "tg-spoiler"}


def without_marks(text: str) -> str:
    """Return a text without its marks; raises ValueError for what is refused."""
    reader = _Html()
    reader.feed(text)
    reader.close()
    if reader.open:
        raise ValueError("can't find end tag")
    return "".join(reader.pieces)


class _Html(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.pieces: list[str] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag not in _TAGS:
            raise ValueError(f'unsupported "{tag}"')
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            raise ValueError("unexpected end tag")

    def handle_data(self, data: str) -> None:
        self.pieces.append(data)
