"""Tables of tasks: which column says what, and one task for each row."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import Enum

from bot.departments import Departments
from bot.facts import Doubt, Owner, OwnerRole, Relation
from bot.plans.reading.marks import read_mark
from bot.plans.reading.outline import Node, piece_of
from bot.plans.reading.owner_rules import rules_first
from bot.plans.reading.owners import (
    first_owner_leads,
    merge_owners,
    read_cell,
    sole_owner_leads,
)
from bot.plans.reading.titles import first_clause, title_end
from bot.source import Table


class _Column(Enum):
    NUMBER = "number"
    PERSON = "person"
    DUE = "due"
    LEAD = "lead"
    HELP = "help"
    GUIDE = "guide"
    ANSWER = "answer"
    CONTENT = "content"
    TASK = "task"
    GROUP = "group"


_MIXED = r"牵头(?:单位|部门)?[及和与、/／](?:责任|配合|参与|协办)"
_HEADS = (
    (_Column.NUMBER, r"序号|编号|^号$"),
    (_Column.PERSON, r"责任人|领导|联系人|负责人|电话|备注"),
    (_Column.DUE, r"时限|时间|节点|期限|进度"),
    (_Column.ANSWER, _MIXED),
    (_Column.LEAD, r"牵头|主责|主办|负总责"),
    (_Column.HELP, r"配合|协办|协助|协同|参与|参加"),
    (_Column.GUIDE, r"指导(?:单位|部门)|督导"),
    (
        _Column.ANSWER,
        r"(?:责任|负责|承办|实施|落实|承担|主管)(?:单位|部门|主体|[科处]室|机构)|^责任$|^部门$|分工单位",
    ),
    (
        _Column.CONTENT,
        r"(?:工作|具体|主要|任务|实施|建设)内容|具体(?:措施|任务|举措)|工作(?:措施|目标|要求)"
        r"|目标要求|推进措施|^内容$|任务目标",
    ),
    (
        _Column.TASK,
        r"任务|事项|措施|举措|重点工作|工作名称|项目名称|^项目$|主要工作|政策",
    ),
    (_Column.GROUP, r"类别|分类|板块|领域|类型|行动|工程|方面|章节"),
)
_ROLES = {
    _Column.LEAD: (OwnerRole.LEAD, Relation.LEADS),
    _Column.ANSWER: (OwnerRole.JOINT, Relation.ANSWERS),
    _Column.HELP: (OwnerRole.HELPER, Relation.HELPS),
    _Column.GUIDE: (OwnerRole.GUIDE, Relation.GUIDES),
}
_ASIDE = re.compile(r"[（(][^（）()]*[）)]")
_PEOPLE = "责任人|负责人|责任领导|联系人|联系方式|联系电话|电话"
_WITH_PEOPLE = re.compile(
    rf"(?<=.)(?:及|和|与|、|/|／|\|)(?:{_PEOPLE})$|^(?:{_PEOPLE})(?:及|和|与|、|/|／|\|)(?=.)"
)
_TEXTS = (_Column.TASK, _Column.CONTENT, _Column.GROUP)


@dataclass(slots=True)
class RowTask:
    """A task that a table's row states; `due_text` is its column of time."""

    id: str
    title: str
    body: str
    path: tuple[str, ...]
    owners: tuple[Owner, ...]
    due_text: str
    by_us: bool
    place: int
    doubts: list[Doubt] = field(default_factory=list)


