"""Files are looked at before they are kept; what is kept can be told to be whole."""

from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from bot.errors import DocumentError
from bot.reports import evidence
from bot.reports.evidence import check_file, is_whole, keep_content, place_of

OLD_WORD = b"\xd0\xcf\x11\xe0" + bytes(600)


def zipped(*names: str) -> bytes:
    file = BytesIO()
    with ZipFile(file, "w") as package:
        for name in names:
            package.writestr(name, "内容")
    return file.getvalue()


DOCX = zipped("[Content_Types].xml", "word/document.xml")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("2026年总结.docx", DOCX),
        ("2026.12.30 总结.DOCX", DOCX),
        ("总结.doc", OLD_WORD),
        ("总结.pdf", b"%PDF-1.7\n"),
        ("照片.JPG", b"\xff\xd8\xff\xe0"),
        ("材料.zip", zipped("总结.docx", "照片/1.jpg")),
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
