"""Golden questions: asked of a desk, and what a new plan would change in answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.errors import PlanRefused
from bot.model import GoldenQuestion, Plan, Role, Talk
from handlers.desk import Desk
from handlers.intent import Asker
from handlers.quote import doc_of

Quoted = tuple[tuple[str, str], ...]
"""What an answer quotes: document and clause, in the order of the answer."""

_SHOWN = 3  # clauses of an answer
_LISTED = 20  # changed answers


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldenAnswer:
    """A golden question, what it quotes with the plans in force, and with new ones.

    `is_right` tells of the latter whether it is what the office says is right.
    """

    question: str
    department: str
    doc: str
    clauses: tuple[str, ...]
    before: Quoted
    after: Quoted
    is_right: bool

    @property
    def is_changed(self) -> bool:
        """Tell whether it would be answered otherwise than it is now."""
        return self.before != self.after

    @property
    def text(self) -> str:
        """Tell it in a line, for the office."""
        whose = f"（{self.department}）" if self.department else ""
        was = f"原答 {_words(self.before)}，" if self.is_changed else ""
        wanted = "" if self.is_right else f"；金题应答 {'、'.join(self.clauses)}"
        return f"“{self.question}”{whose}：{was}现答 {_words(self.after)}{wanted}"


def _words(quoted: Quoted) -> str:
    if not quoted:
        return "未查到"
    more = f"等 {len(quoted)} 条" if len(quoted) > _SHOWN else ""
    return "、".join(f"{doc} {clause}" for doc, clause in quoted[:_SHOWN]) + more


def ask_golden(
    questions: Sequence[GoldenQuestion], *, now: Desk, then: Desk, at: datetime
) -> list[GoldenAnswer]:
    """Ask the golden questions of the plans that *then* has; changed answers first.

    Those that are wrong as before come next.
    """
    docs = {plan.key: doc_of(plan) for plan in then.shelf.plans}
    answers = [
        _ask(one, now=now, then=then, doc=docs[one.plan_key], at=at)
        for one in questions
        if one.plan_key in docs
    ]
    return sorted(answers, key=lambda one: (not one.is_changed, one.is_right))


def _ask(
    golden: GoldenQuestion, *, now: Desk, then: Desk, doc: str, at: datetime
) -> GoldenAnswer:
    after = _quoted(golden, then, at=at)
    before = after if now is then else _quoted(golden, now, at=at)
    wanted = {(doc, clause) for clause in golden.clauses}
    return GoldenAnswer(
        question=golden.question,
        department=golden.department,
        doc=doc,
        clauses=golden.clauses,
        before=before,
        after=after,
        is_right=wanted <= set(after) and after[0] in wanted,
    )


def _quoted(golden: GoldenQuestion, desk: Desk, *, at: datetime) -> Quoted:
    role = Role.LIAISON if golden.department else Role.STRANGER
    asker = Asker(department=golden.department, role=role)
    answer = desk.answer(golden.question, asker=asker, talk=Talk(), at=at)
    return tuple((task.doc, task.id) for task in answer.reply.tasks)


def refuse_changes(answers: Sequence[GoldenAnswer]) -> None:
    """Refuse to publish what changes answers unseen; raises PlanRefused."""
    changed = [one for one in answers if one.is_changed]
    if changed:
        shown = [f"  {one.text}" for one in changed[:_LISTED]]
        more = f"\n  …… 共 {len(changed)} 条" if len(changed) > _LISTED else ""
        words = f"发布后 {len(changed)} 条金题的答案会变：\n" + "\n".join(shown) + more
        advice = "\n核对无误的，加 --accept-changes 再发布。方案没有发布。"
        raise PlanRefused("golden answers change", reply=words + advice)


def plans_with(plan: Plan, in_force: Sequence[Plan]) -> list[Plan]:
    """Return the plans that will be in force once *plan* is."""
    return [*(one for one in in_force if one.key != plan.key), plan]
