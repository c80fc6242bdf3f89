"""Letters: what WeCom counts, what its markdown would misread, where texts are cut."""

import re
from enum import Enum

from bot.channels.texts import BREAKS, belongs_to_former, sound


class Dialect(Enum):
    """A way of reading markdown: what a text has to be kept from."""

    PLAIN = "text"  # no marks, but tags of links and calls of people
    FIRST = "markdown"  # of the app and of webhooks: nothing can be escaped
    SECOND = "markdown_v2"  # of the robot: as everywhere, with backslashes


_LINE = 1  # from this kind on a break counts in the second half of a part alone
_WHOLE = re.compile(  # code, links, calls of people, translated names, addresses
    r"\\.|```.*?```|`[^`\n]+`|!?\[[^\[\]\n]*\]\([^()\s]*\)|<@[^<>\n]+>"
    r"|<(a|font)\b[^<>\n]*>[^<>]*</\1>|\$\w+=[^$\s]+\$|[a-z]+://[!-;=?-~]+",
    re.DOTALL,
)
_TAG = re.compile(r"<(?=[@A-Za-z/])")  # "<10%" is no tag
_HEAD = re.compile(r"(?m)^(\s*)(?=#{1,6}\s|>|-{3}|={3}|\|)")
_FULL = str.maketrans("*_`[]<>", "＊＿｀［］＜＞")


def size(text: str) -> int:
    """Count bytes, as WeCom does."""
    return len(text.encode("utf-8", "replace"))


def escape(text: str, dialect: Dialect) -> str:
    """Keep a plain text from being read as marks, links or calls of people.

    What calls people, or all of a group, is never left as it is. Addresses are.
    """
    if dialect is Dialect.PLAIN:
        return _TAG.sub("＜", text)
    places = [found.span() for found in re.finditer(r"https?://[!-;=?-~]+", text)]
    pieces, done = [], 0
    for start, end in places:
        pieces += [_escaped(text[done:start], dialect), text[start:end]]
        done = end
    bare = "".join([*pieces, _escaped(text[done:], dialect)])
    return _HEAD.sub(r"\1\\", bare) if dialect is Dialect.SECOND else bare


def _escaped(text: str, dialect: Dialect) -> str:
    if dialect is Dialect.FIRST:
        return text.translate(_FULL)
    return re.sub(r"([\\*_`\[])", r"\\\1", _TAG.sub("＜", text))


def split_bytes(text: str, limit: int) -> list[str]:
    """Split a text into parts of at most *limit* bytes, at the best places.

    Lines are cut only if they are too long themselves; links, calls of people and code
    stay whole unless they are, and characters with the marks upon them. Nothing but
    white space at the places is lost, and no part is empty.
    """
    parts = []
    rest = sound(text).strip()
    while size(rest) > limit:
        end = _best_end(rest, _longest(rest, limit), limit)
        part, rest = rest[:end].rstrip(), rest[end:].lstrip()
        if part:
            parts.append(part)
    return [*parts, rest] if rest else parts


def cut_bytes(text: str, limit: int) -> str:
    """Shorten a text to *limit* bytes; it then ends in an ellipsis."""
    if size(text) <= limit:
        return text
    return text[: _longest(text, limit - 3)].rstrip() + "…"


def _longest(text: str, limit: int) -> int:
    """Return how many characters take at most *limit* bytes; one at least."""
    head = text[:limit].encode("utf-8", "replace")[:limit]
    return max(1, len(head.decode("utf-8", "ignore")))


def _best_end(text: str, longest: int, limit: int) -> int:
    """Choose where a part ends: at a line if there is one, else late in it."""
    closed = _closed(text, longest, limit)
    for kind, pattern in enumerate(BREAKS):
        least = 0 if kind == _LINE else longest // 2
        ends = (found.end() for found in pattern.finditer(text, 0, longest))
        open_ends = [end for end in ends if end > least and end not in closed]
        if open_ends:
            return open_ends[-1]
    return next((end for end in range(longest, 0, -1) if end not in closed), longest)


def _closed(text: str, longest: int, limit: int) -> set[int]:
    """Return the places where a text of this limit may not be cut."""
    closed: set[int] = set()
    for found in _WHOLE.finditer(text):
        if found.start() >= longest:
            break
        if size(found.group()) <= limit:
            closed.update(range(found.start() + 1, found.end()))
    near = range(1, min(longest + 1, len(text)))
    closed.update(place for place in near if belongs_to_former(text, place))
    return closed
