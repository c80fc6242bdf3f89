"""Markdown files: marks stripped, numbers and words kept."""

import pytest
from made_documents import ReadFile, tables, texts


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("# 一、总体要求", "一、总体要求"),
        ("## （一）目标 ##", "（一）目标"),
        ("#1号文件", "#1号文件"),
        ("**牵头单位**：县科协", "牵头单位：县科协"),
        ("__牵头单位__：*县科协*", "牵头单位：县科协"),
        ("~~旧~~新 `x`", "旧新 x"),
        ("- 甲", "甲"),
        ("* 甲", "甲"),
        ("- [ ] 甲", "甲"),
        ("1. 甲", "1. 甲"),
        ("> 引文", "引文"),
        ("[通知](http://example.org)全文", "通知全文"),
        (r"3\*5", "3*5"),
        ("3*5、4*6 不变", "3*5、4*6 不变"),
        ("a_b_c", "a_b_c"),
        ("——组织实施", "——组织实施"),
        ("　　首行缩进", "　　首行缩进"),
        ("<u>甲</u>", "甲"),
    ],
)
def test_a_line_loses_its_marks(read_file: ReadFile, source: str, text: str) -> None:
    assert texts(read_file("a.md", f"开头\n\n{source}\n".encode()))[2:] == [text]


def test_a_pipe_table_is_a_table(read_file: ReadFile) -> None:
    source = "| 任务 | 单位 |\n|:--|--:|\n| **甲** | a\\|b<br>c |\n| 乙 |\n完"
    blocks = read_file("a.md", source.encode())
    assert tables(blocks) == [[["任务", "单位"], ["甲", "a|b\nc"], ["乙", ""]]]
    assert texts(blocks) == ["完"]


def test_underlines_rules_and_fences_are_no_text(read_file: ReadFile) -> None:
    source = "标题\n====\n\n---\n```\n# 原样\n```\n完"
    lines = [text for text in texts(read_file("a.md", source.encode())) if text]
    assert lines == ["标题", "# 原样", "完"]


def test_leading_settings_are_left_out(read_file: ReadFile) -> None:
    source = "---\ntitle: x\n---\n一、总体要求\n"
    assert texts(read_file("a.md", source.encode())) == ["一、总体要求"]


def test_places_are_line_numbers(read_file: ReadFile) -> None:
    blocks = read_file("a.md", "甲\n\n|a|b|\n|-|-|\n|c|d|\n乙".encode())
    assert [block.place for block in blocks] == [1, 2, 3, 6]
