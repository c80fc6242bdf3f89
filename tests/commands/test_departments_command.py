"""`bot departments`: a roster is checked, its changes shown, and then taken over."""

from pathlib import Path

import pytest
from office import Office
from openpyxl import load_workbook

from bot.roster import Roster, read_roster

HEADS = "姓名,单位,角色,电话"


def a_csv(tmp_path: Path, *lines: str) -> str:
    file = tmp_path / "people.csv"
    file.write_text("\n".join((HEADS, *lines)) + "\n", "utf-8")
    return str(file)


@pytest.fixture
def with_people(office: Office, tmp_path: Path) -> Office:
    file = a_csv(tmp_path, "王敏,县应急局,联络员,13800000000", "李强,县应急局,备用,")
    assert office.run("departments", "--import", file).exit_code == 0
    return office


def test_what_changes_is_shown_before_it_does(
    with_people: Office, tmp_path: Path
) -> None:
    file = a_csv(tmp_path, "王敏,县应急局,负责人,", "赵静,县教体局,联络员,12")

    shown = with_people.run("departments", "--import", file, "--check").output

    assert "第3行“电话”（12）：看起来不是电话号码" in shown
    assert "新增人员：县教体局 赵静（联络员）" in shown
    assert (
        "更改人员：县应急局 王敏：角色 联络员 → 负责人，电话 13800000000 → 空" in shown
    )
    assert "文件里没有：县应急局 李强，仍保留" in shown
    assert "县应急局只有备用联络员" in shown
    assert shown.splitlines()[-1] == "没有导入。"
    assert "赵静" not in with_people.run("people").output


def test_who_is_not_in_the_file_stays(with_people: Office, tmp_path: Path) -> None:
    file = a_csv(tmp_path, "赵静,县教体局,联络员,")

    done = with_people.run("departments", "--import", file)

    assert "人员：新增 1，更改 0。" in done.output
    listed = with_people.run("people").output
    assert all(name in listed for name in ("王敏", "李强", "赵静"))


def test_the_same_file_again_changes_nothing(
    with_people: Office, tmp_path: Path
) -> None:
    file = a_csv(tmp_path, "王敏,县应急局,联络员,13800000000", "李强,县应急局,备用,")

    done = with_people.run("departments", "--import", file)

    assert "没有要导入的变化。" in done.output


def test_of_a_file_with_a_wrong_row_nothing_is_imported(
    with_people: Office, tmp_path: Path
) -> None:
    file = a_csv(tmp_path, "赵静,县教体局,联络员,", "孙悦,,科长,", "钱多,县科协,,")

    done = with_people.run("departments", "--import", file)

    assert done.exit_code == 1
    assert done.stderr.splitlines() == [
        "通讯录有 3 处问题，未导入任何内容，请改好后再导入：",
        "“people.csv”第3行“单位”：没有填，请补上",
        "“people.csv”第3行“角色”（科长）：不认识，"
        "只能填：联络员、备用、负责人、办公室管理员、超级管理员",
        "“people.csv”第4行“角色”：没有填，请补上",
    ]
    assert "赵静" not in with_people.run("people").output


@pytest.mark.parametrize(
    ("lines", "doubt"),
    [
        (
            ("赵静,县应急菅理局,联络员,", "孙悦,县应急管理局,联络员,"),
            "名录里没有这个单位：县应急菅理局，是不是“县应急管理局”",
        ),
        (
            ("赵静,县应急局,联络员,", "孙悦,县应急管理局,联络员,"),
            "同一单位有几种写法：县应急局、县应急管理局",
        ),
        (
            ("赵静,县科协,联络员,", "孙悦,县科协,联络员,"),
            "县科协有 2 名联络员（赵静、孙悦），都会收到提醒",
        ),
        (("赵静,县科协,负责人,",), "县科协没有联络员，收不到提醒"),
        (("赵静,县科协,备用,",), "县科协只有备用联络员"),
    ],
)
def test_what_is_doubtful_is_told_and_stops_nothing(
    office: Office, tmp_path: Path, lines: tuple[str, ...], doubt: str
) -> None:
    done = office.run("departments", "--import", a_csv(tmp_path, *lines))

    assert done.exit_code == 0
    assert doubt in done.output
    assert f"新增 {len(lines)}" in done.output


def test_the_template_helps_and_is_read_as_an_empty_roster(
    office: Office, tmp_path: Path
) -> None:
    file = tmp_path / "名册.xlsx"
    assert office.run("departments", "--template", str(file)).exit_code == 0

    book = load_workbook(file)
    assert book.sheetnames == ["单位", "人员", "示例"]
    heads = [cell for page in ("单位", "人员") for cell in book[page][1] if cell.value]
    assert all(cell.comment for cell in heads)
    offered = [one.formula1 for one in book["人员"].data_validations.dataValidation]
    assert offered == ['"联络员,备用,负责人,办公室管理员,超级管理员"', '"是,否"']
    assert read_roster(file) == Roster()


def test_a_department_that_a_plan_brought_is_confirmed_by_name(
    open_office: Office,
) -> None:
    name = "澄川高新技术产业园区"

    done = open_office.run("departments", "--confirm", name, "--name", "李主任")

    assert f"已确认：{name}" in done.output
    assert "确认单位名称" in open_office.run("audit").output
