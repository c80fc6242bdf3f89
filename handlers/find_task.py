"""A task by what it is about: its wording, who owns it, how much, until when."""

import re
from collections.abc import Sequence
from dataclasses import replace

from rapidfuzz import fuzz

from bot.chinese import fold
from bot.facts import Due, DueKind, Measure
from bot.messages import Button, Reply, TaskRef
from bot.model import Plan, Task
from bot.plans.finding.search import MAYBE, SURE, Found
from handlers.choose import asked_departments, own_tie
from handlers.due_dates import dated_reports
from handlers.intent import Answer, Ask, Intent
from handlers.not_held import is_off_topic, offer, refuse
from handlers.phrases import Sign
from handlers.plan_facts import answer_targets
from handlers.quote import (
    cite,
    clause_of,
    detail_lines,
    names,
    owners_line,
    refs,
    wording_pages,
)
from handlers.show import show_list

_NEAR = 0.94  # of the best score: nearer than this we ask which one is meant
_KIN = 0.6  # of the best score: worth a mention beside it
_SAID = 0.5  # of a question's pieces, for it to be about the task just spoken of
_SAME_NAME = 0.7
_NAMED_SECTION = re.compile("[^,。?的]{2,12}?(?:行动|工程)")
SURE_OF_PASSAGE = 0.45
CERTAIN = 0.5  # as sure as this, a word such as 外卖 is one of the plan


def detail(ask: Ask, plan: Plan, task: Task, *, page: int = 0) -> Answer:
    """Show one task whole, and speak of it from now on."""
    pages = len(wording_pages(task))
    buttons = (Button("下一页", "下一页"),) if page + 1 < pages else ()
    reply = Reply("\n".join(detail_lines(plan, task, page=page)), buttons)
    return Answer(
        replace(reply, tasks=refs([(plan, task)])),
        replace(ask.talk, task_id=task.id, text_page=page, offered=""),
    )


def owners(ask: Ask, plan: Plan, task: Task) -> Answer:
    """Say who is responsible for a task, first the conclusion, then the source."""
    question = ask.question
    lines = [f"{clause_of(task)}{task.title}", owners_line(task)]
    if question.has(Sign.WHO_LEADS) and task.owners and not task.leads:
        lines.insert(1, "文件未标注牵头单位，只写“按职责分工负责”，排序不代表牵头。")
    if task.annotation:
        lines.append(f"原文：“{task.annotation}”")
    lines.append(f"依据：{cite(plan)}{task.clause}。")
    reply = Reply("\n".join(lines), (Button("看原文", "原文"),), refs([(plan, task)]))
    return Answer(reply, replace(ask.talk, task_id=task.id, text_page=0, offered=""))


def due(ask: Ask, plan: Plan, task: Task) -> Answer:
    """Say until when a task is to be done, if the plan says so."""
    dated = [item for item in task.due if item.kind is not DueKind.OPEN]
    phrases = "；".join(_due_told(item) for item in dated)
    told = f"文件写明：{phrases}。" if phrases else "文件未写明该项任务的完成时限。"
    lines = [f"{clause_of(task)}{task.title}", told]
    reports = dated_reports(plan)
    if not phrases and reports:
        lines.append(f"落实情况的报送要求见{reports[0].where}：“{reports[0].text}”")
    lines.append(f"依据：{cite(plan)}{task.clause}。")
    tasks = refs([(plan, task)]) if phrases else ()
    reply = Reply("\n".join(lines), (Button("看原文", "原文"),), tasks)
    return Answer(reply, replace(ask.talk, task_id=task.id, text_page=0, offered=""))


def _due_told(item: Due) -> str:
    exact = item.kind in (DueKind.DEADLINE, DueKind.MILESTONE, DueKind.RANGE)
    if not (exact and item.day):
        return f"“{item.text}”"
    return f"“{item.text}”（即{item.day.year}年{item.day.month}月{item.day.day}日前）"


