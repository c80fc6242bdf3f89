"""Numbers as plans write them: half and full width, Chinese numerals, stray blanks."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.plans.reading.script import simplified

_WIDE = {ord("％"): "%", ord("　"): " "}
_WIDE |= {ord("０") + i: chr(ord("0") + i) for i in range(10)}
_WIDE |= {ord("Ａ") + i: chr(ord("A") + i) for i in range(26)}
_WIDE |= {ord("ａ") + i: chr(ord("a") + i) for i in range(26)}
_UNSEEN = re.compile(r"[\s\u200b\u200c\u200d\u2060\ufeff\u00ad]")
_LOST_ZERO = re.compile(r"(?<=[0-9])O(?=[0-9年月日%])")
_WIDE_POINT = re.compile(r"(?<=[0-9])．(?=[0-9])")
_BREAKS = re.compile(r"[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")

CHINESE = "零〇○一二两三四五六七八九十百千"
CHINESE_NUMBER = f"[{CHINESE}]{{1,12}}"
DIGITS = r"[0-9]{1,12}(?:,[0-9]{3}){0,4}(?:\.[0-9]{1,6})?"
NUMBER = rf"(?:{DIGITS}|{CHINESE_NUMBER})"
YEAR = r"(?:(?:19|20|21)[0-9]{2}|[一二][O〇○零0一二三四五六七八九]{3})"
DASH = r"(?:[-–—─－～~]{1,2}|至|到)"

_DIGIT = {char: value for value, char in enumerate("零一二三四五六七八九")}
_DIGIT |= {"〇": 0, "○": 0, "O": 0, "0": 0, "两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}


@dataclass(frozen=True, slots=True)
class Compact:
    """A text in half width without blanks, which still knows its source.

    `places[i]` is the place in `source` of the character `text[i]`; `script` turns
    what was simplified back, None if nothing was.
    """

    text: str
    source: str
    places: Sequence[int]
    script: dict[int, str] | None = None

    def as_written(self, words: str) -> str:
        """Write *words* of the text in the script of the source again."""
        if self.script is None:
            return words
        return words.translate(self.script)

    def quote(self, start: int, end: int) -> str:
        """Quote the source for `text[start:end]`, blanks kept, line breaks removed."""
        if start >= end:
            return ""
        whole = self.source[self.places[start] : self.places[end - 1] + 1]
        return _BREAKS.sub("", whole)


@lru_cache(maxsize=8)  # one task is read for dates, measures and duties in turn
def compact(source: str) -> Compact:
    """Take the blanks out of *source* and fold width and script for matching."""
    places: Sequence[int] = range(len(source))
    if _UNSEEN.search(source):
        places = [at for at, char in enumerate(source) if not _UNSEEN.match(char)]
    wide = _UNSEEN.sub("", source).translate(_WIDE)
    text = simplified(wide)
    script = None
    if text != wide:
        pairs = zip(text, wide, strict=True)
        script = {ord(new): old for new, old in pairs if new != old}
    text = _LOST_ZERO.sub("0", _WIDE_POINT.sub(".", text))
    return Compact(text, source, places, script)


def read_number(written: str) -> float | None:
    """Read a number in digits (1,200.5) or Chinese (两百, 二〇二五); None if none.

    万 and 亿 are not read: they belong to the unit (30 万人次).
    """
    if re.fullmatch(DIGITS, written):
        return float(written.replace(",", ""))
    if not written:
        return None
    if all(char in _DIGIT for char in written):
        return float("".join(str(_DIGIT[char]) for char in written))
    return _read_chinese(written)


def read_year(written: str) -> int:
    """Read a year of four digits, Arabic or Chinese (二〇二五, 二O三五)."""
    return int("".join(str(_DIGIT.get(char, char)) for char in written))


def _read_chinese(written: str) -> float | None:
    total, digit = 0, 0
    for char in written:
        if char in _TENS:
            total += (digit or 1) * _TENS[char]
            digit = 0
        elif char in _DIGIT:
            digit = _DIGIT[char]
        else:
            return None
    return float(total + digit)
