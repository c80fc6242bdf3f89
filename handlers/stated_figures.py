"""The figures that plans state: what they measure, and any clause with a number."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from bot.chinese import fold
from bot.facts import Measure
from bot.model import Plan, Task
from handlers.open_plans import OpenPlans
from handlers.plan_facts import goal_clause

_CLAUSES = re.compile("(?<=[,，;；。])")
NUMBER = re.compile(
    r"(?:\d+(?:\.\d+)?|[一二两三四五六七八九十]+)(?:余|多|来)?(?:万|亿|千)?"
    r"(?P<unit>人次|平方米|%|个|家|所|座|处|台|套|次|回|场|期|堂|人|名|位|项|条|部|篇|元|天|页"
    r"|小时|种|支|户|本|件|类|组|块|镇|街道)"
)
NO_NUMBER = re.compile(r"\d{4}年|\d+月(?:\d+日)?|[每第前首]?一[个次项条批种]|“[^”]*”")


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A clause with a number, what stands around it, and whose it is.

    All but the `quote` are folded: the `clause`, the `sentence` that holds it, the
    `title` above it, the `body` of its task, and all of these together. `stated` are
    the words of a measure; its quote begins with the year under which they stand.
    """

    plan: Plan
    task: Task | None
    where: str
    quote: str
    clause: str
    sentence: str
    title: str
    body: str
    whole: str
    year: int | None
    is_measure: bool = False
    stated: str = ""

    @cached_property
    def around(self) -> str:
        """All that counts for it, part by part, to pass over what it does not say."""
        return "\n".join((self.clause, self.title, self.sentence, self.body))

    @property
    def is_goal(self) -> bool:
        """Whether the plan as a whole is measured by it."""
        return self.is_measure and self.task is None


class _Drawer:
    """Figures in their order, to be had by the pieces that are said around them."""

    def __init__(self, figures: Sequence[Figure]) -> None:
        self._figures = figures
        self._around: dict[str, list[int]] = {}
        for number, figure in enumerate(figures):
            for pair in dict.fromkeys(map("".join, pairwise(figure.around))):
                self._around.setdefault(pair, []).append(number)

    def with_any(self, pieces: Iterable[str]) -> Iterator[Figure]:
        """Yield those around which any of *pieces*, of two characters, is said."""
        some = {number for one in pieces for number in self._around.get(one, ())}
        return (self._figures[number] for number in sorted(some))


def _in_clauses(opened: OpenPlans) -> _Drawer:
    """List the clauses with a number that is no measure: 三个特色展区."""
    found = []
    for plan, task, where, text, plain, title in opened.sentences:
        body = task.body if task else ""
        whole = f"{text}{task.title if task else ''}{body}"
        for clause in _CLAUSES.split(plain):
            if not NUMBER.search(NO_NUMBER.sub("", clause)):
                continue
            figure = Figure(
                plan=plan,
                task=task,
                where=where,
                quote=text,
                clause=clause,
                sentence=plain,
                title=title,
                body=fold(body),
                whole=fold(f"{clause}{whole}"),
                year=None,
            )
            found.append(figure)
    return _Drawer(found)


def _around_goal(plan: Plan, goal: Measure) -> str:
    return next((p.text for p in plan.passages if goal.text in p.text), "")


def _from_period(measure: Measure, text: str) -> str:
    """Quote a measure of *text* from the year that it stands under in its sentence.

    Who reads the words between sees what the year is said of; it is never put beside
    a figure that does not name it.
    """
    if not measure.period or fold(measure.period) in fold(measure.text):
        return measure.text
    before = text[: max(text.find(measure.text), 0)].rpartition("。")[2]
    period = r"\s*".join(map(re.escape, fold(measure.period)))
    starts = [found.start() for found in re.finditer(period, before)]
    if not starts:
        return measure.text
    quote = before[starts[-1] :] + measure.text
    if (
        "分别" in quote
    ):  # 到2028年、2030年分别达到16%、20%: no year goes without its twin
        return re.split("[；;]", before)[-1].strip() + measure.text
    return quote


def _of_measure(plan: Plan, task: Task | None, measure: Measure) -> Figure:
    body = task.body if task else ""
    clause = fold(measure.text)
    sentence = next((s for s in body.split("。") if measure.text in s), "")
    title = f"{task.title}{''.join(task.section_path)}" if task else ""
    return Figure(
        plan=plan,
        task=task,
        where=task.clause if task else goal_clause(plan, measure),
        quote=_from_period(measure, body if task else _around_goal(plan, measure)),
        clause=clause,
        sentence=fold(sentence),
        title=fold(title),
        body=fold(body),
        whole=fold(f"{clause}{sentence}{title}{body}"),
        year=measure.year,
        is_measure=True,
        stated=measure.text,
    )


def _measures(opened: OpenPlans) -> _Drawer:
    """List what plans measure: first the goals of the whole plan."""
    found: list[Figure] = []
    for plan in opened.plans:
        found += [_of_measure(plan, None, goal) for goal in plan.targets]
        for task in plan.tasks:
            found += [_of_measure(plan, task, measure) for measure in task.measures]
    return _Drawer(found)


def figures_with(opened: OpenPlans, pieces: Collection[str]) -> Iterator[Figure]:
    """Yield what the plans measure, then every other clause that has a number.

    Those of which the plans say none of *pieces* are left out.
    """
    for read in (_measures, _in_clauses):
        for part in opened.parts:
            yield from part.once(read).with_any(pieces)
