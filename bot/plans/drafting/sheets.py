"""The sheets of the correction workbook: which facts stand in which column."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any

from bot.facts import Due, Duty, Measure, PlanDraft, Relation, TaskDraft
from bot.plans.drafting.cells import (
    CLAUSE,
    DAY,
    FLAG,
    LINES,
    NUMBER,
    PATH,
    QUOTE,
    TEXT,
    WHOLE,
    Column,
    Kind,
    Mode,
    Source,
    choice,
    show_path,
    without_blanks,
)
from bot.plans.words import DOUBT_WORDS, DUE_WORDS, DUTY_WORDS, ROLE_WORDS

Values = dict[str, Any]

_RELATIONS = choice({relation: relation.value for relation in Relation})
_PLACES = Kind(lambda value: f"{value[0]}–{value[1]}", lambda text, source: text)
_TASK_CLAUSE = Column(head="条款", name="clause", kind=CLAUSE, width=14, required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A table of the workbook; `rows` takes its lines off a draft, in order."""

    title: str
    columns: tuple[Column, ...]
    rows: Callable[[PlanDraft], list[Values]]
    note: str
    may_grow: bool = True


HEAD_TITLE = "概况"
HEAD_COLUMNS = (
    Column(head="文号", name="number", kind=TEXT),
    Column(head="通知标题", name="title", kind=TEXT),
    Column(head="方案标题", name="plan_title", kind=TEXT),
    Column(head="印发单位", name="issuer", kind=TEXT),
    Column(head="印发日期", name="issue_date", kind=DAY),
    Column(head="公开标识", name="open_mark", kind=TEXT, mode=Mode.LOCKED),
    Column(head="草案标识", name="draft_marks", kind=LINES, mode=Mode.LOCKED),
    Column(head="联系单位", name="contact_department", kind=TEXT),
    Column(head="联系电话", name="contact_phone", kind=TEXT),
    Column(head="有效期起", name="valid_first", kind=DAY),
    Column(head="有效期止", name="valid_last", kind=DAY),
    Column(head="有效期原文", name="valid_text", kind=QUOTE),
)


_DRAFT_FIELDS = {field.name for field in fields(PlanDraft)}
HEAD_FIELDS = [column.name for column in HEAD_COLUMNS if column.name in _DRAFT_FIELDS]


def head_values(draft: PlanDraft) -> Values:
    """Take the lines of the first sheet off a draft."""
    contact, validity = draft.contact, draft.validity
    return {
        **{name: getattr(draft, name) for name in HEAD_FIELDS},
        "contact_department": contact.department if contact else "",
        "contact_phone": contact.phone if contact else "",
        "valid_first": validity.first if validity else None,
        "valid_last": validity.last if validity else None,
        "valid_text": validity.text if validity else "",
    }


def plain(value: Any) -> Values:
    """Turn a value of `bot.facts` into its fields."""
    return {field.name: getattr(value, field.name) for field in fields(value)}


def _task_rows(draft: PlanDraft) -> list[Values]:
    doubts: dict[str, list[str]] = {}
    for doubt in draft.doubts:
        about = f"：{doubt.about}" if doubt.about else ""
        doubts.setdefault(doubt.where, []).append(DOUBT_WORDS[doubt.kind] + about)
    return [
        {**plain(task), "clause": task.id, "doubt": "；".join(doubts.get(task.id, []))}
        for task in draft.tasks
    ]


def _inside(name: str) -> Callable[[PlanDraft], list[Values]]:
    """Make a function that lists a field of all tasks, each value with its clause."""

    def rows(draft: PlanDraft) -> list[Values]:
        return [
            {**plain(value), "clause": task.id}
            for task in draft.tasks
            for value in getattr(task, name)
        ]

    return rows


