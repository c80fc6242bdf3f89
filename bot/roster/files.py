"""The roster file of an office: departments and people, checked row by row."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.errors import DocumentError
from bot.guard import masked
from bot.model import Role
from bot.roster.faults import Fault, Findings
from bot.roster.heads import Found, Line, find_heads, lines_under, strange_heads
from bot.roster.tables import Table, read_tables

ROLES = {
    "联络员": Role.LIAISON,
    "备用": Role.LIAISON,
    "负责人": Role.HEAD,
    "办公室管理员": Role.ADMIN,
    "超级管理员": Role.SUPER,
}
"""The words of the template, and what they mean; 备用 is a liaison as well."""

_ROLES = ROLES | {
    "备用联络员": Role.LIAISON,
    "部门负责人": Role.HEAD,
    "单位负责人": Role.HEAD,
    "管理员": Role.ADMIN,
}
_DEPUTY = frozenset({"备用", "备用联络员"})
_YES = frozenset({"是", "√", "✓", "y", "yes", "true", "1"})
_NO = frozenset({"", "否", "×", "✗", "n", "no", "false", "0"})
_NOBODY = frozenset({"无", "暂无", "待定", "空缺", "暂缺", "未定"})
_GUIDES = frozenset({"填写说明", "示例"})  # sheets that only explain
_LIMITS = {"单位名称": 200, "姓名": 100, "单位": 200, "电话": 40}
_WECOM = re.compile(r"[0-9A-Za-z][0-9A-Za-z_.@-]{0,63}")
_MOBILE = re.compile(r"(?:\+?86-?)?1[3-9]\d-?\d{4}-?\d{4}")
_PHONE = re.compile(
    r"(?:\(?0\d{2,3}\)?-?)?[2-9]\d{6,7}(?:(?:-|转)\d{1,6})?"
    r"|[48]00-?\d{3}-?\d{4}|\d{3,6}"
)
_SEPARATORS = re.compile(r"[、，,；;\n]")
_SEVERAL_PEOPLE = re.compile(r"[、，,；;/\n]")
_SHORTEST = 7  # digits of a number with a space behind it
_NOT_ONE = "请一行填一个人，多个人分成几行"
_TOO_PRIVATE = "身份证号、银行卡号不要填在名册里，请删去"
_TOO_LONG = "位数太多，不是电话号码；几个号码用顿号隔开，身份证号不要填"
_ENDLESS = re.compile(r"\d{15}")  # no telephone number has as many digits on end


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

    `wecom` are the user ids in WeCom, whose case does not matter.
    """

    name: str
    department: str
    role: Role
    phone: str = ""
    wecom: tuple[str, ...] = ()
    is_deputy: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """What a roster file says, in its order; each name stands there once.

    `notes` is what somebody should look at.
    """

    departments: tuple[DepartmentRow, ...] = ()
    people: tuple[PersonRow, ...] = ()
    notes: tuple[Fault, ...] = field(default=(), compare=False)


def read_roster(path: Path) -> Roster:
    """Read an xlsx or csv file; a csv holds departments or people, an xlsx both.

    A table is known by its heads: 单位名称 for departments, 姓名 for people. Raises
    DocumentError telling sheet, row, column, value and remedy of every fault; then
    nothing of the file is read.
    """
    departments: list[DepartmentRow] = []
    people: list[PersonRow] = []
    seen, all_of = _Seen(), Findings(path.name)
    known = False
    for table in read_tables(path):
        if table.title in _GUIDES:
            continue
        found, findings = find_heads(table), Findings(table.title)
        if found is None:
            _note_unread(table, findings)
        else:
            known = True
            lines = _lines(table, found, findings)
            if found.is_of_people:
                people += [row for row in _people(findings, lines, seen) if row]
            else:
                departments += _departments(findings, lines, seen)
        all_of.faults += findings.faults
        all_of.notes += findings.notes
    if not known:
        words = "没有找到表头“单位名称”或“姓名”，请用系统给的模板填写。"
        raise DocumentError(f"{path}: no table of ours", reply=words)
    if all_of.faults:
        raise _refusal(path, all_of)
    if not (departments or people):
        all_of.note(0, "", "没有填写任何一行；“示例”表不读入，请填在“单位”“人员”表里")
    return Roster(
        departments=tuple(departments),
        people=tuple(people),
        notes=tuple(all_of.notes),
    )


@dataclass(slots=True)
class _Seen:
    """What stood in the rows before: where, and in which words."""

    names: dict[str, str] = field(default_factory=dict)
    people: dict[tuple[str, str], tuple[str, PersonRow]] = field(default_factory=dict)
    accounts: dict[str, str] = field(default_factory=dict)