def _bare(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _column(head: str) -> _Column | None:
    bare = _WITH_PEOPLE.sub("", _ASIDE.sub("", _bare(head)))
    if not bare or len(bare) > 14:
        return None
    found = next((c for c, pattern in _HEADS if re.search(pattern, bare)), None)
    counts = found in _ROLES and re.search(r"数|率|情况|名单|方式|形式", bare)
    return None if counts else found


def _ranks(head: str) -> bool:
    """Say whether the first name in the column under *head* leads."""
    return rules_first(head) or re.search(_MIXED, _bare(head)) is not None


@dataclass(frozen=True, slots=True)
class _Heads:
    """The columns of a table; the first name in those of `ranked` leads."""

    columns: tuple[_Column | None, ...]
    first_row: int
    ranked: frozenset[int] = frozenset()

    def at(self, column: _Column) -> list[int]:
        return [at for at, kind in enumerate(self.columns) if kind is column]

    def text(self, row: Sequence[str], column: _Column) -> str:
        cells = dict.fromkeys(row[at].strip() for at in self.at(column))
        return "\n".join(cell for cell in cells if cell)

    @property
    def owners(self) -> list[tuple[int, _Column]]:
        found = [(at, kind) for at, kind in enumerate(self.columns) if kind in _ROLES]
        return [(at, kind) for at, kind in found if kind is not None]


def _heads(table: Table) -> _Heads | None:
    """Find the rows of column heads; None if the table holds no tasks."""
    best: tuple[int, tuple[_Column | None, ...], int] | None = None
    for at, row in enumerate(table.rows[:4]):
        columns = tuple(_column(cell) for cell in row)
        owners = sum(column in _ROLES for column in columns)
        score = len({column for column in columns if column}) + owners
        if owners and len(set(row)) > 1 and (best is None or score >= best[0]):
            best = (score, columns, at + 1)
    if best is None:
        return None
    written = table.rows[best[2] - 1]
    ranked = frozenset(at for at, cell in enumerate(written) if _ranks(cell))
    heads = _Heads(best[1], best[2], ranked)
    if any(heads.at(column) for column in (_Column.TASK, _Column.CONTENT)):
        return heads
    return _with_widest(table, heads)


def _with_widest(table: Table, heads: _Heads) -> _Heads | None:
    """Take the column with most text for the task where no head names it."""
    free = [
        at for at, kind in enumerate(heads.columns) if kind in (None, _Column.GROUP)
    ]
    rows = table.rows[heads.first_row :]
    if not free or not rows:
        return None
    widest = max(
        free, key=lambda at: sum(len(cell) for row in rows for cell in row[at : at + 1])
    )
    columns = list(heads.columns)
    columns[widest] = _Column.TASK
    return replace(heads, columns=tuple(columns))


def is_task_table(table: Table) -> bool:
    """Say whether a table assigns tasks; one of figures or of people does not."""
    return _heads(table) is not None


def read_table(
    table: Table,
    *,
    where: str,
    path: tuple[str, ...],
    departments: Departments,
    first_leads: bool = False,
) -> list[RowTask]:
    """Read the tasks of a table that stands under clause *where*; [] if none.

    If *first_leads*, the document says that the first name of a list leads.
    """
    heads = _heads(table)
    if heads is None:
        return []
    rows = [_padded(row, heads) for row in table.rows[heads.first_row :]]
    shared = _repeated(rows, heads)
    tasks: list[RowTask] = []
    keys: dict[tuple[str, ...], RowTask] = {}
    prefix, trail = where, path
    for row in rows:
        if _is_heading(row):
            prefix, trail = _under(row[0], where=where, path=path)
            continue
        key = tuple(heads.text(row, c) for c in (_Column.NUMBER, *_TEXTS))
        if not any(key[1:3]) or [_bare(c) for c in row] == _head_row(table, heads):
            continue
        owners = _owners(row, heads, departments, first_leads=first_leads)
        if key in keys:
            _add(keys[key], owners)
            continue
        task = _task(row, heads, prefix, trail, count=len(tasks), shared=shared)
        task.place = table.place
        _add(task, owners)
        keys[key] = task
        tasks.append(task)
    for task in tasks:
        task.owners = sole_owner_leads(task.owners)
    _number_parts(tasks)
    return tasks


def _number_parts(tasks: Sequence[RowTask]) -> None:
    """Tell rows with one number apart: 3（1）, 3（2）."""
    alike: dict[str, list[RowTask]] = {}
    for task in tasks:
        alike.setdefault(task.id, []).append(task)
    for parts in alike.values():
        if len(parts) > 1:
            for count, task in enumerate(parts, start=1):
                task.id, task.by_us = f"{task.id}（{count}）", True


def _padded(row: Sequence[str], heads: _Heads) -> tuple[str, ...]:
    return (*row, *[""] * (len(heads.columns) - len(row)))


def _head_row(table: Table, heads: _Heads) -> list[str]:
    return [_bare(cell) for cell in table.rows[heads.first_row - 1]]


def _is_heading(row: Sequence[str]) -> bool:
    """Say whether a row is one joined cell, or one cell with text in front."""
    filled = {cell for cell in row if cell.strip()}
    return len(row) > 1 and len(filled) == 1 and bool(row[0].strip())


def _under(
    heading: str, *, where: str, path: tuple[str, ...]
) -> tuple[str, tuple[str, ...]]:
    """Return the id and path of what stands under a heading in the table."""
    text = heading.strip()
    mark = read_mark(text)
    piece = piece_of(Node(mark), after=where) if mark else ""
    title = text[len(mark.written) :] if mark else text
    return where + piece, (*path, _bare(title).rstrip("。：:"))


def _repeated(rows: Sequence[Sequence[str]], heads: _Heads) -> set[str]:
    """List the task cells that head several rows, each with a content of its own.

    Where the rows share their number too, they are parts of one task: no heading.
    """
    contents: dict[str, set[str]] = {}
    numbers: dict[str, set[str]] = {}
    for row in rows:
        task = heads.text(row, _Column.TASK)
        contents.setdefault(task, set()).add(heads.text(row, _Column.CONTENT))
        numbers.setdefault(task, set()).add(heads.text(row, _Column.NUMBER))
    numbered = bool(heads.at(_Column.NUMBER))
    return {
        task
        for task, texts in contents.items()
        if task and len(texts) > 1 and not (numbered and len(numbers[task]) == 1)
    }


def _task(
    row: Sequence[str],
    heads: _Heads,
    prefix: str,
    path: tuple[str, ...],
    *,
    count: int,
    shared: set[str],
) -> RowTask:
    group = heads.text(row, _Column.GROUP)
    name, content = heads.text(row, _Column.TASK), heads.text(row, _Column.CONTENT)
    if group:
        prefix, path = _under(group, where=prefix, path=path)
    if name in shared:
        prefix, path = _under(name, where=prefix, path=path)
        name = ""
    title, body = _title_and_body(name, content)
    digits = re.search(r"\d+", heads.text(row, _Column.NUMBER))
    mark = read_mark(name or content)
    number = int(digits[0]) if digits else mark.number if mark else 0
    ordinal = str(number or count + 1)
    piece = f"（{ordinal}）" if prefix[-1:].isdigit() else ordinal
    due = heads.text(row, _Column.DUE)
    return RowTask(prefix + piece, title, body, path, (), due, not number, 0)


def _title_and_body(name: str, content: str) -> tuple[str, str]:
    """Part the cells of a row into a title and a text."""
    texts = [text for text in (_unmarked(name), _unmarked(content)) if text]
    whole = "\n".join(texts)
    end, begin = title_end(whole)
    if not end:
        return first_clause(whole), whole
    return whole[:end].strip(" 。：:；;\n"), whole[begin:].strip()


def _unmarked(text: str) -> str:
    text = text.strip()
    mark = read_mark(text)
    return text[len(mark.written) :].strip() if mark else text


def _owners(
    row: Sequence[str], heads: _Heads, departments: Departments, *, first_leads: bool
) -> list[Owner]:
    found: list[Owner] = []
    for at, column in heads.owners:
        role, relation = _ROLES[column]
        owners = read_cell(
            row[at], role=role, relation=relation, departments=departments
        )
        if at in heads.ranked or (first_leads and not heads.at(_Column.LEAD)):
            owners = first_owner_leads(owners)
        found.extend(owners)
    return found


def _add(task: RowTask, owners: Sequence[Owner]) -> None:
    """Add owners to a task, each department once."""
    task.owners, doubts = merge_owners([*task.owners, *owners])
    task.doubts.extend(doubts)
