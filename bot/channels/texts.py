"""What every chat product needs of a text: sound characters, good places to cut."""

import re
import unicodedata
from collections.abc import Collection, Sequence

BREAKS = (  # where a text is cut rather than anywhere, the best first
    re.compile(r"\n\s*\n"),
    re.compile(r"\n"),
    re.compile(r"(?<=[。！？；])"),
    re.compile(r"(?<=[，、：])|\s"),
)
# Half characters, NUL and other control characters, and what turns the direction.
_UNSOUND = re.compile("[\ud800-\udfff]")
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f\xad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
_JOINERS = "\u200d\ufe0e\ufe0f\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"


def sound(text: str) -> str:
    """Replace halves of characters, and leave out what may not be seen."""
    return _UNSEEN.sub("", _UNSOUND.sub("\ufffd", text))


def belongs_to_former(text: str, place: int) -> bool:
    """Tell whether the character at *place* stands upon the one before it."""
    char = text[place]
    is_joined = char in _JOINERS or text[place - 1] == "\u200d"
    return is_joined or unicodedata.combining(char) > 0


def last_places(parts: Sequence[str], names: Collection[str]) -> list[dict[int, str]]:
    """Find for each part of a text where people are called, by names that it holds.

    Each name calls once in all parts, where it stands last: who is called is asked for
    something at the end, and further up the same word may stand in a title.
    """
    places: list[dict[int, str]] = [{} for _ in parts]
    longest_first = sorted(filter(None, names), key=len, reverse=True)
    if not longest_first:
        return places
    pattern = re.compile("|".join(map(re.escape, longest_first)))
    last = {
        found[0]: (number, found.start())
        for number, part in enumerate(parts)
        for found in pattern.finditer(part)
    }
    for name, (number, start) in last.items():
        places[number][start] = name
    return places
