"""One task told: whole, or what the question wants to know of it."""

import re

from msgspec.structs import replace

from bot.chinese import fold
from bot.facts import Due, DueKind
from bot.messages import Button, Reply
from bot.model import Plan, Task
from handlers.due_dates import dated_reports
from handlers.figures import alone_in_unit, is_asked
from handlers.intent import Answer, Ask
from handlers.not_held import refuse
from handlers.phrases import Sign
from handlers.quote import (
    cite,
    clause_of,
    covered,
    cut_sentences,
    detail_lines,
    names,
    owners_line,
    refs,
    wording_pages,
)
from handlers.sayings import bare, pieces_of, weigh
from handlers.signs import ASKS_AMOUNT, ASKS_WHEN, ASKS_WHO
from handlers.time_spans import HOW_LONG, RHYTHM, SO_OFTEN, SPAN, with_former

_BINDING = (
    DueKind.DEADLINE,
    DueKind.MILESTONE,
    DueKind.RANGE,
    DueKind.PHASE,
    DueKind.START,
    DueKind.RELATIVE,
)
_TIME = re.compile(
    r"\d{4}年|\d+(?:个)?(?:小时|分钟|天|日|月)|每(?:年|月|季度?|周|日|学[年期]|两年)"
)
_WHEN = re.compile("什么时候|啥时候|哪一?年|多久|几号|几月|完成|实现|达到")
_WHOSE_PART = re.compile(
    "([\u4e00-\u9fff]{2})(?:该|由|让)?谁(?:来|去)?(?:当|担任|兼)|([\u4e00-\u9fff]{2})算谁的"
    "|谁(?:来|去)?((?!负责|牵头|配合|参与|承担|落实|组织|主管)[\u4e00-\u9fff]{2})"
)
_DATED = re.compile(r"\d{4}年|\d+(?:个)?(?:小时|分钟|天|日|月)")
_YEAR = re.compile(r"\d{4}年")
_ABOUT_IT = 0.5  # of the pieces of a question, in the task that it is about
_SAYS_OFTEN = 0.35  # of their weight, in and before the clause that has a rhythm
_SAYS_IT = 0.25  # of the pieces of a question, in the clause that has a time
_WORDING = Button("看原文", "原文")


def detail(ask: Ask, plan: Plan, task: Task, *, page: int = 0) -> Answer:
    """Show one task whole, and speak of it from now on."""
    pages = len(wording_pages(task))
    buttons = (Button("下一页", "下一页"),) if page + 1 < pages else ()
    reply = Reply("\n".join(detail_lines(plan, task, page=page)), buttons)
    return Answer(
        replace(reply, tasks=refs([(plan, task)])),
        replace(ask.talk, task_id=task.id, text_page=page, offered=""),
    )


def _told_of(ask: Ask, task: Task, lines: list[str], *, held: bool) -> Answer:
    """Say *lines* of a task; it counts as found only if the fact is *held* there."""
    plan = ask.plan_of(task)
    text = "\n".join(
        [
            f"{clause_of(task)}{task.title}",
            *lines,
            f"依据：{cite(plan)}{task.clause}。",
        ]
    )
    tasks = refs([(plan, task)]) if held else ()
    talk = replace(ask.talk, task_id=task.id, text_page=0, offered="")
    return Answer(Reply(text, (_WORDING,), tasks), talk)


def owners(ask: Ask, task: Task) -> Answer:
    """Say who is responsible for a task, first the conclusion, then the words."""
    lines = [owners_line(task)]
    if ask.question.has(Sign.WHO_LEADS) and task.owners and not task.leads:
        divided = "职责分工" in task.annotation
        words = "，只写“按职责分工负责”，排序不代表牵头" if divided else ""
        lines = [f"文件未标注牵头单位{words}。", f"责任单位：{names(task.owners)}。"]
    if task.annotation:
        lines.append(f"原文：“{task.annotation}”")
    said = _part_of_somebody(ask, task)
    if said:
        lines.append(f"文中写明：“{said}”")
    return _told_of(ask, task, lines, held=True)


def _part_of_somebody(ask: Ask, task: Task) -> str:
    """Return the one sentence of a task on the part that 谁 is asked for: 谁排期.

    "" if the whole of the task is asked for, or no sentence or several tell of it.
    """
    asked = _WHOSE_PART.search(ask.question.folded)
    parts = [part for part in (asked.groups() if asked else ()) if part]
    about = fold(f"{task.title}{task.annotation}")
    told = {
        sentence
        for sentence in cut_sentences(task.body)
        if any(part in fold(sentence) and part not in about for part in parts)
    }
    return told.pop() if len(told) == 1 and len(cut_sentences(task.body)) > 1 else ""


def _binds(item: Due) -> bool:
    returning = item.kind is DueKind.RECURRING and item.rhythm not in ("yearly", "")
    return item.kind in _BINDING or returning


