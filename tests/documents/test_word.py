"""Word files: order, breaks, changes, hidden text, tables."""

from io import BytesIO

import docx
import pytest
from docx.document import Document
from made_documents import (
    ReadFile,
    W,
    everything,
    paragraph,
    tables,
    texts,
    word_file,
    zipped,
)

from bot.source import Line, Table


def saved(document: Document) -> bytes:
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def run(text: str, *, shape: str = "") -> str:
    return f"<w:r><w:rPr>{shape}</w:rPr><w:t>{text}</w:t></w:r>"


def test_paragraphs_and_tables_come_in_order(read_file: ReadFile) -> None:
    document = docx.Document()
    document.add_paragraph("重点任务")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(
        [cell for row in table.rows for cell in row.cells],
        ["任务", "单位", "科普", "县科协"],
        strict=True,
    ):
        cell.text = text
    document.add_paragraph("保障措施")
    blocks = read_file("方案.docx", saved(document))
    assert blocks == [
        Line("重点任务", 1),
        Table((("任务", "单位"), ("科普", "县科协")), 2),
        Line("保障措施", 3),
    ]


def test_headers_and_footers_are_left_out(read_file: ReadFile) -> None:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "页眉"
    document.sections[0].footer.paragraphs[0].text = "第1页"
    document.add_paragraph("正文")
    assert texts(read_file("方案.docx", saved(document))) == ["正文"]


@pytest.mark.parametrize(
    ("inside", "lines"),
    [
        ("<w:r><w:t>甲</w:t><w:br/><w:t>乙</w:t></w:r>", ["甲", "乙"]),
        ("<w:r><w:t>甲</w:t><w:tab/><w:t>乙</w:t></w:r>", ["甲\t乙"]),
        (f"<w:ins>{run('甲')}</w:ins>{run('乙')}", ["甲乙"]),
        (f"<w:del>{run('甲')}</w:del>{run('乙')}", ["乙"]),
        (f"<w:moveFrom>{run('甲')}</w:moveFrom>{run('乙')}", ["乙"]),
        (f"<w:moveTo>{run('甲')}</w:moveTo>{run('乙')}", ["甲乙"]),
        (run("甲", shape="<w:vanish/>") + run("乙"), ["乙"]),
        (run("甲", shape='<w:vanish w:val="0"/>') + run("乙"), ["甲乙"]),
        (run("甲", shape='<w:rStyle w:val="secret"/>') + run("乙"), ["乙"]),
        (f"<w:hyperlink>{run('甲')}</w:hyperlink>", ["甲"]),
        (f"<w:sdt><w:sdtContent>{run('甲')}</w:sdtContent></w:sdt>", ["甲"]),
        (
            "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>"
            f"{run('点击输入')}</w:sdtContent></w:sdt>{run('乙')}",
            ["乙"],
        ),
        (f"<w:fldSimple>{run('3')}</w:fldSimple>", ["3"]),
        ("<w:r><w:instrText>PAGE</w:instrText></w:r>" + run("乙"), ["乙"]),
        ("<w:r><w:noBreakHyphen/><w:t>1</w:t></w:r>", ["-1"]),
    ],
)
def test_a_paragraph_is_read_as_it_is_shown(
    read_file: ReadFile, inside: str, lines: list[str]
) -> None:
    style = '<w:style w:type="character" w:styleId="secret"><w:rPr><w:vanish/></w:rPr>'
    content = word_file(f"<w:p>{inside}</w:p>", styles=f"{style}</w:style>")
    assert texts(read_file("a.docx", content)) == lines


def test_a_paragraph_whose_end_was_deleted_runs_on(read_file: ReadFile) -> None:
    deleted = paragraph("建设", shape="<w:rPr><w:del/></w:rPr>")
    assert texts(read_file("a.docx", word_file(deleted + paragraph("科普馆")))) == [
        "建设科普馆"
    ]


def test_a_content_control_around_paragraphs_is_opened(read_file: ReadFile) -> None:
    body = f"<w:sdt><w:sdtContent>{paragraph('甲')}</w:sdtContent></w:sdt>"
    assert texts(read_file("a.docx", word_file(body))) == ["甲"]


def test_a_text_box_is_read_once(read_file: ReadFile) -> None:
    box = f"<w:txbxContent>{paragraph('平阴县人民政府文件')}</w:txbxContent>"
    both = (
        f"<mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}"
        "</mc:Fallback></mc:AlternateContent>"
    )
    content = word_file(f"<w:p><w:r>{both}</w:r>{run('正文')}</w:p>")
    assert texts(read_file("a.docx", content)) == ["平阴县人民政府文件", "正文"]


def test_joined_cells_are_repeated(read_file: ReadFile) -> None:
    document = docx.Document()
    table = document.add_table(rows=3, cols=3)
    for row in range(3):
        for column in range(3):
            table.cell(row, column).text = f"{row}{column}"
    table.cell(0, 0).merge(table.cell(0, 1)).text = "宽"
    table.cell(1, 2).merge(table.cell(2, 2)).text = "高"
    assert tables(read_file("a.docx", saved(document))) == [
        [["宽", "宽", "02"], ["10", "11", "高"], ["20", "21", "高"]]
    ]


def test_rows_of_unequal_length_are_filled_up(read_file: ReadFile) -> None:
    def cell(text: str) -> str:
        return f"<w:tc>{paragraph(text)}</w:tc>"

    short = f"<w:tr><w:trPr><w:gridBefore w:val='1'/></w:trPr>{cell('丁')}</w:tr>"
    gone = f"<w:tr><w:trPr><w:del/></w:trPr>{cell('删')}</w:tr>"
    body = (
        f"<w:tbl><w:tr>{cell('甲')}{cell('乙')}{cell('丙')}</w:tr>{gone}{short}</w:tbl>"
    )
    assert tables(read_file("a.docx", word_file(body))) == [
        [["甲", "乙", "丙"], ["", "丁", ""]]
    ]


def test_a_table_in_a_cell_is_flattened(read_file: ReadFile) -> None:
    document = docx.Document()
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text = "责任单位"
    inner = table.cell(0, 1).add_table(rows=1, cols=2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "县科协", "县教体局"
    assert tables(read_file("a.docx", saved(document))) == [
        [["责任单位", "县科协 县教体局"]]
    ]


def test_a_frame_of_one_cell_is_no_table(read_file: ReadFile) -> None:
    document = docx.Document()
    document.add_table(rows=1, cols=1).cell(0, 0).text = "第一段\n第二段"
    assert texts(read_file("a.docx", saved(document))) == ["第一段", "第二段"]


def test_the_strict_dialect_is_read(read_file: ReadFile) -> None:
    strict = "http://purl.oclc.org/ooxml/wordprocessingml/main"
    body = f'<w:document xmlns:w="{W}"><w:body>{paragraph("甲")}</w:body></w:document>'
    parts = {"word/document.xml": body.replace(W, strict)}
    assert everything(read_file("a.docx", zipped(parts))) == "甲"
