"""What was found in a question: mentions of departments, and how sure they are."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from bot.departments.names import rank_of


class Certainty(StrEnum):
    """How a name in a question fits a department."""

    EXACT = "exact"
    SPOKEN = "spoken"
    SOUND = "sound"
    TYPO = "typo"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A department in a question; `start` and `end` are places in the folded text.

    `department` is spelled as the plan spells it, `written` as the folded question
    does. Where a plan names several bodies that fit (省科技厅, 市科技局: 科技部门) each
    has a mention of its own with the same places.
    """

    department: str
    start: int
    end: int
    written: str
    certainty: Certainty


class Form(NamedTuple):
    """A way to say a name; `is_half` only counts where it stands alone."""

    text: str
    is_half: bool


class Body(NamedTuple):
    """A department of the plan: its name, its prefix, its bare name."""

    name: str
    prefix: str
    stem: str

    @property
    def rank(self) -> str:
        """The level at which it stands, "" if the plan does not say."""
        return rank_of(self.prefix) or ("省" if self.stem.endswith("厅") else "")


class Found(NamedTuple):
    """A name of the directory in a question, with the bodies of the plan that fit.

    It `is_vague` where it is an ordinary word that only stands like a name.
    """

    start: int
    end: int
    stem: str
    bodies: tuple[Body, ...]
    is_vague: bool = False
