"""Any bytes under any ending give blocks or a DocumentError, and nothing else."""

from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_documents import pdf_file
from openpyxl import Workbook

from bot.documents import READERS, read_blocks
from bot.errors import DocumentError
from bot.source import Line, Table

MARKUP = "<>/=\"'&;#|*_`-: \n\tab1甲〔〕，。"
PIECES = st.sampled_from(
    ["<table>", "<tr>", "<td>", "</td>", "<p>", "<br>", "<ol><li>", "</table>", "甲，"]
)


def check(ending: str, content: bytes) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"a{ending}"
        path.write_bytes(content)
        try:
            blocks = read_blocks(path)
        except DocumentError:
            return
    assert blocks
    for block in blocks:
        if isinstance(block, Line):
            assert not {"\n", "\r"} & set(block.text)
        else:
            assert isinstance(block, Table)
            assert len({len(row) for row in block.rows}) == 1


def word_sample() -> bytes:
    document = docx.Document()
    document.add_paragraph("一、总体要求", style="List Number")
    document.add_table(rows=2, cols=2)
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def sheet_sample() -> bytes:
    book = Workbook()
    book.active.append(["任务", "单位"])
    file = BytesIO()
    book.save(file)
    return file.getvalue()


SAMPLES = {
    ".docx": word_sample(),
    ".xlsx": sheet_sample(),
    ".pdf": pdf_file([["一、总体要求", "— 1 —"]]),
}


@pytest.mark.parametrize("ending", READERS)
@settings(max_examples=40, deadline=None)
@given(content=st.binary(max_size=2000))
def test_random_bytes_do_no_harm(ending: str, content: bytes) -> None:
    check(ending, content)


@pytest.mark.parametrize("ending", [".txt", ".md", ".csv", ".html"])
@settings(max_examples=80, deadline=None)
@given(text=st.text(alphabet=MARKUP, max_size=400) | st.lists(PIECES).map("".join))
def test_random_markup_does_no_harm(ending: str, text: str) -> None:
    check(ending, text.encode())


@pytest.mark.parametrize("ending", SAMPLES)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_damaged_file_does_no_harm(ending: str, data: st.DataObject) -> None:
    content = bytearray(SAMPLES[ending])
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(
            st.integers(0, 255)
        )
    check(ending, bytes(content))
