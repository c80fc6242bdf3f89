"""Paragraphs -> a tree of headings and items, with the document's own numbers."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from bot.plans.reading.glue import opens_measures
from bot.plans.reading.layout import Paragraph
from bot.plans.reading.letterhead import find_contact, find_open_mark, without_date
from bot.plans.reading.marks import Kind, Mark, han_numeral, read_mark
from bot.plans.reading.marks import Sequence as Order
from bot.plans.reading.titles import is_known_heading
from bot.source import Table

_ANNEX = re.compile(
    r"附\s*(?:件|表|录)\s*(?P<number>[\d一二三四五六七八九十]{0,3})\s*"
    r"(?P<colon>[：:.、]?)\s*(?P<title>.{0,60})"
)
_LISTED = re.compile(r"附\s*件\s*[：:]\s*\S")
_BOX = re.compile(r"专\s*栏\s*[\d一二三四五六七八九十]{0,3}")
_OWNED = re.compile(r"(?:负责|牵头|配合|落实)[）)\]】〕]|(?:单位|部门)[：:]")
_PLAN_TITLE = re.compile(
    r"[^，。；：]{4,60}(?:方案|计划|规划|纲要|要点|措施|办法|分工|清单|台账|一览表|分解表|任务表)"
    r"(?:[（(][^（）()]{1,24}[）)])?"
)


@dataclass(slots=True)
class Node:
    """A heading or an item: its own paragraphs, the first with its mark, then more.

    The root has no mark and holds what stands before the first one. `asides` are
    boxes (专栏) among the text and what stands behind a signature.
    """

    mark: Mark | None
    paragraphs: list[Paragraph] = field(default_factory=list)
    children: list["Node"] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    asides: list[Paragraph] = field(default_factory=list)
    by_us: bool = False

    @property
    def kind(self) -> Kind:
        """The style of its mark; the root counts as the outermost."""
        return self.mark.kind if self.mark else Kind.CHAPTER

    def walk(self) -> Iterator["Node"]:
        """Yield this node and all below it, in the document's order."""
        yield self
        for child in self.children:
            yield from child.walk()

    def whole(self) -> list[Paragraph]:
        """Return all paragraphs of this node and of those below it, in order."""
        return [paragraph for node in self.walk() for paragraph in node.paragraphs]


@dataclass(slots=True)
class Part:
    """The plan itself, a second plan in the same document, or an annex."""

    label: str
    title: str
    root: Node


def piece_of(node: Node, *, after: str) -> str:
    """Write the part of an id that *node* adds to the id *after*."""
    mark = node.mark
    if mark is None:
        return ""
    if mark.label:
        return mark.label
    if mark.kind in (Kind.HAN, Kind.HAN_PAREN):
        numeral = han_numeral(mark.number)
        return numeral if mark.kind is Kind.HAN else f"（{numeral}）"
    if mark.kind is Kind.CIRCLED:
        return mark.written.strip()
    bare = mark.kind is not Kind.ARABIC_PAREN and not after[-1:].isdigit()
    return str(mark.number) if bare else f"（{mark.number}）"


def join_paragraphs(paragraphs: Sequence[Paragraph]) -> Paragraph:
    """Make one paragraph of several, a line break between each two."""
    texts: list[str] = []
    places: list[tuple[int, int]] = []
    length = 0
    for paragraph in paragraphs:
        places += [(length + offset, place) for offset, place in paragraph.places]
        texts.append(paragraph.text)
        length += len(paragraph.text) + 1
    return Paragraph("\n".join(texts), tuple(places) or ((0, 0),))


def is_imprint(text: str) -> bool:
    """Say whether a line is signature, imprint, mark of openness or contact."""
    if len(text) > 80:
        return False
    beside = without_date(text)
    dated = beside is not None and len(beside) < 30 and not re.search(r"[，。：]", text)
    return bool(
        dated
        or re.match(r"抄\s*送\s*[：:]|主\s*送\s*[：:]", text)
        or (text[:1] in "（(" and (find_open_mark(text) or find_contact(text)))
        or find_open_mark(text) == text.strip()
    )


