"""How answers name their source: 文号, clause, owners, and the words themselves."""

import re
from collections.abc import Iterable, Sequence

from bot.chinese import fold
from bot.facts import Owner, Relation
from bot.messages import Button, TaskRef
from bot.model import Plan, Task

PAGE = 4  # items on a page: with head and foot an answer stays within six lines
QUOTE = 420  # characters of wording in one message: WeCom cuts at 2,048 bytes
_STOPS = "。；;"


def cite(plan: Plan) -> str:
    """Name a plan with its 文号: 《…实施方案》（平政字〔2022〕21号）."""
    name = f"《{plan.name}》"
    return f"{name}（{plan.number}）" if plan.number else name


def doc_of(plan: Plan) -> str:
    """Return the short name by which a plan is told from others."""
    return plan.number or plan.name


def clause_of(task: Task) -> str:
    """Mark a task's place: 〔二（一）4〕; says so where the number is ours."""
    note = "，系统编序" if task.numbered_by_us else ""
    return f"〔{task.clause}{note}〕"


def refs(pairs: Iterable[tuple[Plan, Task]]) -> tuple[TaskRef, ...]:
    """Name tasks for those who compare answers by machine."""
    return tuple(TaskRef(doc_of(plan), task.clause, task.title) for plan, task in pairs)


def names(owners: Iterable[Owner]) -> str:
    """Join departments as the document writes them."""
    return "、".join(owner.department for owner in owners)


def owners_line(task: Task) -> str:
    """Say who is responsible, in the words of the document and never with more."""
    if not task.owners:
        return "文件未写明责任单位。"
    leads = [owner for owner in task.owners if owner.leads]
    rest = [owner for owner in task.owners if not owner.leads]
    if not leads:
        note = "文件未区分牵头单位。" if len(rest) > 1 else ""
        return f"责任单位：{_by_relation(rest)}。{note}"
    word = "牵头" if any(o.relation is Relation.LEADS for o in leads) else "负责"
    told = f"{word}单位：{names(leads)}"
    return f"{told}；{_by_relation(rest, always=True)}。" if rest else f"{told}。"


def _by_relation(owners: Sequence[Owner], *, always: bool = False) -> str:
    groups: dict[Relation, list[Owner]] = {}
    for owner in owners:
        groups.setdefault(owner.relation, []).append(owner)
    if len(groups) == 1 and not always:
        return names(owners)
    return "；".join(
        f"{relation}：{names(group)}" for relation, group in groups.items()
    )


def cut_sentences(text: str) -> list[str]:
    """Cut a passage at its full stops; each sentence keeps its own."""
    return [part for part in re.split("(?<=。)", text) if part.strip()] or [text]


def best_sentence(words: str, text: str) -> str:
    """Return the sentence of *text* that says most of *words*."""
    return max(cut_sentences(text), key=lambda sentence: covered(words, sentence))


def covered(words: str, text: str) -> float:
    """Return the share, 0 to 1, of the two-character pieces of *words* in *text*."""
    plain, folded = fold(text), fold(words)
    pieces = [folded[i : i + 2] for i in range(len(folded) - 1)] or [folded]
    return sum(piece in plain for piece in pieces) / len(pieces)


def wording_pages(task: Task) -> list[str]:
    """Cut a task's wording at sentence ends into pages of at most QUOTE characters."""
    text = task.body or task.title
    pages: list[str] = []
    while len(text) > QUOTE:
        cut = max(text.rfind(stop, 0, QUOTE) for stop in _STOPS) + 1
        cut = cut if cut > QUOTE // 3 else QUOTE
        pages.append(text[:cut])
        text = text[cut:]
    return [*pages, text]


def detail_lines(plan: Plan, task: Task, *, page: int = 0) -> list[str]:
    """Show a task: title, wording, owners, source."""
    pages = wording_pages(task)
    page = min(page, len(pages) - 1)
    more = (
        f"（第 {page + 1}/{len(pages)} 页，回复“下一页”看下文）"
        if len(pages) > 1
        else ""
    )
    return [
        f"{clause_of(task)}{task.title}",
        f"原文：“{pages[page]}”{more}",
        owners_line(task),
        f"依据：{cite(plan)}{task.clause}。",
    ]


def item_lines(
    pairs: Sequence[tuple[Plan, Task]], *, page: int, with_doc: bool
) -> list[str]:
    """List one page of tasks, numbered through all pages from 1."""
    start = page * PAGE
    lines = []
    for place, (plan, task) in enumerate(pairs[start : start + PAGE], start=start + 1):
        doc = f"{doc_of(plan)} " if with_doc else ""
        lines.append(f"{place}. {task.title}〔{doc}{task.clause}〕")
    return lines


def list_foot(count: int, *, page: int) -> str:
    """Tell how to go on from one page of a list."""
    left = count - (page + 1) * PAGE
    if left > 0:
        return f"回复序号看原文，回复“下一页”看其余 {left} 项。"
    return "回复序号看原文。"


def list_buttons(count: int, *, page: int) -> tuple[Button, ...]:
    """Offer the items of a page by their numbers, and the next page."""
    start = page * PAGE
    shown = range(start + 1, min(count, start + PAGE) + 1)
    items = tuple(Button(str(place), f"第{place}个") for place in shown)
    more = (Button("下一页", "下一页"),) if count > start + PAGE else ()
    return (*items, *more)
