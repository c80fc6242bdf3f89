"""What the office corrected in a workbook, held against the draft it came from."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.errors import DocumentError
from bot.facts import (
    Contact,
    Doubt,
    Due,
    Duty,
    Measure,
    Owner,
    PlanDraft,
    TaskDraft,
    Validity,
)
from bot.plans.drafting.cells import (
    NOT_OURS,
    Column,
    Faults,
    Mode,
    Source,
    is_shown,
    read_cell,
)
from bot.plans.drafting.sheets import (
    DOUBTS,
    DUES,
    DUTIES,
    HEAD_COLUMNS,
    HEAD_FIELDS,
    HEAD_TITLE,
    MEASURES,
    OWNERS,
    SHEETS,
    TARGETS,
    TASKS,
    Sheet,
    Values,
    head_values,
    source_of,
)

KEY_HEAD = "行键（勿动）"
MAX_FAULTS = 20
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
Grid = list[tuple[int, list[str]]]


@dataclass(frozen=True, slots=True)
class Entry:
    """A row as read: its number in the sheet, its values, whether it was changed."""

    row: int
    values: Values
    changed: bool


Entries = dict[str, list[Entry]]


def corrected(draft: PlanDraft, grids: Mapping[str, Grid]) -> PlanDraft:
    """Apply the corrections in *grids* (sheet -> rows of texts) to *draft*.

    What nobody changed keeps its value, character by character. Raises DocumentError
    naming sheet and row of each fault, 20 at most, if there is any.
    """
    faults, source = Faults(), source_of(draft)
    head = _read_head(draft, grids.get(HEAD_TITLE), faults, source=source)
    entries: Entries = {}
    for sheet in SHEETS:
        reader = _Reader(sheet, faults, source, sheet.rows(draft))
        entries[sheet.title] = reader.read(grids.get(sheet.title))
    _check(entries, faults)
    if faults.found:
        raise refusal(faults)
    return _assembled(draft, head, entries)


def refusal(faults: Faults) -> DocumentError:
    """Make the error that tells a person what is wrong, row by row."""
    shown = faults.found[:MAX_FAULTS]
    left = len(faults.found) - len(shown)
    lines = ["更正表有以下问题，未导入任何内容：", *shown]
    if left:
        lines.append(f"……另有{left}处")
    return DocumentError(f"{len(faults.found)} faults", reply="\n".join(lines))


def _read_head(
    draft: PlanDraft, grid: Grid | None, faults: Faults, *, source: Source
) -> Values:
    """Read the first sheet, which has one field a row."""
    values = head_values(draft)
    rows = {texts[0].strip(): (row, texts) for row, texts in grid or []}
    for column in HEAD_COLUMNS:
        if column.head not in rows:
            faults.add(HEAD_TITLE, 1, f"缺少“{column.head}”一行")
            continue
        row, texts = rows[column.head]
        text = texts[1] if len(texts) > 1 else ""
        if is_shown(column, text, values[column.name]):
            continue
        if column.mode is Mode.LOCKED:
            faults.add(HEAD_TITLE, row, f"“{column.head}”{NOT_OURS}")
            continue
        try:
            values[column.name] = read_cell(column, text, source)
        except ValueError as error:
            faults.add(HEAD_TITLE, row, str(error))
    return values


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads the rows of one sheet beside those that were written there."""

    sheet: Sheet
    faults: Faults
    source: Source
    originals: list[Values]

    def read(self, grid: Grid | None) -> list[Entry]:
        """Read all rows; what is wrong goes to the faults, its value becomes None."""
        if grid is None:
            self.faults.add(self.sheet.title, 1, "缺少这张工作表")
            return []
        labels = [text.strip() for text in grid[0][1]] if grid else []
        places = {label: at for at, label in enumerate(labels)}
        missing = [c.label for c in self.sheet.columns if c.label not in places]
        for label in missing:
            self.faults.add(self.sheet.title, 1, f"缺少“{label}”一列")
        if missing:
            return []
        found = [self._entry(row, texts, places) for row, texts in grid[1:]]
        return [entry for entry in found if entry]

    def _entry(
        self, row: int, texts: list[str], places: Mapping[str, int]
    ) -> Entry | None:
        cells = {
            column.name: texts[places[column.label]]
            if places[column.label] < len(texts)
            else ""
            for column in self.sheet.columns
        }
        original = self._original(texts, places.get(KEY_HEAD))
        if self._is_cleared(cells, original):
            return None
        if original is None and not self.sheet.may_grow:
            self.faults.add(self.sheet.title, row, "这张表只能删除行，不能新增")
            return None
        return self._checked(row, cells, original)

    def _original(self, texts: list[str], place: int | None) -> Values | None:
        key = texts[place].strip() if place is not None and place < len(texts) else ""
        if not key.isdecimal() or not 1 <= int(key) <= len(self.originals):
            return None
        return self.originals[int(key) - 1]

    def _is_cleared(self, cells: dict[str, str], original: Values | None) -> bool:
        """Tell whether a person emptied the row, which deletes it."""
        if any(text.strip() for text in cells.values()):
            return False
        columns = self.sheet.columns
        return original is None or not all(
            is_shown(column, "", original[column.name]) for column in columns
        )

    def _checked(
        self, row: int, cells: dict[str, str], original: Values | None
    ) -> Entry:
        values: Values = dict(original or {})
        changed = original is None
        for column in self.sheet.columns:
            if column.mode is Mode.INFO:
                continue
            text = cells[column.name]
            if original and is_shown(column, text, original[column.name]):
                continue
            changed = True
            try:
                values[column.name] = self._value(column, text, original)
            except ValueError as error:
                self.faults.add(self.sheet.title, row, str(error))
                values.setdefault(column.name, None)
        return Entry(row, values, changed)

    def _value(self, column: Column, text: str, original: Values | None) -> Any:
        if original and column.mode is Mode.LOCKED:
            raise ValueError(f"“{column.head}”{NOT_OURS}")
        return read_cell(column, text, self.source)


