"""Documents made on the spot: zips, Word files of raw XML, pdf pages."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from bot.source import Block, Line, Table

ReadFile = Callable[[str, bytes], list[Block]]

FONT = "STSong-Light"
SIZE = 16
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def texts(blocks: Iterable[Block]) -> list[str]:
    """Return the texts of the lines among *blocks*."""
    return [block.text for block in blocks if isinstance(block, Line)]


def tables(blocks: Iterable[Block]) -> list[list[list[str]]]:
    """Return the cells of the tables among *blocks*."""
    found = [block for block in blocks if isinstance(block, Table)]
    return [[list(row) for row in table.rows] for table in found]


def everything(blocks: Iterable[Block]) -> str:
    """Return all text of *blocks* without any blanks."""
    parts: list[str] = []
    for block in blocks:
        rows = [[block.text]] if isinstance(block, Line) else block.rows
        parts.extend(cell for row in rows for cell in row)
    return "".join("".join(parts).split())


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    """Return a zip of *parts*."""
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return file.getvalue()


def word_file(body: str, *, numbering: str = "", styles: str = "") -> bytes:
    """Make a docx of the XML of its body, its numbering and its styles."""
    names = f'xmlns:w="{W}" xmlns:mc="{MC}"'
    kinds = ("numbering", "styles")
    links = "".join(
        f'<Relationship Id="{kind}" Type="{OFFICE}/{kind}" Target="{kind}.xml"/>'
        for kind in kinds
    )
    return zipped(
        {
            "word/document.xml": f"<w:document {names}><w:body>{body}</w:body>"
            "</w:document>",
            "word/numbering.xml": f"<w:numbering {names}>{numbering}</w:numbering>",
            "word/styles.xml": f"<w:styles {names}>{styles}</w:styles>",
            "word/_rels/document.xml.rels": f'<Relationships xmlns="{PACKAGE}">'
            f"{links}</Relationships>",
        }
    )


def paragraph(text: str, *, shape: str = "") -> str:
    """Return the XML of a paragraph with one run; *shape* goes into its pPr."""
    return f"<w:p><w:pPr>{shape}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def numbered(text: str, *, level: int = 0, list_id: int = 1) -> str:
    """Return the XML of a paragraph in a list."""
    numbers = f'<w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/>'
    return paragraph(text, shape=f"<w:numPr>{numbers}</w:numPr>")


def list_level(level: int, kind: str, pattern: str, *, more: str = "") -> str:
    """Return the XML of a level of a list."""
    return (
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/>'
        f'{more}<w:lvlText w:val="{pattern}"/></w:lvl>'
    )


def list_part(*levels: str, lists: str = '<w:num w:numId="1">{link}</w:num>') -> str:
    """Return the XML of one model of a list, and of the lists that follow it."""
    link = '<w:abstractNumId w:val="0"/>'
    model = f'<w:abstractNum w:abstractNumId="0">{"".join(levels)}</w:abstractNum>'
    return model + lists.format(link=link)


def pdf_file(pages: Sequence[Sequence[str]]) -> bytes:
    """Make a pdf of lines 28 points apart; leading full-width blanks are an indent."""
    file = BytesIO()
    canvas = new_canvas(file)
    for lines in pages:
        canvas.setFont(FONT, SIZE)
        for at, text in enumerate(lines):
            bare = text.lstrip("　")
            indent = SIZE * (len(text) - len(bare))
            canvas.drawString(80 + indent, 760 - 28 * at, bare)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def new_canvas(file: BytesIO, **options: object) -> Canvas:
    """Return an A4 canvas that can write Chinese."""
    if FONT not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    return Canvas(file, pagesize=(595, 842), **options)
