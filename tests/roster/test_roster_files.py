"""Roster files: xlsx and csv read whole, or refused row by row."""

import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from bot.errors import DocumentError
from bot.model import Role
from bot.roster import DepartmentRow, PersonRow, Roster, read_roster, write_template

HEADS = "单位名称,简称,曾用名,集合单位,成员"
PEOPLE = "姓名,单位,角色,电话"


def a_csv(tmp_path: Path, *lines: str, encoding: str = "utf-8") -> Path:
    file = tmp_path / "roster.csv"
    file.write_bytes("\r\n".join(lines).encode(encoding))
    return file


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_departments_are_read_from_csv(tmp_path: Path, encoding: str) -> None:
    file = a_csv(
        tmp_path,
        HEADS,
        "县卫生健康局,卫健局、卫健委,县卫生局；县卫计局,否,",
        ",,,,",
        '各镇街道,,,是,"东关镇，西关镇"',
        encoding=encoding,
    )
    assert read_roster(file).departments == (
        DepartmentRow(
            name="县卫生健康局",
            short_names=("卫健局", "卫健委"),
            former_names=("县卫生局", "县卫计局"),
        ),
        DepartmentRow(name="各镇街道", members=("东关镇", "西关镇"), collective=True),
    )


@pytest.mark.parametrize(
    ("word", "role"),
    [
        ("联络员", Role.LIAISON),
        ("备用", Role.LIAISON),
        ("备用联络员", Role.LIAISON),
        ("负责人", Role.HEAD),
        ("部门负责人", Role.HEAD),
        ("管理员", Role.ADMIN),
        ("办公室 管理员", Role.ADMIN),
        ("超级管理员", Role.SUPER),
    ],
)
def test_people_are_read_with_their_role(tmp_path: Path, word: str, role: Role) -> None:
    file = a_csv(tmp_path, PEOPLE, f"王敏,县科协,{word},87654321")
    assert read_roster(file).people == (
        PersonRow(
            name="王敏",
            department="县科协",
            role=role,
            phone="87654321",
            is_deputy=word.startswith("备用"),
        ),
    )


@pytest.mark.parametrize(
    ("word", "is_deputy"), [("是", True), ("√", True), ("否", False), ("", False)]
)
def test_people_are_read_with_their_wecom_account(
    tmp_path: Path, word: str, is_deputy: bool
) -> None:
    heads = f"{PEOPLE},企业微信账号,备用"
    file = a_csv(tmp_path, heads, f"王敏,县科协,联络员,,ＷangMin.01 / min2,{word}")

    (person,) = read_roster(file).people

    assert (person.wecom, person.is_deputy) == (("wangmin.01", "min2"), is_deputy)


def test_columns_may_stand_in_any_order_and_be_left_out(tmp_path: Path) -> None:
    file = a_csv(
        tmp_path, "角色,备注,姓名,单位", "联络员,x,王敏,县科协", "负责人,,李强"
    )
    with pytest.raises(DocumentError) as caught:
        read_roster(file)
    assert caught.value.reply.splitlines()[1:] == [
        "“roster.csv”第3行“单位”：没有填，请补上"
    ]


def test_a_workbook_holds_departments_and_people(tmp_path: Path) -> None:
    file = tmp_path / "roster.xlsx"
    book = Workbook()
    book.active.append(HEADS.split(","))
    book.active.append(["县科协", "科协", None, None, None])
    page = book.create_sheet("人员")
    page.append(PEOPLE.split(","))
    page.append(["王敏", "县科协", "联络员", 87654321.0])
    book.create_sheet("草稿").append(["随手记"])
    book.save(file)
    roster = read_roster(file)
    assert roster.departments == (DepartmentRow(name="县科协", short_names=("科协",)),)
    assert roster.people[0].phone == "87654321"


