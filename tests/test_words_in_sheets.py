"""Words in a table stay words, whatever they look like."""

import csv
from io import BytesIO, StringIO

import pytest
from openpyxl import load_workbook

from bot.sheets import write_csv, write_workbook

FORMULAS = ["=1+1", "+86", "-5", "@SUM(A1)", "\t=1", "＝1", "＠某"]


@pytest.mark.parametrize("words", FORMULAS)
def test_what_looks_like_a_formula_is_none(words: str) -> None:
    book = load_workbook(BytesIO(write_workbook({"表": [["头"], [words]]})))
    cell = book["表"]["A2"]

    assert (cell.value, cell.data_type, cell.quotePrefix) == (words, "s", True)
    (row,) = csv.reader(StringIO(write_csv([[words]]).decode("utf-8-sig")))
    assert row == [f"'{words}"]


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("县应急局", "县应急局"),
        ("甲\x00\x0b\ud800乙", "甲乙"),
        ("长" * 40_000, "长" * 32_000),
    ],
)
def test_what_a_table_cannot_hold_is_left_out(words: str, left: str) -> None:
    book = load_workbook(BytesIO(write_workbook({"表": [["头"], [words]]})))

    assert book["表"]["A2"].value == left
    assert not book["表"]["A2"].quotePrefix
