"""Files that cannot be read: each is told what is wrong and what to do."""

import subprocess
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from made_documents import (
    FONT,
    PACKAGE,
    ReadFile,
    new_canvas,
    paragraph,
    pdf_file,
    tables,
    texts,
    word_file,
    zipped,
)
from PIL import Image
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader

from bot.documents import READERS, read_blocks
from bot.errors import DocumentError

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
BOMB = (
    '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "haha"><!ENTITY b "&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;">]><d>&c;</d>'
)


def picture() -> BytesIO:
    file = BytesIO()
    Image.new("L", (200, 200), 128).save(file, "PNG")
    return file


def scan() -> bytes:
    file = BytesIO()
    canvas = new_canvas(file)
    for _ in range(3):
        canvas.drawImage(ImageReader(picture()), 0, 0, 595, 842)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def locked_pdf() -> bytes:
    file = BytesIO()
    canvas = new_canvas(file, encrypt=StandardEncryption("secret", canPrint=0))
    canvas.setFont(FONT, 16)
    canvas.drawString(80, 700, "一、总体要求")
    canvas.save()
    return file.getvalue()


def large_part(name: str) -> bytes:
    """Return a package one part of which grows a thousandfold."""
    return zipped({name: b"<a>" + b" " * 60_000_000})


def lying_part(name: str) -> bytes:
    """Return the same, with a directory that names a small size."""
    honest = large_part(name)
    size = (60_000_003).to_bytes(4, "little")
    return honest.replace(size, (1000).to_bytes(4, "little"))


def endless_page() -> bytes:
    """Return a pdf whose only page is described by a million strokes."""
    file = BytesIO()
    canvas = new_canvas(file, pageCompression=1)
    canvas._code.append("1 1 m 100 100 l S\n" * 1_000_000)
    canvas.save()
    return file.getvalue()


def sheet_file(sheet: str) -> bytes:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    return zipped(
        {
            "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
            '<sheet name="1" sheetId="1" r:id="r1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">'
            f'<Relationship Id="r1" Type="{office}/worksheet" Target="s.xml"/>'
            "</Relationships>",
            "xl/s.xml": f'<worksheet xmlns="{main}">{sheet}</worksheet>',
        }
    )


def many_rows() -> bytes:
    cell = '<c t="inlineStr"><is><t>x</t></is></c>'
    return sheet_file(f"<sheetData>{f'<row>{cell}{cell}</row>' * 50_000}</sheetData>")


BAD_FILES = [
    ("旧文.doc", OLE, "另存为 docx"),
    ("旧文.wps", OLE, "用 WPS 打开，另存为 docx"),
    ("版式.ofd", zipped({"OFD.xml": "<x/>"}), "另存为 docx 或 pdf"),
    ("旧表.xls", OLE, "另存为 xlsx"),
    ("材料.zip", zipped({"a.txt": "x"}), "先解压"),
    ("材料.rar", b"Rar!\x1a\x07\x00", "先解压"),
    ("照片.jpg", b"\xff\xd8\xff\xe0", "文字识别"),
    ("程序.exe", b"MZ\x90\x00", "程序文件"),
    ("方案.xyz", "一、总体要求".encode(), "请换成 docx"),
    ("方案", "一、总体要求".encode(), "没有结尾"),
    ("空.txt", b"", "空文件"),
    ("空.docx", b"", "空文件"),
    ("空白.txt", b"  \r\n\t\n" + "　　".encode(), "没有文字"),
    ("空白.md", b"\n\n", "没有文字"),
    ("空白.csv", b",,\n,,\n", "没有文字"),
    ("空白.docx", word_file(paragraph(" ")), "没有文字"),
    ("空白.pdf", pdf_file([[]]), "没有文字"),
    ("空白.html", b"<html><body><script>x()</script></body></html>", "没有文字"),
    ("扫描.pdf", lambda: scan(), "扫描件"),
    ("加密.pdf", lambda: locked_pdf(), "取消密码"),
    ("加密.docx", OLE + "EncryptedPackage".encode("utf-16-le"), "取消密码"),
    ("改名.docx", OLE + "WordDocument".encode("utf-16-le"), "另存为 docx"),
    ("炸弹.docx", lambda: large_part("word/document.xml"), "异常地大"),
    ("炸弹.xlsx", lambda: large_part("xl/workbook.xml"), "异常地大"),
    ("谎报.docx", lambda: lying_part("word/document.xml"), "损坏"),
    ("垃圾.bin.txt", bytes(range(256)) * 40, "不是文本文件"),
    ("截断.docx", word_file(paragraph("一、总体要求") * 500)[:-200], "重新下载"),
    ("截断.xlsx", lambda: many_rows()[:-100], "重新下载"),
    ("截断.pdf", pdf_file([["一、总体要求"]] * 5)[:-900], "重新下载"),
    ("半截.docx", zipped({"word/document.xml": "<w:document"}), "另存一份"),
    ("无正文.docx", zipped({"word/other.xml": "<a/>"}), "没有正文"),
    ("实体.docx", zipped({"word/document.xml": BOMB}), "不安全"),
    ("实体.xlsx", zipped({"xl/workbook.xml": BOMB}), "不安全"),
    ("实体.html", BOMB.replace("<!DOCTYPE d", "<!DOCTYPE html").encode(), "不安全"),
    ("大表.csv", lambda: "1,甲\n".encode() * 100_000, "表格太大"),
    ("巨表.csv", lambda: "序号,任务,单位\n".encode() * 1_000_000, "只保留"),
    ("大表.xlsx", lambda: many_rows(), "表格太大"),
    ("长文.txt", lambda: "科学".encode() * 1_500_000, "200 万字"),
    ("长卷.pdf", lambda: pdf_file([["第一条"]] * 700), "最多 600 页"),
    ("炸弹.pdf", lambda: endless_page(), "异常地大"),
    ("文字.docx", "一、总体要求".encode(), "另存为 docx"),
    ("网页.docx", b"<html><body>x</body></html>", "改为 .html"),
    ("乱码.txt", "一、总体要求".encode() * 50 + b"\xff\xfe\x81", "编码"),
    ("深.html", b"<html><body>" + b"<div>" * 5000 + b"x", "网页结构"),
]


