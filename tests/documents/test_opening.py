"""The first words of a file are told where that is cheap, else nothing is."""

import pytest
from made_documents import paragraph, pdf_file, word_file

from bot.documents.opening import opening_of


@pytest.mark.parametrize(
    ("ending", "content"),
    [
        ("txt", "机密★10年".encode()),
        ("CSV", "机密★10年,总结".encode("gb18030")),
        ("docx", word_file(paragraph("机密★10年") + paragraph("总结"))),
        ("pdf", pdf_file([["机密★10年"], ["总结"]])),
    ],
)
def test_the_first_words_are_told(ending: str, content: bytes) -> None:
    assert "机密★10年" in opening_of(ending, content).replace(" ", "")


@pytest.mark.parametrize(
    ("ending", "content"),
    [("jpg", b"\xff\xd8\xff"), ("pdf", b"%PDF-1.7\n"), ("docx", b"PK\x03\x04")],
)
def test_of_what_cannot_be_read_nothing_is_told(ending: str, content: bytes) -> None:
    assert opening_of(ending, content) == ""


def test_of_a_long_pdf_the_first_pages_are_enough() -> None:
    pages = [[f"第{number}页"] for number in range(5)]

    assert "第4页" not in opening_of("pdf", pdf_file(pages))