def _due_told(item: Due) -> str:
    if item.kind is DueKind.RECURRING or not item.day:
        return f"“{item.text}”"
    return f"“{item.text}”（即{item.day.year}年{item.day.month}月{item.day.day}日）"


def due(ask: Ask, task: Task) -> Answer:
    """Say until when a task is to be done, if the plan says so."""
    if ask.question.has(Sign.HOW_OFTEN):
        return _how_often(ask, task)
    phrases = "；".join(_due_told(item) for item in task.due if _binds(item))
    if phrases:
        return _told_of(ask, task, [f"文件写明：{phrases}。"], held=True)
    said = _time_said(ask, task)
    if said and _DATED.search(fold(said)):
        return _told_of(ask, task, [f"文件写明：“{said}”"], held=True)
    lines = ["文件未写明该项任务的完成时限。"]
    if said:
        lines.append(f"相近内容：“{said}”")
    reports = dated_reports(ask.plan_of(task))
    if reports and not said:
        lines.append(f"落实情况的报送要求见{reports[0].where}：“{reports[0].text}”")
    return _told_of(ask, task, lines, held=False)


def _how_often(ask: Ask, task: Task) -> Answer:
    """Quote how often a thing is done; what is said of another thing is no answer."""
    words = bare(SO_OFTEN.sub("", ask.question.content or ask.question.folded))
    clauses = [
        (clause.strip(), with_former(clause, sentence))
        for sentence in cut_sentences(task.body or task.title)
        for clause in re.split("(?<=[，,；;。])", sentence)
        if RHYTHM.search(fold(clause))
    ]
    weights = weigh(pieces_of(words), ask.opened)
    least = _SAYS_OFTEN * sum(weights.values())
    told = [
        one
        for one in clauses
        if sum(weights[piece] for piece in weights if piece in fold(one[1])) > least
    ]
    if len(words) < 2 and len(clauses) == 1:
        told = clauses
    best, _ = max(told, key=lambda one: covered(words, one[1]), default=("", ""))
    if best:
        return _told_of(ask, task, [f"文件写明：“{best.rstrip('，,；;')}”"], held=True)
    if weights and covered(words, task.title + task.body) < _ABOUT_IT:
        return refuse(ask, "多久一次")
    return _told_of(ask, task, ["文件未写明该项多久一次。"], held=False)


def _time_said(ask: Ask, task: Task) -> str:
    """Return the clause of a task that tells the time asked for, "" if none does.

    到2025年 and 48小时内 are no deadlines of the task, but answer 哪年 and 多久.
    """
    words = bare(_WHEN.sub("", ask.question.content or ask.question.folded))
    clauses = [
        clause
        for sentence in cut_sentences(task.body or task.title)
        for clause in re.split("(?<=[；;])", sentence)
        if _TIME.search(fold(clause))
    ]
    if HOW_LONG.search(ask.question.folded):
        spans = [clause for clause in clauses if SPAN.search(fold(clause))]
        return max(spans, key=lambda clause: covered(words, clause), default="")
    text = fold(task.title + task.body)
    if not any(piece in text for piece in pieces_of(words)):
        return next((c for c in clauses if _YEAR.search(fold(c))), "")
    best = max(clauses, key=lambda clause: covered(words, clause), default="")
    return best if best and covered(words, best) >= _SAYS_IT else ""


def figures(ask: Ask, task: Task) -> Answer:
    """Quote the quantities of a task."""
    if not task.measures:
        return _told_of(ask, task, ["文件未写明该项任务的数字指标。"], held=False)
    quoted = "；".join(f"“{measure.text}”" for measure in task.measures)
    lines = [f"原文：{quoted}。"]
    wants_one = ask.question.has(Sign.HOW_MUCH)
    alone = alone_in_unit(ask, (one.text for one in task.measures))
    if wants_one and not any(is_asked(ask, one.text) for one in task.measures):
        if alone:
            return _told_of(ask, task, [f"原文：“{alone}”。"], held=True)
        lines = [f"文件未写明所问的数字。该项任务写明的是：{quoted}。"]
        return _told_of(ask, task, lines, held=False)
    if len(task.owners) > 1:
        lines.append("文件未把指标分配到单位。")
    return _told_of(ask, task, lines, held=True)


def told(ask: Ask, task: Task) -> Answer:
    """Tell of a task what the question wants to know of it: all, if two facts."""
    question = ask.question
    if sum(question.has(*one) for one in (ASKS_WHO, ASKS_WHEN, ASKS_AMOUNT)) > 1:
        return detail(ask, ask.plan_of(task), task)
    if question.has(*ASKS_WHO, Sign.SOLE):
        return owners(ask, task)
    if question.has(*ASKS_WHEN):
        return due(ask, task)
    if question.has(*ASKS_AMOUNT):
        return figures(ask, task)
    return detail(ask, ask.plan_of(task), task)
