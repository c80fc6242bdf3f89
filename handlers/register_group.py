"""A group is registered for one department or for all; an admin may end that."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot import audit, roster
from bot.chinese import fold
from bot.codes import code_in, is_link
from bot.departments import Departments
from bot.messages import Button, Reply
from bot.model import Chat, Plan, Purpose, Role
from bot.roster.people import WECOM_CHANNELS
from handlers.act import Act, Doing
from handlers.open_plans import OpenPlans
from handlers.rights import Group, is_at_least

ALL = "全体群"
_OF_ALL = frozenset({"全体", "全体群", "所有单位", "各单位", "全部"})
_BAD_LINK = "登记链接无效或已过期（24 小时，限用一次）。请私聊我回复“登记群”重新获取。"
_NOT_GROUP_ADMIN = "登记本群须由本群的管理员操作：请本群管理员中的办公室管理员重试。"
_IN_THE_GROUP = (
    "请先把机器人加进要登记的群，再在群里 @我 发“登记本群 单位全称”；"
    "全体群请发“登记本群 全体”。"
)
_OR_OF_ONE = "\n如是某一单位的群，请再 @我 发“登记本群 单位名称”。"
_UNKNOWN = "名册和方案里没有这个单位，请写单位全称；全体群请回复“登记群”。"
_REGISTERS = re.compile(r"登记(?:本|这个|该)?群[\s:：]*(?P<scope>.*)", re.DOTALL)
_BINDS = re.compile(
    r"绑定(?:(?:本|这个|该)?群|(?=[\s:：。])|$)[\s:：。]*(?P<scope>.*)", re.DOTALL
)
_ENDS = re.compile(r"(?:注销|取消登记|撤销登记)(?:本|这个|该)?群[。]?")


def scope_of(chat: Chat) -> str:
    """Say for whom a group is registered."""
    return f"{chat.department}的单位群" if chat.department else ALL


def _told(chat: Chat) -> str:
    hears = "只发时限、依据和已报总数，不点名"
    if chat.department:
        hears = "发送该单位的通知和提醒，可在群内签收"
    where = "；通知发在本话题里" if chat.topic else ""
    return f"本群已登记为{scope_of(chat)}，今后{hears}{where}。"


def _scope(doing: Doing) -> str | None:
    words = doing.words.strip()
    said = _REGISTERS.fullmatch(words)
    if not said and _may_bind_group(doing) and not code_in(words):
        said = _BINDS.fullmatch(words)
    return said["scope"].strip() if said else None


def _may_bind_group(doing: Doing) -> bool:
    """Tell whether 绑定 said in a group is about the group, and not his account."""
    decides = bool(doing.incoming.by_group_admin)
    return doing.in_group and decides and is_at_least(doing.asker.role, Role.ADMIN)


def _brings_link(doing: Doing) -> bool:
    is_office = is_at_least(doing.asker.role, Role.ADMIN)
    return is_office and doing.in_group and is_link(code_in(doing.words))


async def _register(doing: Doing) -> Reply:
    """Register the group, by a link that this admin asked for or by his word there."""
    if doing.chat is None:
        return await _hand_out_link(doing)
    if not doing.incoming.by_group_admin:
        return Reply(_NOT_GROUP_ADMIN)
    if _brings_link(doing):
        return await _by_link(doing, doing.chat, code_in(doing.words))
    scope = _scope(doing) or ""
    if not scope and doing.chat.registered_at:
        if _topic(doing) != doing.chat.topic:  # it only moves there
            return await _enter(doing, doing.chat, doing.chat.department)
        return Reply(
            f"本群是{scope_of(doing.chat)}。更改范围请发“登记本群 单位全称”"
            "或“登记本群 全体”，停止接收请发“注销本群”。"
        )
    department = await _department_meant(doing, scope)
    if department is None:
        return Reply(_UNKNOWN)
    told = await _enter(doing, doing.chat, department)
    return told if scope else Reply(f"{told.text}{_OR_OF_ONE}")


async def _by_link(doing: Doing, chat: Chat, said: str) -> Reply:
    department = await roster.use_group_code(
        doing.session, said, account=doing.account, at=doing.at
    )
    if department is not None:
        return await _enter(doing, chat, department)
    used = await roster.code_used_by(doing.session, said, account=doing.account)
    if used and used.used_at == chat.registered_at:
        return Reply(_told(chat))  # the same link pressed twice
    return Reply(_BAD_LINK)


async def _enter(doing: Doing, chat: Chat, department: str) -> Reply:
    await register(
        doing.session,
        chat,
        department,
        by=_name_of(doing),
        person_id=doing.account.person_id,
        topic=_topic(doing),
        at=doing.at,
    )
    return Reply(_told(chat))


def _topic(doing: Doing) -> str:
    return doing.incoming.chat.partition("/")[2]


async def register(
    session: AsyncSession,
    chat: Chat,
    department: str,
    *,
    by: str,
    person_id: int | None = None,
    topic: str = "",
    at: datetime,
    **detail: Any,
) -> None:
    """Let a group be told notices: those of *department*, "" for what all may hear.

    They go to its *topic*, "" for none.
    """
    before = scope_of(chat) if chat.registered_at else ""
    chat.department, chat.registered_at = department, at
    chat.registered_by, chat.topic = person_id, topic
    detail |= {"before": before, "after": scope_of(chat)}
    await _record(session, chat, "chat.registered", by=by, at=at, **detail)


async def unregister(
    session: AsyncSession, chat: Chat, *, by: str, at: datetime
) -> None:
    """Let a registered group be told notices no more, by nothing in its stead either.

    What stood in for it may be registered by itself now: both would tell it again.
    """
    before = scope_of(chat)
    chat.registered_at, chat.department, chat.topic = None, "", ""
    chat.fallback = ""
    detail = {"before": before, "after": ""}
    await _record(session, chat, "chat.unregistered", by=by, at=at, **detail)


async def _hand_out_link(doing: Doing) -> Reply:
    """Give, in a direct chat, the link that adds the bot to a group for good."""
    assert doing.person, "the role is that of a person"
    if doing.incoming.channel in WECOM_CHANNELS:  # it has no such links
        return Reply(_IN_THE_GROUP)
    department = await _department_meant(doing, _scope(doing) or "")
    if department is None:
        return Reply(_UNKNOWN)
    issued = await roster.issue_code(
        doing.session,
        doing.person,
        purpose=Purpose.GROUP,
        department=department,
        by=doing.person.name,
        at=doing.at,
        told_in=doing.letter,
    )
    scope = f"{department}的单位群" if department else ALL
    await audit.record(
        doing.session,
        actor=doing.person.name,
        event="chat.invited",
        about=f"person:{doing.person.id}",
        at=doing.at,
        scope=scope,
    )
    link = Button(
        "选择群并登记",
        f"登记本群 {issued.link}",
        payload=issued.link,
        for_group=True,
    )
    lines = [
        f"将登记为：{scope}。请点下面的按钮选择要登记的群，24 小时内有效，限用一次。",
        "您须是该群的管理员，并关闭匿名。"
        f"机器人已在群里的，也可在群里 @我 发“登记本群 {department or '全体'}”。",
    ]
    lines += [] if department else ["登记某一单位的群，请回复“登记群 单位名称”。"]
    return Reply("\n".join(lines), (link,))


async def _department_meant(doing: Doing, said: str) -> str | None:
    return await department_meant(
        doing.session, said, plans=doing.plans, departments=doing.departments
    )


async def department_meant(
    session: AsyncSession,
    said: str,
    *,
    plans: Sequence[Plan],
    departments: Departments,
) -> str | None:
    """Name the department as the roster does; "" for all, None if there is none."""
    if not said or said in _OF_ALL:
        return ""
    among = await roster.departments_of_people(session)
    among += [one.name for one in await roster.departments_kept(session)]
    among += OpenPlans(plans, departments).departments
    if said in among:
        return said
    among = list(dict.fromkeys(among))
    found = {name for name in among if departments.same(name, said)}
    if not found:
        plain = fold(said)
        found = {
            mention.department
            for mention in departments.find(plain, among=among)
            if mention.end - mention.start == len(plain)
        }
    return min(found, key=among.index) if found else None


async def _end(doing: Doing) -> Reply:
    chat = doing.chat
    if chat is None:
        return Reply("请在要注销的群里 @我 发“注销本群”。")
    if chat.registered_at is None:
        return Reply("本群没有登记。")
    await unregister(doing.session, chat, by=_name_of(doing), at=doing.at)
    return Reply("本群已注销，不再发送通知。公开文件内容仍可 @我 查询。")


def _name_of(doing: Doing) -> str:
    return doing.person.name if doing.person else "system"


async def _record(
    session: AsyncSession,
    chat: Chat,
    event: str,
    *,
    by: str,
    at: datetime,
    **detail: Any,
) -> None:
    await session.flush()
    await audit.record(
        session,
        actor=by,
        event=event,
        about=f"chat:{chat.id}",
        at=at,
        channel=chat.channel,
        **detail,
    )


REGISTER = Act(
    name="register_group",
    is_of_accounts=True,
    example="登记群",
    group=Group.PEOPLE,
    role=Role.ADMIN,
    in_groups=True,
    fits=lambda doing: _scope(doing) is not None or _brings_link(doing),
    do=_register,
)
UNREGISTER = Act(
    name="unregister_group",
    is_of_accounts=True,
    example="",
    role=Role.ADMIN,
    in_groups=True,
    fits=lambda doing: _ENDS.fullmatch(doing.words.strip()) is not None,
    do=_end,
)
