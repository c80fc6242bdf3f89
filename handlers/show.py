"""Lists as they are shown: pages, figures, leads; and remembered for what follows."""

from collections.abc import Sequence

from msgspec.structs import replace

from bot.departments import Certainty
from bot.messages import Reply
from bot.model import Plan, Task
from handlers.choose import all_tasks
from handlers.intent import Answer, Ask
from handlers.quote import (
    PAGE,
    cite,
    item_lines,
    list_buttons,
    list_foot,
    names,
    owners_line,
    refs,
)

OUTDATED = "刚才的清单已有新版本，请重新提问。"
_FIGURES = 10  # quantities quoted in one answer


def show_list(
    ask: Ask, head: str, pairs: Sequence[tuple[Plan, Task]], page: int = 0
) -> Answer:
    """Show a page of tasks under a heading, and remember the list."""
    talk = replace(
        ask.talk,
        asked=ask.question.words,
        shown=tuple(task.id for _, task in pairs),
        page=page,
        task_id=pairs[0][1].id if len(pairs) == 1 else None,
        text_page=0,
        offered="",
    )
    lines = [head, *item_lines(pairs, page=page, with_doc=len(ask.plans) > 1)]
    if pairs:
        lines.append(list_foot(len(pairs), page=page))
    buttons = list_buttons(len(pairs), page=page)
    return Answer(Reply("\n".join(lines), buttons, refs(pairs)), talk)


def where(ask: Ask) -> str:
    """Name the plan at hand, or say how many there are."""
    if len(ask.plans) == 1:
        return cite(ask.plan)
    return f"{len(ask.plans)} 份在用文件"


def numbering(pairs: Sequence[tuple[Plan, Task]]) -> str:
    """Say so where the numbers of clauses are ours."""
    return (
        "（部分条目为系统编序）"
        if any(task.numbered_by_us for _, task in pairs)
        else ""
    )


def heard(ask: Ask) -> str:
    """Say how a name was understood: one misspelled, cut in half, or of old."""
    was = ask.departments.is_former
    unsure = [
        mention
        for mention in ask.question.mentions
        if mention.certainty is not Certainty.EXACT
        or was(mention.written, mention.department)
    ]
    told = "、".join(f"“{m.written}”按“{m.department}”" for m in unsure)
    return f"{told}查询：" if told else ""


def show_figures(ask: Ask, whose: str, pairs: Sequence[tuple[Plan, Task]]) -> Answer:
    """Quote every quantity of some tasks, and of the plan itself if all are asked."""
    targets = [] if len(pairs) < _with_figures(ask) else _targets(ask)
    quoted = [f"“{m.text}”〔{t.clause}〕" for _, t in pairs for m in t.measures]
    lines = [f"{whose}数字指标共 {len(targets) + len(quoted)} 个："]
    lines += [f"总体目标：{'；'.join(targets)}。"] if targets else []
    few = len(quoted) <= 3
    lines += quoted if few else [f"{'；'.join(quoted[:_FIGURES])}。"]
    if len(quoted) > _FIGURES:
        lines.append(f"另有 {len(quoted) - _FIGURES} 个，可按单位或按行动、工程再问。")
    lines.append("由多家承担的，文件未把指标分配到单位。")
    shown = show_list(ask, "", pairs)
    reply = replace(shown.reply, text="\n".join(lines), buttons=())
    return replace(shown, reply=reply)


def _with_figures(ask: Ask) -> int:
    return sum(1 for _, task in all_tasks(ask) if task.measures)


def _targets(ask: Ask) -> list[str]:
    return [f"“{measure.text}”" for plan in ask.plans for measure in plan.targets]


def _still_shown(ask: Ask) -> list[tuple[Plan, Task]]:
    """List the tasks just shown that are still in force."""
    tasks = [ask.task(task_id) for task_id in ask.talk.shown]
    return [(ask.plan_of(task), task) for task in tasks if task]


def turn_page(ask: Ask, step: int) -> Answer:
    """Show the next or the previous page of the list just shown."""
    pairs = _still_shown(ask)
    if not pairs:
        return Answer(Reply(OUTDATED), ask.talk)
    page = ask.talk.page + step
    if page < 0 or page * PAGE >= len(pairs):
        edge = "已经是最后一页。" if step > 0 else "已经是第一页。"
        return Answer(Reply(edge, (), refs(pairs)), ask.talk)
    pages = -(-len(pairs) // PAGE)
    asked = replace(ask.question, words=ask.talk.asked)
    shown = show_list(
        ask.about(asked),
        f"第 {page + 1}/{pages} 页，共 {len(pairs)} 项：",
        pairs,
        page,
    )
    rest = pairs[page * PAGE :] + pairs[: page * PAGE]
    return replace(shown, reply=replace(shown.reply, tasks=refs(rest)))


def who_leads_list(ask: Ask) -> Answer:
    """Answer 那谁牵头 about the list just shown."""
    pairs = _still_shown(ask)
    tasks = [task for _, task in pairs]
    if not tasks:
        return Answer(Reply(OUTDATED), ask.talk)
    if not any(task.leads for task in tasks):
        text = (
            f"以上 {len(tasks)} 项，{cite(ask.plan)}均未标注牵头单位，"
            "只写明各责任单位。回复序号看某一项。"
        )
        return Answer(Reply(text, (), refs(pairs)), ask.talk)
    start = ask.talk.page * PAGE
    lines = [f"以上 {len(tasks)} 项的牵头单位："]
    for place, task in enumerate(tasks[start : start + PAGE], start=start + 1):
        leads = names(task.leads) or owners_line(task)
        lines.append(f"{place}. {task.title}〔{task.clause}〕：{leads}")
    lines.append(list_foot(len(tasks), page=ask.talk.page))
    return Answer(Reply("\n".join(lines), (), refs(pairs)), ask.talk)
