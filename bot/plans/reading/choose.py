"""Which headings and items of an outline are tasks, and which are not."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from bot.plans.reading.items import Item, ends_alone, merged, paragraph_tasks, read_item
from bot.plans.reading.layout import Paragraph
from bot.plans.reading.marks import Kind
from bot.plans.reading.outline import Node, join_paragraphs, piece_of
from bot.plans.reading.titles import Chapter, chapter_of, may_be_support
from bot.plans.reading.wording import Wording
from bot.source import Table

_CHINESE = re.compile(r"[\u3400-\u9fff]{2}")
_MEASURES = re.compile(r"(?:具体|工作|主要|落实)?(?:措施|举措|任务)\s*[：:]?\s*$")


@dataclass(frozen=True, slots=True)
class Found:
    """A task or a section of the outline, in the document's order.

    `inherited` are annotations of headings above it, nearest first; `is_owner` says
    that its heading is the owner (A：…). `text` is its text without the mark; `above`
    is the id of the heading above it.
    """

    id: str
    path: tuple[str, ...]
    text: Paragraph
    wording: Wording
    is_task: bool
    chapter: Chapter
    by_us: bool = False
    parent: str = ""
    above: str = ""
    inherited: tuple[str, ...] = ()
    is_owner: bool = False
    tables: tuple[Table, ...] = ()
    asides: tuple[Paragraph, ...] = ()


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in the outline one stands, and what holds there."""

    id: str = ""
    above: str = ""
    path: tuple[str, ...] = ()
    chapter: Chapter = Chapter.OTHER
    inherited: tuple[str, ...] = ()
    parent: str = ""
    annotated: bool = False


