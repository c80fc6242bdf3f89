"""What may be asked for: the card of an intent, and one asking."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from bot.departments import Departments
from bot.messages import Place, Reply
from bot.model import Plan, Role, Talk, Task
from bot.plans.shelf import Shelf
from handlers.question import Question
from handlers.quote import cut_sentences


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Who asks: `department` is "" for somebody whom the office does not know."""

    department: str = ""
    role: Role = Role.STRANGER
    place: Place = Place.DIRECT


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One question, read, with all that an answer is made of.

    `plans` are the plans in force that it is about, at least one; `talk` is what was
    spoken of before.
    """

    question: Question
    asker: Asker
    talk: Talk
    plans: tuple[Plan, ...]
    shelf: Shelf
    departments: Departments
    at: datetime

    @property
    def plan(self) -> Plan:
        """The plan that the question is about first of all."""
        return self.plans[0]

    def task(self, task_id: int) -> Task | None:
        """Return a task of the plans at hand, or None if it is no longer in force."""
        for plan in self.plans:
            for task in plan.tasks:
                if task.id == task_id:
                    return task
        return None

    def is_said(self, word: str) -> bool:
        """Tell whether a word stands anywhere in the tasks of the plans at hand."""
        return any(word in t.title + t.body for plan in self.plans for t in plan.tasks)

    def sentences(self) -> Iterator[tuple[Plan, Task | None, str, str]]:
        """Yield every sentence of the plans at hand with its task and its clause."""
        for plan in self.plans:
            for task in plan.tasks:
                for sentence in cut_sentences(task.body):
                    yield plan, task, task.clause, sentence
            for passage in plan.passages:
                for sentence in cut_sentences(passage.text):
                    yield plan, None, passage.where, sentence

    def plan_of(self, task: Task) -> Plan:
        """Return the plan that a task at hand belongs to."""
        return next(plan for plan in self.plans if plan.id == task.plan_id)


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said, and what the conversation is about from now on."""

    reply: Reply
    talk: Talk = field(default_factory=Talk)


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """One thing that may be asked for.

    `fits` says whether a question means it; intents are tried in the order of
    `INTENTS`. `example` is shown in the help, "" keeps it out. `role` is the least
    role that may ask, `in_groups` whether it may be answered before others.
    """

    name: str
    example: str
    fits: Callable[[Ask], bool]
    answer: Callable[[Ask], Answer]
    role: Role = Role.STRANGER
    in_groups: bool = True
