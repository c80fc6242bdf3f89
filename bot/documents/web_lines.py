"""A part of a web page as lines and tables, the way a browser shows them."""

import re
from collections.abc import Container, Iterator

from lxml import etree

from bot.documents.numerals import numeral
from bot.documents.web_article import table_rows
from bot.errors import DocumentError

Rows = tuple[tuple[str, ...], ...]
Shown = str | Rows

MOST_CELLS = 200_000
WIDEST_SPAN = 1000
_LARGE = "网页里的表格太大。请把方案正文和任务表复制到 docx 后再导入。"

_BLOCKS = frozenset(
    "p div section article main header h1 h2 h3 h4 h5 h6 li ul ol dl dt dd table tbody"
    " thead tfoot tr td th center form fieldset blockquote pre hr address body html"
    " figure figcaption details summary caption legend".split()
)
_SPACES = re.compile(r"[ \t\n\r\f]+")
_WIDE = "[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f“”‘’—…]"
_WRAP = re.compile(rf"(?<={_WIDE})[ \t]*[\n\r][ \t\n\r]*(?={_WIDE})")
_UNSEEN = re.compile("[\u200b\u200c\u200d\u2060\ufeff]")
_INNER_BLANKS = re.compile(r"\s+")
_LIST_KINDS = {
    "a": "lowerLetter",
    "A": "upperLetter",
    "i": "lowerRoman",
    "I": "upperRoman",
}

LABELS = frozenset(
    "索引号 文号 发文字号 发文机关 发文单位 发布机构 发布单位 发布机关 制发机关"
    " 印发机关 公开责任部门 成文日期 成文时间 发文日期 发布日期 发布时间 公开日期"
    " 印发日期 生成日期 生效日期 实施日期 失效日期 废止日期 主题分类 主题词 公文种类"
    " 信息分类 体裁分类 标题 名称 文件名称 信息名称 有效性 效力状态 关键词"
    " 统一登记号 规范性文件编号".split()
)


def render(part: etree._Element, tables: Container[etree._Element]) -> list[Shown]:
    """Return what *part* shows: lines of text, and the rows of its data *tables*.

    Raises:
        DocumentError: a table is larger than any plan's.
    """
    page = _Page(tables)
    page.show(part)
    page.end_line()
    return page.shown


def index_rows(texts: list[str]) -> list[str]:
    """Return the index rows among *texts* as 文号：值, from labels and what follows."""
    rows: list[str] = []
    waiting = ""
    for text in texts:
        label, value = _split_label(text)
        if label and not value:
            waiting = label
            continue
        if label:
            rows.append(f"{label}：{value}")
        elif waiting and text.strip():
            rows.append(f"{waiting}：{text.strip()}")
        if text.strip():
            waiting = ""
    return rows


def _split_label(text: str) -> tuple[str, str]:
    """Split 文 号：值 into its label and its value; the label is "" if it is none."""
    head, _, value = text.strip(" \u3000[]【】").replace(":", "：", 1).partition("：")
    label = _INNER_BLANKS.sub("", head)
    return (label, value.strip()) if label in LABELS else ("", "")