class Chooser:
    """Chooses the tasks of one part of a document."""

    def __init__(
        self,
        root: Node,
        *,
        is_department: Callable[[str], bool],
        strict: bool = False,
        tabled: bool = False,
        bare_lists: bool = False,
    ) -> None:
        """Look at the tree under *root*.

        If *strict*, tasks are only looked for where an owner is named; if *tabled*,
        a table of the document assigns tasks, so that text alone is seldom one; if
        *bare_lists*, names in a closing bracket are owners without a role word.
        """
        self._root = read_item(root, bare_lists=bare_lists)
        self._is_department = is_department
        self._strict = strict
        self._tabled = tabled
        self.ids: dict[int, str] = {}
        self._leaves = [
            read for read in self._root.walk() if not read.children and read.node.mark
        ]

    def found(self) -> list[Found]:
        """List sections and tasks in the document's order."""
        if not self._root.deep and self._strict:
            return []
        return list(self._visit_root())

    def _visit_root(self) -> Iterator[Found]:
        root = self._root
        if not root.children:
            yield from self._bare(
                root, _Place(annotated=bool(root.deep)), heading=False
            )
            return
        if root.node.paragraphs or root.node.tables:
            yield self._section(root, _Place(path=()), title="")
        for child in root.children:
            yield from self._visit(child, _Place())

    def _visit(self, read: Item, place: _Place) -> Iterator[Found]:
        """Yield what *read* and the nodes below it are."""
        here = self._enter(read, place)
        self.ids[id(read.node)] = here.id
        if self._heads_itself(read):
            yield replace(self._task(read, here), is_owner=True)
        elif read.children and not self._collapses(read):
            yield from self._visit_heading(read, here)
        elif read.children:
            yield from self._visit_leaf(merged(read), here)
        else:
            yield from self._visit_leaf(read, here)

    def _enter(self, read: Item, place: _Place) -> _Place:
        """Step from *place* down to *read*: its id, and what its heading says."""
        title = read.wording.title
        own = chapter_of(title) if read.kind <= Kind.HAN_PAREN else Chapter.OTHER
        top = not place.id
        chapter = place.chapter
        if top and own is Chapter.OTHER and self._closes(read):
            own = Chapter.SUPPORT
        if place.chapter is not Chapter.GOALS:
            fits = own is Chapter.GOALS and not read.annotated and len(title) < 16
            if top or fits:
                chapter = own
        annotated = bool(read.deep) if top else place.annotated
        piece = piece_of(read.node, after=place.id)
        node_id = piece if re.match(r"\d+\.\d", piece) else place.id + piece
        return replace(
            place, id=node_id, above=place.id, chapter=chapter, annotated=annotated
        )

    def _closes(self, read: Item) -> bool:
        """Say whether *read* is the last chapter and speaks of arrangements."""
        tops = self._root.children
        closing = len(tops) > 2 and tops[-1].node is read.node
        return closing and not read.deep and may_be_support(read.wording.title)

    def _visit_heading(self, read: Item, here: _Place) -> Iterator[Found]:
        """Yield a heading with what stands below it."""
        wording = read.wording
        is_task = self._is_parent(read)
        inside = replace(here, path=(*here.path, wording.title))
        if read.annotated:
            own = tuple(share.reading for share in wording.shares)
            inside = replace(inside, inherited=(*own, *here.inherited))
        if is_task:
            yield self._task(read, here)
            inside = replace(inside, parent=here.id)
        else:
            yield self._section(read, inside, title=wording.title)
        for child in read.children:
            yield from self._visit(child, inside)

    def _visit_leaf(self, read: Item, here: _Place) -> Iterator[Found]:
        """Yield a node without items of its own: task, section, or bare tasks."""
        if not self._holds_task(read, here):
            yield self._point(read, here)
        elif read.kind < Kind.ARABIC and len(paragraph_tasks(read).tasks) > 1:
            yield from self._bare(read, here, heading=True)
        else:
            yield self._task(read, here)

    def _task(self, read: Item, here: _Place) -> Found:
        return Found(
            id=here.id,
            path=here.path,
            text=read.text,
            wording=read.wording,
            is_task=True,
            chapter=here.chapter,
            by_us=read.node.by_us,
            parent=here.parent,
            above=here.above,
            inherited=here.inherited,
            tables=tuple(read.node.tables),
            asides=tuple(read.node.asides),
        )

    def _section(self, read: Item, inside: _Place, *, title: str) -> Found:
        wording = replace(read.wording, title=title)
        if not title:
            wording = replace(wording, body=read.text.text)
        return Found(
            id=inside.id,
            path=inside.path,
            text=read.text,
            wording=wording,
            is_task=False,
            chapter=inside.chapter,
            inherited=inside.inherited,
            tables=tuple(read.node.tables),
            asides=tuple(read.node.asides),
        )

    def _point(self, read: Item, here: _Place) -> Found:
        """Make a section of a node without tasks; a bullet belongs to its heading."""
        title = read.wording.title
        if not read.node.by_us:
            inside = replace(here, path=(*here.path, title))
            return self._section(read, inside, title=title)
        found = self._section(read, replace(here, id=here.above), title=title)
        return replace(found, by_us=True)

    def _bare(self, read: Item, here: _Place, *, heading: bool) -> Iterator[Found]:
        """Yield the paragraphs without number that are tasks, numbered by us."""
        bare = paragraph_tasks(read, has_heading=heading)
        inside = here
        if bare.head is not None or bare.others:
            text = join_paragraphs([*([bare.head] if bare.head else []), *bare.others])
            section = read.reworded(text)
            title = section.wording.title if heading else ""
            if title:
                own = tuple(share.reading for share in section.wording.shares)
                inside = replace(
                    here, path=(*here.path, title), inherited=(*own, *here.inherited)
                )
            yield self._section(section, inside, title=title)
        for number, text in enumerate(bare.tasks, start=1):
            piece = f"（{number}）" if here.id[-1:].isdigit() else str(number)
            task = read.reworded(text)
            inner = replace(inside, id=here.id + piece)
            yield replace(self._task(task, inner), by_us=True, tables=(), asides=())

    def _heads_itself(self, read: Item) -> bool:
        """Say whether the heading is the owner: （一）A：…"""
        title, body = read.wording.title, read.wording.body
        if read.annotated or not title or read.kind < Kind.HAN_PAREN:
            return False
        behind = read.text.text[len(title) : len(title) + 1]
        has_text = bool(body) and not body.startswith(title)
        return has_text and behind in "：:" and self._names_departments(title)

    def _names_departments(self, title: str) -> bool:
        names = [name for name in re.split(r"[、，,]", title) if name.strip()]
        return bool(names) and all(self._is_department(name) for name in names)

    def _is_parent(self, read: Item) -> bool:
        """Say whether an annotated heading is a task beside the measures below it."""
        if not read.annotated or read.kind < Kind.HAN_PAREN:
            return False
        below = sum(child.deep > 0 for child in read.children)
        has_text = len(read.wording.body) > len(read.wording.rest)
        if _MEASURES.search(read.wording.rest) or _MEASURES.search(read.text.text):
            return True
        return has_text and (below > 0 or read.kind >= Kind.ARABIC)

    def _collapses(self, read: Item) -> bool:
        """Say whether the items below *read* are points of one task."""
        named = [child for child in read.children if child.deep]
        if read.annotated:
            points = read.kind >= Kind.ARABIC and not read.wording.body
            return points and not named
        if not named:
            return read.kind >= Kind.ARABIC or (
                bool(self._root.deep) and read.kind >= self._task_kind
            )
        last = read.children[-1]
        if named != [last] or len(read.children) < 2 or last.children:
            return False
        if read.kind >= Kind.ARABIC or ends_alone(last):
            return read.kind >= Kind.HAN_PAREN or ends_alone(last)
        return read.kind >= Kind.HAN_PAREN and not self._usual(last.kind)

    @cached_property
    def _task_kind(self) -> Kind:
        """The kind of item that most often names an owner."""
        kinds = [read.kind for read in self._root.walk() if read.annotated]
        return max(set(kinds), key=kinds.count, default=Kind.DASH)

    def _usual(self, kind: Kind) -> bool:
        """Say whether half of the items of *kind* name an owner."""
        alike = [read for read in self._leaves if read.kind is kind]
        return 2 * sum(read.annotated for read in alike) >= len(alike)

    def _holds_task(self, read: Item, here: _Place) -> bool:
        """Say whether a node without items is a task."""
        if read.annotated:
            return True
        if here.chapter in (Chapter.SUPPORT, Chapter.GOALS):
            return False
        if not _CHINESE.search(read.text.text):
            return False
        if read.node.tables and not read.wording.body:
            return False
        if read.kind <= Kind.HAN:
            return self._first_level and bool(read.wording.body)
        if here.inherited or here.annotated:
            return True
        if here.chapter is Chapter.TASKS:
            return True
        return not self._root.deep and not self._tabled

    @cached_property
    def _first_level(self) -> bool:
        """Say whether the chapters themselves are the tasks."""
        tops = [
            top
            for top in self._root.children
            if chapter_of(top.wording.title) in (Chapter.TASKS, Chapter.OTHER)
        ]
        return len(tops) > 1 and not any(top.children for top in tops)
