"""Who may ask and do what, and where: one rule for intents and acts."""

from dataclasses import dataclass
from enum import StrEnum

from msgspec import Struct

from bot.errors import NotAllowed
from bot.messages import Place
from bot.model import Role

_RANK = {role: rank for rank, role in enumerate(Role)}

ROLES = {
    Role.STRANGER: "未登记角色",
    Role.LIAISON: "联络员",
    Role.HEAD: "负责人",
    Role.ADMIN: "办公室管理员",
    Role.SUPER: "超级管理员",
}

_WHO_MAY = {
    Role.STRANGER: "",
    Role.LIAISON: "此项由已绑定的联络员办理。",
    Role.HEAD: "此项由单位负责人办理。",
    Role.ADMIN: "此项由办公室管理员办理。",
    Role.SUPER: "此项由超级管理员办理。",
}
NOT_FOR_SUPER = "超级管理员负责系统运行，不办理报送业务，请由办公室管理员办理。"
WITH_A_NOTE = "办公室代单位登记请写明原因，如“代报 县应急局 全年：电话报送”。"


class Group(StrEnum):
    """Under which word the help shows the office an act."""

    REPORTS = "报送"
    BROADCASTS = "群发"
    PEOPLE = "人员"
    OTHERS = "其他"


class Asker(Struct, frozen=True, kw_only=True):
    """Who asks: `department` is "" for somebody whom the office does not know.

    In a group it is that of the group, for all its members hear the answer. `may_act`
    says that he may also have something done, such as bind his account; `at_terminal`
    that there is no account to bind, and no group.
    """

    department: str = ""
    role: Role = Role.STRANGER
    place: Place = Place.DIRECT
    may_act: bool = False
    at_terminal: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What help and rights know of an intent or act.

    `example` is shown in the help, "" keeps it out; to the office under its `group`,
    None for what is none of its work. `role` is the least role that may.
    `in_groups` is whether it may be done before others, `in_own_group` whether before
    those of a department's own group; else `elsewhere` is answered there. What
    `is_of_accounts` is about accounts and groups of chat products: not at the terminal.
    The super admin runs the machine and does not decide for departments: what is
    `not_for_super` is not for him.
    """

    name: str
    example: str
    group: Group | None = None
    role: Role = Role.STRANGER
    in_groups: bool = True
    in_own_group: bool = True
    elsewhere: str = "请私聊我查询。"
    is_of_accounts: bool = False
    not_for_super: bool = False


def title(role: Role, department: str) -> str:
    """Name somebody by what he is: 县应急局联络员, 办公室管理员."""
    return ("" if is_at_least(role, Role.ADMIN) else department) + ROLES[role]


def is_at_least(role: Role, least: Role) -> bool:
    """Tell whether a role includes another."""
    return _RANK[role] >= _RANK[least]


def office_words(role: Role) -> str:
    """Say to somebody of the office how it reports for a department, if he may."""
    return NOT_FOR_SUPER if role is Role.SUPER else WITH_A_NOTE


def refusal(card: Card, asker: Asker) -> str:
    """Say why somebody may not do this here; "" if he may."""
    if not is_at_least(asker.role, card.role):
        return f"{NotAllowed.reply}{_WHO_MAY[card.role]}"
    if card.not_for_super and asker.role is Role.SUPER:
        return NOT_FOR_SUPER
    if asker.place is Place.GROUP and not _is_for_group(card, asker):
        return card.elsewhere
    return ""


def _is_for_group(card: Card, asker: Asker) -> bool:
    return card.in_groups or (card.in_own_group and bool(asker.department))