class _Page:
    """What has been shown so far, and the line that is being filled."""

    def __init__(self, tables: Container[etree._Element]) -> None:
        self.shown: list[Shown] = []
        self._line: list[str] = []
        self._tables = tables
        self._counts: dict[etree._Element, int] = {}

    def show(self, part: etree._Element) -> None:
        """Add the text of *part*; deep nesting costs no stack."""
        walk = etree.iterwalk(part, events=("start", "end"))
        for event, item in walk:
            if event == "start":
                self._open(item, walk)
            else:
                self._close(item)
                if item is not part:
                    self._add(item.tail, item.getparent())

    def end_line(self) -> None:
        """Close the line that is being filled; no line is lost, none is invented."""
        text = _clean("".join(self._line))
        if self._line and (text or "\xa0" in "".join(self._line)):
            self.shown.append(text)
        self._line = []

    def _open(self, item: etree._Element, walk: etree.iterwalk) -> None:
        if item.tag == "br":
            self._break()
        elif item.tag in _BLOCKS:
            self.end_line()
        if item.tag == "li":
            self._line.append(self._list_number(item))
        if item in self._tables:
            walk.skip_subtree()
            self._add_table(item)
        else:
            self._add(item.text, item)

    def _list_number(self, item: etree._Element) -> str:
        """Count an item, and return the number that a browser prints before it."""
        parent = item.getparent()
        if parent is None or parent.tag != "ol":
            return ""
        number = self._counts.get(parent, _number(parent.get("start"), 1) - 1) + 1
        number = self._counts[parent] = _number(item.get("value"), number)
        kind = _LIST_KINDS.get(parent.get("type", ""), "decimal")
        return f"{numeral(number, kind)}. "

    def _close(self, item: etree._Element) -> None:
        if item.tag in _BLOCKS:
            self.end_line()

    def _break(self) -> None:
        if self._line:
            self.end_line()

    def _add(self, text: str | None, owner: etree._Element | None) -> None:
        if not text:
            return
        if owner is None or owner.tag != "pre":
            self._line.append(text)
            return
        first, *others = text.split("\n")
        self._line.append(first)
        for other in others:
            self.end_line()
            self._line.append(other)

    def _add_table(self, table: etree._Element) -> None:
        caption = table.find("caption")
        if caption is not None:
            self.shown.extend(render(caption, ()))
        rows = _grid(table)
        if rows and all(_is_index_row(row) for row in rows):
            self.shown.extend(index_rows([cell for row in rows for cell in _once(row)]))
        elif rows:
            self.shown.append(rows)


def _is_index_row(row: tuple[str, ...]) -> bool:
    return bool(_split_label(row[0])[0])


def _once(row: tuple[str, ...]) -> Iterator[str]:
    """Yield the cells of a row, those joined to one only once."""
    for place, cell in enumerate(row):
        if place == 0 or cell != row[place - 1]:
            yield cell


def _grid(table: etree._Element) -> Rows:
    """Return the cells of a table; one that spans rows or columns is repeated."""
    rows: list[dict[int, str]] = []
    below: dict[int, tuple[int, str]] = {}
    size = 0
    for row in table_rows(table):
        cells = {column: text for column, (_, text) in below.items()}
        spans = {column: (left - 1, text) for column, (left, text) in below.items()}
        column = 0
        for cell in row.iterchildren("td", "th"):
            text = "\n".join(_cell_lines(cell)).strip("\n")
            while column in cells:
                column += 1
            height = _span(cell, "rowspan")
            for _ in range(_span(cell, "colspan")):
                cells.setdefault(column, text)
                spans.setdefault(column, (height - 1, text))
                column += 1
        below = {column: span for column, span in spans.items() if span[0] > 0}
        if cells:
            rows.append(cells)
        size += len(cells)
        if size > MOST_CELLS:
            raise DocumentError(
                f"a table of more than {MOST_CELLS} cells", reply=_LARGE
            )
    width = max((max(cells) + 1 for cells in rows), default=0)
    if width * len(rows) > MOST_CELLS:
        raise DocumentError(f"a table of {len(rows)} x {width} cells", reply=_LARGE)
    return tuple(tuple(cells.get(at, "") for at in range(width)) for cells in rows)


def _cell_lines(cell: etree._Element) -> Iterator[str]:
    for shown in render(cell, ()):
        if isinstance(shown, str):
            yield shown
        else:
            yield from (" ".join(_once(row)) for row in shown)


def _span(cell: etree._Element, name: str) -> int:
    return min(max(_number(cell.get(name), 1), 1), WIDEST_SPAN)


def _number(text: str | None, fallback: int) -> int:
    return int(text) if text and len(text) < 6 and text.isdecimal() else fallback


def _clean(text: str) -> str:
    """Collapse the blanks of the source, keep those that are meant."""
    text = _WRAP.sub("", _UNSEEN.sub("", text))
    text = _SPACES.sub(" ", text).strip(" ")
    return text.replace("\xa0", " ").rstrip()