def _refusal(path: Path, found: Findings) -> DocumentError:
    faults, notes = found.faults, found.notes
    head = f"通讯录有 {len(faults)} 处问题，未导入任何内容，请改好后再导入："
    lines = [head, *map(str, faults)]
    if notes:
        lines += [f"另有 {len(notes)} 处请核对：", *map(str, notes)]
    return DocumentError(f"{path}: {len(faults)} faults", reply="\n".join(lines))


def _note_unread(table: Table, findings: Findings) -> None:
    if table.rows:
        findings.note(0, "", "没有表头“单位名称”或“姓名”，这张表没有读入")


def _lines(table: Table, found: Found, findings: Findings) -> list[Line]:
    """Read the rows of a table; none of one in which a column is missing."""
    needed = found.heads[:3] if found.is_of_people else found.heads[:1]
    missing = [head for head in needed if head not in found.columns]
    for head in missing:
        findings.wrong(found.row, "", f"缺少“{head}”一列")
    if missing:
        return []
    if strange := strange_heads(table, found):
        findings.note(found.row, "、".join(strange), "不认识这样的列，没有读入")
    if table.is_hidden:
        findings.note(0, "", "是隐藏的表，已照常读入，请核对")
    return [
        line for line in lines_under(table, found, findings) if _is_fit(findings, line)
    ]


def _is_fit(findings: Findings, line: Line) -> bool:
    """Tell whether the database can hold the line; say so if not."""
    known = len(findings.faults)
    for head, why in line.unread.items():
        findings.wrong(line.row, head, why)
    for head, text in line.texts.items():
        limit = _LIMITS.get(head, 2000)
        if len(text) > limit:
            findings.wrong(line.row, head, f"超过{limit}字", value=text)
        if (shown := masked(text)) != text:
            findings.wrong(line.row, head, _TOO_PRIVATE, value=shown)
        bare = text.translate(_BREAKS)
        if any(unicodedata.category(char) in ("Cc", "Cs") for char in bare):
            shown = "".join(filter(str.isprintable, text))
            findings.wrong(line.row, head, "含有控制字符，请重新输入", value=shown)
    return len(findings.faults) == known


_BREAKS = dict.fromkeys(map(ord, "\r\n\t"))


def _departments(
    findings: Findings, lines: Sequence[Line], seen: _Seen
) -> Iterator[DepartmentRow]:
    for line in lines:
        name = _closed_up(line["单位名称"])
        if not name:
            findings.wrong(line.row, "单位名称", "没有填，请填写单位全称")
            continue
        names = _names(line["简称"])
        for said, head in ((name, "单位名称"), *((one, "简称") for one in names)):
            if head == "简称" and said == name:
                continue
            _take(findings, line.row, head, said, seen.names)
        yield DepartmentRow(
            name=name,
            short_names=names,
            former_names=_names(line["曾用名"]),
            members=_names(line["成员"]),
            collective=_is_collective(findings, line),
        )


def _take(
    findings: Findings, row: int, head: str, said: str, seen: dict[str, str]
) -> None:
    """Note a name that may stand in one place only."""
    if said in seen:
        findings.wrong(row, head, f"与{seen[said]}重复，请只留一处", value=said)
    seen.setdefault(said, f"“{findings.sheet}”第{row}行")


def _is_collective(findings: Findings, line: Line) -> bool:
    is_one = _yes(findings, line, "集合单位")
    if line["成员"] and not is_one:
        findings.wrong(
            line.row, "集合单位", "填写了成员，请填“是”", value=line["集合单位"]
        )
    return is_one


def _yes(findings: Findings, line: Line, head: str) -> bool:
    word = _plain(line[head]).casefold()
    if word not in _YES | _NO:
        findings.wrong(line.row, head, "请填“是”或“否”", value=line[head])
    return word in _YES


def _people(
    findings: Findings, lines: Sequence[Line], seen: _Seen
) -> Iterator[PersonRow | None]:
    for line in lines:
        name = _tidy(line["姓名"])
        if name in _NOBODY:
            findings.note(line.row, "姓名", "不是人名，这一行没有读入", value=name)
        else:
            yield _person(findings, line, name, seen)


