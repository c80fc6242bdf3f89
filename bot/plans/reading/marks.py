"""The marks before headings and tasks: 一、 （一） 1. （1） ── and how they follow."""

import re
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

DIGITS = "一二三四五六七八九"


class Kind(IntEnum):
    """A style of mark; the order is that of nesting, outermost first."""

    CHAPTER = 0
    PART = 1
    HAN = 2
    HAN_PAREN = 3
    BOLD = 4
    ARABIC = 5
    ARABIC_PAREN = 6
    CIRCLED = 7
    DASH = 8


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark at the start of a paragraph.

    `number` is 0 for a bullet; `written` is the mark as it stands there, with the
    blanks after it; `label` is what an id shows (任务一), "" for the usual form.
    """

    kind: Kind
    number: int
    written: str
    label: str = ""


_HAN = "[一二三四五六七八九十]{1,3}"
_NOUNS = "(?:专项|重点|主要)?(?:任务|行动|工程|举措|措施|项目)"
_MARKS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (Kind.CHAPTER, re.compile(rf"第({_HAN}|\d{{1,2}})[章编篇]\s*[、:：]?\s*")),
    (Kind.CHAPTER, re.compile(rf"第({_HAN}|\d{{1,2}})部分\s*[、:：]?\s*")),
    (Kind.PART, re.compile(rf"第({_HAN}|\d{{1,2}})节(?![课日气能约水])\s*[、:：]?\s*")),
    (Kind.HAN, re.compile(rf"第({_HAN}|\d{{1,2}})条\s*[、:：]?\s*")),
    (Kind.HAN, re.compile(rf"({_HAN})\s?[、．.]\s*(?!{_HAN}[、．.])")),
    (Kind.HAN_PAREN, re.compile(rf"[（(〔\[]\s?({_HAN})\s?[）)〕\]]\s?、?\s*")),
    (
        Kind.HAN_PAREN,
        re.compile(rf"{_NOUNS}({_HAN}|\d{{1,2}})\s?[：:、.．]\s*"),
    ),
    (Kind.ARABIC, re.compile(r"(\d{1,3})\s?[.．﹒、。]\s*(?!\d)")),
    (Kind.ARABIC, re.compile(r"(\d{1,2})\s?[.．﹒、]\s*(?=(?:19|20)\d\d\s?年)")),
    (Kind.ARABIC_PAREN, re.compile(r"[（(]\s?(\d{1,2})\s?[）)]\s?[.、]?\s*")),
    (Kind.ARABIC_PAREN, re.compile(r"(\d{1,2})\s?[）)]\s*")),
    (
        Kind.ARABIC_PAREN,
        re.compile(
            r"\d{1,2}\.(\d{1,2})(?:\s+|(?=[\u4e00-\u9fff]))(?![万亿千百个元倍年月日以余多])"
        ),
    ),
    (Kind.HAN_PAREN, re.compile(r"([㈠-㈩])\s*")),
    (Kind.ARABIC, re.compile(r"([⒈-⒛])\s*")),
    (Kind.ARABIC_PAREN, re.compile(r"([⑴-⒇])\s*")),
    (Kind.CIRCLED, re.compile(r"([①-⑳])\s*")),
    (Kind.DASH, re.compile(r"(?:[—─–―━]{2,}|--+|[─━])\s*(?=[^\s\d—─–―━-])")),
    (Kind.DASH, re.compile(r"[•●○◆◇■□▪★☆※▲►➢✓·‧]\s*")),
    (Kind.DASH, re.compile(r"[-*+]\s+(?=\S)")),
)
_NAMED = re.compile(rf"第|{_NOUNS}|\d{{1,2}}\.\d")
_SIGNS = (("①", "⑳"), ("㈠", "㈩"), ("⒈", "⒛"), ("⑴", "⒇"))
_FIRST = re.compile(
    r"[第一二三四五六七八九十（(〔\[\d①-⒛㈠-㈩—─–―━•●○◆◇■□▪★☆※▲►➢✓·‧*+任行工举措项专重主-]"
)
_INNER = re.compile(
    rf"(?:(?<![一二三四五六七八九十第\d]){_HAN}[、．])"
    rf"|(?:[（(]\s?(?:{_HAN}|\d{{1,2}})\s?[）)])"
    r"|(?:(?<![\d.．])\d{1,3}\s?[.．﹒、。])"
    r"|(?:(?<![—─])[—─]{2})"
)


def han_number(text: str) -> int:
    """Read a Chinese numeral from 一 to 九十九; 0 if it is none."""
    tens, ten, ones = text.partition("十")
    if any(char not in DIGITS for char in tens + ones) or len(tens + ones) > 2:
        return 0
    if not ten:
        return DIGITS.find(tens) + 1 if len(tens) == 1 else 0
    if len(tens) > 1 or len(ones) > 1:
        return 0
    return 10 * (DIGITS.find(tens) + 1 if tens else 1) + (
        DIGITS.find(ones) + 1 if ones else 0
    )


def han_numeral(number: int) -> str:
    """Write *number*, 1 to 99, as a Chinese numeral; others in digits."""
    if not 1 <= number <= 99:
        return str(number)
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else DIGITS[tens - 1] + "十"
    return head + (DIGITS[ones - 1] if ones else "")


def _value(text: str) -> int:
    for first, last in _SIGNS:
        if first <= text <= last:
            return ord(text) - ord(first) + 1
    return int(text) if text.isdecimal() else han_number(text)


@lru_cache(maxsize=1024)  # a line is looked at when joined, cut, hung and read
def read_mark(text: str, start: int = 0) -> Mark | None:
    """Read the mark at *start* of *text*; None if no mark stands there."""
    if not _FIRST.match(text, start):
        return None
    for kind, pattern in _MARKS:
        found = pattern.match(text, start)
        if found is None:
            continue
        if kind is Kind.DASH:
            return Mark(kind, 0, found[0])
        number = _value(found[1])
        if number:
            label = found[0].strip(" 、.．:：　") if _NAMED.match(found[0]) else ""
            return Mark(kind, number, found[0], label)
    return None


def inner_marks(text: str) -> list[tuple[int, Mark]]:
    """List whatever looks like a mark inside *text*, with its offset, rising."""
    found = []
    for place in _INNER.finditer(text, 1):
        mark = read_mark(text, place.start())
        if mark is not None:
            found.append((place.start(), mark))
    return found


class Sequence:
    """The last number of each style of mark, to tell what may follow."""

    def __init__(self) -> None:
        self._last: dict[Kind, int] = {}
        self.deepest: Kind | None = None

    def last(self, kind: Kind) -> int:
        """Return the last number of *kind* under the present heading, or 0."""
        return self._last.get(kind, 0)

    def follows(self, mark: Mark, *, gap: int = 0) -> bool:
        """Say whether *mark* is the next of its kind, at most *gap* being missing."""
        return 1 <= mark.number - self.last(mark.kind) <= 1 + gap

    def opens(self, mark: Mark) -> bool:
        """Say whether *mark* is the first of a level deeper than the present one."""
        return mark.number == 1 and (self.deepest is None or self.deepest < mark.kind)

    def take(self, mark: Mark) -> None:
        """Make *mark* the present one; what may run on through chapters is kept."""
        for kind in [kind for kind in self._last if kind > max(mark.kind, Kind.ARABIC)]:
            del self._last[kind]
        self._last[mark.kind] = mark.number
        self.deepest = mark.kind