def figures(ask: Ask, plan: Plan, task: Task) -> Answer:
    """Quote the quantities of a task."""
    if not task.measures:
        lines = [f"{clause_of(task)}{task.title}", "文件未给该项任务写明数字指标。"]
    else:
        quoted = "；".join(f"“{measure.text}”" for measure in task.measures)
        lines = [f"{clause_of(task)}{task.title}", f"原文：{quoted}。"]
    if len(task.owners) > 1 and task.measures:
        lines.append("文件未把指标分配到单位。")
    lines.append(f"依据：{cite(plan)}{task.clause}。")
    tasks = refs([(plan, task)]) if task.measures else ()
    reply = Reply("\n".join(lines), (Button("看原文", "原文"),), tasks)
    return Answer(reply, replace(ask.talk, task_id=task.id, text_page=0, offered=""))


def told(ask: Ask, plan: Plan, task: Task) -> Answer:
    """Tell of a task what the question wants to know of it."""
    question = ask.question
    if question.has(Sign.WHO, Sign.WHO_LEADS, Sign.WHO_HELPS):
        return owners(ask, plan, task)
    if question.has(Sign.DEADLINE):
        return due(ask, plan, task)
    if question.has(Sign.HOW_MUCH, Sign.FIGURES):
        return figures(ask, plan, task)
    return detail(ask, plan, task)


def _claims(ask: Ask) -> bool:
    """Whether the question takes a department for the owner of what it asks about."""
    question = ask.question
    if question.has(Sign.WHO, Sign.WHO_LEADS, Sign.WHO_HELPS):
        return False
    if question.departments:
        return True
    claims = (Sign.CARRY, Sign.LEAD, Sign.HELP_WITH, Sign.LIST, Sign.FIGURES)
    return question.has(Sign.US) and question.has(*claims)


def _found_tasks(ask: Ask, found: Sequence[Found]) -> list[tuple[Found, Plan, Task]]:
    tasks = [(hit, ask.task(hit.id)) for hit in found]
    return [(hit, ask.plan_of(task), task) for hit, task in tasks if task]


def find(ask: Ask) -> Answer:
    """Find the task that a question is about; ask back or refuse when not sure."""
    words = ask.question.content or ask.question.folded
    measured = _measured(ask, words)
    if measured:
        return measured
    hits = _found_tasks(ask, ask.shelf.search(words, ask.plans))
    sure = hits[0][0].confidence if hits else 0.0
    if _absent_section(ask, words) or (sure < CERTAIN and is_off_topic(ask)):
        return refuse(ask)
    if sure < SURE:
        return _unsure(ask, words, hits)
    if _claims(ask):
        return _claimed(ask, hits)
    return _best(ask, hits)


def _unsure(ask: Ask, words: str, hits: Sequence[tuple[Found, Plan, Task]]) -> Answer:
    """Look beside the tasks: in the task just spoken of, then in other passages."""
    last = ask.task(ask.talk.task_id) if ask.talk.task_id else None
    if last and covered(words, last.body) >= _SAID:
        return told(ask, ask.plan_of(last), last)
    if ask.question.has(Sign.TARGET):
        return answer_targets(ask)
    passage = passage_answer(ask, words)
    if passage:
        return passage
    if not hits or hits[0][0].confidence < MAYBE:
        return refuse(ask)
    task = hits[0][2]
    return offer(ask, f"{clause_of(task)}{task.title}", f"{task.clause}原文")


def passage_answer(ask: Ask, words: str) -> Answer | None:
    """Quote the sentence of a passage outside the tasks that says *words*."""
    for found in ask.shelf.search_passages(words, ask.plans)[:1]:
        if found.confidence < SURE_OF_PASSAGE:
            continue
        passage = ask.plan.passages[found.id]
        best = max(_sentences(passage.text), key=lambda text: covered(words, text))
        lines = [f"原文：“{best}”", f"依据：{cite(ask.plan)}{passage.where}。"]
        return Answer(Reply("\n".join(lines)), replace(ask.talk, offered=""))
    return None


def _sentences(text: str) -> list[str]:
    return [part + "。" for part in text.split("。") if part.strip()] or [text]


def covered(words: str, text: str) -> float:
    """Return the share, 0 to 1, of the pieces of *words* that stand in *text*."""
    pieces = _pieces(fold(words)) or [fold(words)]
    plain = fold(text)
    return sum(piece in plain for piece in pieces) / len(pieces)


