"""One task told: whole, or what the question wants to know of it."""

from dataclasses import replace

from bot.facts import Due, DueKind
from bot.messages import Button, Reply
from bot.model import Plan, Task
from handlers.due_dates import dated_reports
from handlers.intent import Answer, Ask
from handlers.phrases import Sign
from handlers.quote import (
    cite,
    clause_of,
    detail_lines,
    names,
    owners_line,
    refs,
    wording_pages,
)

_BINDING = (
    DueKind.DEADLINE,
    DueKind.MILESTONE,
    DueKind.RANGE,
    DueKind.PHASE,
    DueKind.START,
    DueKind.RELATIVE,
)
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
    return _told_of(ask, task, lines, held=True)


def _binds(item: Due) -> bool:
    returning = item.kind is DueKind.RECURRING and item.rhythm not in ("yearly", "")
    return item.kind in _BINDING or returning


def _due_told(item: Due) -> str:
    if item.kind is DueKind.RECURRING or not item.day:
        return f"“{item.text}”"
    return f"“{item.text}”（即{item.day.year}年{item.day.month}月{item.day.day}日）"


def due(ask: Ask, task: Task) -> Answer:
    """Say until when a task is to be done, if the plan says so."""
    phrases = "；".join(_due_told(item) for item in task.due if _binds(item))
    if phrases:
        return _told_of(ask, task, [f"文件写明：{phrases}。"], held=True)
    lines = ["文件未写明该项任务的完成时限。"]
    reports = dated_reports(ask.plan_of(task))
    if reports:
        lines.append(f"落实情况的报送要求见{reports[0].where}：“{reports[0].text}”")
    return _told_of(ask, task, lines, held=False)


def figures(ask: Ask, task: Task) -> Answer:
    """Quote the quantities of a task."""
    if not task.measures:
        return _told_of(ask, task, ["文件未给该项任务写明数字指标。"], held=False)
    quoted = "；".join(f"“{measure.text}”" for measure in task.measures)
    lines = [f"原文：{quoted}。"]
    if len(task.owners) > 1:
        lines.append("文件未把指标分配到单位。")
    return _told_of(ask, task, lines, held=True)


def told(ask: Ask, task: Task) -> Answer:
    """Tell of a task what the question wants to know of it."""
    question = ask.question
    if question.has(Sign.WHO, Sign.WHO_LEADS, Sign.WHO_HELPS):
        return owners(ask, task)
    if question.has(Sign.DEADLINE, Sign.HOW_OFTEN):
        return due(ask, task)
    if question.has(Sign.HOW_MUCH, Sign.FIGURES):
        return figures(ask, task)
    return detail(ask, ask.plan_of(task), task)
