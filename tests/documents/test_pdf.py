"""Pdf files: lines in reading order, edges removed, ruled tables."""

from collections.abc import Sequence
from io import BytesIO

import pytest
from made_documents import FONT, ReadFile, new_canvas, pdf_file, tables, texts
from reportlab.lib import colors
from reportlab.platypus import Table as DrawnTable

BODY = "践行社会主义核心价值观弘扬科学精神和科学家精神传递科学的思想观念"


def drawn(cells: list[list[str]], *, spans: Sequence[tuple[object, ...]]) -> bytes:
    """Return a pdf of a line, a ruled table, and a line."""
    file = BytesIO()
    canvas = new_canvas(file)
    style = [
        ("FONT", (0, 0), (-1, -1), FONT, 12),
        ("GRID", (0, 0), (-1, -1), 0.5, colors.black),
        *spans,
    ]
    table = DrawnTable(cells, colWidths=120, rowHeights=40, style=style)
    table.wrapOn(canvas, 400, 400)
    table.drawOn(canvas, 80, 500)
    canvas.setFont(FONT, 16)
    canvas.drawString(80, 760, "重点任务分工表")
    canvas.drawString(80, 400, "保障措施")
    canvas.save()
    return file.getvalue()


def test_lines_come_from_top_to_bottom(read_file: ReadFile) -> None:
    file = BytesIO()
    canvas = new_canvas(file)
    canvas.setFont(FONT, 16)
    for height, text in [(700, "乙"), (728, "甲"), (672, "丙")]:
        canvas.drawString(80, height, text)
    canvas.save()
    assert texts(read_file("a.pdf", file.getvalue())) == ["甲", "乙", "丙"]


@pytest.mark.parametrize(
    "style", ["— {} —", "- {} -", "－{}－", "第 {} 页 共 9 页", "第{}页", "{}/9", "{}"]
)
def test_page_numbers_are_removed(read_file: ReadFile, style: str) -> None:
    pages = [[BODY[at:], BODY[at:], style.format(at)] for at in range(1, 10)]
    found = "".join(texts(read_file("a.pdf", pdf_file(pages))))
    assert found == "".join(BODY[at:] * 2 for at in range(1, 10))


def test_a_number_that_counts_no_pages_is_text(read_file: ReadFile) -> None:
    pages = [[BODY[at:], number] for at, number in enumerate(["2022", "35", "7"])]
    lines = texts(read_file("a.pdf", pdf_file(pages)))
    assert [line for line in lines if line.isdecimal()] == ["2022", "35", "7"]


def test_running_heads_and_feet_are_removed(read_file: ReadFile) -> None:
    pages = [
        ["平阴县人民政府公报", BODY[at:], BODY[at + 1 :], "县政府办公室印发"]
        for at in range(4)
    ]
    lines = texts(read_file("a.pdf", pdf_file(pages)))
    assert lines == [part for at in range(4) for part in (BODY[at:], BODY[at + 1 :])]


def test_blanks_between_chinese_characters_are_no_text(read_file: ReadFile) -> None:
    pages = [["2022 年 11 月 7 日", "的 通 知", "Science and Technology"]]
    assert texts(read_file("a.pdf", pdf_file(pages))) == [
        "2022年11月7日",
        "的通知",
        "Science and Technology",
    ]


def test_a_first_line_indent_is_kept(read_file: ReadFile) -> None:
    page = ["　　" + BODY[:26], BODY[:28], BODY[:10], "　　" + BODY[:26], BODY[:9]]
    assert texts(read_file("a.pdf", pdf_file([page] * 2))) == page * 2


def test_a_gap_between_paragraphs_is_a_blank_line(read_file: ReadFile) -> None:
    file = BytesIO()
    canvas = new_canvas(file)
    canvas.setFont(FONT, 16)
    for height in (760, 732, 704, 620, 592):
        canvas.drawString(80, height, BODY[:28])
    canvas.save()
    lines = texts(read_file("a.pdf", file.getvalue()))
    assert [at for at, line in enumerate(lines) if not line] == [3]


def test_a_centred_title_has_no_indent(read_file: ReadFile) -> None:
    file = BytesIO()
    canvas = new_canvas(file)
    canvas.setFont(FONT, 22)
    canvas.drawCentredString(304, 760, "实施方案")
    canvas.setFont(FONT, 16)
    for at in range(6):
        canvas.drawString(80, 704 - 28 * at, BODY[:28])
    canvas.save()
    assert texts(read_file("a.pdf", file.getvalue()))[:3] == ["实施方案", "", BODY[:28]]


def test_a_wide_title_of_two_lines_stays_together(read_file: ReadFile) -> None:
    file = BytesIO()
    canvas = new_canvas(file)
    canvas.setFont(FONT, 22)
    canvas.drawCentredString(304, 760, BODY[:20])
    canvas.drawCentredString(304, 728, BODY[:6])
    canvas.setFont(FONT, 16)
    for at in range(6):
        canvas.drawString(80, 680 - 28 * at, BODY[:28])
    canvas.save()
    lines = texts(read_file("a.pdf", file.getvalue()))
    assert lines[:4] == [BODY[:20], BODY[:6], "", BODY[:28]]


