"""The roster file of an office: departments and people, checked row by row."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import DocumentError
from bot.model import Role
from bot.roster.tables import Rows, read_tables

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

ROLES = {
    "联络员": Role.LIAISON,
    "备用联络员": Role.LIAISON,
    "负责人": Role.HEAD,
    "管理员": Role.ADMIN,
}
_DEPARTMENT_HEADS = ("单位名称", "简称", "曾用名", "集合单位", "成员")
_PERSON_HEADS = ("姓名", "单位", "角色", "电话", "企业微信账号", "备用")
_DEPUTY = "备用联络员"
_EXAMPLES = (
    ("（示例）县教育和体育局", "县教体局、教体局", "县教育局", "否", ""),
    ("（示例）各镇街道", "", "", "是", "东关镇、西关镇、河滨街道"),
)
_EXAMPLE = "（示例）"
_LIMITS = {"单位名称": 200, "姓名": 100, "单位": 200, "电话": 40}
_WECOM = re.compile(r"[0-9A-Za-z][0-9A-Za-z_.@-]{0,63}")
_SEPARATORS = re.compile(r"[、，,；;\n]")
_MAX_FAULTS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartmentRow:
    """A department, or a collective with its members, as a roster file names it."""

    name: str
    short_names: tuple[str, ...] = ()
    former_names: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    collective: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """A person as a roster file names them.

    `wecom` is the user id in WeCom, whose case does not matter; "" if there is none.
    """

    name: str
    department: str
    role: Role
    phone: str = ""
    wecom: str = ""
    is_deputy: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """What a roster file says, in its order; each name stands there once."""

    departments: tuple[DepartmentRow, ...] = ()
    people: tuple[PersonRow, ...] = ()


@dataclass(slots=True)
class _Sheet:
    """One table while it is read: its title, and what is wrong in it."""

    title: str
    faults: list[str]
    seen: dict[str, int] = field(default_factory=dict)

    def wrong(self, row: int, words: str) -> None:
        self.faults.append(f"“{self.title}”第{row}行：{words}")

    def take(self, row: int, name: str, *, about: str) -> None:
        """Note a name, and that it stands there twice."""
        if name in self.seen:
            self.wrong(row, f"{about}“{name}”与第{self.seen[name]}行重复")
        self.seen.setdefault(name, row)


def read_roster(path: Path) -> Roster:
    """Read an xlsx or csv file; a csv holds departments or people, an xlsx both.

    A table is known by its heads: 单位名称 for departments, 姓名 for people. Raises
    DocumentError naming sheet and row of each fault, 20 at most; then nothing of the
    file is read.
    """
    departments: list[DepartmentRow] = []
    people: list[PersonRow] = []
    faults: list[str] = []
    tables = [(title, rows) for title, rows in read_tables(path) if rows]
    known = 0
    for title, rows in tables:
        heads, sheet = rows[0][1], _Sheet(title, faults)
        if "姓名" in heads:
            people += _people(sheet, rows)
        elif "单位名称" in heads:
            departments += _departments(sheet, rows)
        known += "姓名" in heads or "单位名称" in heads
    if not known:
        words = "没有找到表头“单位名称”或“姓名”，请用系统给的模板填写。"
        raise DocumentError(f"{path}: no table of ours", reply=words)
    if faults:
        raise _refusal(path, faults)
    return Roster(departments=tuple(departments), people=tuple(people))


def write_template(path: Path) -> None:
    """Write an xlsx to be filled in; rows that begin with （示例） are not read.

    Raises DocumentError if the file cannot be written.
    """
    from openpyxl import Workbook  # 0.2 s, which only who asks for it should pay

    book = Workbook()
    book.remove(book.active)
    departments, people = book.create_sheet("单位"), book.create_sheet("人员")
    _fill(departments, [_DEPARTMENT_HEADS, *_EXAMPLES])
    example = ("（示例）王敏", "县教育和体育局", "联络员", "", "WangMin", "否")
    _fill(people, [_PERSON_HEADS, example])
    _offer(departments, column="D", words=("是", "否"))
    _offer(people, column="C", words=tuple(ROLES))
    _offer(people, column="F", words=("是", "否"))
    try:
        book.save(path)
    except OSError as error:
        words = f"写不了 {path.name}：请检查文件夹权限，或先关闭已打开的同名表格。"
        raise DocumentError(f"{path}: {error!r}", reply=words) from error


def _refusal(path: Path, faults: Sequence[str]) -> DocumentError:
    lines = ["通讯录有以下问题，未导入任何内容：", *faults[:_MAX_FAULTS]]
    if len(faults) > _MAX_FAULTS:
        lines.append(f"……另有{len(faults) - _MAX_FAULTS}处")
    return DocumentError(f"{path}: {len(faults)} faults", reply="\n".join(lines))


def _lines(
    sheet: _Sheet, rows: Rows, *, needed: Sequence[str]
) -> list[tuple[int, dict[str, str]]]:
    """Read the rows under the heads as head -> text, examples left out."""
    heads = rows[0][1]
    missing = [head for head in needed if head not in heads]
    for head in missing:
        sheet.wrong(rows[0][0], f"缺少“{head}”一列")
    if missing:
        return []
    blank = dict.fromkeys(heads, "")
    lines = [
        (row, {**blank, **dict(zip(heads, texts, strict=False))})
        for row, texts in rows[1:]
    ]
    return [
        (row, line) for row, line in lines if not line[needed[0]].startswith(_EXAMPLE)
    ]


def _is_fit(sheet: _Sheet, row: int, line: Mapping[str, str]) -> bool:
    """Tell whether the database can hold the line; say so in the sheet if not."""
    known = len(sheet.faults)
    for head, limit in _LIMITS.items():
        if len(line.get(head, "")) > limit:
            sheet.wrong(row, f"“{head}”超过{limit}字")
    if any(unicodedata.category(char) in ("Cc", "Cs") for char in _all_of(line)):
        sheet.wrong(row, "含有控制字符")
    return len(sheet.faults) == known


def _all_of(line: Mapping[str, str]) -> str:
    return "".join(line.values()).replace("\n", "").replace("\r", "").replace("\t", "")


def _departments(sheet: _Sheet, rows: Rows) -> list[DepartmentRow]:
    found = []
    for row, line in _lines(sheet, rows, needed=_DEPARTMENT_HEADS[:1]):
        if not line["单位名称"]:
            sheet.wrong(row, "缺少“单位名称”")
        elif _is_fit(sheet, row, line):
            found.append(_department(sheet, row, line))
    return found


def _department(sheet: _Sheet, row: int, line: Mapping[str, str]) -> DepartmentRow:
    name = line["单位名称"]
    short_names, members = _names(line.get("简称", "")), _names(line.get("成员", ""))
    sheet.take(row, name, about="单位名称")
    for short in short_names:
        if short != name:
            sheet.take(row, short, about="简称")
    return DepartmentRow(
        name=name,
        short_names=short_names,
        former_names=_names(line.get("曾用名", "")),
        members=members,
        collective=_is_collective(sheet, row, line, members=members),
    )


def _is_collective(
    sheet: _Sheet, row: int, line: Mapping[str, str], *, members: tuple[str, ...]
) -> bool:
    word = line.get("集合单位", "")
    if word not in ("是", "否", ""):
        sheet.wrong(row, f"“集合单位”“{word[:20]}”请填“是”或“否”")
    if members and word != "是":
        sheet.wrong(row, "填写了成员，“集合单位”请填“是”")
    return word == "是"


def _people(sheet: _Sheet, rows: Rows) -> list[PersonRow]:
    lines = _lines(sheet, rows, needed=_PERSON_HEADS[:3])
    people = (_person(sheet, row, line) for row, line in lines)
    return [person for person in people if person]


def _person(sheet: _Sheet, row: int, line: Mapping[str, str]) -> PersonRow | None:
    missing = [head for head in _PERSON_HEADS[:3] if not line[head]]
    for head in missing:
        sheet.wrong(row, f"缺少“{head}”")
    if missing or not _is_fit(sheet, row, line):
        return None
    name, department, word = (line[head] for head in _PERSON_HEADS[:3])
    sheet.take(row, f"{department} {name}", about="人员")
    role = ROLES.get(word)
    if role is None:
        allowed = "、".join(ROLES)
        sheet.wrong(row, f"角色“{word[:20]}”不认识，只能填：{allowed}")
        return None
    return PersonRow(
        name=name,
        department=department,
        role=role,
        phone=line.get("电话", ""),
        wecom=_wecom(sheet, row, line),
        is_deputy=_is_deputy(sheet, row, line) or word == _DEPUTY,
    )


def _wecom(sheet: _Sheet, row: int, line: Mapping[str, str]) -> str:
    account = line.get("企业微信账号", "").casefold()
    if not account:
        return ""
    if not _WECOM.fullmatch(account):
        sheet.wrong(row, "“企业微信账号”请填管理后台通讯录里的“账号”，不是姓名")
    else:
        sheet.take(row, account, about="企业微信账号")
    return account


def _is_deputy(sheet: _Sheet, row: int, line: Mapping[str, str]) -> bool:
    word = line.get("备用", "")
    if word not in ("是", "否", ""):
        sheet.wrong(row, f"“备用”“{word[:20]}”请填“是”或“否”")
    return word == "是"


def _names(text: str) -> tuple[str, ...]:
    names = (name.strip() for name in _SEPARATORS.split(text))
    return tuple(dict.fromkeys(name for name in names if name))


def _fill(page: "Worksheet", rows: Sequence[Sequence[str]]) -> None:
    for row in rows:
        page.append(row)
    for cell in page[1]:
        page.column_dimensions[cell.column_letter].width = 24
    for cells in page["A1:F500"]:
        for cell in cells:
            cell.number_format = "@"
    page.freeze_panes = "A2"


def _offer(page: "Worksheet", *, column: str, words: Sequence[str]) -> None:
    from openpyxl.worksheet.datavalidation import DataValidation

    offer = DataValidation(
        type="list", formula1=f'"{",".join(words)}"', allow_blank=True
    )
    offer.add(f"{column}2:{column}2000")
    page.add_data_validation(offer)
