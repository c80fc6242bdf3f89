"""Web pages: the article alone, as a browser shows it."""

import pytest
from made_documents import ReadFile, everything, tables, texts

PROSE = "<p>坚持以人为本，深入贯彻落实；建设科普阵地。</p>" * 10


def page(body: str, *, head: str = "") -> bytes:
    return (
        f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>".encode()
    )


@pytest.mark.parametrize("charset", ["gb2312", "gbk", "utf-8", "UTF-8"])
def test_the_charset_is_taken_from_the_page(read_file: ReadFile, charset: str) -> None:
    head = f'<meta http-equiv="Content-Type" content="text/html; charset={charset}">'
    content = page("<p>总体要求</p>", head=head).decode().encode(charset)
    assert texts(read_file("a.html", content)) == ["总体要求"]


def test_a_wrong_charset_does_no_harm(read_file: ReadFile) -> None:
    content = page("<p>总体要求</p>", head='<meta charset="gb2312">')
    assert texts(read_file("a.htm", content)) == ["总体要求"]


@pytest.mark.parametrize(
    "noise",
    [
        "<script>坏，坏，坏。</script>",
        "<style>坏，坏。</style>",
        "<nav>坏，坏。</nav>",
        "<footer>坏：版权，所有。</footer>",
        "<!-- 坏，坏。-->",
        '<div style="display: none">坏，坏。</div>',
        "<p hidden>坏，坏。</p>",
        '<div class="site-footer">主办：坏，电话坏。</div>',
        '<div class="breadcrumb">坏 &gt; 坏</div>',
        '<ul id="nav"><li><a href="#">坏</a></li></ul>',
        '<div class="share">坏</div>',
    ],
)
def test_what_is_no_article_is_left_out(read_file: ReadFile, noise: str) -> None:
    for body in (noise + PROSE, PROSE + noise, f"<div>{PROSE}</div>{noise}"):
        assert "坏" not in everything(read_file("a.html", page(body)))


@pytest.mark.parametrize(
    "opening", ['<div id="zoom">', '<div class="TRS_Editor">', "<article>"]
)
def test_the_named_part_of_a_site_is_the_article(
    read_file: ReadFile, opening: str
) -> None:
    other = "<div><p>相关解读，说明，背景。</p></div>" * 3
    closing = "</article>" if "article" in opening else "</div>"
    content = page(f"<div>{opening}{PROSE}{closing}{other}</div>")
    assert "相关解读" not in everything(read_file("a.html", content))


def test_no_part_of_a_divided_article_is_lost(read_file: ReadFile) -> None:
    parts = "".join(
        f'<div class="TRS_Editor"><p>第{n}部分，任务；措施。</p></div>'
        for n in range(5)
    )
    found = everything(read_file("a.html", page(f"<div>{parts}</div>")))
    assert [n for n in range(5) if f"第{n}部分" in found] == [0, 1, 2, 3, 4]


def test_blocks_and_breaks_are_lines(read_file: ReadFile) -> None:
    body = (
        "<h2>一、总体要求</h2><p>甲<br>乙<br/>丙</p><div>丁</div><ul><li>戊</li></ul>"
    )
    lines = texts(read_file("a.html", page(body)))
    assert lines == ["一、总体要求", "甲", "乙", "丙", "丁", "戊"]


def test_blanks_of_the_source_are_not_those_of_the_text(read_file: ReadFile) -> None:
    body = (
        "<p>\n  全民科学\n  素质 <span>2025</span> 年\n</p><p>　　甲&nbsp;&nbsp;乙</p>"
    )
    lines = texts(read_file("a.html", page(body)))
    assert lines == ["全民科学素质 2025 年", "　　甲  乙"]


def test_numbered_items_keep_their_numbers(read_file: ReadFile) -> None:
    body = '<ol start="3"><li>甲</li><li>乙</li></ol>'
    assert texts(read_file("a.html", page(body))) == ["3. 甲", "4. 乙"]


def test_spanning_cells_are_repeated(read_file: ReadFile) -> None:
    body = (
        "<table><tr><th>序号</th><th colspan=2>任务</th></tr>"
        "<tr><td rowspan=2>1</td><td>甲</td><td>乙</td></tr>"
        "<tr><td>丙<br>丁</td><td>戊</td></tr></table>"
    )
    assert tables(read_file("a.html", page(body))) == [
        [["序号", "任务", "任务"], ["1", "甲", "乙"], ["1", "丙\n丁", "戊"]]
    ]


def test_a_table_that_lays_out_the_page_is_text(read_file: ReadFile) -> None:
    inner = "<table><tr><td>任务</td><td>单位</td></tr><tr><td>甲</td><td>乙</td></tr>"
    body = f"<table><tr><td>左</td><td>{PROSE}{inner}</table></td></tr></table>"
    blocks = read_file("a.html", page(body))
    assert tables(blocks) == [[["任务", "单位"], ["甲", "乙"]]]
    assert len(texts(blocks)) >= 10


def test_title_and_index_rows_come_first(read_file: ReadFile) -> None:
    index = (
        "<table><tr><td>索引号：</td><td>123</td><td>发文机关：</td><td>某县政府</td>"
        "</tr><tr><td>文　　号：</td><td>某政字〔2022〕1号</td><td>成文日期：</td>"
        "<td>2022-11-07</td></tr></table>"
    )
    head = '<meta name="ArticleTitle" content="关于印发方案的通知">'
    blocks = read_file(
        "a.html", page(f'{index}<div id="zoom">{PROSE}</div>', head=head)
    )
    assert texts(blocks)[:5] == [
        "关于印发方案的通知",
        "索引号：123",
        "发文机关：某县政府",
        "文号：某政字〔2022〕1号",
        "成文日期：2022-11-07",
    ]


def test_a_title_that_the_article_has_is_not_repeated(read_file: ReadFile) -> None:
    head = '<meta name="ArticleTitle" content="关于印发 方案的通知">'
    body = f"<h1>关于印发方案的通知</h1>{PROSE}"
    found = everything(read_file("a.html", page(body, head=head)))
    assert found.count("关于印发方案的通知") == 1


def test_many_tables_in_one_another_take_no_time(read_file: ReadFile) -> None:
    body = "<table><tr><td>甲</td><td>" * 400 + "乙" + "</td></tr></table>" * 400
    assert "乙" in everything(read_file("a.html", page(body)))
