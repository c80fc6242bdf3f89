"""Csv files: any encoding, any separator, titles above the heads."""

import pytest
from made_documents import ReadFile, tables, texts

ROWS = [
    ["序号", "任务", "责任单位"],
    ["1", "甲，乙", "县科协"],
    ["2", "丙", "县教体局"],
]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_a_table_is_read_whatever_parts_its_cells(
    read_file: ReadFile, encoding: str, mark: str
) -> None:
    content = "\r\n".join(mark.join(row) for row in ROWS).encode(encoding)
    assert tables(read_file("a.csv", content)) == [ROWS]


def test_full_width_commas_part_where_nothing_else_does(read_file: ReadFile) -> None:
    content = "任务，单位\n甲，县科协\n".encode()
    assert tables(read_file("a.csv", content)) == [[["任务", "单位"], ["甲", "县科协"]]]


def test_quoted_cells_may_hold_breaks_and_commas(read_file: ReadFile) -> None:
    content = '任务,单位\n"甲,乙\n丙","县""科""协"\n'.encode()
    assert tables(read_file("a.csv", content)) == [
        [["任务", "单位"], ["甲,乙\n丙", '县"科"协']]
    ]


def test_titles_and_empty_columns_are_set_apart(read_file: ReadFile) -> None:
    content = "任务分工表,,,\n,,,\n序号,任务,单位,\n1,甲,乙,\n".encode()
    blocks = read_file("a.csv", content)
    assert texts(blocks) == ["任务分工表"]
    assert tables(blocks) == [[["序号", "任务", "单位"], ["1", "甲", "乙"]]]
    assert [block.place for block in blocks] == [1, 3]


def test_a_declared_separator_is_believed(read_file: ReadFile) -> None:
    content = "sep=;\n任务;单位\na,b;c,d\n".encode()
    assert tables(read_file("a.csv", content)) == [[["任务", "单位"], ["a,b", "c,d"]]]


def test_one_column_is_text(read_file: ReadFile) -> None:
    assert texts(read_file("a.csv", "一、总体要求\n二、任务\n".encode())) == [
        "一、总体要求",
        "二、任务",
    ]
