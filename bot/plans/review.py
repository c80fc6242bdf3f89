"""A draft before a person: the rows to sign, the counts, what stands in the way."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.facts import (
    Doubt,
    Duty,
    DutyKind,
    Measure,
    OwnerRole,
    PlanDraft,
    TaskDraft,
)
from bot.plans.words import (
    DOUBT_WORDS,
    DUE_WORDS,
    DUTY_WORDS,
    ROLE_WORDS,
    one_line,
    owners_line,
)

NOT_STATED = "（文件未写明）"
_RHYTHMS = {
    "yearly": "每年",
    "quarterly": "每季度",
    "monthly": "每月",
    "weekly": "每周",
    "daily": "每日",
    "half-yearly": "每半年",
}
_CLOSED = re.compile(r"依申请|不[予宜得]?公开|非公开|内部|保密|秘密|机密")
_COLLECTIVE = re.compile(
    r"^(各|有关|相关|其他)|成员单位$|(有关|相关)(部门|单位)|领导小组"
)


class RowKind(StrEnum):
    """What sort of statement a row is."""

    DOUBT = "doubt"
    HEAD = "head"
    TARGET = "target"
    DUTY = "duty"
    TASK = "task"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One statement that a person has to sign.

    `where` is the clause, or the name of the head field; `text` what was understood,
    in one line of at most 500 characters; `advice` what to check. `places` are the
    first and last source line, (0, 0) where it is not tied to lines.
    """

    kind: RowKind
    where: str
    text: str
    advice: str = ""
    places: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """How much a draft holds; `owners` counts each naming of a department by role."""

    tasks: int
    generated: int
    without_owner: int
    owners: tuple[tuple[OwnerRole, int], ...]
    departments: int
    measures: int
    targets: int
    dated: int
    reports: int
    duties: int
    doubts: int

    @property
    def text(self) -> str:
        """The counts as a few Chinese words for a person."""
        roles = [f"{ROLE_WORDS[role]} {count}" for role, count in self.owners]
        parts = [
            f"任务 {self.tasks} 项",
            f"其中系统编序 {self.generated} 项" if self.generated else "",
            f"未写明责任单位 {self.without_owner} 项" if self.without_owner else "",
            f"责任关系 {'、'.join(roles)}" if roles else "",
            f"涉及单位 {self.departments} 个",
            f"指标 {self.measures} 项",
            f"总目标 {self.targets} 项",
            f"有日期的任务时限 {self.dated} 处",
            f"报送要求 {self.reports} 项",
            f"其他职责 {self.duties - self.reports} 项",
            f"疑点 {self.doubts} 处",
        ]
        return "，".join(part for part in parts if part) + "。"


def summary(draft: PlanDraft) -> Summary:
    """Count what a draft holds; `departments` counts names, collectives left out."""
    owners = [owner for task in draft.tasks for owner in task.owners]
    roles = Counter(owner.role for owner in owners)
    single = {o.department for o in owners if o.role is not OwnerRole.COLLECTIVE}
    return Summary(
        tasks=len(draft.tasks),
        generated=sum(task.numbered_by_us for task in draft.tasks),
        without_owner=sum(not task.owners for task in draft.tasks),
        owners=tuple((role, roles[role]) for role in ROLE_WORDS if roles[role]),
        departments=len(single),
        measures=sum(len(task.measures) for task in draft.tasks),
        targets=len(draft.targets),
        dated=sum(due.day is not None for task in draft.tasks for due in task.due),
        reports=sum(duty.kind is DutyKind.REPORT for duty in draft.duties),
        duties=len(draft.duties),
        doubts=len(draft.doubts),
    )


def review_rows(draft: PlanDraft) -> list[Row]:
    """List all that a person must sign: doubts, head, targets, duties, tasks.

    Tasks with a doubt come before the others; else the order is the document's.
    """
    doubtful = {doubt.where for doubt in draft.doubts}
    tasks = sorted(draft.tasks, key=lambda task: task.id not in doubtful)
    rows = [
        *_doubt_rows(draft),
        *_head_rows(draft),
        *(_target_row(measure) for measure in draft.targets),
        *(_duty_row(duty) for duty in draft.duties),
        *(_task_row(task) for task in tasks),
    ]
    return [replace(row, text=one_line(row.text)) for row in rows]


def openness_refusal(draft: PlanDraft) -> str:
    """Say in Chinese why a plan may not be used in chat as it stands; "" if it may."""
    if draft.draft_marks:
        marks = "、".join(draft.draft_marks)
        return f"文件标有“{marks}”，不是正式印发的文件。"
    if not draft.open_mark.strip():
        return "文件没有“此件公开发布”或“主动公开”的标识，不能确认可以公开。"
    if _CLOSED.search(draft.open_mark):
        return f"文件标有“{draft.open_mark}”，不是主动公开的文件。"
    return ""


