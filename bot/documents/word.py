"""Word files: paragraphs and tables in the order of the document."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from bot.documents.package import Package
from bot.documents.word_numbering import LEVELS, Numbering, W
from bot.documents.word_text import paragraph_pieces, text_boxes
from bot.errors import DocumentError
from bot.source import Block, Line, Table

MOST_CELLS = 500_000
DEEPEST_STYLE = 20

_UNWRAPPED = {
    f"{W}{name}"
    for name in ("sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag")
}


def read(content: bytes) -> list[Block]:
    """Read the body of a docx file; headers, footers and notes are left out.

    Raises:
        DocumentError: the file is torn, locked or no Word document.
    """
    package = Package(content)
    name = package.main_part("word/document.xml")
    root = package.part(name)
    body = None if root is None else root.find(f"{W}body")
    if body is None:
        raise DocumentError(
            f"no body in {name}",
            reply="这个 docx 里没有正文。请用 WPS 或 Word 打开，另存为 docx 后再导入。",
        )
    document = _Document(
        styles=_Styles(package.related_part(name, kind="styles")),
        numbering=Numbering(package.related_part(name, kind="numbering")),
    )
    return list(document.blocks(body))


@dataclass(slots=True)
class _Style:
    """What a paragraph style says about numbers and hiding; None: nothing."""

    parent: str = ""
    list_id: str | None = None
    level: int | None = None
    is_hidden: bool | None = None


class _Styles:
    """The styles of a document, with what they inherit."""

    def __init__(self, root: etree._Element | None) -> None:
        self._styles: dict[str, _Style] = {}
        self._default = ""
        for item in () if root is None else root.iterchildren(f"{W}style"):
            name = item.get(f"{W}styleId", "")
            self._styles[name] = _read_style(item)
            is_default = item.get(f"{W}default") in {"1", "true", "on"}
            if is_default and item.get(f"{W}type") == "paragraph":
                self._default = name

    def list_of(self, name: str) -> tuple[str, int | None, str]:
        """Return list, level and the style that gives them; the list may be ""."""
        for found, style in self._ancestry(name or self._default):
            if style.list_id is not None:
                return style.list_id, style.level, found
        return "", None, ""

    def is_hidden(self, name: str) -> bool:
        """Tell whether text of this style is hidden."""
        for _, style in self._ancestry(name):
            if style.is_hidden is not None:
                return style.is_hidden
        return False

    def _ancestry(self, name: str) -> Iterator[tuple[str, _Style]]:
        for _ in range(DEEPEST_STYLE):
            style = self._styles.get(name)
            if style is None:
                return
            yield name, style
            name = style.parent


@dataclass
class _Document:
    """A document while it is read: lists counted, paragraphs numbered."""

    styles: _Styles
    numbering: Numbering
    place: int = 0
    cells: int = 0
    carried: list[str] = field(default_factory=list)

    def blocks(self, parent: etree._Element) -> Iterator[Block]:
        """Read the paragraphs and tables below *parent*, in order."""
        for item in _children(parent):
            if item.tag == f"{W}p":
                yield from self._lines(item)
            elif item.tag == f"{W}tbl":
                yield from self._table(item)

    def _lines(self, item: etree._Element) -> Iterator[Block]:
        for box in text_boxes(item):
            yield from self.blocks(box)
        texts = self._paragraph(item)
        if texts:
            self.place += 1
        for text in texts:
            yield Line(text, self.place)

    def _paragraph(self, item: etree._Element) -> list[str]:
        """Return the lines of a paragraph; none if its end was deleted.

        Then its text belongs to the next paragraph, and so does the number.
        """
        shape = item.find(f"{W}pPr")
        pieces = paragraph_pieces(item, is_hidden=self.styles.is_hidden)
        pieces = [
            *self.carried[:-1],
            "".join(self.carried[-1:]) + pieces[0],
            *pieces[1:],
        ]
        self.carried = []
        if _is_deleted(shape):
            self.carried = pieces if any(pieces) else []
            return []
        if any(pieces) or not self._hides_end(shape):
            pieces[0] = self._label(shape, has_text=any(pieces)) + pieces[0]
        return pieces

    def _hides_end(self, shape: etree._Element | None) -> bool:
        """Tell whether the end of the paragraph is hidden, and so its number."""
        hidden = None if shape is None else shape.find(f"{W}rPr/{W}vanish")
        if hidden is not None:
            return _is_on(hidden)
        return self.styles.is_hidden(_value(shape, "pStyle"))

    def _label(self, shape: etree._Element | None, *, has_text: bool) -> str:
        """Return the automatic number of a paragraph, or ""; an empty one counts."""
        own = None if shape is None else shape.find(f"{W}numPr")
        style = _value(shape, "pStyle")
        list_id, level, owner = self.styles.list_of(style)
        if own is not None:
            list_id = _value(own, "numId") or list_id
            text = _value(own, "ilvl")
            level = int(text) if text.isdecimal() else level
        if not list_id or list_id == "0":
            return ""
        if level is None:
            level = self.numbering.level_of_style(list_id=list_id, style=owner or style)
        label = self.numbering.next_label(list_id, min(level, LEVELS))
        return label if has_text else label.rstrip()

    def _table(self, item: etree._Element) -> Iterator[Block]:
        self.place += 1
        place = self.place
        rows = self._rows(item)
        width = max((len(row) for row in rows), default=0)
        if width > 1:
            padded = (row + [""] * (width - len(row)) for row in rows)
            yield Table(tuple(tuple(row) for row in padded), place)
            return
        for row in rows:
            for text in row[0].split("\n") if row else ():
                yield Line(text, place)

    def _rows(self, item: etree._Element) -> list[list[str]]:
        """Return the cells of a table; those joined to one are repeated."""
        rows: list[list[str]] = []
        for row in _children(item):
            if row.tag == f"{W}tr" and not _is_deleted_row(row):
                rows.append(self._row(row, rows[-1] if rows else []))
        return rows

    def _row(self, row: etree._Element, above: list[str]) -> list[str]:
        shape = row.find(f"{W}trPr")
        cells = [""] * _count(shape, "gridBefore")
        for cell in _children(row):
            if cell.tag != f"{W}tc":
                continue
            shape = cell.find(f"{W}tcPr")
            span = max(_count(shape, "gridSpan", fallback=1), 1)
            text = self._cell(cell)
            if _is_continued(shape) and len(cells) < len(above):
                text = above[len(cells)]
            cells.extend([text] * span)
            self.cells += span
            if self.cells > MOST_CELLS:
                raise DocumentError(
                    "too many cells",
                    reply="表格太大，请只保留方案正文和任务表后再导入。",
                )
        return cells

    def _cell(self, cell: etree._Element) -> str:
        """Return the text of a cell; a table within it is flattened."""
        texts: list[str] = []
        for item in _children(cell):
            if item.tag == f"{W}p":
                for box in text_boxes(item):
                    texts.append(self._cell(box))
                texts.extend(self._paragraph(item))
            elif item.tag == f"{W}tbl":
                texts.extend(_flat(row) for row in self._rows(item))
        return "\n".join(texts).strip("\n")


def _children(parent: etree._Element) -> Iterator[etree._Element]:
    """Yield what stands below *parent*; frames such as content controls are opened."""
    for item in parent:
        if item.tag in _UNWRAPPED:
            yield from _children(item)
        else:
            yield item


def _flat(row: list[str]) -> str:
    """Return the texts of a row on one line, joined cells once."""
    texts = [
        text for place, text in enumerate(row) if text not in row[place - 1 : place]
    ]
    return " ".join(text for text in texts if text)


def _read_style(item: etree._Element) -> _Style:
    numbers = item.find(f"{W}pPr/{W}numPr")
    level = _value(numbers, "ilvl")
    hidden = item.find(f"{W}rPr/{W}vanish")
    return _Style(
        parent=_value(item, "basedOn"),
        list_id=_value(numbers, "numId") or None,
        level=int(level) if level.isdecimal() else None,
        is_hidden=None if hidden is None else _is_on(hidden),
    )


def _is_deleted(shape: etree._Element | None) -> bool:
    """Tell whether the end of the paragraph was deleted or moved away."""
    return shape is not None and any(
        shape.find(f"{W}rPr/{W}{name}") is not None for name in ("del", "moveFrom")
    )


def _is_deleted_row(row: etree._Element) -> bool:
    return row.find(f"{W}trPr/{W}del") is not None


def _is_continued(shape: etree._Element | None) -> bool:
    """Tell whether a cell is joined to the one above."""
    merge = None if shape is None else shape.find(f"{W}vMerge")
    return merge is not None and merge.get(f"{W}val", "continue") == "continue"


def _is_on(switch: etree._Element) -> bool:
    return switch.get(f"{W}val", "1") not in {"0", "false", "off"}


def _count(shape: etree._Element | None, name: str, *, fallback: int = 0) -> int:
    text = _value(shape, name)
    return min(int(text), 1000) if text.isdecimal() else fallback


def _value(parent: etree._Element | None, name: str) -> str:
    child = None if parent is None else parent.find(f"{W}{name}")
    return "" if child is None else child.get(f"{W}val", "")
