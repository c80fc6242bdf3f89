"""Headings and tasks that are glued to the text before them: where to cut."""

import re

from bot.plans.reading.marks import Kind, Mark, Sequence, inner_marks, read_mark
from bot.plans.reading.script import simplified

FLAT = 400  # characters: a longer paragraph may be a document that lost its breaks
_STOPS = "。！？）)】〕；;”"
_OWNER_END = re.compile(
    r"(?:负责|牵头|配合|参与|落实|指导|单位[：:][^（）()]{1,80}|部门[：:][^（）()]{1,80})"
    r"\s*[）)〕】]\s*[。；]?\s*$"
)
_LABELLED = re.compile(r"(?:单位|部门|时限|时间)[：:][^。：:]{1,60}$")
_LISTING = re.compile(r"具体(?:措施|任务|举措)[：:]?\s*$|(?:措施|任务)如下[：:]\s*$")


def split_points(text: str, sequence: Sequence) -> list[int]:
    """Return the offsets at which *text* is to be cut, the first being 0.

    *sequence* knows the marks read so far in the document and takes the new ones.
    """
    points = [0]
    own = read_mark(text)
    if own is not None:
        sequence.take(own)
    flat = len(text) >= FLAT
    refused: dict[Kind, int] = {}
    for offset, mark in inner_marks(text):
        if own is not None and offset < len(own.written):
            continue
        before = text[points[-1] : offset]
        listed = mark.kind >= Kind.ARABIC and refused.get(mark.kind) == mark.number - 1
        if not listed and _cuts(before, mark, sequence, flat=flat):
            points.append(offset)
            sequence.take(mark)
            refused.pop(mark.kind, None)
        else:
            refused[mark.kind] = mark.number
    return points


def ends_with_owner(text: str) -> bool:
    """Say whether *text* ends with a bracket that names owners."""
    return _OWNER_END.search(simplified(text[-120:])) is not None


def opens_measures(text: str) -> bool:
    """Say whether *text* ends with 具体措施： or its like."""
    return _LISTING.search(simplified(text[-20:])) is not None


def _cuts(before: str, mark: Mark, sequence: Sequence, *, flat: bool) -> bool:
    """Say whether *mark*, with *before* in front of it, starts a new paragraph."""
    last = before.rstrip()[-1:]
    after_owner = ends_with_owner(before)
    if mark.kind is Kind.DASH:
        return after_owner or (flat and last in "。")
    if after_owner:
        return sequence.follows(mark, gap=2) or mark.number == 1
    if _LABELLED.search(before[-80:]) and mark.kind is not Kind.ARABIC_PAREN:
        return sequence.follows(mark, gap=2)
    if mark.kind <= Kind.HAN:
        fresh = sequence.follows(mark) or (flat and mark.number == 1)
        return fresh and (last in _STOPS or before[-1:].isspace())
    if mark.number == 1:
        return sequence.opens(mark) and _opens_list(before, last, flat=flat)
    if mark.kind >= Kind.ARABIC_PAREN:
        return flat and sequence.follows(mark) and last in _STOPS
    return sequence.follows(mark) and (last in "。）)！" or before[-1:].isspace())


def _opens_list(before: str, last: str, *, flat: bool) -> bool:
    """Say whether a first item may follow: after a heading or a list's opening."""
    if opens_measures(before):
        return True
    mark = read_mark(before)
    is_heading = (
        mark is not None and len(before) <= 40 and not re.search(r"[，；：:]", before)
    )
    if mark is not None and mark.kind <= Kind.BOLD and is_heading:
        return last not in "第条款项、"
    return (flat or (mark is not None and mark.kind <= Kind.BOLD)) and last == "。"