def unknown_departments(draft: PlanDraft, known: Callable[[str], bool]) -> list[str]:
    """List the departments that nobody knows yet, for a person to confirm.

    In the order of the document, each once; collectives are left out, since they
    have members and no name of their own.
    """
    names = dict.fromkeys(name.strip() for name in _department_names(draft))
    return [name for name in names if name and not known(name)]


def _department_names(draft: PlanDraft) -> Iterable[str]:
    for task in draft.tasks:
        for owner in task.owners:
            if owner.role is not OwnerRole.COLLECTIVE:
                yield owner.department
    for duty in draft.duties:
        yield from (name for name in duty.who if not _COLLECTIVE.search(name))
    if draft.contact:
        yield draft.contact.department


def head_fields(draft: PlanDraft) -> dict[str, str]:
    """Put the head of a plan into words: field in Chinese -> what it says, or ""."""
    contact, validity = draft.contact, draft.validity
    return {
        "文号": draft.number,
        "标题": draft.title,
        "方案标题": draft.plan_title,
        "印发单位": draft.issuer,
        "印发日期": draft.issue_date.isoformat() if draft.issue_date else "",
        "公开标识": draft.open_mark,
        "草案标识": "、".join(draft.draft_marks),
        "联系方式": f"{contact.department} {contact.phone}".strip() if contact else "",
        "有效期": validity.text if validity else "",
    }


def measure_line(measure: Measure) -> str:
    """Put a quantity into one line: the words of the document and the number read."""
    number = f"{measure.number:.15g}{measure.unit}"
    return f"{measure.text}（读作 {number}）"


def duty_line(duty: Duty) -> str:
    """Put a duty into one line: who, when, what, to whom."""
    parts = [
        f"{DUTY_WORDS[duty.kind]}：",
        f"{'、'.join(duty.who)} " if duty.who else "",
        f"{duty_when(duty)} " if duty_when(duty) else "",
        duty.what or duty.text,
        f"，报 {duty.to}" if duty.to else "",
    ]
    return "".join(parts)


def duty_when(duty: Duty) -> str:
    """Say when a duty is due, in Chinese; "" where the plan gives no time."""
    if duty.day:
        return duty.day.isoformat()
    if duty.month and duty.day_of_month:
        return f"每年{duty.month}月{duty.day_of_month}日"
    return rhythm_in_words(duty.rhythm)


def rhythm_in_words(rhythm: str) -> str:
    """Put a rhythm of `bot.facts.Due` into Chinese; what has no word stays out."""
    word, _, rest = rhythm.partition(" ")
    if word == "every" and rest.endswith("years"):
        return f"每{rest.removesuffix(' years')}年"
    told = _RHYTHMS.get(word, "")
    if word == "monthly" and rest.isdecimal():
        return f"{told}{rest}日"
    return told


def _doubt_rows(draft: PlanDraft) -> list[Row]:
    places = {task.id: task.places for task in draft.tasks}
    return [
        Row(
            kind=RowKind.DOUBT,
            where=doubt.where,
            text=_doubt_text(doubt),
            advice=doubt.advice,
            places=places.get(doubt.where, (0, 0)),
        )
        for doubt in draft.doubts
    ]


def _doubt_text(doubt: Doubt) -> str:
    about = f"：{doubt.about}" if doubt.about else ""
    return f"{DOUBT_WORDS[doubt.kind]}{about}"


def _head_rows(draft: PlanDraft) -> list[Row]:
    return [
        Row(kind=RowKind.HEAD, where=name, text=text or NOT_STATED)
        for name, text in head_fields(draft).items()
    ]


def _task_row(task: TaskDraft) -> Row:
    due = "；".join(f"{due.text}（{DUE_WORDS[due.kind]}）" for due in task.due)
    parts = [
        f"{task.title}{'（系统编序）' if task.numbered_by_us else ''}",
        owners_line(task.owners) or "未写明责任单位",
        f"指标：{'；'.join(map(measure_line, task.measures))}" if task.measures else "",
        f"时限：{due}" if due else "",
    ]
    return Row(
        kind=RowKind.TASK,
        where=task.id,
        text="｜".join(part for part in parts if part),
        places=task.places,
    )


def _target_row(measure: Measure) -> Row:
    return Row(kind=RowKind.TARGET, where="总目标", text=measure_line(measure))


def _duty_row(duty: Duty) -> Row:
    return Row(kind=RowKind.DUTY, where=duty.where, text=duty_line(duty))
