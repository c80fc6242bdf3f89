"""The plans in force, held in memory, with the index of what they say."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from bot.model import Plan, Task
from bot.plans.finding.found import SURE, Found
from bot.plans.finding.thesaurus import Thesaurus, with_lines

if TYPE_CHECKING:
    from bot.plans.finding.search import Entry, TaskIndex

_BESIDE = 20  # plans; more would make the first question wait
_MOST_KEPT = 1024  # searches whose finds are kept


class Shelf:
    """What an answer is looked up in; a plan is indexed when it is first searched.

    Plans are immutable once they are in force, so a plan is known by its id. The
    thesaurus and the index are loaded by the first question that searches: a cold
    start is quicker by a fifth without them. `edition` grows with every change of the
    plans, for those who keep what they read off them; so are finds kept here.
    """

    def __init__(self, thesaurus: Callable[[], Thesaurus]) -> None:
        self.edition = 0
        self._plans: dict[int, Plan] = {}
        self._load_thesaurus = thesaurus
        self._lines: Mapping[str, Sequence[str]] = {}
        self._indexed: set[int] = set()
        self._found = lru_cache(maxsize=_MOST_KEPT)(self._find)

    @cached_property
    def _indexes(self) -> "tuple[TaskIndex, TaskIndex]":
        """The index of the tasks, and that of the passages outside them."""
        from bot.plans.finding.search import TaskIndex

        thesaurus = self._thesaurus()
        return TaskIndex(thesaurus), TaskIndex(thesaurus)

    @cached_property
    def _of_file(self) -> Thesaurus:
        return self._load_thesaurus()

    def _thesaurus(self) -> Thesaurus:
        return with_lines(self._of_file, self._lines) if self._lines else self._of_file

    def learn(self, lines: Mapping[str, Sequence[str]]) -> None:
        """Use *lines*, plain word to words of the plans, beside the thesaurus' file."""
        if lines == self._lines:
            return
        self._lines = dict(lines)
        if "_indexes" in self.__dict__:
            thesaurus = self._thesaurus()  # one: by it they share what they have read
            for index in self._indexes:
                index.learn(thesaurus)
        self._found.cache_clear()
        self.edition += 1

    @property
    def plans(self) -> list[Plan]:
        """The plans in force, in the order in which they were put here."""
        return list(self._plans.values())

    def hold(self, plans: Iterable[Plan]) -> None:
        """Keep exactly *plans*: what is new is added, what is gone is dropped."""
        wanted = {plan.id: plan for plan in plans}
        for plan_id in self._indexed - wanted.keys():
            for index in self._indexes:
                index.drop_plan(plan_id)
        self._indexed &= wanted.keys()
        if wanted.keys() != self._plans.keys():
            self.edition += 1
            self._found.cache_clear()
        self._plans = {
            plan_id: self._plans.get(plan_id, plan) for plan_id, plan in wanted.items()
        }

    def search(
        self,
        words: str,
        plans: Sequence[Plan],
        *,
        or_else: str = "",
        limit: int = 6,
    ) -> Sequence[Found]:
        """Find the tasks of *plans* that *words* are about, best first.

        *or_else* says the same in other words; the wording that finds better counts.
        """
        return self._found(
            words, or_else, plans=_ids(plans), limit=limit, in_tasks=True
        )

    def search_part(
        self, message: str, plans: Sequence[Plan], *, asks_for_owner: bool
    ) -> Sequence[Found]:
        """Find the tasks of *plans* that some part of a long *message* is about.

        Only such as are equally sure, the best first; none if we are not.
        """
        ids = _ids(plans)
        self._index(ids)
        found = self._indexes[0].search_part(
            message, plan_ids=ids, asks_for_owner=asks_for_owner
        )
        return [one for one in found if one.confidence >= SURE]

    def search_passages(self, words: str, plans: Sequence[Plan]) -> Sequence[Found]:
        """Find what stands outside the tasks; `id` is the place in `plan.passages`.

        Only for one plan at a time, the first of *plans*.
        """
        return self._found(words, "", plans=_ids(plans[:1]), limit=3, in_tasks=False)

    def _find(
        self,
        words: str,
        or_else: str,
        *,
        plans: frozenset[int],
        limit: int,
        in_tasks: bool,
    ) -> Sequence[Found]:
        self._index(plans)
        index = self._indexes[0 if in_tasks else 1]
        return tuple(index.search(words, or_else=or_else, plan_ids=plans, limit=limit))

    def _index(self, ids: Collection[int]) -> None:
        """Index plans and some beside them, which tell what is foreign to these."""
        beside = [plan_id for plan_id in self._plans if plan_id not in ids]
        for plan_id in {*ids, *beside[:_BESIDE]} - self._indexed:
            plan = self._plans[plan_id]
            tasks, passages = self._indexes
            tasks.put_plan(plan_id, [_task_entry(task) for task in plan.tasks])
            passages.put_plan(plan_id, _passage_entries(plan))
            self._indexed.add(plan_id)


def _ids(plans: Iterable[Plan]) -> frozenset[int]:
    return frozenset(plan.id for plan in plans)


def _task_entry(task: Task) -> "Entry":
    from bot.plans.finding.search import Entry

    return Entry(
        id=task.id,
        title=task.title,
        body=task.body,
        section="".join(task.section_path),
        has_number=bool(task.measures),
    )


def _passage_entries(plan: Plan) -> "list[Entry]":
    from bot.plans.finding.search import Entry

    return [
        Entry(id=place, title=item.title, body=item.text, section="", has_number=False)
        for place, item in enumerate(plan.passages)
    ]
