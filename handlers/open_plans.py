"""The plans that questions are about, laid open: what is read off them only once."""

from collections.abc import Callable, Hashable, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple, TypeVar

from bot.chinese import fold
from bot.departments import Departments
from bot.facts import OwnerRole
from bot.model import Plan, Task
from bot.plans.shelf import Shelf
from handlers.quote import cut_sentences

T = TypeVar("T")
About = TypeVar("About", bound=Hashable)

_MOST_OPEN = 128  # sets of plans: each department is concerned by a few of them
_PIECE = 2  # characters by which sentences are looked up
_MOST_KEPT = 2048  # departments and questions asked in one set of plans


class Sentence(NamedTuple):
    """A sentence of a plan: `where` is its clause, `plain` is `text` folded.

    `task` is None outside the tasks, `title` its title folded, "" there.
    """

    plan: Plan
    task: Task | None
    where: str
    text: str
    plain: str
    title: str


class OpenPlans:
    """Some plans in force with what has been read off them so far.

    `parts` are the same plans one by one: what is large is kept with them and shared.
    """

    def __init__(
        self,
        plans: Sequence[Plan],
        departments: Departments,
        parts: Sequence["OpenPlans"] = (),
    ) -> None:
        self.plans = tuple(plans)
        self.directory = departments
        self.parts = tuple(parts) or (self,)
        self._kept: dict[Any, Any] = {}
        self._kept_of: dict[tuple[Any, Hashable], Any] = {}

    def once(self, read: Callable[["OpenPlans"], T]) -> T:
        """Return what *read* makes of these plans; it is called the first time only."""
        if read not in self._kept:
            self._kept[read] = read(self)
        found: T = self._kept[read]
        return found

    def once_for(self, read: Callable[["OpenPlans", About], T], about: About) -> T:
        """Return what *read* makes of these plans for a department, or a question.

        It is called the first time only, and again when it was long not asked for.
        """
        key = read, about
        if key in self._kept_of:
            found: T = self._kept_of.pop(key)
        else:
            found = read(self, about)
        self._kept_of[key] = found  # the one used last stands last
        if len(self._kept_of) > _MOST_KEPT:
            del self._kept_of[next(iter(self._kept_of))]
        return found

    @cached_property
    def departments(self) -> tuple[str, ...]:
        """The single departments that the plans name, in order of appearance."""
        return self._owners(collective=False)

    @cached_property
    def collectives(self) -> tuple[str, ...]:
        """The collectives that the plans name, in order of appearance."""
        return self._owners(collective=True)

    def _owners(self, *, collective: bool) -> tuple[str, ...]:
        names = (
            owner.department
            for plan in self.plans
            for task in plan.tasks
            for owner in task.owners
            if (owner.role is OwnerRole.COLLECTIVE) == collective
        )
        return tuple(dict.fromkeys(names))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """All that the plans give tasks to: plan by plan, collectives last."""
        every = ((*one.departments, *one.collectives) for one in self.parts)
        return tuple(dict.fromkeys(name for names in every for name in names))

    @cached_property
    def tasks(self) -> dict[int, tuple[Plan, Task]]:
        """Every task by its id, in the order of the plans."""
        return {task.id: (plan, task) for plan in self.plans for task in plan.tasks}

    @cached_property
    def wording(self) -> str:
        """All that the tasks say, a line each, to look a word up in."""
        return "\n".join(task.title + task.body for _, task in self.tasks.values())

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """Every sentence, plan by plan: of its tasks, then of its other passages."""
        if len(self.parts) > 1:
            return tuple(one for part in self.parts for one in part.sentences)
        return tuple(_sentences_of(self.plans[0]))

    def sentences_with(self, piece: str, *, in_title: bool = False) -> list[int]:
        """Number the sentences, from 0, that hold a piece, or whose task's title does.

        Pieces of two characters are looked up, others looked for.
        """
        found, before = [], 0
        for part in self.parts:
            known = part._by_title if in_title else part._by_pair
            if len(piece) == _PIECE:
                found += [before + number for number in known.get(piece, ())]
            else:
                texts = enumerate(part.sentences, start=before)
                said = ((n, one.title if in_title else one.plain) for n, one in texts)
                found += [number for number, text in said if piece in text]
            before += len(part.sentences)
        return found

    @cached_property
    def _by_pair(self) -> dict[str, list[int]]:
        return _by_pair([one.plain for one in self.sentences])

    @cached_property
    def _by_title(self) -> dict[str, list[int]]:
        return _by_pair([one.title for one in self.sentences])


def _by_pair(texts: Sequence[str]) -> dict[str, list[int]]:
    """Map each two neighbouring characters to the texts that hold them."""
    numbers: dict[str, list[int]] = {}
    for number, text in enumerate(texts):
        for pair in dict.fromkeys(map("".join, pairwise(text))):
            numbers.setdefault(pair, []).append(number)
    return numbers


def name_in_plans(opened: OpenPlans, department: str) -> str:
    """Write a department as the plans do: 卫建委 as 区卫健局.

    A name that no plan knows, or that fits several departments, stays as it is.
    """
    among, known = opened.departments, opened.directory
    if not department or department in among:
        return department
    if any(known.same(name, department) for name in among):
        return department
    said = fold(department)
    found = {
        mention.department
        for mention in known.find(said, among=among)
        if mention.end - mention.start == len(said)
    }
    return found.pop() if len(found) == 1 else department


def _sentences_of(plan: Plan) -> list[Sentence]:
    texts: list[tuple[Task | None, str, str]] = []
    texts += [(task, task.clause, task.body) for task in plan.tasks]
    texts += [(None, passage.where, passage.text) for passage in plan.passages]
    return [
        Sentence(plan, task, where, sentence, fold(sentence), title)
        for task, where, text in texts
        for title in [fold(task.title) if task else ""]
        for sentence in cut_sentences(text)
    ]


class Table:
    """The table beside a shelf: plans stay open on it until those in force change."""

    def __init__(self, shelf: Shelf, departments: Departments) -> None:
        self._shelf = shelf
        self._departments = departments
        self._edition = shelf.edition
        self._open: dict[tuple[int, ...], OpenPlans] = {}

    def open(self, plans: Sequence[Plan]) -> OpenPlans:
        """Lay *plans*, at least one, open, or return them as they lie there."""
        if self._edition != self._shelf.edition:
            self._open.clear()
            self._edition = self._shelf.edition
        key = tuple(plan.id for plan in plans)
        found = self._open.pop(key, None) or self._lay_open(plans)
        self._open[key] = found  # the one used last stands last
        while len(self._open) > _MOST_OPEN:
            del self._open[next(iter(self._open))]
        return found

    def _lay_open(self, plans: Sequence[Plan]) -> OpenPlans:
        parts = [self.open((plan,)) for plan in plans] if len(plans) > 1 else []
        return OpenPlans(plans, self._departments, parts)
