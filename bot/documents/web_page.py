"""Web pages: the article of a page, with its title and index rows, as blocks."""

import re
from itertools import chain, count

from lxml import etree

from bot.documents.encoding import decode
from bot.documents.web_article import data_tables, drop_noise, find_article
from bot.documents.web_lines import Shown, index_rows, render
from bot.errors import DocumentError
from bot.source import Block, Line, Table

_CHARSET = re.compile(
    rb"""<(?:meta|\?xml)[^>]*?(?:charset|encoding)\s*=\s*["']?([\w-]+)""", re.I
)
_SUBSET = re.compile(r"<!DOCTYPE[^>\[]*\[", re.I)
_NUMBER = re.compile(
    r"[\u4e00-\u9fff]{2,}\s*[〔\[【（(]\s*\d{4}\s*[〕\]】）)]\s*第?\s*\d+\s*号"
)
_BLANKS = re.compile(r"\s+")
_CODECS = {
    **dict.fromkeys(("gb2312", "gbk", "gb18030", "x-gbk", "cp936"), "gb18030"),
    **dict.fromkeys(("big5", "big5-hkscs"), "big5hkscs"),
}
_TITLE_NAMES = {"articletitle", "og:title", "dc.title"}
_NO_TEXT = "网页里没有正文文字。请在浏览器中打开，把正文复制到 docx 或 txt 后再导入。"
LARGEST_PAGE = 10_000_000  # characters, marks included
_NEARBY = 1000  # characters at the head of an article, where its title would stand


def read(content: bytes) -> list[Block]:
    """Read the article of a page, without navigation, scripts and footers.

    The title and the index rows (文号, 成文日期) that stand outside it come first.

    Raises:
        DocumentError: the page is unsafe, nested without end, or no text.
    """
    root = _parse(_decoded(content))
    title = _title(root)
    drop_noise(root)
    tables = data_tables(root)
    parts = find_article(root, tables)
    article = [shown for part in parts for shown in render(part, tables)]
    for part in parts:
        _take_out(part)
    around = [shown for shown in render(root, ()) if isinstance(shown, str)]
    front = _front(title, around, _BLANKS.sub("", "".join(map(_text, article))))
    return [
        Table(item, place) if isinstance(item, tuple) else Line(item, place)
        for item, place in zip([*front, *article], count(1))
    ]


def _decoded(content: bytes) -> str:
    found = _CHARSET.search(content[:4096])
    declared = found[1].decode("ascii").lower() if found else ""
    return decode(content, declared=_CODECS.get(declared, ""), most=LARGEST_PAGE)


def _parse(text: str) -> etree._Element:
    """Parse a page as browsers do; no network, no entities of its own."""
    if _SUBSET.search(text[:4096]):
        raise DocumentError(
            "the page defines entities in its DOCTYPE",
            reply="网页里有不安全的定义（DOCTYPE），已停止读取。"
            "请在浏览器中打开，把正文复制到 docx 或 txt 后再导入。",
        )
    parser = etree.HTMLParser(
        encoding="utf-8",
        no_network=True,
        remove_comments=True,
        remove_pis=True,
        huge_tree=True,
    )
    try:
        root = etree.fromstring(text.encode("utf-8"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise DocumentError(f"no page: {error}", reply=_NO_TEXT) from error
    if any(entry.level_name == "FATAL" for entry in parser.error_log):
        raise DocumentError(
            f"broken page: {parser.error_log[-1]}",
            reply="网页结构已损坏，读不完整。"
            "请在浏览器中打开，把正文复制到 docx 或 txt 后再导入。",
        )
    if root is None:
        raise DocumentError("an empty page", reply=_NO_TEXT)
    return root


def _title(root: etree._Element) -> str:
    """Return the title of the article, of which a government page keeps a record."""
    for meta in root.iter("meta"):
        name = meta.get("name") or meta.get("property") or ""
        if name.lower() in _TITLE_NAMES and meta.get("content", "").strip():
            return _BLANKS.sub(" ", meta.get("content")).strip()
    headings = ("".join(item.itertext()) for item in root.iter("h1"))
    return max(
        (_BLANKS.sub(" ", text).strip() for text in headings), key=len, default=""
    )


def _take_out(part: etree._Element) -> None:
    """Empty the article, so that what is left stands around it."""
    part.text = None
    for child in list(part):
        part.remove(child)


def _text(shown: Shown) -> str:
    return shown if isinstance(shown, str) else "".join(chain(*shown))


def _front(title: str, around: list[str], article: str) -> list[str]:
    """Return title, index rows and 文号 that the *article*, blanks removed, lacks."""
    rows = index_rows(around)
    lines = [title, *rows] if len(rows) > 1 else [title]
    if not _NUMBER.search("".join(rows) + article[:_NEARBY]):
        numbers = (line for line in around if len(line) < 30 and _NUMBER.search(line))
        lines += list(numbers)[:1]
    return [line for line in lines if _BLANKS.sub("", line) not in article[:_NEARBY]]
