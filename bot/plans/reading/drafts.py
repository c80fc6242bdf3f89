"""What was found in an outline -> tasks with owners, measures, dates and doubts."""

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import date

from bot.departments import Departments
from bot.facts import (
    Doubt,
    DoubtKind,
    Due,
    Owner,
    OwnerRole,
    Relation,
    TaskDraft,
)
from bot.plans.reading.choose import Found
from bot.plans.reading.dates import find_dues
from bot.plans.reading.measures import find_measures
from bot.plans.reading.owners import (
    OwnerRules,
    Reading,
    read_annotation,
    read_cell,
    sole_owner_leads,
)
from bot.plans.reading.suggestions import suggest_owners
from bot.plans.reading.tables import RowTask
from bot.plans.reading.wording import LONGEST

_IN_BRACKET = re.compile(r"[（(]([^（）()]{2,30})[）)]")


@dataclass
class Drafter:
    """Makes drafts of tasks in the document's order, and collects what is doubtful.

    It remembers what the document says once for all later annotations.
    """

    departments: Departments
    year: int | None
    issued: date | None
    rules: OwnerRules = field(default_factory=OwnerRules)
    doubts: list[Doubt] = field(default_factory=list)
    _dues: dict[tuple[str, ...], tuple[Due, ...]] = field(default_factory=dict)

    def note_section(self, found: Found) -> None:
        """Remember the rules and the deadline that a heading lays down."""
        for share in found.wording.shares:
            self.rules = self._read(share.reading).rules
        heading = found.text.text.partition("\n")[0][:80]
        dues = [
            due
            for inner in _IN_BRACKET.findall(heading)
            for due in find_dues(inner, year=self.year, issued=self.issued).dues
        ]
        if dues and found.path:
            self._dues[found.path] = tuple(dues)

    def draft(self, found: Found, *, id: str) -> TaskDraft:
        """Make the draft of a task of the outline under the id *id*."""
        wording = found.wording
        owners, due_text = self._owners(found, id=id)
        owners = self._with_inherited(owners, found)
        dues = self._find_dues(wording.content, due_text, id=id)
        if not dues:
            dues = self._inherited_dues(found.path)
        if not owners:
            self._doubt_owner(wording.content, id=id)
        return TaskDraft(
            id=id,
            title=wording.title,
            body=wording.body,
            section_path=found.path,
            owners=owners,
            measures=find_measures(wording.content[:LONGEST]),
            due=dues,
            annotation=wording.annotation,
            numbered_by_us=found.by_us,
            parent=found.parent,
            places=(found.text.first, found.text.place_at(max(wording.end - 1, 0))),
        )

    def draft_row(self, row: RowTask, *, id: str) -> TaskDraft:
        """Make the draft of a task that a table's row states."""
        self.doubts += [replace(doubt, where=id) for doubt in row.doubts]
        self._doubt_unknown(row.owners, id=id)
        content = "。\n".join(part for part in (row.title, row.body) if part)
        if row.body.startswith(row.title):
            content = row.body
        if not row.owners:
            self._doubt_owner(content, id=id)
        return TaskDraft(
            id=id,
            title=row.title,
            body=row.body,
            section_path=row.path,
            owners=row.owners,
            measures=find_measures(content[:LONGEST]),
            due=self._find_dues(content, row.due_text, id=id),
            numbered_by_us=row.by_us,
            places=(row.place, row.place),
        )

    def forget_owner_doubts(self, owned: Set[str]) -> None:
        """Take back the doubts about missing owners of tasks that got them since."""
        kinds = (DoubtKind.NO_OWNER, DoubtKind.SUGGESTED_OWNER)
        self.doubts = [
            doubt
            for doubt in self.doubts
            if doubt.kind not in kinds or doubt.where not in owned
        ]

    def _read(self, annotation: str) -> Reading:
        return read_annotation(
            annotation, departments=self.departments, rules=self.rules
        )

    def _owners(self, found: Found, *, id: str) -> tuple[tuple[Owner, ...], str]:
        """Read the owners that the task itself names, and its words of time."""
        if found.is_owner:
            return self._heading_owners(found, id=id), ""
        shares = found.wording.shares
        owners: list[Owner] = []
        due_texts = []
        for share in shares:
            reading = self._read(share.reading)
            self.rules = reading.rules
            passage = share.passage if len(shares) > 1 else ""
            owners += [replace(owner, passage=passage) for owner in reading.owners]
            due_texts.append(reading.due_text)
            self.doubts += [replace(doubt, where=id) for doubt in reading.doubts]
        if not shares:
            owners += self.rules.always
        self._doubt_unknown(owners, id=id)
        return tuple(owners), "；".join(text for text in due_texts if text)

    def _heading_owners(self, found: Found, *, id: str) -> tuple[Owner, ...]:
        owners = read_cell(
            found.wording.title,
            role=OwnerRole.JOINT,
            relation=Relation.CARRIES,
            departments=self.departments,
        )
        self._doubt_unknown(owners, id=id)
        return sole_owner_leads(owners)

    def _with_inherited(
        self, owners: tuple[Owner, ...], found: Found
    ) -> tuple[Owner, ...]:
        """Add what the headings above say, where the task itself names none."""
        for annotation in found.inherited:
            above = self._read(annotation).owners
            if not owners:
                owners = above
            elif not any(owner.leads for owner in owners):
                leads = [owner for owner in above if owner.leads]
                named = {owner.department for owner in leads}
                rest = [owner for owner in owners if owner.department not in named]
                owners = (*leads, *rest)
        return owners

    def _find_dues(self, content: str, due_text: str, *, id: str) -> tuple[Due, ...]:
        """Read the phrases of time in a task and in its annotation or column."""
        dues: list[Due] = []
        for text in filter(None, (content, due_text)):
            reading = find_dues(text[:LONGEST], year=self.year, issued=self.issued)
            known = {(due.text, due.day) for due in dues}
            dues += [due for due in reading.dues if (due.text, due.day) not in known]
            self.doubts += [replace(doubt, where=id) for doubt in reading.doubts]
        return tuple(dues)

    def _inherited_dues(self, path: tuple[str, ...]) -> tuple[Due, ...]:
        for length in range(len(path), 0, -1):
            if dues := self._dues.get(path[:length]):
                return dues
        return ()

    def _doubt_owner(self, content: str, *, id: str) -> None:
        """Doubt a task without owner; offer the bodies that its sentences name."""
        self.doubts.append(
            Doubt(
                kind=DoubtKind.NO_OWNER,
                where=id,
                about="",
                advice="原文未写明责任单位，请核对；如需指定，请由办公室确定。",
            )
        )
        for owner in suggest_owners(content[:LONGEST], departments=self.departments):
            self.doubts.append(
                Doubt(
                    kind=DoubtKind.SUGGESTED_OWNER,
                    where=id,
                    about=owner.department,
                    advice=f"正文提到“{owner.written}”，可能是{owner.relation}单位，请确认。",
                )
            )

    def _doubt_unknown(self, owners: Sequence[Owner], *, id: str) -> None:
        for owner in owners:
            if owner.role is OwnerRole.COLLECTIVE:
                continue
            if not self.departments.is_known(owner.department):
                self.doubts.append(
                    Doubt(
                        kind=DoubtKind.UNKNOWN_DEPARTMENT,
                        where=id,
                        about=owner.department,
                        advice=f"单位名录中没有“{owner.department}”，请核对名称。",
                    )
                )


def merge_rows(
    tasks: Sequence[TaskDraft], rows: Sequence[RowTask]
) -> tuple[list[TaskDraft], list[RowTask]]:
    """Give tasks without owner those of the row with the same title.

    Returns the tasks, and the rows that repeat no task.
    """
    by_title: dict[str, int] = {}
    for at, task in enumerate(tasks):
        by_title.setdefault(_key(task.title), at)
    merged = list(tasks)
    new: list[RowTask] = []
    for row in rows:
        same = by_title.get(_key(row.title))
        if same is None:
            same = _alike(row.title, tasks)
        if same is None:
            new.append(row)
        elif not merged[same].owners:
            merged[same] = replace(merged[same], owners=row.owners)
    return merged, new


def _key(title: str) -> str:
    return re.sub(r"[\W_]+", "", title)


def _alike(title: str, tasks: Sequence[TaskDraft]) -> int | None:
    """Find the one task whose title holds *title*, or is held by it."""
    key = _key(title)
    if len(key) < 6:
        return None
    hits = []
    for at, task in enumerate(tasks):
        other = _key(task.title)
        if len(other) >= 6 and (key in other or other in key):
            hits.append(at)
    return hits[0] if len(hits) == 1 else None
