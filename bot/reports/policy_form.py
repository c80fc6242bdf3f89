"""The form of config/nudges.toml: hands out values, and notes each fault by its key."""

import tomllib
from collections.abc import Callable
from datetime import time
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from bot.errors import SettingsError

T = TypeVar("T")
W = TypeVar("W", bound=StrEnum)


class Form:
    """A table of the file and the keys of it that have been taken.

    All tables of a file note their faults in one dict: what is wrong, in Chinese.
    """

    def __init__(
        self, values: dict[str, Any], *, name: str = "", faults: dict[str, str]
    ) -> None:
        self.faults = faults
        self._values = values
        self._name = name
        self._taken: set[str] = set()

    def fault(self, key: str, words: str) -> None:
        """Note what is wrong with a key; the first fault of a key stands."""
        self.faults.setdefault(f"{self._name}{key}", words)

    def has(self, key: str) -> bool:
        """Tell whether a key is filled in, and take it as known."""
        self._taken.add(key)
        return key in self._values

    def take(
        self, key: str, read: Callable[[Any], T], *, meaning: str, otherwise: T
    ) -> T:
        """Return the value of a key; if it is missing or wrong, note it."""
        if not self.has(key):
            self.fault(key, f"没有填写，应为{meaning}")
            return otherwise
        try:
            return read(self._values[key])
        except ValueError as error:
            said = f"{self._values[key]!r}{error}"
            self.fault(key, f"应为{meaning}，现在是 {said}")
            return otherwise

    def table(self, key: str) -> "Form":
        """Return a [table] of this one, an empty one if it is missing or none."""
        value = self._values.get(key)
        if not self.has(key):
            self.fault(key, f"没有 [{self._name}{key}] 这一节")
        elif not isinstance(value, dict):
            self.fault(key, f"应是 [{self._name}{key}] 一节")
        inner = value if isinstance(value, dict) else {}
        return Form(inner, name=f"{self._name}{key}.", faults=self.faults)

    def tables(self, key: str) -> list["Form"]:
        """Return the [[tables]] of a key, in their order; note if there are none."""
        value = self._values.get(key)
        self._taken.add(key)
        is_there = isinstance(value, list) and bool(value)
        if not is_there or not all(isinstance(one, dict) for one in value or ()):
            self.fault(key, f"没有 [[{self._name}{key}]]，至少要有一节")
            return []
        return [
            Form(inner, name=f"{self._name}{key}({place}).", faults=self.faults)
            for place, inner in enumerate(value or (), start=1)
        ]

    def refuse_the_rest(self) -> None:
        """Note all keys that nobody took, with the nearest one that somebody did."""
        for key in self._values.keys() - self._taken:
            near = get_close_matches(key, self._taken, n=1, cutoff=0.5)
            known = "、".join(sorted(self._taken))
            hint = f"您是不是想写 {near[0]}？" if near else f"可用的是 {known}"
            self.fault(key, f"没有这一项，{hint}")


def read_form(path: Path) -> Form:
    """Read a file as a form; raises SettingsError if it is no TOML or not there."""
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        reply = f"催报规则文件 {path} 不是 UTF-8 编码，请另存为 UTF-8。"
        raise SettingsError(f"{path}: {error}", reply=reply) from error
    except OSError as error:
        reply = f"读不到催报规则文件 {path}，请检查路径。"
        raise SettingsError(f"{path}: {error}", reply=reply) from error
    except tomllib.TOMLDecodeError as error:
        reply = f"催报规则文件 {path} 的格式（TOML）不对：{error}"
        raise SettingsError(f"{path}: {error}", reply=reply) from error
    return Form(values, faults={})


def refusal(path: Path, faults: dict[str, str]) -> SettingsError:
    """Tell all faults at once: the keys to the log, the remedies to the person."""
    lines = [f"  {key}：{fault}" for key, fault in sorted(faults.items())]
    return SettingsError(
        f"{path}: wrong, missing or unknown: {', '.join(sorted(faults))}",
        reply="\n".join([f"催报规则有误，请修改 {path}：", *lines]),
    )


def whole_number(low: int, high: int) -> Callable[[Any], int]:
    """Make a reader of whole numbers from *low* to *high*."""

    def read(value: Any) -> int:
        if type(value) is not int or not low <= value <= high:
            raise ValueError
        return value

    return read


def clock_time(value: Any) -> time:
    """Read "09:30", or a time as TOML has it, to the minute."""
    if isinstance(value, time):
        return value
    if not isinstance(value, str) or len(value) != 5:
        raise ValueError
    return time.fromisoformat(value)


def yes_or_no(value: Any) -> bool:
    """Read true or false."""
    if not isinstance(value, bool):
        raise ValueError
    return value


def words_among(known: type[W]) -> Callable[[Any], frozenset[W]]:
    """Make a reader of lists of words, each of which is one of *known*."""

    def read(value: Any) -> frozenset[W]:
        if not isinstance(value, list):
            raise ValueError
        words = list(known)
        strange = [word for word in value if word not in words]
        if strange:
            raise ValueError(f"；不认识 {strange[0]!r}，可用的是 {'、'.join(words)}")
        return frozenset(known(word) for word in value)

    return read