def _absent_section(ask: Ask, words: str) -> bool:
    """Tell whether a 行动 or 工程 is asked for that the plans do not have."""
    named = _NAMED_SECTION.search(words)
    if not named or ask.question.sections:
        return False
    name = named.group()
    known = [section.title for plan in ask.plans for section in plan.sections]
    known += [f"{task.title}{task.body}" for plan in ask.plans for task in plan.tasks]
    return not any(covered(name, text) >= _SAME_NAME for text in known)


def _best(ask: Ask, hits: Sequence[tuple[Found, Plan, Task]]) -> Answer:
    top = hits[0][0].score
    kin = [
        hit for hit in hits if hit[0].score >= _KIN * top and hit[0].confidence >= SURE
    ]
    equals = [hit for hit in kin if hit[0].score >= _NEAR * top]
    if 1 < len(equals) <= 4 and hits[0][0].confidence < 0.9:
        pairs = [(plan, task) for _, plan, task in kin[:4]]
        return show_list(ask, "有几项任务相近，请回复序号看是哪一项：", pairs)
    _, plan, task = hits[0]
    answer = told(ask, plan, task)
    others = kin[1:3] if answer.reply.tasks else []
    text = answer.reply.text
    if others:
        near = "、".join(f"{item.title}〔{item.clause}〕" for _, _, item in others)
        text = f"{text}\n相近任务：{near}。"
    more: tuple[TaskRef, ...] = refs((plan, task) for _, plan, task in others)
    reply = replace(answer.reply, text=text, tasks=(*answer.reply.tasks, *more))
    talk = replace(answer.talk, asked=ask.question.words, shown=())
    return Answer(reply, talk)


def _claimed(ask: Ask, hits: Sequence[tuple[Found, Plan, Task]]) -> Answer:
    """Answer 我们负责大篷车吗: only with a task that is really theirs."""
    who = asked_departments(ask)
    theirs = [
        hit
        for hit in hits
        if hit[0].confidence >= SURE and all(own_tie(ask, hit[2], name) for name in who)
    ]
    if not who or theirs:
        return _best(ask, theirs or hits)
    _, plan, task = hits[0]
    lines = [
        f"不是。最接近的{clause_of(task)}{task.title}未列{'、'.join(who)}。",
        owners_line(task),
        f"依据：{cite(plan)}{task.clause}。",
    ]
    return Answer(
        Reply("\n".join(lines)), replace(ask.talk, task_id=task.id, offered="")
    )


def _measured(ask: Ask, words: str) -> Answer | None:
    """Answer a question for a quantity by the measure that it names."""
    question = ask.question
    if (
        not question.has(Sign.HOW_MUCH, Sign.TARGET, Sign.FIGURES)
        or question.departments
    ):
        return None
    best: tuple[float, Plan, Task | None, Measure] | None = None
    for plan in ask.plans:
        pool: list[tuple[Task | None, Measure]] = [(None, m) for m in plan.targets]
        pool += [(task, m) for task in plan.tasks for m in task.measures]
        for task, measure in pool:
            score = likeness(words, measure.text)
            if best is None or score > best[0]:
                best = (score, plan, task, measure)
    if best is None or best[0] < 60:
        return None
    _, plan, task, measure = best
    if task:
        answer = figures(ask, plan, task)
        head = f"“{measure.text}”\n"
        return replace(
            answer, reply=replace(answer.reply, text=head + answer.reply.text)
        )
    text = f"“{measure.text}”\n依据：{cite(plan)}总体目标部分。"
    return Answer(Reply(text), replace(ask.talk, task_id=None, offered=""))


def likeness(words: str, text: str) -> float:
    """Say from 0 to 100 how well the two-character pieces of *words* lie in *text*."""
    pieces = _pieces(fold(words))
    return float(fuzz.token_set_ratio(" ".join(pieces), " ".join(_pieces(fold(text)))))


def _pieces(text: str) -> list[str]:
    return [text[i : i + 2] for i in range(len(text) - 1)]


FIND_TASK = Intent(
    name="find_task", example="科普志愿队伍谁负责", fits=lambda ask: True, answer=find
)
__all__ = ["FIND_TASK", "detail", "due", "figures", "names", "owners", "told"]
