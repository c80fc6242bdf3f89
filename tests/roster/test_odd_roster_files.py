"""Roster files as offices really send them: odd, and read all the same, or told."""

from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from bot.errors import DocumentError
from bot.model import Role
from bot.roster import PersonRow, Roster, read_roster, write_template

HEADS = ("姓名", "单位", "角色", "电话", "企业微信账号", "备用")
WANG = PersonRow(
    name="王敏", department="县科协", role=Role.LIAISON, phone="13800000000"
)
LI = PersonRow(name="李强", department="县科协", role=Role.LIAISON, is_deputy=True)
Fill = Callable[[Worksheet], None]


def a_book(tmp_path: Path, *fills: Fill) -> Path:
    file = tmp_path / "roster.xlsx"
    book = Workbook()
    book.remove(book.active)
    for number, fill in enumerate(fills):
        fill(book.create_sheet(f"表{number + 1}"))
    book.save(file)
    return file


def titled(page: Worksheet) -> None:
    page.append(["澄川县科学素质工作联络员名册"])
    page.merge_cells("A1:F1")
    page.append([])
    page.append(["填报单位：县科协", None, None, "2026年11月"])
    page.append(["姓 名*", "工作单位（全称）", "身份", "手机号码"])
    page.append(["王敏", "县科协", "联络员", 13800000000.0])
    page.append(["李强", "县科协", "备用", None])


def headed_twice(page: Worksheet) -> None:
    page.append(["姓名", "单位", "角色", "联系", None, None])
    page.append([None, None, None, "电话", "企业微信账号", "备用"])
    for area in ("A1:A2", "B1:B2", "C1:C2", "D1:F1"):
        page.merge_cells(area)
    page.append(["王敏", "县科协", "联络员", "１３８０００００００００"[:11]])
    page.append(["李强", "县科协", "联络员", None, None, "是"])


def merged(page: Worksheet) -> None:
    page.append(["序号", "单位", "姓名", "角色", "电话", "备用"])
    page.append([1, "县科协", "王　敏", "联络员", "138 0000 0000", ""])
    page.append([2, None, "李强", "联络员", None, "是"])
    page.append([3, None, None, None, None, None])
    page.merge_cells("B2:B4")


def with_gaps(page: Worksheet) -> None:
    page.append(HEADS)
    page.append([])
    page.append(["（示例）赵静", "县科协", "联络员"])
    page.append(["王敏", "县科协", "联络员", "138-0000-0000"])
    page.append([None, None, None, None])
    page.append(["李强", "县 科协", "备用联络员"])
    page.append(["待定", "县科协", "联络员"])
    page.row_dimensions[6].hidden = True


@pytest.mark.parametrize("fill", [titled, headed_twice, merged, with_gaps])
def test_an_odd_sheet_is_read_as_it_is_meant(tmp_path: Path, fill: Fill) -> None:
    assert read_roster(a_book(tmp_path, fill)) == Roster(people=(WANG, LI))


def scribbled(page: Worksheet) -> None:
    page.append(["随手记", "明天开会"])


def left_empty(page: Worksheet) -> None:
    del page


def test_the_sheet_of_ours_may_stand_behind_others(tmp_path: Path) -> None:
    rows = read_roster(a_book(tmp_path, left_empty, scribbled, titled))

    assert rows.people == (WANG, LI)
    assert [str(note) for note in rows.notes] == [
        "“表2”：没有表头“单位名称”或“姓名”，这张表没有读入"
    ]


def test_what_is_hidden_or_left_out_is_told(tmp_path: Path) -> None:
    notes = [str(note) for note in read_roster(a_book(tmp_path, with_gaps)).notes]

    assert notes == [
        "“表1”第6行：是隐藏行，已照常读入，请核对",
        "“表1”第7行“姓名”（待定）：不是人名，这一行没有读入",
    ]


def test_a_hidden_sheet_is_read_and_told(tmp_path: Path) -> None:
    def hidden(page: Worksheet) -> None:
        titled(page)
        page.sheet_state = "hidden"

    rows = read_roster(a_book(tmp_path, titled_departments, hidden))

    assert rows.people == (WANG, LI)
    assert str(rows.notes[1]) == "“表2”：是隐藏的表，已照常读入，请核对"


