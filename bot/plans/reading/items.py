"""Nodes of an outline with their text read, and tasks that have no number."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from bot.plans.reading.layout import Paragraph
from bot.plans.reading.marks import Kind
from bot.plans.reading.outline import Node, join_paragraphs
from bot.plans.reading.titles import TITLE_LIMIT
from bot.plans.reading.wording import Wording, read_wording


@dataclass
class Item:
    """A node with its wording, read once.

    `bare_lists`: names in a closing bracket are owners without a role word.
    """

    node: Node
    text: Paragraph
    wording: Wording
    bare_lists: bool = False
    children: list["Item"] = field(default_factory=list)

    @property
    def kind(self) -> Kind:
        return self.node.kind

    @cached_property
    def annotated(self) -> bool:
        """Whether its own text names an owner."""
        return bool(self.wording.shares)

    @cached_property
    def deep(self) -> int:
        """How many of this node and of those below it name an owner."""
        return self.annotated + sum(child.deep for child in self.children)

    def reword(self, text: str) -> Wording:
        """Read *text* as this item's own is read."""
        return read_wording(text, bare_lists=self.bare_lists)

    def reworded(self, text: Paragraph) -> "Item":
        """Make an item of the same node with another text, and none below it."""
        return Item(self.node, text, self.reword(text.text), self.bare_lists)

    def walk(self) -> Iterator["Item"]:
        yield self
        for child in self.children:
            yield from child.walk()


def _without_mark(node: Node) -> Paragraph:
    text = join_paragraphs(node.paragraphs)
    skip = len(node.mark.written) if node.mark else 0
    return text.cut(skip) if skip else text


def read_item(node: Node, *, bare_lists: bool) -> Item:
    """Read a node and all below it."""
    text = _without_mark(node)
    return Item(
        node,
        text,
        read_wording(text.text, bare_lists=bare_lists),
        bare_lists,
        [read_item(child, bare_lists=bare_lists) for child in node.children],
    )


def merged(read: Item) -> Item:
    """Make one task of a node and the points below it."""
    paragraphs = read.node.whole()
    node = replace(read.node, paragraphs=paragraphs, children=[])
    for below in read.node.walk():
        if below is not read.node:
            node.tables = [*node.tables, *below.tables]
            node.asides = [*node.asides, *below.asides]
    text = _without_mark(node)
    return Item(
        node, text, read_wording(text.text, bare_lists=read.bare_lists), read.bare_lists
    )


def ends_alone(read: Item) -> bool:
    """Say whether the last paragraph of *read* is nothing but an annotation."""
    paragraphs = read.node.paragraphs
    return len(paragraphs) > 1 and _is_annotation(read.reword(paragraphs[-1].text))


def _is_annotation(wording: Wording) -> bool:
    return bool(wording.shares) and not wording.content.strip("。；; \n")


@dataclass(frozen=True, slots=True)
class Bare:
    """A node's heading, its paragraphs that are tasks, and those that are not."""

    head: Paragraph | None
    tasks: list[Paragraph]
    others: list[Paragraph]


def paragraph_tasks(read: Item, *, has_heading: bool = True) -> Bare:
    """Part an item's text into its heading and the paragraphs that name owners.

    A short line goes with the paragraph below it, being its title; other paragraphs
    without an owner belong to nobody.
    """
    node = read.node
    skip = len(node.mark.written) if node.mark else 0
    paragraphs = list(node.paragraphs)
    head: Paragraph | None = None
    if has_heading and paragraphs:
        head, paragraphs = _run_in(read, paragraphs[0].cut(skip), paragraphs[1:])
    tasks: list[list[Paragraph]] = []
    others: list[Paragraph] = []
    held: list[Paragraph] = []
    for paragraph in paragraphs:
        wording = read.reword(paragraph.text)
        if tasks and not held and _is_annotation(wording):
            tasks[-1].append(paragraph)
        elif wording.shares:
            tasks.append([*held, paragraph])
            held = []
        else:
            others += held
            held = [paragraph]
            if not _may_be_title(paragraph.text):
                others += held
                held = []
    return Bare(head, [join_paragraphs(group) for group in tasks], others + held)


def _may_be_title(text: str) -> bool:
    short = len(text) <= TITLE_LIMIT and "。" not in text[:-1]
    return short and not re.match(r"为|根据|按照|围绕|结合|现将|.*如下", text)


def _run_in(
    read: Item, first: Paragraph, others: Sequence[Paragraph]
) -> tuple[Paragraph, list[Paragraph]]:
    """Cut a heading from text that stands on its own line behind it."""
    stop = first.text.find("。")
    wording = read.reword(first.text)
    if 0 < stop < 40 and len(first.text) > stop + 1 and wording.body:
        return first.cut(0, stop + 1), [first.cut(stop + 1), *others]
    return first, list(others)