def test_bold_print_is_not_doubled(read_file: ReadFile) -> None:
    file = BytesIO()
    canvas = new_canvas(file)
    canvas.setFont(FONT, 16)
    canvas.drawString(80, 700, "总体要求")
    canvas.drawString(80.4, 700, "总体要求")
    canvas.save()
    assert texts(read_file("a.pdf", file.getvalue())) == ["总体要求"]


def test_characters_drawn_one_by_one_make_lines(read_file: ReadFile) -> None:
    file = BytesIO()
    canvas = new_canvas(file)
    canvas.setFont(FONT, 16)
    for row, text in enumerate([BODY[:20], "二〇二二年", "1", "甲"]):
        for at, char in enumerate(text):
            canvas.drawString(80 + 16 * at, 700 - 28 * row, char)
    canvas.save()
    lines = texts(read_file("a.pdf", file.getvalue()))
    assert lines == [BODY[:20], "二〇二二年", "1", "甲"]


def test_columns_without_rules_stay_apart(read_file: ReadFile) -> None:
    file = BytesIO()
    canvas = new_canvas(file)
    canvas.setFont(FONT, 16)
    for at, text in [(80, "科普宣传"), (300, "县科协")]:
        canvas.drawString(at, 700, text)
    canvas.save()
    assert texts(read_file("a.pdf", file.getvalue())) == ["科普宣传　县科协"]


def test_rules_filled_as_thin_boxes_make_a_table(read_file: ReadFile) -> None:
    file = BytesIO()
    canvas = new_canvas(file)
    for at in (80, 200, 320):
        canvas.rect(at, 600, 0.5, 80, stroke=0, fill=1)
    for at in (600, 640, 680):
        canvas.rect(80, at, 240, 0.5, stroke=0, fill=1)
    canvas.setFont(FONT, 12)
    for left, height, text in [(90, 655, "任务"), (210, 655, "单位"), (90, 615, "甲")]:
        canvas.drawString(left, height, text)
    canvas.save()
    found = tables(read_file("a.pdf", file.getvalue()))
    assert found == [[["任务", "单位"], ["甲", ""]]]


def test_a_ruled_table_is_a_table(read_file: ReadFile) -> None:
    cells = [["任务", "单位"], ["科普\n宣传", "县科协"]]
    blocks = read_file("a.pdf", drawn(cells, spans=[]))
    assert tables(blocks) == [cells]
    assert [text for text in texts(blocks) if text] == ["重点任务分工表", "保障措施"]
    assert texts(blocks[:1]) == ["重点任务分工表"]


def test_joined_cells_are_repeated(read_file: ReadFile) -> None:
    cells = [["序号", "任务", "单位"], ["1", "甲", "乙"], ["", "丙", ""]]
    spans = [("SPAN", (0, 1), (0, 2)), ("SPAN", (1, 2), (2, 2))]
    assert tables(read_file("a.pdf", drawn(cells, spans=spans))) == [
        [["序号", "任务", "单位"], ["1", "甲", "乙"], ["1", "丙", "丙"]]
    ]


def test_a_table_over_two_pages_is_one(read_file: ReadFile) -> None:
    file = BytesIO()
    canvas = new_canvas(file)
    style = [
        ("FONT", (0, 0), (-1, -1), FONT, 12),
        ("GRID", (0, 0), (-1, -1), 0.5, colors.black),
    ]
    for page in (1, 2):
        rows = [["任务", "单位"]] + [[f"{page}甲{at}", "乙"] for at in range(3)]
        table = DrawnTable(rows, colWidths=120, rowHeights=30, style=style)
        table.wrapOn(canvas, 400, 400)
        table.drawOn(canvas, 80, 500)
        canvas.setFont(FONT, 12)
        canvas.drawString(280, 40, f"— {page} —")
        canvas.showPage()
    canvas.save()
    (table,) = tables(read_file("a.pdf", file.getvalue()))
    assert [row[0] for row in table] == [
        "任务", "1甲0", "1甲1", "1甲2", "2甲0", "2甲1", "2甲2",
    ]  # fmt: skip


def test_a_frame_around_text_is_no_table(read_file: ReadFile) -> None:
    file = BytesIO()
    canvas = new_canvas(file)
    canvas.rect(60, 60, 480, 720)
    canvas.setFont(FONT, 16)
    canvas.drawString(80, 700, "总体要求")
    canvas.save()
    assert texts(read_file("a.pdf", file.getvalue())) == ["总体要求"]


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_turned_page_is_read_upright(read_file: ReadFile, degrees: int) -> None:
    file = BytesIO()
    canvas = new_canvas(file)
    canvas.setPageRotation(degrees)
    canvas.translate(300, 400)
    canvas.rotate(degrees)
    canvas.setFont(FONT, 16)
    canvas.drawString(0, 28, "一、总体要求")
    canvas.drawString(0, 0, "二、重点任务")
    canvas.save()
    lines = texts(read_file("a.pdf", file.getvalue()))
    assert lines == ["一、总体要求", "二、重点任务"]
