"""The heads of a roster's tables, however they are written, and the rows under them."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.roster.faults import Findings
from bot.roster.tables import Table

DEPARTMENT_HEADS = ("单位名称", "简称", "曾用名", "集合单位", "成员")
PERSON_HEADS = ("姓名", "单位", "角色", "电话", "企业微信账号", "备用")
EXAMPLE = "（示例）"
_ALSO = {
    "单位": ("单位名称", "单位全称", "所在单位", "工作单位", "部门", "所属单位"),
    "角色": ("身份", "人员角色", "人员类别"),
    "姓名": ("联络员姓名", "人员姓名"),
    "电话": (
        "手机",
        "手机号",
        "手机号码",
        "联系电话",
        "电话号码",
        "联系方式",
        "移动电话",
        "办公电话",
    ),
    "企业微信账号": ("企业微信", "企微账号", "企微", "企业微信id", "企业微信用户id"),
    "备用": ("是否备用", "备用联络员"),
    "单位名称": ("单位全称",),
    "简称": ("单位简称", "常用简称"),
    "曾用名": ("原名", "曾用名称"),
    "集合单位": ("是否集合单位",),
    "成员": ("成员单位", "包括"),
}
_OF_NO_USE = frozenset({"序号", "编号", "备注", "说明"})
_HINT = re.compile(r"[（(\[【].*?[）)\]】]|[*：:]")
_LOOKED_AT = 15  # rows in which the heads are looked for, below titles and notes


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row as texts by their heads; what is not in the table is ""."""

    row: int
    texts: Mapping[str, str]
    unread: Mapping[str, str]

    def __getitem__(self, head: str) -> str:
        return self.texts.get(head, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Where the heads of a table are: whose (departments or people), in which row."""

    heads: tuple[str, ...]
    row: int
    columns: Mapping[str, int]

    @property
    def is_of_people(self) -> bool:
        """Tell whether the table lists people."""
        return self.heads is PERSON_HEADS


def find_heads(table: Table) -> Found | None:
    """Find the row of heads, below what stands above it; None if there is none.

    Heads in two rows, of which the upper are merged over the lower, are one.
    """
    above: Found | None = None
    for row, texts in table.rows[:_LOOKED_AT]:
        shown = _shown(table, row, texts)
        found = _heads_in(row, shown)
        if above and (found is None or row != above.row + 1):
            break
        if found:
            columns = {**(above.columns if above else {}), **found.columns}
            above = Found(heads=found.heads, row=row, columns=columns)
    return above


def strange_heads(table: Table, found: Found) -> list[str]:
    """List the heads of columns that we do not know, and so do not read."""
    texts = dict(table.rows)[found.row]
    known = set(found.columns.values())
    strange = [text for place, text in enumerate(texts) if place not in known]
    return [text for text in strange if text and _bare(text) not in _OF_NO_USE]


def _shown(table: Table, row: int, texts: Sequence[str]) -> list[str]:
    """Return the texts of a row with those that merged cells show in it."""
    wide = list(texts)
    for (at, column), text in table.merged.items():
        if at == row:
            wide += [""] * (column + 1 - len(wide))
            wide[column] = wide[column] or text
    return wide


def _heads_in(row: int, texts: Sequence[str]) -> Found | None:
    bare = [_bare(text) for text in texts]
    for heads in (PERSON_HEADS, DEPARTMENT_HEADS):
        columns = {}
        for head in heads:
            names = (head, *_ALSO[head])
            places = [bare.index(name) for name in names if name in bare]
            if places:
                columns[head] = places[0]
        if heads[0] in columns:
            return Found(heads=heads, row=row, columns=columns)
    return None


def _bare(text: str) -> str:
    """Return a head without spaces, hints in brackets, and marks."""
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    return _HINT.sub("", plain).casefold()


def lines_under(table: Table, found: Found, findings: Findings) -> Iterator[Line]:
    """Go through the rows below the heads; examples and empty ones are left out.

    A row is empty that says nothing of its own under any head that we know.
    """
    for row, texts in table.rows:
        if row <= found.row:
            continue
        own = {
            head: texts[column] if column < len(texts) else ""
            for head, column in found.columns.items()
        }
        unread = {
            head: table.unread[row, column]
            for head, column in found.columns.items()
            if (row, column) in table.unread
        }
        if not (any(own.values()) or unread) or _is_example(own, found):
            continue
        if row in table.hidden_rows:
            findings.note(row, "", "是隐藏行，已照常读入，请核对")
        merged = {
            head: table.merged.get((row, column), "")
            for head, column in found.columns.items()
        }
        yield Line(
            row=row,
            texts={head: text or merged[head] for head, text in own.items()},
            unread=unread,
        )


def _is_example(texts: Mapping[str, str], found: Found) -> bool:
    first = unicodedata.normalize("NFKC", texts[found.heads[0]])
    return first.startswith(unicodedata.normalize("NFKC", EXAMPLE))