def build_parts(items: Sequence[Paragraph | Table], *, title: str) -> list[Part]:
    """Part plans and annexes from each other, and build the tree of each."""
    parts: list[Part] = []
    held: list[Paragraph | Table] = []
    label, name = "", title
    items = _without_lists(items)
    marks = _marks(items)
    held_marks: list[Mark | None] = []
    cuts = _boundaries(items, marks)
    for at, item in enumerate(items):
        if at in cuts:
            parts.append(Part(label, name, _build(held, held_marks)))
            held, held_marks = [], []
            label, name = cuts[at]
            if isinstance(item, Paragraph):
                continue
        held.append(item)
        held_marks.append(marks[at])
    parts.append(Part(label, name, _build(held, held_marks)))
    return [part for part in parts if part.root.children or _has_content(part.root)]


def _has_content(root: Node) -> bool:
    return bool(root.paragraphs or root.tables)


def _boundaries(
    items: Sequence[Paragraph | Table], marks: Sequence[Mark | None]
) -> dict[int, tuple[str, str]]:
    """Find where annexes and further plans begin: index -> label and title."""
    cuts: dict[int, tuple[str, str]] = {}
    chapters = 0
    title_at = -1
    for at, item in enumerate(items):
        if isinstance(item, Table):
            continue
        annex = _annex(items, at)
        mark = marks[at]
        if annex is not None:
            cuts[at] = annex
            chapters, title_at = 0, -1
        elif mark is not None and mark.kind is Kind.HAN:
            if mark.number == 1 and chapters >= 2 and title_at >= 0:
                title = items[title_at]
                assert isinstance(title, Paragraph)
                cuts[title_at] = ("", title.text)
                chapters = 0
            chapters += 1
            title_at = -1
        elif mark is None and _PLAN_TITLE.fullmatch(item.text):
            title_at = at
        elif mark is not None:
            title_at = -1
    return cuts


def _annex(items: Sequence[Paragraph | Table], at: int) -> tuple[str, str] | None:
    """Read the label and title of an annex that begins at index *at*, or None."""
    item = items[at]
    assert isinstance(item, Paragraph)
    found = _ANNEX.fullmatch(item.text)
    if found is None or _LISTED.match(item.text) or "。" in item.text:
        return None
    after = items[at + 1] if at + 1 < len(items) else None
    listed = isinstance(after, Paragraph) and (
        _ANNEX.fullmatch(after.text) is not None or is_imprint(after.text)
    )
    if found["title"] and (listed or not (found["number"] or found["colon"])):
        return None
    title = found["title"]
    if not title and isinstance(after, Paragraph) and len(after.text) <= 60:
        title = after.text if read_mark(after.text) is None else ""
    return f"附件{found['number']}", title


def _marks(items: Sequence[Paragraph | Table]) -> list[Mark | None]:
    """Read the mark of each paragraph; headings without a number get one of ours."""
    marks = [_mark_of(x) if isinstance(x, Paragraph) else None for x in items]
    if not any(mark and mark.kind <= Kind.HAN for mark in marks):
        count = 0
        for at, item in enumerate(items):
            if isinstance(item, Paragraph) and is_known_heading(item.text):
                count += 1
                marks[at] = Mark(Kind.HAN, count, "")
    return _with_measures(items, _repaired(marks))


def _with_measures(
    items: Sequence[Paragraph | Table], marks: list[Mark | None]
) -> list[Mark | None]:
    """Set measures below their item: 具体措施：1.…2.… under an item that is 1. too."""
    result = list(marks)
    item = measure = 0
    listing = False
    for at, mark in enumerate(marks):
        text = items[at]
        if mark is not None and mark.kind < Kind.ARABIC:
            item, measure, listing = 0, 0, False
        elif mark is not None and mark.kind is Kind.ARABIC:
            first = listing and item and mark.number == 1
            goes_on = measure and mark.number == measure + 1
            if first or (goes_on and not _is_next_item(items, marks, at, item)):
                result[at] = replace(mark, kind=Kind.ARABIC_PAREN)
                measure, listing = mark.number, False
                continue
            item, measure = mark.number, 0
        if isinstance(text, Paragraph):
            listing = opens_measures(text.text)
    return result


def _is_next_item(
    items: Sequence[Paragraph | Table],
    marks: Sequence[Mark | None],
    at: int,
    item: int,
) -> bool:
    """Say whether the mark at *at* is the next item and not the next measure."""
    mark = marks[at]
    if mark is None or mark.number != item + 1:
        return False
    for later in range(at, len(items)):
        text = items[later]
        if later > at and marks[later] is not None:
            return False
        if isinstance(text, Paragraph) and opens_measures(text.text):
            return True
    return False


