"""What the office makes of feedback: a thesaurus line, a golden question, or nothing.

The chat and the command line come here alike.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot import audit, feedback
from bot.chinese import fold
from bot.departments import Departments
from bot.errors import BotError, NotFound
from bot.guard import inert
from bot.model import Feedback, FeedbackKind, FeedbackState, Plan
from bot.plans.finding.thesaurus import line_fault
from bot.plans.number import number_parts
from handlers.quote import doc_of
from handlers.rate import about_of

KINDS = {
    FeedbackKind.USEFUL: "有用",
    FeedbackKind.WRONG: "有误",
    FeedbackKind.UNANSWERED: "未查到",
}
STATES = {
    FeedbackState.OPEN: "待处理",
    FeedbackState.THESAURUS: "已加近义",
    FeedbackState.GOLDEN: "已设金题",
    FeedbackState.DISMISSED: "不处理",
}
_LINE = re.compile(r"(?P<said>[^=＝]+)[=＝](?P<means>.*)")
_LEANS = re.compile(  # a place of a list, a page: what was said before gives it sense
    "第?(?:[0-9]{1,3}|[一二三四五六七八九十]{1,3})[个项条页]?(?:呢|原文|详细(?:说说?)?|详细点)?[?。]*"
    "|[上下前后]一?[个项条页][?。]*|[^\\u4e00-\\u9fffa-z]*|是的?|好的?|对|不是"
)
_NUMBER = re.compile(r"\s*[^，,、；;]*?[0-9]\s*号")
_NO_MORE = re.compile("(?:取消|删除|删掉|去掉|撤销|不要)了?")
_COMMAS = re.compile(r"[、,，;；\s]+")


class NotFit(BotError):
    """What the office wrote cannot be entered so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settling:
    """Who settles, when, and what is known of plans in force and of departments."""

    session: AsyncSession
    by: str
    at: datetime
    plans: Sequence[Plan]
    departments: Departments

    async def row(self, number: int) -> Feedback:
        """Return a row of the queue; raises NotFound."""
        row = await feedback.feedback_at(self.session, number)
        if row is None:
            raise NotFound("no such feedback", reply=f"没有编号 {number} 的反馈。")
        return row

    async def note(self, event: str, about: str, **detail: Any) -> None:
        """Enter in the audit what was done."""
        await audit.record(
            self.session,
            actor=self.by,
            event=event,
            about=about,
            at=self.at,
            **detail,
        )


async def add_line(settling: Settling, line: str, *, number: int = 0) -> str:
    """Enter 防骗=电信诈骗 in the thesaurus, or take 防骗= out; returns what to say.

    With the *number* of a row, that is settled by it. Raises NotFit, NotFound.
    """
    said, means = _read_line(line)
    if not means:
        return await _drop_line(settling, said)
    if fault := line_fault(said, means):
        raise NotFit("a bad line", reply=f"没有加上：{fault}")
    strange = [word for word in means if not _is_said(word, settling.plans)]
    if len(strange) == len(means):
        words = f"在用方案里都没有“{'、'.join(strange)}”，加了也查不到。"
        raise NotFit("no plan says it", reply=f"没有加上：{words}")
    if number:
        row = await settling.row(number)
        feedback.settle(row, FeedbackState.THESAURUS, by=settling.by, at=settling.at)
    await feedback.put_line(
        settling.session,
        said,
        means,
        by=settling.by,
        at=settling.at,
        feedback_id=number or None,
    )
    about = f"thesaurus:{said}"
    await settling.note("thesaurus.added", about, means=means, feedback=number)
    return f"已加近义：“{said}”也按“{'、'.join(means)}”查，即刻生效。"


def _read_line(line: str) -> tuple[str, tuple[str, ...]]:
    found = _LINE.fullmatch(line.strip())
    if not found:
        raise NotFit("no line", reply=f"没有加上：{line_fault('', ())}")
    means = dict.fromkeys(fold(word) for word in _COMMAS.split(found["means"]) if word)
    return fold(found["said"]), tuple(means)


def _is_said(word: str, plans: Sequence[Plan]) -> bool:
    texts = (task.title + task.body for plan in plans for task in plan.tasks)
    others = (one.title + one.text for plan in plans for one in plan.passages)
    return any(word in fold(text) for text in (*texts, *others))


async def _drop_line(settling: Settling, said: str) -> str:
    if not await feedback.drop_line(settling.session, said):
        words = (
            f"办公室没有加过“{said}”的近义。随程序的近义词在 config/thesaurus.toml。"
        )
        raise NotFound("no such line", reply=words)
    await settling.note("thesaurus.removed", f"thesaurus:{said}")
    return f"已去掉“{said}”的近义。"