@pytest.mark.parametrize(
    ("name", "content", "advice"), BAD_FILES, ids=[row[0] for row in BAD_FILES]
)
def test_a_bad_file_is_told_what_to_do(
    read_file: ReadFile, name: str, content: bytes | Callable[[], bytes], advice: str
) -> None:
    with pytest.raises(DocumentError) as caught:
        read_file(name, content() if callable(content) else content)
    assert advice in caught.value.reply


def test_a_directory_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(DocumentError) as caught:
        read_blocks(tmp_path)
    assert "文件夹" in caught.value.reply


@pytest.mark.parametrize("name", ["没有.docx", "\0.docx", "名" * 300 + ".txt"])
def test_a_path_that_leads_nowhere_is_told_so(tmp_path: Path, name: str) -> None:
    with pytest.raises(DocumentError) as caught:
        read_blocks(tmp_path / name)
    assert "检查路径" in caught.value.reply


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "大.pdf"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    with pytest.raises(DocumentError) as caught:
        read_blocks(path)
    assert "超过 30 MB" in caught.value.reply


@pytest.mark.parametrize("name", ["a.txt", "a.pdf", "a.xlsx", "a.csv", "a.DOCX"])
def test_a_word_file_is_read_under_any_known_ending(
    read_file: ReadFile, name: str
) -> None:
    blocks = read_file(name, word_file(paragraph("一、总体要求")))
    assert texts(blocks) == ["一、总体要求"]


def test_a_pdf_named_docx_is_read_as_a_pdf(read_file: ReadFile) -> None:
    assert texts(read_file("a.docx", pdf_file([["一、总体要求"]]))) == ["一、总体要求"]


def test_a_word_file_with_an_old_ending_is_told_its_true_one(
    read_file: ReadFile,
) -> None:
    with pytest.raises(DocumentError) as caught:
        read_file("a.doc", word_file(paragraph("一、总体要求")))
    assert "改为 .docx" in caught.value.reply


def test_a_page_named_txt_is_read_as_a_page(read_file: ReadFile) -> None:
    page = b"<!DOCTYPE html><html><body><p>" + "总体要求".encode() + b"</p></body>"
    assert texts(read_file("a.txt", page)) == ["总体要求"]


def test_a_sheet_of_giant_size_on_paper_is_read_as_what_it_holds(
    read_file: ReadFile,
) -> None:
    cells = "".join(
        f'<row r="{row}"><c r="A{row}" t="inlineStr"><is><t>甲</t></is></c>'
        f'<c r="XFD{row}" t="inlineStr"><is><t>乙</t></is></c></row>'
        for row in (1, 1_048_576)
    )
    sheet = (
        f'<dimension ref="A1:XFD1048576"/><sheetData>{cells}</sheetData><mergeCells>'
        '<mergeCell ref="A1:B1048575"/></mergeCells>'
    )
    found = tables(read_file("a.xlsx", sheet_file(sheet)))
    assert found == [[["甲", "乙"], ["甲", "乙"]]]


def test_importing_the_room_loads_no_library() -> None:
    check = (
        "import sys, bot.documents as room; assert len(room.READERS) == 10;"
        "heavy = {'lxml', 'docx', 'openpyxl', 'pypdfium2'} & set(sys.modules);"
        "sys.exit(repr(heavy) if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True)
    assert done.stderr == ""


def test_every_ending_has_a_reader_that_can_be_loaded(read_file: ReadFile) -> None:
    for ending in READERS:
        with pytest.raises(DocumentError):
            read_file(f"blank{ending}", b" ")