def _mark_of(item: Paragraph) -> Mark | None:
    if _BOX.match(item.text):
        return None
    mark = read_mark(item.text)
    if mark is None and item.level > 1:
        return Mark(Kind.HAN if item.level == 2 else Kind.BOLD, 0, "")
    return mark


def _without_lists(items: Sequence[Paragraph | Table]) -> list[Paragraph | Table]:
    """Drop lists of annexes: 附件：1.… and the numbered lines that follow."""
    kept: list[Paragraph | Table] = []
    number = 0
    for item in items:
        mark = read_mark(item.text) if isinstance(item, Paragraph) else None
        if isinstance(item, Paragraph) and _LISTED.match(item.text):
            number = 1
        elif number and mark is not None and mark.number == number + 1:
            number += 1
        else:
            number = 0
            kept.append(item)
    return kept


def _repaired(marks: list[Mark | None]) -> list[Mark | None]:
    """Put right a section number in the wrong script: （1） before （二）."""
    result = list(marks)
    section, inner = 0, False
    for at, mark in enumerate(marks):
        if mark is None:
            continue
        if mark.kind < Kind.HAN_PAREN:
            section, inner = 0, False
        elif mark.kind is Kind.HAN_PAREN:
            section, inner = mark.number, False
        elif mark.kind is Kind.ARABIC_PAREN:
            after = _next_section(marks, at)
            fits = after == mark.number + 1 or (after == 0 and section and not inner)
            if section == mark.number - 1 and fits:
                result[at] = replace(mark, kind=Kind.HAN_PAREN)
                section, inner = mark.number, False
            else:
                inner = True
        elif mark.kind is Kind.ARABIC and section == 0:
            inner = True
    return result


def _next_section(marks: Sequence[Mark | None], at: int) -> int:
    """Return the number of the next （二） in this chapter; 0 if there is none."""
    for mark in marks[at + 1 :]:
        if mark is not None and mark.kind <= Kind.HAN_PAREN:
            return mark.number if mark.kind is Kind.HAN_PAREN else 0
    return 0


def _build(items: Sequence[Paragraph | Table], marks: Sequence[Mark | None]) -> Node:
    """Build the tree of one part."""
    root = Node(None)
    stack = [root]
    order = Order()
    box: Order | None = None
    signed = False
    for at, item in enumerate(items):
        if isinstance(item, Table):
            stack[-1].tables.append(item)
            continue
        mark = marks[at]
        if _is_signature(items, at):
            signed = True
            continue
        if mark is None and _BOX.match(item.text) and len(item.text) < 60:
            box = Order()
        if box is not None and not _ends_box(mark, item.text, order, box):
            stack[-1].asides.append(item)
            if mark is not None:
                box.take(mark)
            continue
        box = None
        if mark is None:
            (stack[-1].asides if signed else stack[-1].paragraphs).append(item)
            continue
        signed = False
        order.take(mark)
        _push(stack, mark, item)
    return root


def _push(stack: list[Node], mark: Mark, item: Paragraph) -> None:
    """Hang a new node under the nearest open one of a higher level."""
    while len(stack) > 1 and stack[-1].kind >= mark.kind:
        stack.pop()
    parent = stack[-1]
    by_us = mark.number == 0
    if by_us:
        alike = sum(child.kind is mark.kind for child in parent.children)
        mark = replace(mark, number=alike + 1)
    node = Node(mark, [item], by_us=by_us)
    parent.children.append(node)
    stack.append(node)


def _is_signature(items: Sequence[Paragraph | Table], at: int) -> bool:
    """Say whether a line is an imprint, or signs before a date."""
    item = items[at]
    assert isinstance(item, Paragraph)
    if is_imprint(item.text):
        return True
    after = items[at + 1] if at + 1 < len(items) else None
    if not isinstance(after, Paragraph) or len(item.text) > 40:
        return False
    dated = without_date(after.text)
    return dated == "" and not re.search(r"[，。；：]", item.text)


def _ends_box(mark: Mark | None, text: str, order: Order, box: Order) -> bool:
    """Say whether *mark* goes on with the main text and so ends a box."""
    if mark is None:
        return False
    if mark.kind <= Kind.HAN:
        return order.follows(mark, gap=1)
    if _OWNED.search(text[-60:]):
        return True
    return order.follows(mark) and not box.follows(mark)
