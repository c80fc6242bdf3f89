"""The workbook of the table: words with colours, and no formula of anybody's."""

from io import BytesIO

import pytest
from made_matrix import STATE, matrix, matrix_of_names, report, standing
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from bot.reports.lights import LEGEND
from bot.reports.matrix import Matrix
from bot.reports.matrix_sheet import write_matrix


def sheet_of(table: Matrix) -> Worksheet:
    return load_workbook(BytesIO(write_matrix(table))).active


def words_of(sheet: Worksheet) -> list[str]:
    return [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value]


def test_each_cell_has_its_words_and_its_colour() -> None:
    some = [standing("甲局", STATE.ACCEPTED), standing("乙局")]

    sheet = sheet_of(matrix((report(1), some)))

    assert [sheet["A7"].value, sheet["B7"].value] == ["甲局", "绿·已核收"]
    assert sheet["B8"].value == "黄·未报 余4日"
    assert sheet["B7"].fill.fgColor.rgb != sheet["B8"].fill.fgColor.rgb


def test_the_head_is_frozen_and_tells_date_and_ground() -> None:
    sheet = sheet_of(matrix_of_names("甲局"))

    assert sheet.freeze_panes == "B7"
    assert sheet["A2"].value == "截至 2026年12月24日"
    head = [sheet.cell(row, 2).value for row in (3, 4, 5)]
    assert head == [
        "2026年全年落实情况 #R1",
        "2026-12-30前",
        "澄政字〔2026〕18号 四（三）",
    ]


def test_the_legend_explains_every_colour() -> None:
    words = words_of(sheet_of(matrix_of_names("甲局")))

    assert {line for _, line in LEGEND} <= set(words)


@pytest.mark.parametrize("name", ["=1+1", "+86", "-乙局", "@SUM(A1)", "=甲\x0b局"])
def test_what_looks_like_a_formula_stays_words(name: str) -> None:
    cell = sheet_of(matrix_of_names(name))["A7"]

    assert cell.data_type == "s"
    assert cell.value == name.replace("\x0b", "")
    assert cell.quotePrefix


def test_the_same_table_makes_the_same_bytes() -> None:
    table = matrix_of_names("甲局", "乙局", reports=3)

    assert write_matrix(table) == write_matrix(table)


def test_an_empty_table_is_a_workbook_as_well() -> None:
    assert sheet_of(matrix())["A1"].value == "澄江县科协报送情况"
