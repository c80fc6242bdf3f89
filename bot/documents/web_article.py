"""Which part of a web page is the article: noise dropped, the densest part found."""

import re
from collections.abc import Callable, Iterator
from itertools import islice

from lxml import etree

_SILENT = (
    "script", "style", "noscript", "template", "head", "iframe", "object", "svg",
    "nav", "footer", "aside", "button", "select", "option", "input", "textarea", "map",
)  # fmt: skip
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_NOISE = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|menu|breadcrumbs?|crumbs?|location|position|footer|foot"
    r"|copyright|share|bdsharebuttonbox|sidebar|toolbar|related|recommend|pagination"
    r"|pager|qrcode|ewm|print|login|search|friendlinks?|links?)(?:$|[\s_\d-])",
    re.I,
)
_ARTICLE = re.compile(
    r"(?:^|\s)(?:zoom|ucap-?content|trs_(?:ue)?editor|article-?content|articlecon"
    r"|pages_content|news_content|arti?cle?_con(?:tent)?|xxgk_content|view[-_]?content)"
    r"(?:$|\s)",
    re.I,
)
_STOPS = re.compile("[，。；、]")
_INK = re.compile(r"\S")
_CONTAINERS = frozenset(
    "body div section article main form center table tbody tr td font span".split()
)
_FEW_STOPS = 5
_NOISE_SHARE = 0.2
_KNOWN_SHARE = 0.5
_WHOLE_SHARE = 0.95

Amounts = dict[etree._Element, int]


def drop_noise(root: etree._Element) -> None:
    """Remove from *root* what is not shown, and what only leads through the site."""
    etree.strip_elements(root, *_SILENT, with_tail=False)
    for item in list(root.iter(etree.Element)):
        if _is_hidden(item):
            _drop(item)
    amounts = _prose(root)
    for item, amount in amounts.items():
        is_small = amount <= _NOISE_SHARE * amounts[root]
        if is_small and (_is_noise(item) or _is_banner(item)):
            _drop(item)


def find_article(
    root: etree._Element, tables: set[etree._Element]
) -> list[etree._Element]:
    """Return the parts of *root* that hold the article, in order; never empty.

    A part that the sites of offices name as theirs is taken if it holds half of the
    prose; else the smallest part that holds nearly all of it. The data *tables* are
    never taken apart.
    """
    amounts = _prose(root)
    for named in (_named(root), list(root.iter("article")), list(root.iter("main"))):
        parts = _outermost(named)
        amount = sum(amounts[part] for part in parts)
        if parts and amount >= max(1, _KNOWN_SHARE * amounts[root]):
            return parts
    return [_descend(root, amounts, tables)]


def _descend(
    root: etree._Element, amounts: Amounts, tables: set[etree._Element]
) -> etree._Element:
    """Go down from *root* as long as one part holds nearly all prose."""
    enough = max(1, _WHOLE_SHARE * amounts[root])
    here = root
    while True:
        inner = [child for child in here if amounts.get(child, 0) >= enough]
        if not inner or inner[0].tag not in _CONTAINERS or inner[0] in tables:
            return here
        here = inner[0]


def data_tables(root: etree._Element) -> set[etree._Element]:
    """Find the tables that show data, and are not there to lay out the page.

    One column or one row lays out; so does a table that holds a data table, and one
    whose one cell holds most of a long text.
    """
    sizes = _amounts(root, len)
    found: set[etree._Element] = set()
    outer: set[etree._Element] = set()
    for table in reversed(list(root.iter("table"))):
        if table not in outer and _shows_data(table, sizes):
            found.add(table)
        if table in found or table in outer:
            outer.update(islice(table.iterancestors("table"), 1))
    return found


def _shows_data(table: etree._Element, sizes: Amounts) -> bool:
    rows = [list(row.iterchildren("td", "th")) for row in table_rows(table)]
    widest = max(map(len, rows), default=0)
    if len(rows) < 2 or widest < 2 or table.get("role") == "presentation":
        return False
    cells = [sizes[cell] for row in rows for cell in row]
    return max(cells) < 300 or max(cells) < 0.6 * sum(cells)


def table_rows(table: etree._Element) -> Iterator[etree._Element]:
    """Yield the rows of a table, and not those of a table within it."""
    for child in table:
        if child.tag == "tr":
            yield child
        elif child.tag in {"thead", "tbody", "tfoot"}:
            yield from child.iterchildren("tr")


def _prose(root: etree._Element) -> Amounts:
    """Measure the prose in each element: stops outside links; ink if there are few."""
    amounts = _amounts(root, lambda text: len(_STOPS.findall(text)))
    if amounts[root] < _FEW_STOPS:
        amounts = _amounts(root, lambda text: len(_INK.findall(text)))
    return amounts


def _amounts(root: etree._Element, measure: Callable[[str], int]) -> Amounts:
    amounts: Amounts = {}
    for item in root.iter(etree.Element):
        amounts[item] = measure(item.text) if item.text and item.tag != "a" else 0
    for item in reversed(list(amounts)):
        parent = item.getparent()
        if item is root or parent is None:
            continue
        tail = measure(item.tail) if item.tail and parent.tag != "a" else 0
        amounts[parent] += amounts[item] + tail
    return amounts


def _named(root: etree._Element) -> list[etree._Element]:
    return [item for item in root.iter(etree.Element) if _ARTICLE.search(_names(item))]


def _outermost(items: list[etree._Element]) -> list[etree._Element]:
    chosen = set(items)
    return [item for item in items if not chosen.intersection(item.iterancestors())]


def _names(item: etree._Element) -> str:
    return f"{item.get('id', '')} {item.get('class', '')}"


def _is_hidden(item: etree._Element) -> bool:
    return "hidden" in item.attrib or bool(_HIDDEN.search(item.get("style", "")))


def _is_noise(item: etree._Element) -> bool:
    return item.tag not in {"html", "body"} and bool(_NOISE.search(_names(item)))


def _is_banner(item: etree._Element) -> bool:
    """Tell whether this is the head of the page rather than of the article."""
    return item.tag == "header" and next(item.iter("h1"), None) is None


def _drop(item: etree._Element) -> None:
    """Remove an element and keep the text behind it."""
    parent = item.getparent()
    if parent is None:
        return
    before = item.getprevious()
    if item.tail and before is not None:
        before.tail = (before.tail or "") + item.tail
    elif item.tail:
        parent.text = (parent.text or "") + item.tail
    parent.remove(item)
