"""What a rule for phrases of time is given, and what it finds."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from bot.facts import DueKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What is known when a phrase is read.

    `year` and `issued` are the document's. `carried` is a year written earlier in the
    sentence, `yearly` says that the sentence speaks of every year, `monthly` that the
    last phrase spoke of every month. Places of the text before `floor` belong to
    phrases that were read already.
    """

    year: int | None
    issued: date | None
    carried: int | None = None
    yearly: bool = False
    monthly: bool = False
    floor: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A phrase of time at `start` to `end` of the compact text.

    `core` is the end of its words of time, before what is to be done (None: `end`).
    `year` is the year that it writes, for the rest of its sentence; `advice` says
    why its day is doubtful, "" if it is not. `point` are the month and the day of a
    phrase whose year is not known.
    """

    start: int
    end: int
    kind: DueKind
    core: int | None = None
    day: date | None = None
    first: date | None = None
    rhythm: str = ""
    time: str = ""
    assumed: bool = False
    year: int | None = None
    advice: str = ""
    point: tuple[int, int] | None = None


Rule = tuple[re.Pattern[str], Callable[[re.Match[str], Scene], Hit | None], str]
"""A pattern, what it means, and the characters of which it needs one to match.

A meaning of None: the words are spoken for, but bind nothing.
"""

STOPS = "，；。、：！？,;:!?（）()〔〕【】"


def words_before(found: re.Match[str], scene: Scene, *, count: int = 16) -> str:
    """Cut out at most *count* characters before a match, down to the scene's floor."""
    start = found.start()
    return found.string[max(scene.floor, start - count, 0) : start]


def words_after(found: re.Match[str], *, count: int = 24) -> str:
    """Cut out at most *count* characters after a match."""
    return found.string[found.end() : found.end() + count]


def is_whole(found: re.Match[str]) -> bool:
    """Tell whether a match is all that the text says, but for a label and its stop."""
    rest = found.string[: found.start()][-8:] + found.string[found.end() :][:8]
    if len(found.string) - (found.end() - found.start()) > len(rest):
        return False
    return re.fullmatch(r"(?:[一-鿿]{2,6}[:：])?[，。；、,;)）]*", rest) is not None