def titled_departments(page: Worksheet) -> None:
    page.append(["单位名称", "联络员", "备注"])
    page.append(["县科协", "王敏", "x"])


def test_columns_that_nobody_knows_are_told(tmp_path: Path) -> None:
    rows = read_roster(a_book(tmp_path, titled_departments))

    assert [str(note) for note in rows.notes] == [
        "“表1”第1行“联络员”：不认识这样的列，没有读入"
    ]


def counted(page: Worksheet) -> None:
    page.append(HEADS)
    page.append(["王敏", '="县"&"科协"', "联络员"])


def broken(page: Worksheet) -> None:
    page.append(HEADS)
    page.append(["王敏", "#REF!", "联络员"])
    page["B2"].data_type = "e"


@pytest.mark.parametrize(
    ("fill", "words"),
    [
        (counted, "“表1”第2行“单位”：是公式，没有算好的结果"),
        (broken, "“表1”第2行“单位”：#REF! 公式出错"),
        (left_empty, "没有找到表头"),
        (scribbled, "没有找到表头"),
    ],
)
def test_what_cannot_be_taken_over_is_told(
    tmp_path: Path, fill: Fill, words: str
) -> None:
    with pytest.raises(DocumentError) as caught:
        read_roster(a_book(tmp_path, fill))
    assert words in caught.value.reply


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("１３８００００００００", "13800000000"),
        ("13800000000.0", "13800000000"),
        ("+86 138-0000-0000", "+8613800000000"),
        ("0531-87654321", "0531-87654321"),
        ("（0531）87654321", "(0531)87654321"),
        ("87654321转801", "87654321转801"),
        ("87654321-801", "87654321-801"),
        ("13800000000/13900000000", "13800000000、13900000000"),
        ("13800000000 87654321", "13800000000、87654321"),
        ("6123", "6123"),
    ],
)
def test_a_telephone_number_is_kept_as_one_dials_it(
    tmp_path: Path, said: str, kept: str
) -> None:
    file = tmp_path / "people.csv"
    file.write_text(f"姓名,单位,角色,电话\n王敏,县科协,联络员,{said}\n", "utf-8")

    rows = read_roster(file)

    assert (rows.people[0].phone, rows.notes) == (kept, ())


@pytest.mark.parametrize("said", ["1.38E+10", "1380000000", "无", "138000000001"])
def test_what_is_no_telephone_number_is_kept_and_told(
    tmp_path: Path, said: str
) -> None:
    file = tmp_path / "people.csv"
    file.write_text(f"姓名,单位,角色,电话\n王敏,县科协,联络员,{said}\n", "utf-8")

    rows = read_roster(file)

    assert rows.people[0].phone == said
    assert f"第2行“电话”（{said}）：看起来不是电话号码" in str(rows.notes[0])


@pytest.mark.parametrize(
    ("said", "advice"),
    [
        ("11010519491231002X", "身份证号、银行卡号不要填在名册里"),
        ("110105 19491231 002x", "身份证号、银行卡号不要填在名册里"),
        ("110105194912310021", "位数太多，不是电话号码"),  # a wrong last digit
        ("110105491231002", "身份证号、银行卡号不要填在名册里"),
        ("1380000000013900000000", "位数太多，不是电话号码"),
    ],
)
def test_a_number_that_is_too_private_or_too_long_is_refused_and_not_shown(
    tmp_path: Path, said: str, advice: str
) -> None:
    file = tmp_path / "people.csv"
    file.write_text(f"姓名,单位,角色,电话\n王敏,县科协,联络员,{said}\n", "utf-8")

    with pytest.raises(DocumentError) as refused:
        read_roster(file)

    assert advice in refused.value.reply
    assert said not in refused.value.reply
    assert "1231" not in refused.value.reply


