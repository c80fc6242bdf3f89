"""The plans in force, held in memory, with the index of what they say."""

from collections.abc import Collection, Iterable, Sequence

from bot.model import Plan, Task
from bot.plans.finding.search import Entry, Found, TaskIndex
from bot.plans.finding.thesaurus import Thesaurus

_BESIDE = 20  # plans; more would make the first question wait


class Shelf:
    """What an answer is looked up in; a plan is indexed when it is first searched.

    Plans are immutable once they are in force, so a plan is known by its id.
    """

    def __init__(self, thesaurus: Thesaurus) -> None:
        self._plans: dict[int, Plan] = {}
        self._tasks = TaskIndex(thesaurus)
        self._passages = TaskIndex(thesaurus)
        self._indexed: set[int] = set()

    @property
    def plans(self) -> list[Plan]:
        """The plans in force, in the order in which they were put here."""
        return list(self._plans.values())

    def hold(self, plans: Iterable[Plan]) -> None:
        """Keep exactly *plans*: what is new is added, what is gone is dropped."""
        wanted = {plan.id: plan for plan in plans}
        for plan_id in self._indexed - wanted.keys():
            self._tasks.drop_plan(plan_id)
            self._passages.drop_plan(plan_id)
        self._indexed &= wanted.keys()
        self._plans = {
            plan_id: self._plans.get(plan_id, plan) for plan_id, plan in wanted.items()
        }

    def search(
        self, words: str, plans: Sequence[Plan], *, limit: int = 6
    ) -> list[Found]:
        """Find the tasks of *plans* that *words* are about, best first."""
        return self._tasks.search(words, plan_ids=self._index(plans), limit=limit)

    def search_passages(self, words: str, plans: Sequence[Plan]) -> list[Found]:
        """Find what stands outside the tasks; `id` is the place in `plan.passages`.

        Only for one plan at a time, the first of *plans*.
        """
        return self._passages.search(words, plan_ids=self._index(plans[:1]), limit=3)

    def _index(self, plans: Iterable[Plan]) -> Collection[int]:
        """Index *plans* and some beside them, which tell what is foreign to these."""
        ids = {plan.id for plan in plans}
        beside = [plan_id for plan_id in self._plans if plan_id not in ids]
        for plan_id in (ids | set(beside[:_BESIDE])) - self._indexed:
            plan = self._plans[plan_id]
            self._tasks.put_plan(plan_id, [_task_entry(task) for task in plan.tasks])
            self._passages.put_plan(plan_id, _passage_entries(plan))
            self._indexed.add(plan_id)
        return ids


def _task_entry(task: Task) -> Entry:
    return Entry(
        id=task.id,
        title=task.title,
        body=task.body,
        section="".join(task.section_path),
        has_number=bool(task.measures),
    )


def _passage_entries(plan: Plan) -> list[Entry]:
    return [
        Entry(id=place, title=item.title, body=item.text, section="", has_number=False)
        for place, item in enumerate(plan.passages)
    ]
