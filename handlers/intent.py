"""What may be asked for: the card of an intent, and one asking."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeVar

from msgspec import Struct

from bot.departments import Departments
from bot.messages import Reply
from bot.model import Plan, Talk, Task
from bot.plans.finding.found import Found
from bot.plans.shelf import Shelf
from handlers.open_plans import OpenPlans, Sentence
from handlers.question import Question
from handlers.rights import Asker, Card

__all__ = ["Answer", "Ask", "Asker", "Intent"]

IN_PRIVATE = "各单位任务请私聊我查询。"
"""What a group hears instead of a list: it is given to one person alone."""

T = TypeVar("T")

_SMALL_TALK = frozenset(
    {"", "greeting", "thanks", "no", "page", "at_terminal", "count_last"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One question, read, with all that an answer is made of.

    `opened` are the plans in force that it is about, at least one; `talk` is what was
    spoken of before.
    """

    question: Question
    asker: Asker
    talk: Talk
    opened: OpenPlans
    shelf: Shelf
    at: datetime
    _kept: dict[object, Any] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )

    @property
    def plans(self) -> tuple[Plan, ...]:
        """The plans that the question is about, at least one."""
        return self.opened.plans

    @property
    def departments(self) -> Departments:
        """What is known of departments."""
        return self.opened.directory

    @property
    def plan(self) -> Plan:
        """The plan that the question is about first of all."""
        return self.plans[0]

    def task(self, task_id: int) -> Task | None:
        """Return a task of the plans at hand, or None if it is no longer in force."""
        found = self.opened.tasks.get(task_id)
        return found[1] if found else None

    @property
    def last(self) -> Task | None:
        """The task spoken of last; None if there is none, or it is out of force."""
        return self.task(self.talk.task_id) if self.talk.task_id else None

    def is_said(self, word: str) -> bool:
        """Tell whether a word stands anywhere in the tasks of the plans at hand."""
        return word in self.opened.wording

    @property
    def sentences(self) -> Sequence[Sentence]:
        """Every sentence of the plans at hand."""
        return self.opened.sentences

    def plan_of(self, task: Task) -> Plan:
        """Return the plan that a task at hand belongs to."""
        return self.opened.tasks[task.id][0]

    def search_passages(self, words: str) -> Sequence[Found]:
        """Find what the first plan says outside its tasks."""
        return self.shelf.search_passages(words, self.plans)

    def about(self, question: Question) -> "Ask":
        """Ask another question in its place."""
        return replace(self, question=question)

    def once(self, read: Callable[["Ask"], T]) -> T:
        """Return what *read* makes of this asking; it is called the first time only."""
        if read not in self._kept:
            self._kept[read] = read(self)
        made: T = self._kept[read]
        return made


class Answer(Struct, frozen=True):
    """What is said, and what the conversation is about from now on.

    `is_found` is False if the plans do not tell it; `by` is the intent that answered,
    of several that which showed the last list, or the last.
    """

    reply: Reply
    talk: Talk = Talk()
    is_found: bool = True
    is_refused: bool = False
    by: str = ""

    @property
    def is_small_talk(self) -> bool:
        """Tell whether it tells nothing of a plan: help, thanks, a page turned."""
        return self.by in _SMALL_TALK


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent(Card):
    """One thing that may be asked for.

    `fits` says whether a question means it; intents are tried in the order of
    `INTENTS`.
    """

    fits: Callable[[Ask], bool]
    answer: Callable[[Ask], Answer]
