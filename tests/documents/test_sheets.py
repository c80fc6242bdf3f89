"""Excel files: sheets as tables, cells as people see them."""

from datetime import date, datetime, time
from io import BytesIO

import pytest
from made_documents import ReadFile, tables, texts
from openpyxl import Workbook

from bot.documents.cell_text import Format, shown

HEADS = ["序号", "任务", "责任单位"]


def saved(book: Workbook) -> bytes:
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def test_titles_stand_above_the_table(read_file: ReadFile) -> None:
    book = Workbook()
    sheet = book.active
    sheet["A1"] = "重点任务分工表"
    sheet.merge_cells("A1:C1")
    sheet["A2"], sheet["C2"] = "填报单位：县科协", "2022年"
    for row in ([], HEADS, [1, "科普", "县科协"]):
        sheet.append(row)
    blocks = read_file("a.xlsx", saved(book))
    assert texts(blocks) == ["重点任务分工表", "填报单位：县科协　2022年"]
    assert tables(blocks) == [[HEADS, ["1", "科普", "县科协"]]]
    assert [block.place for block in blocks] == [1, 2, 4]


def test_empty_rows_and_columns_are_trimmed(read_file: ReadFile) -> None:
    book = Workbook()
    book.active["C5"], book.active["E5"], book.active["C9"] = "甲", "乙", "丙"
    assert tables(read_file("a.xlsx", saved(book))) == [[["甲", "乙"], ["丙", ""]]]


def test_joined_cells_are_repeated(read_file: ReadFile) -> None:
    book = Workbook()
    sheet = book.active
    for row in (HEADS, [1, "甲", "x"], [None, "乙", "y"]):
        sheet.append(row)
    sheet.merge_cells("A2:A3")
    assert tables(read_file("a.xlsx", saved(book))) == [
        [HEADS, ["1", "甲", "x"], ["1", "乙", "y"]]
    ]


def test_every_visible_sheet_is_a_table(read_file: ReadFile) -> None:
    book = Workbook()
    book.active.append(["甲", "乙"])
    book.create_sheet("隐藏").append(["坏", "坏"])
    book["隐藏"].sheet_state = "hidden"
    book.create_sheet("二").append(["丙", "丁"])
    assert tables(read_file("a.xlsx", saved(book))) == [[["甲", "乙"]], [["丙", "丁"]]]


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (3, "General", "3"),
        (3.0, "General", "3"),
        (0.1 + 0.2, "General", "0.3"),
        (13812345678, "General", "13812345678"),
        (0.25, "0%", "25%"),
        (0.1234, "0.0%", "12.3%"),
        (1234567.5, "#,##0.00", "1,234,567.50"),
        (2.5, "0", "3"),
        (-3, "0;(0)", "(3)"),
        (5, '0"场"', "5场"),
        (7, "000", "007"),
        (12.5, "0.0#", "12.5"),
        (date(2022, 6, 30), "yyyy-mm-dd", "2022-06-30"),
        (date(2022, 6, 30), 'yyyy"年"m"月"d"日"', "2022年6月30日"),
        (date(2022, 6, 30), "[$-804]yyyy/m/d;@", "2022/6/30"),
        (date(2022, 6, 1), 'yyyy"年"m"月"', "2022年6月"),
        (
            datetime.fromisoformat("2022-06-30T17:05"),
            "yyyy/m/d h:mm",
            "2022/6/30 17:05",
        ),
        (time(8, 30), "h:mm:ss", "8:30:00"),
        (True, "General", "TRUE"),
        ("县科协", "General", "县科协"),
        ("一\n二", "General", "一\n二"),
    ],
)
def test_a_cell_is_shown_as_people_see_it(
    read_file: ReadFile, value: object, code: str, text: str
) -> None:
    book = Workbook()
    book.active.append(["值", "注"])
    book.active.append([value, "x"])
    book.active["A2"].number_format = code
    assert tables(read_file("a.xlsx", saved(book)))[0][1] == [text, "x"]


@pytest.mark.parametrize(
    ("value", "code", "is_1904", "text"),
    [
        ("1", "yyyy-mm-dd", False, "1900-01-01"),
        ("0", "yyyy-mm-dd", True, "1904-01-01"),
        ("1.5", "[h]:mm", False, "36:00"),
        ("-1", "yyyy-mm-dd", False, "-1"),
        ("99999999", "yyyy-mm-dd", False, "99999999"),
        ("0.5", "# ?/?", False, "0.5"),
        ("1234", "0.00E+00", False, "1234"),
        ("x", "0", False, "x"),
        ("nan", "0", False, "nan"),
        ("1e400", "0", False, "1e400"),
        ("0", "0;-0;无;@", False, "无"),
        ("44742", "", False, "44742"),
    ],
)
def test_odd_numbers_are_shown_too(
    value: str, code: str, is_1904: bool, text: str
) -> None:
    assert shown(value, Format(code), is_1904=is_1904) == text
