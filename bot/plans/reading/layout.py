"""Printed lines -> paragraphs: hard wraps, page breaks and glued headings undone."""

import re
from bisect import bisect_right
from collections.abc import Sequence as Ordered
from dataclasses import dataclass

from bot.plans.reading.furniture import (
    NEVER_FIRST,
    Printed,
    display_width,
    printed_lines,
)
from bot.plans.reading.glue import ends_with_owner, split_points
from bot.plans.reading.marks import Kind, Sequence, read_mark
from bot.source import Block, Table

_ENDS = '。；！？：;!?:）)】〕》”"…|'
_LABEL = re.compile(
    r"(?:牵头|责任|配合|参与|主办|协办|主管|负责|实施|协助|指导|督导)(?:考核)?(?:单位|部门|科室)"
    r"(?:及[^：:]{1,8})?\s*[：:]|(?:完成|办理|实施)?(?:时限|时间)(?:要求)?\s*[：:]"
    r"|联系(?:人|电话|方式|单位)\s*[：:]|附\s*件\s*(?:\d|[：:]|$)|抄\s*送\s*[：:]"
)
_DATE = re.compile(
    r"[\d〇○零ＯO\u041e一二三四五六七八九十\s]{2,8}年\s*[\d一二三四五六七八九十]{1,3}\s*月"
    r"\s*[\d一二三四五六七八九十]{1,3}\s*日"
    r"|(?:19|20)\d\d([-./])\d{1,2}\1\d{1,2}"
)
_NUMBER = re.compile(r"\S{1,14}[〔\[（(]\s*\d{4}\s*[〕\]）)]\s*\d{1,4}\s*号")
_STATUS = re.compile(r"[（(](?:此件|联系|代章)[^（）()]{0,60}[）)]")
_TITLE_END = re.compile(r"(?:通知|方案|计划|规划|纲要|要点|措施|意见|清单|办法|分工)$")
_WIDE_BLANKS = re.compile(r"(?<=\S)\u3000+(?=\S)|(?<=\S) {4,}(?=\S)|(?<=\S)\t+(?=\S)")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; `places` are (offset, place of the line that starts there)."""

    text: str
    places: tuple[tuple[int, int], ...]
    level: int = 0

    def place_at(self, offset: int) -> int:
        """Return the place of the source line that holds *offset*."""
        at = bisect_right(self.places, (offset, 1 << 60)) - 1
        return self.places[max(at, 0)][1]

    def cut(self, start: int, end: int | None = None) -> "Paragraph":
        """Return the part from *start* up to *end*, blanks at its ends taken off."""
        end = len(self.text) if end is None else end
        part = self.text[start:end]
        start += len(part) - len(part.lstrip())
        places = [(start, self.place_at(start))]
        places += [(offset, place) for offset, place in self.places if offset > start]
        moved = tuple((o - start, place) for o, place in places if o < max(end, 1))
        return Paragraph(
            part.strip(), moved or ((0, self.place_at(start)),), self.level
        )

    @property
    def first(self) -> int:
        """The place of its first line."""
        return self.places[0][1]

    @property
    def last(self) -> int:
        """The place of its last line."""
        return self.places[-1][1]


def read_paragraphs(blocks: Ordered[Block]) -> list[Paragraph | Table]:
    """Turn what a file says into paragraphs and tables, in order."""
    lines = printed_lines(blocks)
    joined = _join(lines, wrap_width([x for x in lines if isinstance(x, Printed)]))
    result: list[Paragraph | Table] = []
    sequence = Sequence()
    for item in joined:
        if isinstance(item, Table):
            result.append(item)
            continue
        for part in _at_wide_blanks(item):
            points = split_points(part.text, sequence)
            ends = [*points[1:], len(part.text)]
            cuts = [part.cut(a, b) for a, b in zip(points, ends, strict=True)]
            result.extend(cut for cut in cuts if cut.text)
    return result


def _at_wide_blanks(paragraph: Paragraph) -> list[Paragraph]:
    """Cut where wide blanks stand for breaks; not between letters spaced out."""
    text = paragraph.text
    cuts = [0]
    for blank in _WIDE_BLANKS.finditer(text):
        before = text[cuts[-1] : blank.start()]
        rest = text[blank.end() : blank.end() + 60]
        is_break = read_mark(rest) is not None or _starts_anew(rest)
        piece = re.split(r"\u3000", rest[:8], maxsplit=1)[0]
        parted = len(text) > 80 and len(piece) > 3
        if len(before) > 3 and (is_break or parted):
            cuts.append(blank.end())
    return [paragraph.cut(a, b) for a, b in zip(cuts, [*cuts[1:], None], strict=True)]


def _starts_anew(text: str) -> bool:
    """Say whether a line cannot be the rest of the line before it."""
    return bool(_LABEL.match(text)) or _stands_alone(text)


def _stands_alone(text: str) -> bool:
    """Say whether a line is a date, a number or a status mark."""
    alone = _DATE.fullmatch(text) or _NUMBER.fullmatch(text) or _STATUS.fullmatch(text)
    return alone is not None


def wrap_width(lines: Ordered[Printed]) -> int:
    """Return the columns at which the document is hard-wrapped; 0 if it is not.

    Lines that end inside a sentence are the evidence: where they are many and of
    one width, they were cut there; where they are headings they are of any width.
    """
    widths = [_columns(line) for line in lines]
    pairs = zip(lines, lines[1:], widths, strict=False)
    open_ends = sorted(
        width
        for line, after, width in pairs
        if line.text[-1] not in _ENDS
        and not _is_heading(line.text)
        and read_mark(after.text) is None
        and not _starts_anew(after.text)
    )
    if len(open_ends) < 3:
        return 0
    wide = open_ends[len(open_ends) * 9 // 10]
    near = sum(width >= wide - max(6, wide // 6) for width in open_ends)
    over = sum(width > wide + 6 for width in widths)
    many = near >= max(3, 0.15 * len(lines), 0.5 * len(open_ends))
    return wide if many and over <= 0.1 * len(lines) else 0


def _is_heading(text: str) -> bool:
    """Say whether a line that ends openly is a heading: marked, without commas."""
    return read_mark(text) is not None and not re.search(r"[，。；：、]", text[4:])


def _columns(line: Printed) -> int:
    return display_width(line.text) + min(line.indent, 4)


def _join(lines: list[Printed | Table], width: int) -> list[Paragraph | Table]:
    """Join the lines that are one paragraph."""
    indented = _uses_indents(lines) if width else False
    gaps = _gaps_mean_something(lines)
    sequence = Sequence()
    result: list[Paragraph | Table] = []
    held: list[Printed] = []
    for line in lines:
        if isinstance(line, Table):
            _close(held, result)
            result.append(line)
            continue
        if held and not _continues(
            held, line, width, sequence, indented=indented, gaps=gaps
        ):
            _close(held, result)
        if not held and (mark := read_mark(line.text)):
            sequence.take(mark)
        held.append(line)
    _close(held, result)
    return result


def _close(held: list[Printed], result: list[Paragraph | Table]) -> None:
    """Make one paragraph of the lines held, and hold none."""
    if not held:
        return
    text = ""
    places = []
    for line in held:
        if text and _is_latin(text[-1]) and _is_latin(line.text[0]):
            text += " "
        places.append((len(text), line.place))
        text += line.text
    result.append(Paragraph(text, tuple(places), held[0].level))
    held.clear()


def _is_latin(char: str) -> bool:
    return char.isascii() and char.isalpha()


def _uses_indents(lines: list[Printed | Table]) -> bool:
    marked = [x for x in lines if isinstance(x, Printed) and read_mark(x.text)]
    indented = sum(line.indent >= 3 for line in marked)
    return bool(marked) and indented >= 0.6 * len(marked)


def _gaps_mean_something(lines: list[Printed | Table]) -> bool:
    """Say whether blank lines part paragraphs; not if they stand nearly everywhere."""
    texts = [line for line in lines if isinstance(line, Printed)]
    return sum(line.gap for line in texts) <= 0.6 * len(texts)


def _is_open_bracket(text: str) -> bool:
    """Say whether *text* ends inside a bracket that began a short while ago."""
    tail = text[-160:]
    opened = max(tail.rfind("（"), tail.rfind("("), tail.rfind("〔"))
    return opened > max(tail.rfind("）"), tail.rfind(")"), tail.rfind("〕"))


def _is_title(text: str) -> bool:
    """Say whether *text* is a title as far as it goes, and may end here."""
    return bool(_TITLE_END.search(text)) and not re.search(r"[，。；《]", text)


def _closes_bracket(text: str) -> bool:
    closing = re.search(r"[）)〕]", text)
    opening = re.search(r"[（(〔]", text)
    if closing is None:
        return False
    return opening is None or closing.start() < opening.start()


def _continues(
    held: list[Printed],
    line: Printed,
    width: int,
    sequence: Sequence,
    *,
    indented: bool,
    gaps: bool,
) -> bool:
    """Say whether *line* goes on with the paragraph of the lines held."""
    last = held[-1]
    text = "".join(part.text for part in held[-6:])
    if line.level or last.level:
        return False
    if _is_open_bracket(text) and (width or _closes_bracket(line.text)):
        return True
    if _starts_anew(line.text) or (len(held) == 1 and _stands_alone(last.text)):
        return False
    if width and line.text[0] in NEVER_FIRST:
        return True
    if ends_with_owner(text):
        return False
    if sequence.deepest is None and _is_title(text):
        return False
    if not width:
        return _goes_on_over_page(text, line)
    if indented and line.indent >= 3 and line.indent > held[-1].indent:
        return False
    return _fills(last, line, width, sequence, gaps=gaps)


def _goes_on_over_page(text: str, line: Printed) -> bool:
    """Say whether a whole paragraph was broken by a page's end."""
    if text[-1] in _ENDS or read_mark(line.text) is not None:
        return False
    if text[-1] in "，、":
        return True
    is_sentence = len(text) >= 24 and re.search(r"[，。；]", text)
    goes_on = line.page or read_mark(text) or re.search(r"[。；）]", line.text)
    return bool(is_sentence and goes_on)


def _fills(
    last: Printed, line: Printed, width: int, sequence: Sequence, *, gaps: bool
) -> bool:
    """Say whether *last* is a full line that runs on into *line*."""
    have = _columns(last)
    is_open = last.text[-1] not in _ENDS
    mark = read_mark(line.text)
    if mark is not None:
        if not is_open or mark.kind is Kind.DASH:
            return mark.kind is Kind.DASH and is_open and have >= width * 0.9
        plausible = sequence.follows(mark, gap=2) or mark.number == 1
        return have >= width * 0.85 and not plausible
    if is_open:
        return have >= width * 0.75 or last.text[-1] in "，、"
    if gaps and line.gap and not line.page:
        return False
    return have >= width - max(6, width // 8)
