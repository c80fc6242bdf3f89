"""Automatic numbering in Word files, written the way Word shows it."""

import pytest
from made_documents import (
    ReadFile,
    list_level,
    list_part,
    numbered,
    paragraph,
    tables,
    texts,
    word_file,
)

from bot.documents.numerals import numeral

CHAPTERS = list_part(
    list_level(0, "chineseCountingThousand", "%1、"),
    list_level(1, "chineseCounting", "（%2）"),
    list_level(2, "decimal", "%3."),
)


@pytest.mark.parametrize(
    ("kind", "number", "text"),
    [
        ("decimal", 12, "12"),
        ("chineseCounting", 10, "十"),
        ("chineseCounting", 21, "二十一"),
        ("chineseCountingThousand", 110, "一百一十"),
        ("chineseCountingThousand", 203, "二百零三"),
        ("japaneseCounting", 15, "十五"),
        ("ideographTraditional", 3, "丙"),
        ("ideographZodiac", 12, "亥"),
        ("ideographDigital", 10, "一〇"),
        ("chineseLegalSimplified", 10, "壹拾"),
        ("decimalEnclosedCircle", 1, "①"),
        ("decimalEnclosedCircleChinese", 21, "㉑"),
        ("decimalEnclosedCircle", 51, "51"),
        ("decimalEnclosedParen", 2, "⑵"),
        ("decimalFullWidth", 12, "１２"),
        ("decimalZero", 7, "07"),
        ("lowerLetter", 27, "aa"),
        ("upperLetter", 3, "C"),
        ("lowerRoman", 14, "xiv"),
        ("upperRoman", 9, "IX"),
        ("none", 4, ""),
        ("unheardOf", 4, "4"),
        ("ideographTraditional", 11, "11"),
        ("chineseCounting", 10**9, "1000000000"),
    ],
)
def test_a_number_is_written_in_its_kind(kind: str, number: int, text: str) -> None:
    assert numeral(number, kind) == text


def test_levels_count_and_begin_anew(read_file: ReadFile) -> None:
    body = "".join(
        numbered(text, level=level)
        for level, text in [(0, "a"), (1, "b"), (1, "c"), (2, "d"), (0, "e"), (1, "f")]
    )
    lines = texts(read_file("a.docx", word_file(body, numbering=CHAPTERS)))
    assert lines == ["一、a", "（一）b", "（二）c", "1. d", "二、e", "（一）f"]


def test_a_pattern_may_name_upper_levels(read_file: ReadFile) -> None:
    part = list_part(
        list_level(0, "chineseCounting", "第%1章"),
        list_level(1, "decimal", "%1.%2", more="<w:isLgl/>"),
    )
    body = numbered("总则") + numbered("目标", level=1) + numbered("任务", level=1)
    lines = texts(read_file("a.docx", word_file(body, numbering=part)))
    assert lines == ["第一章 总则", "1.1 目标", "1.2 任务"]


def test_an_upper_level_never_shown_stands_at_its_start(read_file: ReadFile) -> None:
    part = list_part(list_level(0, "decimal", "%1."), list_level(1, "decimal", "%1.%2"))
    lines = texts(
        read_file("a.docx", word_file(numbered("甲", level=1), numbering=part))
    )
    assert lines == ["1.1 甲"]


@pytest.mark.parametrize(
    ("override", "lines"),
    [
        ("", ["1. a", "2. b", "3. c"]),
        (
            '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>',
            ["1. a", "5. b", "6. c"],
        ),
    ],
)
def test_a_second_list_goes_on_unless_it_says_where_to_start(
    read_file: ReadFile, override: str, lines: list[str]
) -> None:
    lists = (
        '<w:num w:numId="1">{link}</w:num><w:num w:numId="2">{link}'
        f"{override}</w:num>"
    )
    part = list_part(list_level(0, "decimal", "%1."), lists=lists)
    body = numbered("a") + numbered("b", list_id=2) + numbered("c", list_id=2)
    assert texts(read_file("a.docx", word_file(body, numbering=part))) == lines


@pytest.mark.parametrize(
    ("restart", "last"), [("", "1. c"), ('<w:lvlRestart w:val="0"/>', "2. c")]
)
def test_a_level_may_count_through(
    read_file: ReadFile, restart: str, last: str
) -> None:
    part = list_part(
        list_level(0, "chineseCounting", "%1、"),
        list_level(1, "decimal", "%2.", more=restart),
    )
    body = numbered("a") + numbered("x", level=1) + numbered("b")
    body += numbered("c", level=1)
    assert texts(read_file("a.docx", word_file(body, numbering=part)))[-1] == last


@pytest.mark.parametrize(("mark", "shown"), [("●", "● a"), ("\uf0b7", "• a")])
def test_a_bullet_is_shown_as_a_mark(
    read_file: ReadFile, mark: str, shown: str
) -> None:
    part = list_part(list_level(0, "bullet", mark))
    assert texts(read_file("a.docx", word_file(numbered("a"), numbering=part))) == [
        shown
    ]


def test_a_style_gives_list_and_level(read_file: ReadFile) -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="h1"><w:pPr><w:numPr>'
        '<w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="h2"><w:basedOn w:val="h1"/><w:pPr>'
        '<w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="h3"><w:basedOn w:val="h2"/></w:style>'
    )
    body = "".join(
        paragraph(text, shape=f'<w:pStyle w:val="{style}"/>')
        for style, text in [("h1", "a"), ("h2", "b"), ("h3", "c")]
    )
    body += paragraph(
        "d", shape='<w:pStyle w:val="h1"/><w:numPr><w:numId w:val="0"/></w:numPr>'
    )
    content = word_file(body, numbering=CHAPTERS, styles=styles)
    assert texts(read_file("a.docx", content)) == ["一、a", "（一）b", "（二）c", "d"]


def test_a_level_is_found_by_the_style_that_it_names(read_file: ReadFile) -> None:
    part = list_part(
        list_level(0, "decimal", "%1."),
        list_level(1, "chineseCounting", "（%2）", more='<w:pStyle w:val="h2"/>'),
    )
    styles = (
        '<w:style w:type="paragraph" w:styleId="h2"><w:pPr><w:numPr>'
        '<w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    )
    body = paragraph("a", shape='<w:pStyle w:val="h2"/>')
    content = word_file(body, numbering=part, styles=styles)
    assert texts(read_file("a.docx", content)) == ["（一）a"]


def test_a_deleted_paragraph_takes_no_number(read_file: ReadFile) -> None:
    numbers = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
    gone = (
        f"<w:p><w:pPr>{numbers}<w:rPr><w:del/></w:rPr></w:pPr>"
        "<w:del><w:r><w:delText>b</w:delText></w:r></w:del></w:p>"
    )
    body = numbered("a") + gone + numbered("c")
    lines = texts(read_file("a.docx", word_file(body, numbering=CHAPTERS)))
    assert lines == ["一、a", "二、c"]


def test_numbers_are_counted_through_the_cells_of_a_table(read_file: ReadFile) -> None:
    rows = "".join(
        f"<w:tr><w:tc>{numbered('')}</w:tc><w:tc>{paragraph(text)}</w:tc></w:tr>"
        for text in "甲乙"
    )
    part = list_part(list_level(0, "decimal", "%1"))
    content = word_file(f"<w:tbl>{rows}</w:tbl>", numbering=part)
    assert tables(read_file("a.docx", content)) == [[["1", "甲"], ["2", "乙"]]]
