"""The text of one Word paragraph: what is shown, as lines."""

from collections.abc import Callable, Iterator

from lxml import etree

from bot.documents.word_numbering import W

_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_CHOICE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"

_DROPPED = {
    f"{W}{name}"
    for name in ("del", "moveFrom", "pPr", "rPr", "sdtPr", "rt", "instrText", "delText")
} | {f"{_CHOICE}Fallback", f"{W}txbxContent"}
_SIGNS = {
    f"{W}tab": "\t",
    f"{W}ptab": "\t",
    f"{W}br": "\n",
    f"{W}cr": "\n",
    f"{W}noBreakHyphen": "-",
}
_BREAKS = str.maketrans(dict.fromkeys("\r\v\f\x85\u2028\u2029", "\n"))

IsHidden = Callable[[str], bool]


def paragraph_pieces(item: etree._Element, *, is_hidden: IsHidden) -> list[str]:
    """Return the lines of a paragraph, at least one, cut at its soft breaks.

    What was inserted is kept, what was deleted or is hidden is dropped. *is_hidden*
    tells of a style whether it hides its text.
    """
    if is_hidden(_style(item, f"{W}pPr/{W}pStyle")):
        return [""]
    text = "".join(_texts(item, is_hidden))
    return text.translate(_BREAKS).split("\n")


def text_boxes(item: etree._Element) -> list[etree._Element]:
    """Return the contents of the text boxes that hang on a paragraph, each once."""
    return list(_boxes(item))


def _boxes(item: etree._Element) -> Iterator[etree._Element]:
    for child in item:
        if child.tag == f"{W}txbxContent":
            yield child
        elif child.tag not in _DROPPED:
            yield from _boxes(child)


def _texts(parent: etree._Element, is_hidden: IsHidden) -> Iterator[str]:
    for child in parent:
        tag = child.tag
        if tag in _DROPPED:
            continue
        if tag in {f"{W}t", f"{_MATH}t"}:
            yield child.text or ""
        elif tag in _SIGNS:
            yield _SIGNS[tag]
        elif tag == f"{W}sym":
            yield _symbol(child)
        elif tag == f"{W}r":
            if not _is_hidden_run(child, is_hidden):
                yield from _texts(child, is_hidden)
        elif not (tag == f"{W}sdt" and _is_prompt(child)):
            yield from _texts(child, is_hidden)


def _is_hidden_run(run: etree._Element, is_hidden: IsHidden) -> bool:
    switch = run.find(f"{W}rPr/{W}vanish")
    if switch is not None:
        return switch.get(f"{W}val", "1") not in {"0", "false", "off"}
    style = _style(run, f"{W}rPr/{W}rStyle")
    return bool(style) and is_hidden(style)


def _is_prompt(control: etree._Element) -> bool:
    """Tell whether a content control still shows its prompt (单击此处输入文字)."""
    return control.find(f"{W}sdtPr/{W}showingPlcHdr") is not None


def _symbol(item: etree._Element) -> str:
    """Return the character of a symbol; one of a symbol font has no meaning here."""
    try:
        char = chr(int(item.get(f"{W}char", ""), 16))
    except (ValueError, OverflowError):
        return ""
    return "" if "\ue000" <= char <= "\uf8ff" else char


def _style(item: etree._Element, path: str) -> str:
    found = item.find(path)
    return "" if found is None else found.get(f"{W}val", "")