def test_an_identity_is_refused_in_any_column(tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("姓名,单位,角色\n王敏11010519491231002X,县科协,联络员\n", "utf-8")

    with pytest.raises(DocumentError, match="1 faults") as refused:
        read_roster(file)

    assert "第2行“姓名”" in refused.value.reply


def test_what_to_look_at_is_told_beside_what_is_wrong(tmp_path: Path) -> None:
    lines = ["姓名,单位,角色,电话", "王敏,县科协,联络员,123456789012", "赵静,,联络员,"]
    file = tmp_path / "people.csv"
    file.write_text("\n".join(lines), "utf-8")

    with pytest.raises(DocumentError) as refused:
        read_roster(file)

    told = refused.value.reply.splitlines()
    assert [line.partition("：")[0] for line in told] == [
        "通讯录有 1 处问题，未导入任何内容，请改好后再导入",
        "“people.csv”第3行“单位”",
        "另有 1 处请核对",
        "“people.csv”第2行“电话”（123456789012）",
    ]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gbk", "utf-16"])
@pytest.mark.parametrize("comma", [",", "\t"])
def test_a_csv_is_read_in_whatever_a_spreadsheet_writes(
    tmp_path: Path, encoding: str, comma: str
) -> None:
    lines = ["姓名,单位,角色,电话", "王敏,县科协,联络员,13800000000", ",,,"]
    file = tmp_path / "people.csv"
    file.write_bytes("\r\n".join(lines).replace(",", comma).encode(encoding))

    assert read_roster(file).people == (WANG,)


def test_the_same_row_twice_is_read_once_and_told(tmp_path: Path) -> None:
    row = "王敏,县科协,联络员,13800000000"
    file = tmp_path / "people.csv"
    file.write_text(f"姓名,单位,角色,电话\n{row}\n{row}\n", "utf-8")

    rows = read_roster(file)

    assert rows.people == (WANG,)
    assert "第3行“姓名”（王敏）：与“people.csv”第2行完全相同" in str(rows.notes[0])


@pytest.mark.parametrize("name", ["阿依古丽 买买提", "阿依古丽·买买提"])
def test_a_name_of_several_parts_keeps_them(tmp_path: Path, name: str) -> None:
    file = tmp_path / "people.csv"
    file.write_text(f"姓名,单位,角色\n{name},县科协,联络员\n", "utf-8")

    assert read_roster(file).people[0].name == name


def test_ten_thousand_rows_are_read(tmp_path: Path) -> None:
    def many(page: Worksheet) -> None:
        page.append(HEADS)
        for number in range(10_000):
            page.append([f"第{number}人", f"第{number % 300}局", "联络员", 13800000000])

    assert len(read_roster(a_book(tmp_path, many)).people) == 10_000


@pytest.mark.parametrize("said", ["县应急 管理局", " 县应急　管 理局 "])
def test_a_department_is_written_without_spaces(tmp_path: Path, said: str) -> None:
    file = tmp_path / "people.csv"
    file.write_text(f"姓名,单位,角色\n王敏,{said},联络员\n", "utf-8")

    assert read_roster(file).people[0].department == "县应急管理局"


def test_a_file_that_nobody_filled_in_is_told(tmp_path: Path) -> None:
    file = tmp_path / "template.xlsx"
    write_template(file)

    (note,) = read_roster(file).notes

    assert "没有填写任何一行" in str(note)


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.csv", b"", "“a.csv”是空文件"),
        ("a.xlsx", b"", "“a.xlsx”是空文件"),
        ("a.pdf", b"%PDF-1.7", "“a.pdf”不是 xlsx 或 csv 表格"),
        ("a.xlsx", b"%PDF-1.7", "“a.xlsx”不是 xlsx 或 csv 表格"),
        ("a.xlsx", b"PK broken", "读不出来"),
        ("a.xls", b"\xd0\xcf\x11\xe0", "另存为 xlsx"),
    ],
)
def test_why_a_file_is_no_roster_is_told(
    tmp_path: Path, name: str, content: bytes, told: str
) -> None:
    file = tmp_path / name
    file.write_bytes(content)

    with pytest.raises(DocumentError) as caught:
        read_roster(file)

    assert told in caught.value.reply
