"""Files are looked at before they are kept; what is kept can be told to be whole."""

from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from bot.errors import DocumentError
from bot.reports import evidence
from bot.reports.evidence import (
    check_file,
    check_name,
    clean_name,
    is_whole,
    keep_content,
    place_of,
    with_ending,
)

OLD_WORD = b"\xd0\xcf\x11\xe0" + bytes(600)


def zipped(*names: str) -> bytes:
    file = BytesIO()
    with ZipFile(file, "w") as package:
        for name in names:
            package.writestr(name, _INSIDE.get(name, "内容"))
    return file.getvalue()


_INSIDE: dict[str, bytes] = {"照片/1.jpg": b"\xff\xd8\xff\xe0"}
DOCX = zipped("[Content_Types].xml", "word/document.xml")
_INSIDE["总结.docx"] = DOCX
_INSIDE["内.zip"] = zipped("照片/1.jpg")
_INSIDE["带宏.docx"] = zipped("[Content_Types].xml", "word/vbaProject.bin")


def locked() -> bytes:
    """Return an archive of which each entry says that it is encrypted."""
    content = bytearray(zipped("照片/1.jpg"))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + place] |= 1
    return bytes(content)


def with_macro_types() -> bytes:
    file = BytesIO()
    with ZipFile(file, "w") as package:
        package.writestr("[Content_Types].xml", "vnd.ms-word.macroEnabled.main+xml")
        package.writestr("word/document.xml", "内容")
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("2026年总结.docx", DOCX),
        ("2026.12.30 总结.DOCX", DOCX),
        ("总结.doc", OLD_WORD),
        ("总结.pdf", b"%PDF-1.7\n"),
        ("照片.JPG", b"\xff\xd8\xff\xe0"),
        ("材料.zip", zipped("总结.docx", "照片/1.jpg")),
        (
            "图表.docx",
            zipped("[Content_Types].xml", "word/a", "word/embeddings/1.xlsx"),
        ),
        ("名单.csv", "单位,人数\n".encode("gbk")),
        ("说明.txt", "已开展".encode()),
    ],
)
def test_what_an_office_writes_is_taken(name: str, content: bytes) -> None:
    check_file(name, content)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("总结.exe", b"MZ", "不能接收"),
        ("总结.docx.exe", b"MZ", "不能接收"),
        ("总结.exe.docx", DOCX, "不能接收"),
        ("总结.docm", DOCX, "不能接收"),
        ("总结.exe. ", b"MZ", "不能接收"),
        ("总结\u202excod.docx", DOCX, "不可见字符"),
        ("总结", DOCX, "只接收"),
        ("总结.docx", b"MZ\x90", "不符"),
        ("总结.docx", zipped("a.txt"), "不符"),
        ("总结.docx", zipped("[Content_Types].xml", "word/vbaProject.bin"), "宏"),
        ("总结.doc", OLD_WORD + "_VBA_PROJECT".encode("utf-16-le"), "宏"),
        ("材料.zip", zipped("总结.docx", "运行.bat"), "不能接收"),
        ("材料.zip", zipped("带宏.docx"), "宏"),
        ("材料.zip", zipped("内.zip"), "压缩包里"),
        ("材料.zip", locked(), "密码"),
        ("总结.docx", OLD_WORD, "密码"),
        ("总结.docx", with_macro_types(), "宏"),
        ("总结.docx", zipped("[Content_Types].xml", "word/embeddings/a.bin"), "宏"),
        ("总结.xlsx", DOCX, "不符"),
        ("页面.svg", b"<svg/>", "不能接收"),
        ("页面.html.txt", b"<html>", "不能接收"),
        ("链接.lnk", b"L\0\0\0", "不能接收"),
        ("说明.txt", b"MZabc", "不是文本"),
        ("视频.mp4", b"\0\0\0 ftyp", "只接收"),
        ("总结.docx", b"PK\x03\x04broken", "损坏"),
        ("总结.pdf", b"", "空的"),
        ("说明.txt", b"a\0b", "不是文本"),
    ],
)
def test_what_may_do_harm_is_refused(name: str, content: bytes, words: str) -> None:
    with pytest.raises(DocumentError) as caught:
        check_file(name, content)

    assert words in caught.value.reply


def test_what_is_too_large_is_refused() -> None:
    with pytest.raises(DocumentError, match="too large"):
        check_file("总结.pdf", b"%PDF-" + bytes(evidence.MOST))


def test_equal_content_is_kept_once_and_damage_is_noticed(tmp_path: Path) -> None:
    kept = keep_content(tmp_path, DOCX)
    again = keep_content(tmp_path, DOCX)

    assert kept == again
    assert [file for file in tmp_path.rglob("*") if file.is_file()] == [
        place_of(tmp_path, kept.digest)
    ]
    assert is_whole(tmp_path, kept.digest)
    place_of(tmp_path, kept.digest).write_bytes(b"else")
    assert not is_whole(tmp_path, kept.digest)


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("2026年总结.docx", "2026年总结.docx"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\资料\\总结.doc", "总结.doc"),
        ("总\u202e结\n\x00.pdf", "总结.pdf"),
        (" .. ", "文件"),
        ("长" * 300 + ".docx", "长" * 96 + ".docx"),
    ],
)
def test_a_name_keeps_nothing_that_leads_elsewhere_or_hides(
    name: str, clean: str
) -> None:
    assert clean_name(name) == clean


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (DOCX, "文件.docx"),
        (b"%PDF-1.4", "文件.pdf"),
        (b"\x89PNG\r\n\x1a\n", "文件.png"),
        (zipped("照片/1.jpg"), "文件.zip"),
        (b"MZ", "文件"),
    ],
)
def test_a_file_without_an_ending_gets_that_of_its_content(
    content: bytes, name: str
) -> None:
    check_name("文件")
    assert with_ending("文件", content) == name


def test_what_is_kept_is_for_us_alone(tmp_path: Path) -> None:
    kept = keep_content(tmp_path, DOCX)

    assert place_of(tmp_path, kept.digest).stat().st_mode & 0o777 == 0o600
