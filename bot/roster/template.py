"""The workbook that an office fills in: hints at the heads, choices, and examples."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import DocumentError
from bot.roster.files import ROLES
from bot.roster.heads import DEPARTMENT_HEADS, PERSON_HEADS
from bot.sheets import put

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_ROWS = 2000  # rows that have choices and are texts
_FORMATTED = 500
_HINTS = {
    "单位名称": "必填。单位全称，如“县教育和体育局”。",
    "简称": "选填。几个简称用顿号隔开。",
    "曾用名": "选填。可注明用到何时，如“县卫生局（2019年3月前）”。",
    "集合单位": "“各镇街道”这样的合称填“是”。",
    "成员": "只有集合单位填，用顿号隔开。",
    "姓名": "必填。一行一个人；同一单位可以有几个人。",
    "单位": "必填。与“单位”表或方案里的写法一致。",
    "角色": f"必填。{'、'.join(ROLES)}之一。",
    "电话": "选填。手机或座机，几个用顿号隔开；机器人联系不上时由办公室拨打。",
    "企业微信账号": "选填。管理后台通讯录里的“账号”，填了就不用绑定码。",
    "备用": "填“是”的人，只在联络员一直没有反应时才会被催。",
}
_DEPARTMENTS = (
    ("县教育和体育局", "县教体局、教体局", "县教育局", "否", ""),
    ("各镇街道", "", "", "是", "东关镇、西关镇、河滨街道"),
)
_PEOPLE = (
    ("王敏", "县教育和体育局", "联络员", "13800000000", "WangMin", "否"),
    ("李强", "县教育和体育局", "备用", "13800000001", "", "是"),
    ("赵静", "县教育和体育局", "负责人", "", "", ""),
    ("孙主任", "县科协", "办公室管理员", "87654321", "sun", ""),
)


def write_template(path: Path, people: Sequence[tuple[str, str, str]] = ()) -> None:
    """Write an xlsx to be filled in; its sheet of examples is not read.

    Of *people* name, department and user id stand in it; their roles are to be said.
    Raises DocumentError if the file cannot be written.
    """
    from openpyxl import Workbook  # 0.2 s, which only who asks for it should pay

    book = Workbook()
    book.remove(book.active)
    departments, page = book.create_sheet("单位"), book.create_sheet("人员")
    _lay(departments, DEPARTMENT_HEADS)
    _lay(page, PERSON_HEADS)
    _fill(page, people)
    _offer(departments, column="D", words=("是", "否"))
    _offer(page, column="C", words=tuple(ROLES))
    _offer(page, column="F", words=("是", "否"))
    _show_examples(book.create_sheet("示例"))
    try:
        book.save(path)
    except OSError as error:
        words = f"写不了 {path.name}：请检查文件夹权限，或先关闭已打开的同名表格。"
        raise DocumentError(f"{path}: {error!r}", reply=words) from error


def _lay(page: "Worksheet", heads: Sequence[str]) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import Font, PatternFill

    page.append(heads)
    for cell in page[1]:
        is_needed = _HINTS[cell.value].startswith("必填")
        cell.comment = Comment(_HINTS[cell.value], "plan-bot", width=260, height=90)
        cell.font = Font(bold=True)
        cell.fill = PatternFill(
            "solid", start_color="FFE699" if is_needed else "DDEBF7"
        )
        page.column_dimensions[cell.column_letter].width = 24
    for cells in page[f"A1:F{_FORMATTED}"]:
        for cell in cells:
            cell.number_format = "@"  # else a telephone number loses its zero
    page.freeze_panes = "A2"


def _fill(page: "Worksheet", people: Sequence[tuple[str, str, str]]) -> None:
    for row, (name, department, account) in enumerate(people, start=2):
        for column, words in ((1, name), (2, department), (5, account)):
            put(page.cell(row=row, column=column), words)


def _show_examples(page: "Worksheet") -> None:
    """Lay out, on a sheet of its own, how both are filled in and what each head is."""
    lines: list[Sequence[str]] = [
        (
            "以下是示例，不会被读入；请在“单位”和“人员”两张表里填写，两张表都可以只填需要的行。",
        ),
        (),
        ("“单位”表",),
        DEPARTMENT_HEADS,
        *_DEPARTMENTS,
        (),
        ("“人员”表",),
        PERSON_HEADS,
        *_PEOPLE,
        (),
        ("各列怎么填",),
        *_HINTS.items(),
    ]
    for line in lines:
        page.append(line)
    for column in "ABCDEF":
        page.column_dimensions[column].width = 24


def _offer(page: "Worksheet", *, column: str, words: Sequence[str]) -> None:
    from openpyxl.worksheet.datavalidation import DataValidation

    offer = DataValidation(
        type="list", formula1=f'"{",".join(words)}"', allow_blank=True
    )
    offer.showErrorMessage = True
    offer.errorTitle, offer.error = "请从列表里选", f"只能填：{'、'.join(words)}"
    offer.add(f"{column}2:{column}{_ROWS}")
    page.add_data_validation(offer)