def _person(findings: Findings, line: Line, name: str, seen: _Seen) -> PersonRow | None:
    known = len(findings.faults)
    for head in ("姓名", "单位", "角色"):
        if not line[head]:
            findings.wrong(line.row, head, "没有填，请补上")
    if _SEVERAL_PEOPLE.search(line["姓名"].strip()):
        findings.wrong(line.row, "姓名", _NOT_ONE, value=line["姓名"])
    word = _plain(line["角色"])
    if word and word not in _ROLES:
        allowed = "、".join(ROLES)
        findings.wrong(
            line.row, "角色", f"不认识，只能填：{allowed}", value=line["角色"]
        )
    wecom = _wecom(findings, line)
    is_deputy = _yes(findings, line, "备用") or word in _DEPUTY
    if len(findings.faults) > known:
        return None
    row = PersonRow(
        name=name,
        department=_closed_up(line["单位"]),
        role=_ROLES[word],
        phone=_phone(findings, line),
        wecom=wecom,
        is_deputy=is_deputy,
    )
    return row if _is_new(findings, line, row, seen) else None


def _is_new(findings: Findings, line: Line, row: PersonRow, seen: _Seen) -> bool:
    """Tell whether a person, and the accounts, were not named before."""
    where, before = seen.people.get((row.department, row.name), ("", None))
    if before == row:
        findings.note(
            line.row, "姓名", f"与{where}完全相同，只读入一次", value=row.name
        )
        return False
    if before:
        findings.wrong(
            line.row,
            "姓名",
            f"与{where}重复而内容不同，同一人只留一行；确是两个人的，请在姓名后注明",
            value=row.name,
        )
        return False
    here = f"“{findings.sheet}”第{line.row}行"
    seen.people[row.department, row.name] = here, row
    for account in row.wecom:
        _take(findings, line.row, "企业微信账号", account, seen.accounts)
    return True


def _wecom(findings: Findings, line: Line) -> tuple[str, ...]:
    said = _plain(line["企业微信账号"], keep_separators=True).casefold()
    accounts = tuple(dict.fromkeys(filter(None, _SEPARATORS.split(said))))
    if not all(map(_WECOM.fullmatch, accounts)):
        findings.wrong(
            line.row,
            "企业微信账号",
            "请填管理后台通讯录里的“账号”，不是姓名",
            value=line["企业微信账号"],
        )
    return accounts


def _phone(findings: Findings, line: Line) -> str:
    """Return the numbers without what spreadsheets make of them."""
    said = unicodedata.normalize("NFKC", line["电话"])
    said = re.sub("[‐-―−]", "-", said)
    parts = [part.strip() for part in re.split(r"[、,;/\n]", said)]
    numbers = [number for part in parts if part for number in _numbers(part)]
    if not all(numbers):
        if _ENDLESS.search("".join(said.split())):
            cut = f"{line['电话'].strip()[:3]}……"
            findings.wrong(line.row, "电话", _TOO_LONG, value=cut)
            return ""
        findings.note(
            line.row, "电话", "看起来不是电话号码，已照原样读入", value=line["电话"]
        )
        return " ".join(line["电话"].split())
    return "、".join(numbers)


def _numbers(said: str) -> list[str]:
    """Read one number, or several with spaces between; "" for what is none."""
    said = re.sub(r"(?<=\d)\.0+$", "", said)
    whole = "".join(said.split())
    if _MOBILE.fullmatch(whole):
        return [whole.replace("-", "")]
    if _PHONE.fullmatch(whole):
        return [whole]
    parts = said.split()
    if len(parts) > 1 and all(len(part) >= _SHORTEST for part in parts):
        return [number for part in parts for number in _numbers(part)]
    return [""]


def _plain(text: str, *, keep_separators: bool = False) -> str:
    """Return a word as it is compared: half-width and without spaces."""
    plain = unicodedata.normalize("NFKC", text)
    if keep_separators:
        plain = re.sub(r"[\s/]+", ",", plain.strip())
    return "".join(plain.split())


def _tidy(text: str) -> str:
    """Return a name without the spaces that only align it: 王　敏.

    A space between longer parts belongs to the name: 阿依古丽 买买提.
    """
    parts = text.split()
    is_aligned = any(len(part) == 1 for part in parts)
    return _closed_up(text) if is_aligned else " ".join(parts)


def _closed_up(text: str) -> str:
    """Return a Chinese name without any space; in others words stay apart."""
    parts = text.split()
    is_chinese = all("\u4e00" <= char <= "\u9fff" for char in "".join(parts))
    return ("" if is_chinese else " ").join(parts)


def _names(text: str) -> tuple[str, ...]:
    names = (_closed_up(name) for name in _SEPARATORS.split(text))
    return tuple(dict.fromkeys(name for name in names if name))
