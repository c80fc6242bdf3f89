"""Writes the sample plan as text, Word and PDF from one source, data/samples/*.md."""

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

FOLDER = Path(__file__).parent.parent / "data" / "samples"
SOURCE = FOLDER / "sample-plan.md"
WIDTH = 28  # characters of a printed line, as in the genre
PAGE = 25  # printed lines; this length breaks a department's name over two pages
RUNNING_HEAD = "澄川县人民政府文件"
AUTOMATIC = ("（二）基本原则", "（二）农民", "（四）老年人")  # lists that Word numbers
STAMP = (2026, 3, 16, 9, 0, 0)

_PIECE = re.compile(r"[0-9A-Za-z.%]+|.")
_NO_START = "，。；：、？！）》”〕％"
_LONE_NUMBER = re.compile(r"(?<=[^\x00-\xff])(\d+)(?=[^\x00-\xff])")
_NUMBERED = re.compile(r"\d[.．]")


def paragraphs() -> list[tuple[str, str]]:
    """Read the source as (kind, text); kinds are "", "#", "##", "###"."""
    lines = SOURCE.read_text(encoding="utf-8").splitlines()
    parts = [re.fullmatch(r"(#{0,3}) ?(.*)", line) for line in lines if line.strip()]
    return [(part[1], part[2]) for part in parts if part]


def wrap(text: str, *, indent: str = "") -> Iterator[str]:
    """Break *text* into printed lines: numbers stay whole, no line starts with a stop.

    A stop hangs over the edge, so that a line may be one character longer.
    """
    line = indent
    for piece in _PIECE.findall(text):
        if len(line) + len(piece) > WIDTH and piece not in _NO_START:
            yield line
            line = ""
        line += piece
    yield line


def pages(*, indent: str = "") -> list[list[tuple[str, str]]]:
    """Lay the plan out: each page is a list of (kind, printed line)."""
    printed = [
        (kind, line)
        for kind, text in paragraphs()
        for line in wrap(text, indent="" if kind == "#" else indent)
    ]
    return [printed[start : start + PAGE] for start in range(0, len(printed), PAGE)]


def _with_stray_blanks(lines: list[str]) -> list[str]:
    """Spoil a page as converters do: a blank at its start, blanks around numbers."""
    spaced = [_LONE_NUMBER.sub(r" \1 ", line) for line in lines]
    return [" " + spaced[0], *spaced[1:]]


def as_text() -> str:
    """Print the plan hard-wrapped, with page numbers and stray blanks."""
    out: list[str] = []
    for number, page in enumerate(pages(), start=1):
        lines = [line for _, line in page]
        out += _with_stray_blanks(lines) if number % 2 == 0 else lines
        out.append(f"— {number} —")
    return "\n".join(out) + "\n"


def as_word() -> bytes:
    """Set the plan in Word: real headings, and some lists numbered by Word itself."""
    document = Document()
    opened = ""
    number_id = 0
    for kind, text in paragraphs():
        if kind in {"##", "###"} or text.startswith("（"):
            opened, number_id = text, 0
        automatic = opened.startswith(AUTOMATIC) and _NUMBERED.match(text)
        if automatic:
            number_id = number_id or _new_list(document)
            _add_numbered(document, text[2:], number_id)
        else:
            _add_plain(document, kind, text)
    stamp = datetime(*STAMP)  # noqa: DTZ001 - Word's own stamps know no zone
    document.core_properties.created = document.core_properties.modified = stamp
    document.core_properties.author = "澄川县科协"
    file = io.BytesIO()
    document.save(file)
    return _same_every_time(file)


def _add_plain(document: WordDocument, kind: str, text: str) -> None:
    style = {"#": "Normal", "##": "Heading 1", "###": "Heading 2"}.get(kind, "Normal")
    paragraph = document.add_paragraph(text, style=style)
    if kind == "#":
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _add_numbered(document: WordDocument, text: str, number_id: int) -> None:
    paragraph = document.add_paragraph(text, style="List Number")
    numbering = paragraph._p.get_or_add_pPr().get_or_add_numPr()
    numbering.get_or_add_ilvl().val = 0
    numbering.get_or_add_numId().val = number_id


def _new_list(document: WordDocument) -> int:
    """Make a list that starts at 1 again; Word knows it by the number returned."""
    style = document.styles["List Number"].element
    numbering = document.part.numbering_part.element
    kind = numbering.num_having_numId(style.pPr.numPr.numId.val).abstractNumId.val
    new = numbering.add_num(kind)
    new.add_lvlOverride(ilvl=0).add_startOverride(1)
    return int(new.numId)


def _same_every_time(file: io.BytesIO) -> bytes:
    """Pack a Word file anew without the time at which it was packed."""
    packed = io.BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(packed, "w") as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, date_time=STAMP)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(name))
    return packed.getvalue()


def as_pdf() -> bytes:
    """Print the plan on A4 pages with a running head and page numbers."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(595, 842), invariant=1)
    for number, page in enumerate(pages(indent="\u3000\u3000"), start=1):
        canvas.setFont("STSong-Light", 9)
        canvas.drawCentredString(297, 800, RUNNING_HEAD)
        canvas.setFont("STSong-Light", 16)
        for row, (kind, line) in enumerate(page):
            place = 748 - row * 27.5
            if kind == "#":
                canvas.drawCentredString(297, place, line)
            else:
                canvas.drawString(73, place, line)
        canvas.setFont("STSong-Light", 12)
        canvas.drawCentredString(297, 46, f"— {number} —")
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def main() -> None:
    """Write the three files beside their source."""
    (FOLDER / "sample-plan.txt").write_text(as_text(), encoding="utf-8", newline="\n")
    (FOLDER / "sample-plan.docx").write_bytes(as_word())
    (FOLDER / "sample-plan.pdf").write_bytes(as_pdf())


if __name__ == "__main__":
    main()
