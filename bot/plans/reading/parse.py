"""A document's blocks -> the draft of a plan: tasks, owners, dates, duties, doubts."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bot.departments import Departments
from bot.facts import (
    Doubt,
    Duty,
    DutyKind,
    Measure,
    Passage,
    PlanDraft,
    Section,
    TaskDraft,
)
from bot.plans.reading.checks import (
    missing_numbers,
    plan_doubts,
    suspect_characters,
    unique_doubts,
)
from bot.plans.reading.choose import Chooser, Found
from bot.plans.reading.drafts import Drafter, merge_rows
from bot.plans.reading.duties import find_duties
from bot.plans.reading.head import Head, read_head
from bot.plans.reading.layout import Paragraph, read_paragraphs
from bot.plans.reading.measures import find_targets
from bot.plans.reading.outline import Part, build_parts
from bot.plans.reading.owner_rules import rules_for_all, rules_outside
from bot.plans.reading.owners import OwnerRules
from bot.plans.reading.tables import RowTask, is_task_table, read_table
from bot.plans.reading.titles import Chapter
from bot.plans.reading.wording import LONGEST
from bot.source import Block, Table

_PLAN = re.compile(
    r"(?:方案|计划|规划|纲要|要点|措施|办法|分工|清单|台账|任务表|分解表)"
)
_FORM = re.compile(
    r"统计表|登记表|申报|申请表|名单|汇总表|回执|联系表|报名表|签到|样表|模板"
)
_YEAR = re.compile(r"(?:19|20)\d\d")


def parse_plan(blocks: Sequence[Block], *, departments: Departments) -> PlanDraft:
    """Understand a document: never fails, and invents no owner and no date.

    Args:
        blocks: lines (printed or whole paragraphs) and tables, in order.
        departments: the directory that names are held against.

    Returns:
        A draft whose texts are runs of the source, with only layout taken out; what
        was not understood is empty, and what is doubtful stands in its doubts.
    """
    items = read_paragraphs(blocks)
    head = read_head(items)
    return _Assembly(head, departments).draft()


@dataclass
class _Assembly:
    """Puts a draft together, part after part."""

    head: Head
    departments: Departments
    sections: list[Section] = field(default_factory=list)
    tasks: list[TaskDraft] = field(default_factory=list)
    rows: list[RowTask] = field(default_factory=list)
    duties: list[Duty] = field(default_factory=list)
    targets: list[Measure] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    ids: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.drafter = Drafter(
            departments=self.departments,
            year=self._year(),
            issued=self.head.issue_date,
        )
        texts = [item.text for item in self.head.rest if isinstance(item, Paragraph)]
        self.drafter.rules = OwnerRules(first_leads=rules_outside(texts))
        self.ruled = self.drafter.rules.first_leads or rules_for_all(texts)

    def _year(self) -> int | None:
        """The document's year: of its issue, its number, or the one in its title."""
        if self.head.issue_date:
            return self.head.issue_date.year
        if found := _YEAR.search(self.head.number):
            return int(found[0])
        years = _YEAR.findall(self.head.plan_title)
        return int(years[0]) if len(set(years)) == 1 else None

    def draft(self) -> PlanDraft:
        """Read all parts of the document and return the whole."""
        for paragraph in self.head.notice:
            self._take_passage(paragraph.text, where="", title="通知")
            self.duties += self._reports(paragraph.text, where="通知")
        parts = build_parts(self.head.rest, title=self.head.plan_title)
        tables = [
            table
            for part in parts
            for node in part.root.walk()
            for table in node.tables
        ]
        tabled = any(is_task_table(table) for table in tables)
        for number, part in enumerate(parts):
            self._take_part(part, number=number, tabled=tabled)
        self.tasks, new = merge_rows(self.tasks, self.rows)
        owned = {task.id for task in self.tasks if task.owners}
        self.drafter.forget_owner_doubts(owned)
        for row in new:
            self.tasks.append(self.drafter.draft_row(row, id=self._unique(row.id)))
        self.tasks.sort(key=lambda task: task.places[0])
        return self._with_doubts(self._plan())

    def _plan(self) -> PlanDraft:
        head = self.head
        return PlanDraft(
            number=head.number,
            title=head.title,
            plan_title=head.plan_title,
            issuer=head.issuer,
            issue_date=head.issue_date,
            open_mark=head.open_mark,
            draft_marks=head.draft_marks,
            contact=head.contact,
            validity=head.validity,
            sections=tuple(self.sections),
            tasks=tuple(self.tasks),
            duties=tuple(self.duties),
            targets=tuple(self.targets),
            passages=tuple(self.passages),
        )

    def _with_doubts(self, draft: PlanDraft) -> PlanDraft:
        doubts = [*plan_doubts(draft), *self.doubts, *self.drafter.doubts]
        return replace(draft, doubts=unique_doubts(doubts))

    def _take_part(self, part: Part, *, number: int, tabled: bool) -> None:
        """Read the plan itself, a second one, or an annex."""
        is_plan = number == 0 or (
            _PLAN.search(part.title) is not None and not _FORM.search(part.title)
        )
        chooser = Chooser(
            part.root,
            is_department=self.departments.looks_like_department,
            strict=not is_plan,
            tabled=tabled,
            bare_lists=self.ruled,
        )
        prefix = ""
        if self.tasks:
            prefix = f"{part.label or f'方案{number + 1}'}·"
        found = chooser.found()
        for one in found:
            self._take(replace(one, id=prefix + one.id) if one.id else one, prefix)
        if not found:
            self._take_tables(
                [table for node in part.root.walk() for table in node.tables],
                where=prefix,
                path=(),
            )
        ids = {id(part.root): ""} | {
            key: prefix + name for key, name in chooser.ids.items()
        }
        self.doubts += missing_numbers(part.root, ids=ids)

    def _take(self, found: Found, prefix: str) -> None:
        """Enter one section or task."""
        if found.is_task:
            parent = prefix + found.parent if found.parent else ""
            task = self.drafter.draft(
                replace(found, parent=parent), id=self._unique(found.id)
            )
            self.tasks.append(task)
            self._take_rest(found)
            self.doubts += suspect_characters(found.text.text, where=task.id)
        else:
            self._take_section(found)
        where = prefix + found.above if found.is_task else found.id or prefix
        self._take_asides(found.asides, where=where)
        self._take_tables(found.tables, where=where, path=found.path)

    def _take_rest(self, found: Found) -> None:
        """Enter what stands behind a task's owners: it belongs to its chapter."""
        for text in found.wording.rest.split("\n"):
            self._take_passage(text, where=found.id, title="")
        self.duties += self._reports(found.wording.rest, where=found.above or found.id)

    def _take_section(self, found: Found) -> None:
        self.drafter.note_section(found)
        wording = found.wording
        body = wording.body
        if wording.rest:
            body = f"{body}\n{wording.rest}".strip()
        if found.path and not found.by_us:
            self.sections.append(
                Section(id=found.id, path=found.path, title=wording.title, intro=body)
            )
        if not body and self._is_sentence(wording.title, where=found.id):
            body = found.text.text
        title = wording.title or "前言"
        if found.by_us and found.path:
            title = found.path[-1]
        for text in body.split("\n"):
            self._take_passage(text, where=found.id, title=title)
        if found.chapter is Chapter.GOALS:
            self.targets += find_targets((body or wording.title)[:LONGEST])
        elif body and found.path:
            self._take_duties(body, found)
        self.doubts += suspect_characters(found.text.text, where=found.id)

    def _take_duties(self, body: str, found: Found) -> None:
        """Read what a passage lays down; in a chapter of tasks only reports."""
        if found.chapter is Chapter.TASKS:
            self.duties += self._reports(body, where=found.id)
        else:
            self.duties += self._find_duties(body, where=found.id)

    def _is_sentence(self, title: str, *, where: str) -> bool:
        """Say whether a heading without text below it is itself what is laid down."""
        duties = self._find_duties(title, where=where)
        lays_down = any(duty.who or duty.kind is DutyKind.REPORT for duty in duties)
        return "，" in title or lays_down

    def _reports(self, text: str, *, where: str) -> list[Duty]:
        duties = self._find_duties(text, where=where)
        return [duty for duty in duties if duty.kind is DutyKind.REPORT]

    def _find_duties(self, text: str, *, where: str) -> tuple[Duty, ...]:
        return find_duties(
            text[:LONGEST],
            where=where,
            year=self.drafter.year,
            issued=self.head.issue_date,
        )

    def _take_passage(self, text: str, *, where: str, title: str) -> None:
        if len(text.strip()) > 3:
            self.passages.append(Passage(where=where, title=title, text=text.strip()))

    def _take_asides(self, asides: Sequence[Paragraph], *, where: str) -> None:
        """Keep a box as one passage: its first line is its title."""
        if asides:
            text = "\n".join(paragraph.text for paragraph in asides)
            self._take_passage(text, where=where, title=asides[0].text[:40])

    def _take_tables(
        self, tables: Sequence[Table], *, where: str, path: tuple[str, ...]
    ) -> None:
        for table in tables:
            self.rows += read_table(
                table,
                where=where,
                path=path,
                departments=self.departments,
                first_leads=self.drafter.rules.first_leads,
            )

    def _unique(self, wanted: str) -> str:
        """Return *wanted*, with a count behind it if another task has that id."""
        wanted = wanted or "1"
        self.ids[wanted] += 1
        if self.ids[wanted] == 1:
            return wanted
        return self._unique(f"{wanted}-{self.ids[wanted]}")
