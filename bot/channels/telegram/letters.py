"""Letters: what Telegram counts, what it does not take, and where a text is cut."""

from bot.channels.texts import BREAKS, belongs_to_former

MOST_UNITS = 4096
"""UTF-16 units of one message, after its marks were read."""


def units(text: str) -> int:
    """Count UTF-16 units: one for a common character, two for the rare."""
    return len(text) + sum(1 for char in text if char > "\uffff")


def cut(text: str, most: int) -> str:
    """Shorten a text to *most* characters; the last is then an ellipsis."""
    return text if len(text) <= most else text[: most - 1] + "…"


def split(text: str, *, most: int = MOST_UNITS) -> list[str]:
    """Split a text into parts of at most *most* UTF-16 units, at the best places.

    Nothing but white space at the places is lost, and no part is empty; nor is a
    character parted from the marks upon it.
    """
    parts = []
    rest = text.strip()
    while units(rest) > most:
        end = _best_end(rest, _longest(rest, most))
        part, rest = rest[:end].rstrip(), rest[end:].lstrip()
        if part:
            parts.append(part)
    return [*parts, rest] if rest else parts


def _longest(text: str, most: int) -> int:
    """Return how many characters take at most *most* units."""
    end = min(len(text), most)
    while units(text[:end]) > most:
        end -= -(-(units(text[:end]) - most) // 2)
    return end


def _best_end(text: str, longest: int) -> int:
    """Choose where a part ends: in its second half, at the best kind of place."""
    for kind in BREAKS:
        ends = [found.end() for found in kind.finditer(text, 0, longest)]
        if ends and ends[-1] > longest // 2:
            return ends[-1]
    end = longest
    while end > longest // 2 and belongs_to_former(text, end):
        end -= 1
    return end if end > longest // 2 else longest
