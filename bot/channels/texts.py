"""What every chat product needs of a text: sound characters, good places to cut."""

import re
import unicodedata

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