WECOM = f"{PEOPLE},企业微信账号"


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ((HEADS, ",科协,,,"), "第2行“单位名称”：没有填"),
        ((HEADS, "县科协,,,,", "县科协,,,,"), "第3行“单位名称”（县科协）：与“"),
        ((HEADS, "甲局,教体局,,,", "乙局,教体局,,,"), "第3行“简称”（教体局）：与“"),
        ((HEADS, "各镇,,,对,"), "“集合单位”（对）：请填“是”或“否”"),
        ((HEADS, "各镇,,,否,东关镇"), "“集合单位”（否）：填写了成员，请填“是”"),
        ((HEADS, "长" * 201), "超过200字"),
        ((HEADS, "县\x01科协,,,,"), "“单位名称”（县科协）：含有控制字符"),
        ((PEOPLE, "王敏,县科协,主任,"), "“角色”（主任）：不认识，只能填：联络员、备用"),
        ((PEOPLE, "王敏,,联络员,"), "第2行“单位”：没有填"),
        ((PEOPLE, "王敏,县科协,,"), "第2行“角色”：没有填"),
        ((PEOPLE, "王敏、李强,县科协,联络员,"), "（王敏、李强）：请一行填一个人"),
        (
            (PEOPLE, "王敏,县科协,联络员,", "王 敏,县科协,负责人,"),
            "第3行“姓名”（王敏）：与“roster.csv”第2行重复而内容不同",
        ),
        (("姓名,单位", "王敏,县科协"), "缺少“角色”一列"),
        ((f"{PEOPLE},备用", "王敏,县科协,联络员,,可能"), "“备用”（可能）：请填"),
        ((WECOM, "王敏,县科协,联络员,,王敏"), "“企业微信账号”（王敏）：请填管理后台"),
        ((WECOM, "王敏,县科协,联络员,,@all"), "“企业微信账号”（@all）：请填"),
        (
            (WECOM, "王敏,县科协,联络员,,WangMin", "李强,县科协,联络员,,wangmin"),
            "第3行“企业微信账号”（wangmin）：与“roster.csv”第2行重复",
        ),
        (("名字,电话", "王敏,1"), "没有找到表头"),
    ],
)
def test_a_wrong_row_is_told(
    tmp_path: Path, lines: tuple[str, ...], words: str
) -> None:
    with pytest.raises(DocumentError) as caught:
        read_roster(a_csv(tmp_path, *lines))
    assert words in caught.value.reply


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    lines = [f"人{at},,主任," for at in range(250)]
    with pytest.raises(DocumentError) as caught:
        read_roster(a_csv(tmp_path, PEOPLE, *lines))
    told = caught.value.reply.splitlines()
    assert told[0] == "通讯录有 500 处问题，未导入任何内容，请改好后再导入："
    assert len(told) == 501


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.xlsx", b""),
        ("a.xlsx", b"PK\x03\x04junk"),
        ("a.csv", b"\xff\xfe\xff\x81"),
        ("a.csv", b""),
        ("a.csv", '姓名,单位\n"王敏'.encode()),
        ("a.doc", b"x"),
        ("a.csv", b"a," * 3_000_000),
    ],
)
def test_what_is_no_roster_is_refused_in_words(
    tmp_path: Path, name: str, content: bytes
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(DocumentError) as caught:
        read_roster(file)
    assert "模板" in caught.value.reply


def test_a_bomb_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    file = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 50_000_000)
    with pytest.raises(DocumentError) as caught:
        read_roster(file)
    assert "过大" in caught.value.reply


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(DocumentError):
        read_roster(tmp_path / "none.xlsx")


def test_the_template_is_read_as_an_empty_roster(tmp_path: Path) -> None:
    file = tmp_path / "template.xlsx"
    write_template(file)
    assert read_roster(file) == Roster()


def test_the_template_filled_in_is_read(tmp_path: Path) -> None:
    file = tmp_path / "template.xlsx"
    write_template(file)
    book = load_workbook(file)
    for cell, value in zip(book["人员"][3], ["李强", "县科协", "负责人"], strict=False):
        cell.value = value
    book.save(file)
    person = PersonRow(name="李强", department="县科协", role=Role.HEAD)
    assert read_roster(file) == Roster(people=(person,))