TASKS = Sheet(
    title="任务",
    columns=(
        _TASK_CLAUSE,
        Column(head="系统编序", name="numbered_by_us", kind=FLAG, width=9),
        Column(head="上级任务", name="parent", kind=CLAUSE, width=12),
        Column(head="所属章节", name="section_path", kind=PATH, width=24),
        Column(head="标题", name="title", kind=TEXT, width=30),
        Column(head="正文", name="body", kind=QUOTE, width=70, mode=Mode.LOCKED),
        Column(
            head="责任标注", name="annotation", kind=QUOTE, width=30, mode=Mode.LOCKED
        ),
        Column(head="疑点", name="doubt", kind=TEXT, width=24, mode=Mode.INFO),
        Column(head="原文起止行", name="places", kind=_PLACES, mode=Mode.INFO),
    ),
    rows=_task_rows,
    note="可改条款、章节、标题；可删行。漏读的任务可在末尾加行，正文须抄自原文。",
)
OWNERS = Sheet(
    title="责任单位",
    columns=(
        _TASK_CLAUSE,
        Column(head="单位", name="department", kind=TEXT, width=26, required=True),
        Column(head="角色", name="role", kind=choice(ROLE_WORDS), required=True),
        Column(head="关系词", name="relation", kind=_RELATIONS, required=True),
        Column(head="原文写法", name="written", kind=TEXT, width=26),
        Column(head="对应段落", name="passage", kind=QUOTE, width=50),
    ),
    rows=_inside("owners"),
    note="各列都可改，可增删行；条款须与“任务”表一致，同一任务按行的先后排列。",
)
_MEASURE_COLUMNS = (
    Column(head="原文", name="text", kind=QUOTE, width=50, required=True),
    Column(head="数值", name="number", kind=NUMBER, required=True),
    Column(head="单位", name="unit", kind=TEXT, width=8),
    Column(head="期间", name="period", kind=TEXT),
    Column(head="限定词", name="qualifier", kind=TEXT),
    Column(head="年份", name="year", kind=WHOLE, width=8),
)
MEASURES = Sheet(
    title="任务指标",
    columns=(_TASK_CLAUSE, *_MEASURE_COLUMNS),
    rows=_inside("measures"),
    note="可改可增删；“原文”须是文件里的一段话。",
)
DUES = Sheet(
    title="时限",
    columns=(
        _TASK_CLAUSE,
        Column(head="原文", name="text", kind=QUOTE, width=30, required=True),
        Column(
            head="类型", name="kind", kind=choice(DUE_WORDS), width=14, required=True
        ),
        Column(head="日期", name="day", kind=DAY),
        Column(head="起始日", name="first", kind=DAY),
        Column(head="周期", name="rhythm", kind=TEXT, width=16),
        Column(head="时刻", name="time", kind=TEXT, width=8),
        Column(head="年份系推定", name="assumed", kind=FLAG),
    ),
    rows=_inside("due"),
    note="可改可增删；日期写成 2022-11-07，文件没写日期的留空。",
)
DUTIES = Sheet(
    title="报送要求",
    columns=(
        Column(head="类型", name="kind", kind=choice(DUTY_WORDS), required=True),
        Column(head="责任主体", name="who", kind=LINES, width=24),
        Column(head="内容", name="what", kind=TEXT, width=30),
        Column(head="报送给", name="to", kind=TEXT, width=18),
        Column(head="每年几月", name="month", kind=WHOLE, width=9),
        Column(head="几日", name="day_of_month", kind=WHOLE, width=7),
        Column(head="具体日期", name="day", kind=DAY),
        Column(head="周期", name="rhythm", kind=TEXT, width=16),
        Column(head="出处", name="where", kind=TEXT),
        Column(head="原文", name="text", kind=QUOTE, width=60),
    ),
    rows=lambda draft: [plain(duty) for duty in draft.duties],
    note="可改可增删；多个责任主体一行写一个；“原文”须是文件里的一段话。",
)
TARGETS = Sheet(
    title="目标",
    columns=_MEASURE_COLUMNS,
    rows=lambda draft: [plain(target) for target in draft.targets],
    note="方案的总目标，可改可增删；“原文”须是文件里的一段话。",
)
DOUBTS = Sheet(
    title="疑点",
    columns=(
        Column(head="类型", name="kind", kind=choice(DOUBT_WORDS), mode=Mode.LOCKED),
        Column(head="位置", name="where", kind=TEXT, mode=Mode.LOCKED),
        Column(head="有关文字", name="about", kind=TEXT, width=30, mode=Mode.LOCKED),
        Column(head="请核对", name="advice", kind=TEXT, width=60, mode=Mode.LOCKED),
    ),
    rows=lambda draft: [plain(doubt) for doubt in draft.doubts],
    note="核对清楚的疑点请删除整行；不能改写或新增。",
    may_grow=False,
)
SHEETS = (TASKS, OWNERS, MEASURES, DUES, DUTIES, TARGETS, DOUBTS)


def source_of(draft: PlanDraft) -> Source:
    """Gather what a draft holds of the document's own words, blanks left out."""
    texts = "\n".join(without_blanks(text) for text in _texts(draft) if text)
    paths = {without_blanks(show_path(path)): path for path in _paths(draft)}
    return Source(texts, paths)


def _texts(draft: PlanDraft) -> Iterable[str]:
    yield from (draft.title, draft.plan_title)
    if draft.validity:
        yield draft.validity.text
    for section in draft.sections:
        yield from (section.title, section.intro)
    for task in draft.tasks:
        yield from _task_texts(task)
    yield from (passage.text for passage in draft.passages)
    values: Sequence[Duty | Measure] = (*draft.duties, *draft.targets)
    yield from (value.text for value in values)


def _task_texts(task: TaskDraft) -> Iterable[str]:
    yield from (task.title, task.body, task.annotation)
    yield task.body + task.annotation
    values: Sequence[Measure | Due] = (*task.measures, *task.due)
    yield from (value.text for value in values)
    yield from (owner.passage for owner in task.owners)


def _paths(draft: PlanDraft) -> Iterable[tuple[str, ...]]:
    yield from (section.path for section in draft.sections)
    yield from (task.section_path for task in draft.tasks)
