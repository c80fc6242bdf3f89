"""What a new version of a plan changes: its tasks aligned, each change in words."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar

from rapidfuzz import fuzz, process

from bot.facts import Due, Measure, Owner, Passage, PlanDraft, TaskDraft
from bot.plans.review import duty_line, head_fields, measure_line
from bot.plans.words import DUE_WORDS, one_line, owners_line

T = TypeVar("T")
SAME_TASK = 62.0  # of 100: below, two tasks are a removed and an added one
_COMPARED = 300  # characters of a body that are compared
_SHOWN = 40  # characters of a text that are shown


class ChangeKind(StrEnum):
    """What became of something between two versions."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference between two versions of a plan.

    `where` is the clause in the new version (in the old one if removed), or the name
    of a head field; `what` are the fields that differ; `text` says it in Chinese.
    MOVED is a task of which nothing but the clause differs.
    """

    kind: ChangeKind
    where: str
    what: tuple[str, ...]
    text: str


def changes(old: PlanDraft, new: PlanDraft) -> list[Change]:
    """List what *new* changes in *old*: head, tasks in their order, targets, duties.

    Tasks are aligned by title and body, so that one more clause in front does not
    make all that follow look new. Source lines and doubts are not compared.
    """
    found = [
        *_head_changes(old, new),
        *_task_changes(old.tasks, new.tasks),
        *_list_changes("目标", old.targets, new=new.targets, words=measure_line),
        *_list_changes("职责", old.duties, new=new.duties, words=duty_line),
        *_list_changes("段落", old.passages, new=new.passages, words=_passage_line),
    ]
    return [replace(change, text=one_line(change.text)) for change in found]


def _head_changes(old: PlanDraft, new: PlanDraft) -> list[Change]:
    before, after = head_fields(old), head_fields(new)
    return [
        Change(
            kind=ChangeKind.CHANGED,
            where=name,
            what=(name,),
            text=f"{name}：由“{before[name] or '无'}”改为“{after[name] or '无'}”",
        )
        for name in before
        if before[name] != after[name]
    ]


def _list_changes(
    name: str, old: Iterable[T], *, new: Iterable[T], words: Callable[[T], str]
) -> list[Change]:
    before, after = Counter(old), Counter(new)
    gone = [words(value) for value in (before - after).elements()]
    come = [words(value) for value in (after - before).elements()]
    return [
        *(_line(ChangeKind.REMOVED, name, text=f"删去{name}：{one}") for one in gone),
        *(_line(ChangeKind.ADDED, name, text=f"新增{name}：{one}") for one in come),
    ]


def _line(kind: ChangeKind, where: str, *, text: str) -> Change:
    return Change(kind=kind, where=where, what=(), text=text)


def _passage_line(passage: Passage) -> str:
    return f"〔{passage.where}〕{_short(passage.text)}"


def _task_changes(old: Sequence[TaskDraft], new: Sequence[TaskDraft]) -> list[Change]:
    pairs = align_tasks(old, new)
    found: list[Change] = []
    for place, task in enumerate(new):
        if place not in pairs:
            found.append(_whole(ChangeKind.ADDED, task))
        elif change := _compare(old[pairs[place]], task):
            found.append(change)
    kept = set(pairs.values())
    gone = (task for place, task in enumerate(old) if place not in kept)
    return found + [_whole(ChangeKind.REMOVED, task) for task in gone]


def _whole(kind: ChangeKind, task: TaskDraft) -> Change:
    word = "新增" if kind is ChangeKind.ADDED else "删去"
    name = _short(task.title or task.body)
    return Change(
        kind=kind, where=task.id, what=(), text=f"{word}任务〔{task.id}〕{name}"
    )


def align_tasks(old: Sequence[TaskDraft], new: Sequence[TaskDraft]) -> dict[int, int]:
    """Pair the tasks of two versions: place in *new* -> place in *old*, each once.

    What is word for word the same comes first, then the most alike.
    """
    pairs: dict[int, int] = {}
    for key in (_all_of, _words_of, _title_and_owners):
        _pair_equal(pairs, old, new=new, key=key)
    _pair_alike(pairs, old, new=new)
    return pairs


Key = Callable[[TaskDraft], tuple[object, ...]]


def _all_of(task: TaskDraft) -> tuple[object, ...]:
    return (task.id, task.title, task.body)


def _words_of(task: TaskDraft) -> tuple[object, ...]:
    return (task.title, task.body)


def _title_and_owners(task: TaskDraft) -> tuple[object, ...]:
    return (task.title, task.owners) if task.title else (task.id, task.body)


def _pair_equal(
    pairs: dict[int, int],
    old: Sequence[TaskDraft],
    *,
    new: Sequence[TaskDraft],
    key: Key,
) -> None:
    taken = set(pairs.values())
    free: dict[tuple[object, ...], list[int]] = {}
    for place, task in enumerate(old):
        if place not in taken:
            free.setdefault(key(task), []).append(place)
    for place, task in enumerate(new):
        if place not in pairs and free.get(key(task)):
            pairs[place] = free[key(task)].pop(0)


def _pair_alike(
    pairs: dict[int, int], old: Sequence[TaskDraft], *, new: Sequence[TaskDraft]
) -> None:
    taken = set(pairs.values())
    left = [place for place in range(len(old)) if place not in taken]
    right = [place for place in range(len(new)) if place not in pairs]
    if not left or not right:
        return
    found = _likeness([old[place] for place in left], [new[place] for place in right])
    for score, row, column in found:
        if score < SAME_TASK:
            break
        if left[row] not in taken and right[column] not in pairs:
            pairs[right[column]] = left[row]
            taken.add(left[row])


def _likeness(
    old: Sequence[TaskDraft], new: Sequence[TaskDraft]
) -> list[tuple[float, int, int]]:
    """Score each pair from 0 to 108: score, place in *old* and in *new*, best first."""
    titles = process.cdist(
        [task.title for task in old], [task.title for task in new], scorer=fuzz.ratio
    )
    bodies = process.cdist(
        [task.body[:_COMPARED] for task in old],
        [task.body[:_COMPARED] for task in new],
        scorer=fuzz.ratio,
    )
    found = []
    for row, before in enumerate(old):
        for column, after in enumerate(new):
            body, title = float(bodies[row, column]), float(titles[row, column])
            if not (before.title or after.title):
                title = body
            if not (before.body or after.body):
                body = title
            score = max(0.5 * title + 0.5 * body, 0.8 * title, 0.8 * body)
            same_place = 8.0 if before.id == after.id else 0.0
            found.append((score + same_place, row, column))
    return sorted(found, key=lambda pair: (-pair[0], pair[1], pair[2]))


def _compare(old: TaskDraft, new: TaskDraft) -> Change | None:
    said = {
        "title": _said("标题", old.title, new=new.title, words=str),
        "body": "" if _wording(old) == _wording(new) else "正文或出处有改动",
        "owners": _said("责任", old.owners, new=new.owners, words=_owners),
        "measures": _said("指标", old.measures, new=new.measures, words=_measures),
        "due": _said("时限", old.due, new=new.due, words=_due),
    }
    what = tuple(name for name, text in said.items() if text)
    moved = f"序号由 {old.id} 改为 {new.id}" if old.id != new.id else ""
    if not what and not moved:
        return None
    kind = ChangeKind.CHANGED if what else ChangeKind.MOVED
    told = "；".join(text for text in (moved, *said.values()) if text)
    name = _short(new.title or new.body)
    return Change(
        kind=kind, where=new.id, what=what, text=f"任务〔{new.id}〕{name}：{told}"
    )


def _wording(task: TaskDraft) -> tuple[object, ...]:
    return (task.body, task.annotation, task.section_path, task.parent)


def _said(name: str, old: T, *, new: T, words: Callable[[T], str]) -> str:
    if old == new:
        return ""
    before, after = words(old), words(new)
    if before == after:
        return f"{name}的细节有改动"
    return f"{name}由“{before or '无'}”改为“{after or '无'}”"


def _owners(owners: tuple[Owner, ...]) -> str:
    return owners_line(owners)


def _measures(measures: tuple[Measure, ...]) -> str:
    return "；".join(map(measure_line, measures))


def _due(due: tuple[Due, ...]) -> str:
    return "；".join(
        f"{one.text}（{DUE_WORDS[one.kind]}{f' {one.day}' if one.day else ''}）"
        for one in due
    )


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