async def make_golden(settling: Settling, number: int, words: str) -> str:
    """Make a row a golden question: *words* are its clauses, and whose question it is.

    二（一）4, or 平政字〔2022〕21号 二（一）4 县应急局; 取消 takes it out.
    Raises NotFit, NotFound.
    """
    row = await settling.row(number)
    if _NO_MORE.fullmatch(words.strip()):
        return await _drop_golden(settling, row)
    if _LEANS.fullmatch(fold(row.question)):
        words = f"没有设：“{inert(row.question)}”离开上文说不清是问什么，不能作金题。"
        raise NotFit("it leans on what came before", reply=words)
    plans, words = _of_document(words, settling.plans)
    pieces = [piece for piece in _COMMAS.split(words) if piece]
    plan, clauses = _clauses(pieces, row, plans)
    rest = [one for one in pieces if fold(one) not in {fold(c) for c in clauses}]
    department = _department(" ".join(rest), plan, settling.departments)
    await feedback.put_golden(
        settling.session,
        row.question,
        department=department,
        plan_key=plan.key,
        clauses=clauses,
        by=settling.by,
        at=settling.at,
        feedback_id=number,
    )
    feedback.settle(row, FeedbackState.GOLDEN, by=settling.by, at=settling.at)
    await settling.note("golden.added", about_of(number), clauses=clauses)
    whose = f"（以{department}身份问）" if department else ""
    told = f"{doc_of(plan)} {'、'.join(clauses)}"
    return (
        f"已设金题：“{inert(row.question)}”{whose}应答 {told}。"
        "以后发布方案前都会先问一遍。"
    )


async def _drop_golden(settling: Settling, row: Feedback) -> str:
    if not await feedback.drop_golden(settling.session, row.id):
        raise NotFound("no golden one", reply=f"第 {row.id} 号反馈没有设过金题。")
    feedback.settle(row, FeedbackState.OPEN, by=settling.by, at=settling.at)
    await settling.note("golden.removed", about_of(row.id))
    return f"已取消金题：“{inert(row.question)}”。第 {row.id} 号反馈重新列为待处理。"


def _of_document(words: str, plans: Sequence[Plan]) -> tuple[Sequence[Plan], str]:
    """Take the 文号 from before the clauses, with the plans it is of; raises NotFit."""
    said = _NUMBER.match(words)
    parts = number_parts(said[0]) if said else None
    if said is None or parts is None:
        return plans, words
    found = []
    for plan in plans:
        whole = number_parts(plan.number)
        if whole and parts.fits(whole):
            found.append(plan)
    if not found:
        refusal = f"没有设：没有在用的方案是“{said[0].strip()[:30]}”。"
        raise NotFit("no such plan", reply=refusal)
    return found, words[said.end() :]


def _clauses(
    pieces: Sequence[str], row: Feedback, plans: Sequence[Plan]
) -> tuple[Plan, tuple[str, ...]]:
    """Find the plan in which the first of *pieces* is a clause, that of the row first.

    Raises NotFit.
    """
    if not pieces:
        raise NotFit("no clause", reply="请写明条款，如“金题 3 二（一）4”。")
    found = []
    for plan in sorted(plans, key=lambda one: one.key != row.plan_key):
        known = {fold(task.clause): task.clause for task in plan.tasks}
        clauses = tuple(known[fold(one)] for one in pieces if fold(one) in known)
        if clauses and fold(pieces[0]) in known:
            found.append((plan, clauses))
    if not found:
        words = f"没有设：在用方案里没有“{pieces[0][:20]}”这一条。"
        where = {fold(one.where) for plan in plans for one in plan.passages}
        if fold(pieces[0]) in where:
            words = f"没有设：“{pieces[0]}”不是任务的条款，金题只对任务的条款。"
        raise NotFit("no such clause", reply=words)
    if len(found) > 1 and found[0][0].key != row.plan_key:
        docs = "、".join(doc_of(plan) for plan, _ in found)
        words = f"没有设：几份方案都有这一条（{docs}），这一问没有引用过哪一份。"
        raise NotFit("several plans have it", reply=words)
    return found[0]


def _department(words: str, plan: Plan, departments: Departments) -> str:
    if not words:
        return ""
    owners = (owner.department for task in plan.tasks for owner in task.owners)
    among = list(dict.fromkeys(owners))
    if words in among:
        return words
    found = {mention.department for mention in departments.find(words, among=among)}
    if len(found) != 1:
        reply = f"没有设：“{words[:20]}”不是这份方案的条款，也不是它的单位。"
        raise NotFit("neither clause nor department", reply=reply)
    return found.pop()


async def dismiss(settling: Settling, number: int) -> str:
    """Put a row aside for good; raises NotFound."""
    row = await settling.row(number)
    feedback.settle(row, FeedbackState.DISMISSED, by=settling.by, at=settling.at)
    await settling.note("feedback.dismissed", about_of(number))
    return f"已记：第 {number} 号反馈不处理，以后同样的也不再列出。"
