"""The office's list of plain words and the words that its plans use instead."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from bot.chinese import fold
from bot.errors import SettingsError

_TABLES = ("means", "same")
_USUAL_WEIGHT = 0.5
_SHORTEST, _LONGEST = 2, 12  # characters of a word; the office's file may have 1
_SHOWN = 20
_A_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Hint:
    """A word of the plans that may stand for a word of the question.

    The question says it at characters `start` to `stop` (not included); `weight`,
    above 0 and at most 1, tells how much it counts beside a word really written.
    """

    start: int
    stop: int
    word: str
    weight: float


@dataclass(frozen=True, eq=False)
class Thesaurus:
    """Folded plain word -> folded words of the plans with their weights."""

    words: Mapping[str, tuple[tuple[str, float], ...]] = field(default_factory=dict)

    @cached_property
    def _reach(self) -> dict[str, int]:
        """Map first characters to the length of the longest plain word with them."""
        reach: dict[str, int] = {}
        for word in self.words:
            reach[word[0]] = max(len(word), reach.get(word[0], 0))
        return reach

    def hints(self, folded: str) -> Iterator[Hint]:
        """Yield the hints for a folded question; of words that overlap, the longest."""
        start = 0
        while start < len(folded):
            stop = self._longest(folded, start)
            for word, weight in self.words.get(folded[start:stop], ()):
                yield Hint(start, stop, word, weight)
            start = max(stop, start + 1)

    def _longest(self, folded: str, start: int) -> int:
        reach = self._reach.get(folded[start], 0)
        for stop in range(min(start + reach, len(folded)), start, -1):
            if folded[start:stop] in self.words:
                return stop
        return start


def with_lines(thesaurus: Thesaurus, lines: Mapping[str, Sequence[str]]) -> Thesaurus:
    """Add lines that the office has entered, beside those of its file."""
    words = {plain: dict(known) for plain, known in thesaurus.words.items()}
    for plain, means in lines.items():
        known = words.setdefault(fold(plain), {})
        known |= {fold(word): _USUAL_WEIGHT for word in means}
    return Thesaurus({plain: tuple(known.items()) for plain, known in words.items()})


def line_fault(said: str, means: Sequence[str]) -> str:
    """Say in Chinese why a line may not be entered; "" if it may."""
    plain = fold(said)
    words = [fold(word) for word in means]
    if not plain or not words or not all(words):
        return "请写成“近义 说法=文件用语”，文件用语可以有几个，用顿号隔开。"
    for word in (plain, *words):
        if not _SHORTEST <= len(word) <= _LONGEST:
            return f"“{word[:_SHOWN]}”不是 {_SHORTEST} 至 {_LONGEST} 个字的词。"
        if not _A_WORD.fullmatch(word):
            return f"“{word}”里有标点或符号，请只写词。"
    if plain in words:
        return "等号两边是同一个词。"
    return ""


def load_thesaurus(path: Path) -> Thesaurus:
    """Read the file of *path*; raise SettingsError naming the key that is wrong."""
    try:
        form = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _wrong(path, f"cannot be read: {error}") from error
    try:
        words = _words(form)
    except ValueError as error:
        raise _wrong(path, str(error)) from error
    return Thesaurus(words)


def _wrong(path: Path, reason: str) -> SettingsError:
    return SettingsError(
        f"{path}: {reason}", reply=f"近义词表 {path.name} 有误，请按提示修改：{reason}"
    )


def _words(form: Mapping[str, Any]) -> dict[str, tuple[tuple[str, float], ...]]:
    unknown = set(form) - {"weight", *_TABLES}
    if unknown:
        raise ValueError(f"unknown key {min(unknown)!r}")
    usual = _weight("weight", form.get("weight", _USUAL_WEIGHT))
    found: dict[str, dict[str, float]] = {}
    for table in _TABLES:
        for plain, line in _table(form, table).items():
            key = f"{table}.{plain}"
            weight, words = _line(key, line, usual)
            for word in words:
                found.setdefault(_word(key, plain), {})[_word(key, word)] = weight
                if table == "same":
                    back = found.setdefault(_word(key, word), {})
                    back.setdefault(_word(key, plain), weight)
    return {plain: tuple(words.items()) for plain, words in found.items()}


def _table(form: Mapping[str, Any], table: str) -> Mapping[str, Any]:
    lines = form.get(table, {})
    if not isinstance(lines, Mapping):
        raise ValueError(f"{table!r} is no table of words")
    return lines


def _line(key: str, line: Any, usual: float) -> tuple[float, list[Any]]:
    """Read a line: a list of words, or {words = [...], weight = 0.4}."""
    weight = usual
    if isinstance(line, Mapping):
        if unknown := set(line) - {"words", "weight"}:
            raise ValueError(f"unknown key {key}.{min(unknown)}")
        weight = _weight(f"{key}.weight", line.get("weight", usual))
        line = line.get("words")
    if not isinstance(line, list) or not line:
        raise ValueError(f"{key!r} needs a list of words")
    return weight, line


def _weight(key: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{key!r} is no number")
    if not 0 < value <= 1:
        raise ValueError(f"{key!r} must lie above 0 and at most at 1")
    return float(value)


def _word(key: str, value: Any) -> str:
    word = fold(value) if isinstance(value, str) else ""
    if not 1 <= len(word) <= _LONGEST:
        raise ValueError(f"{key!r}: {value!r} is no word of 1 to {_LONGEST} characters")
    return word