def _check(entries: Entries, faults: Faults) -> None:
    rows: dict[str, int] = {}
    for entry in entries[TASKS.title]:
        clause = entry.values["clause"]
        if clause is None:
            continue
        if clause in rows:
            words = f"条款“{clause}”与第{rows[clause]}行重复"
            faults.add(TASKS.title, entry.row, words)
        rows.setdefault(clause, entry.row)
        if not (entry.values["title"] or entry.values["body"]) and entry.changed:
            faults.add(TASKS.title, entry.row, "标题和正文不能都空着")
    _check_clauses(entries, faults, known=set(rows))
    _check_owners(entries, faults)
    for entry in entries[DUTIES.title]:
        if entry.changed:
            _check_day(entry, faults)


def _check_clauses(entries: Entries, faults: Faults, *, known: set[str]) -> None:
    for entry in entries[TASKS.title]:
        parent = entry.values["parent"]
        if parent and parent not in known:
            words = f"“任务”表中没有上级任务“{parent}”"
            faults.add(TASKS.title, entry.row, words)
    for sheet in (OWNERS, MEASURES, DUES):
        for entry in entries[sheet.title]:
            clause = entry.values["clause"]
            if clause is not None and clause not in known:
                words = f"“任务”表中没有条款“{clause}”"
                faults.add(sheet.title, entry.row, words)


def _check_owners(entries: Entries, faults: Faults) -> None:
    """Hold an owner whom the office changed against the words of the document.

    Answers quote the plan: a department that its text does not name would be put
    into its mouth.
    """
    tasks = {entry.values["clause"]: entry.values for entry in entries[TASKS.title]}
    owners = entries[OWNERS.title]
    read = {_bare(entry.values["written"]) for entry in owners if not entry.changed}
    for entry in owners:
        department, written = entry.values["department"], entry.values["written"]
        task = tasks.get(entry.values["clause"])
        if not (entry.changed and department and task):
            continue
        said, name = _bare(written or ""), _bare(department)
        parts = (task["title"], task["body"], task["annotation"])
        named = said in _bare(*(part or "" for part in parts))
        # The cells of a table task are not kept: there the plan's own names count.
        named = named or (not task["annotation"] and said in read)
        if not said or not named:
            words = "“原文写法”要照抄这项任务原文里的单位名；文件没有点名的单位不能添加"
            faults.add(OWNERS.title, entry.row, words)
        elif said not in name and name not in said:
            words = f"单位“{department}”与原文写法“{written}”不是一家"
            faults.add(OWNERS.title, entry.row, words)


def _bare(*texts: str) -> str:
    return "".join("".join(texts).split())


def _check_day(entry: Entry, faults: Faults) -> None:
    month, day = entry.values["month"], entry.values["day_of_month"]
    if month is not None and not 1 <= month <= 12:
        faults.add(DUTIES.title, entry.row, f"没有{month}月")
    elif day is not None and not 1 <= day <= _DAYS[(month or 1) - 1]:
        faults.add(DUTIES.title, entry.row, f"{month or '每'}月没有{day}日这一天")


def _assembled(draft: PlanDraft, head: Values, entries: Entries) -> PlanDraft:
    return replace(
        draft,
        **{name: head[name] for name in HEAD_FIELDS},
        contact=_contact(draft, head),
        validity=_validity(draft, head),
        tasks=tuple(_task(entry, entries) for entry in entries[TASKS.title]),
        duties=tuple(Duty(**entry.values) for entry in entries[DUTIES.title]),
        targets=tuple(Measure(**entry.values) for entry in entries[TARGETS.title]),
        doubts=tuple(Doubt(**entry.values) for entry in entries[DOUBTS.title]),
    )


def _contact(draft: PlanDraft, head: Values) -> Contact | None:
    names = ("contact_department", "contact_phone")
    if not _differs(draft, head, names):
        return draft.contact
    department, phone = (head[name] for name in names)
    return Contact(department=department, phone=phone) if department or phone else None


def _validity(draft: PlanDraft, head: Values) -> Validity | None:
    names = ("valid_first", "valid_last", "valid_text")
    if not _differs(draft, head, names):
        return draft.validity
    first, last, text = (head[name] for name in names)
    if not (first or last or text):
        return None
    return Validity(first=first, last=last, text=text)


def _differs(draft: PlanDraft, head: Values, names: tuple[str, ...]) -> bool:
    before = head_values(draft)
    return any(before[name] != head[name] for name in names)


def _task(entry: Entry, entries: Entries) -> TaskDraft:
    values = {**entry.values}
    clause = values.pop("clause")
    values.pop("doubt", None)
    values["id"] = clause
    for sheet, name, type_ in (
        (OWNERS, "owners", Owner),
        (MEASURES, "measures", Measure),
        (DUES, "due", Due),
    ):
        values[name] = tuple(
            type_(**_without_clause(row.values))
            for row in entries[sheet.title]
            if row.values["clause"] == clause
        )
    return TaskDraft(**values)


def _without_clause(values: Values) -> Values:
    return {name: value for name, value in values.items() if name != "clause"}
