"""What a group's own lane cannot tell it is pushed as an admin names: by what else."""

import re
from collections.abc import Collection
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot import audit, roster
from bot.errors import NotFound
from bot.messages import Reply
from bot.model import Chat, Role
from handlers.act import Act, Doing

HOOK, APPCHAT = "wecom_hook", "wecom_appchat"

_ASKS = re.compile(r"(?:本群)?备用推送(?:[\s:：]*(?P<name>.*))?", re.DOTALL)
_NONE = frozenset({"无", "取消", "不用", "删除", "停用", "关闭"})
_IN_THE_GROUP = "请在该群里 @我 发“备用推送 群机器人名称”；取消请发“备用推送 取消”。"
_NOT_REGISTERED = "本群还没有登记，请先 @我 发“登记本群”。"
_UNKNOWN = "没有这个名称的群机器人或应用建的群，请核对名称后重试。"
_IS_A_GROUP = "这个群机器人所在的群已单独登记，作备用会推送两遍；请先注销那个登记。"
_NO_HOOKS = "尚未配置群机器人（消息推送），请先由管理员在配置中填写名称和密钥。"


async def set_fallback(
    session: AsyncSession,
    chat: Chat,
    name: str,
    *,
    hooks: Collection[str],
    by: str,
    at: datetime,
) -> None:
    """Let the webhook or the app's own group *name* tell it; "" for none of them.

    Raises NotFound if none of *hooks* and none of those groups is called so.
    """
    stead = await _stead(session, chat, name, hooks=hooks) if name else ""
    before, chat.fallback = chat.fallback, stead
    await session.flush()
    await audit.record(
        session,
        actor=by,
        event="chat.fallback",
        about=f"chat:{chat.id}",
        at=at,
        channel=chat.channel,
        before=before,
        after=chat.fallback,
    )


async def _stead(
    session: AsyncSession, chat: Chat, name: str, *, hooks: Collection[str]
) -> str:
    own = await roster.chat_at(session, channel=HOOK, address=name)
    if own and own.registered_at:
        raise NotFound("it would be told twice", reply=_IS_A_GROUP)
    if name in hooks:
        return f"{HOOK}:{name}"
    made = [one for one in await roster.chats(session) if one.channel == APPCHAT]
    for one in made:
        # Nothing is told twice through one lane, so such a group is none for another.
        if one.title == name and chat.channel != APPCHAT:
            return f"{APPCHAT}:{one.address}"
    reply = _UNKNOWN if hooks or made else _NO_HOOKS
    raise NotFound("nothing to push by is called so", reply=reply)


async def fallback_of(session: AsyncSession, chat: Chat) -> str:
    """Name what stands in for a group's own lane; "" for none."""
    lane, _, address = chat.fallback.partition(":")
    group = await roster.chat_at(session, channel=lane, address=address)
    return group.title if group else address


def _name(doing: Doing) -> str | None:
    said = _ASKS.fullmatch(doing.words.strip().rstrip("。"))
    return (said["name"] or "").strip() if said else None


async def _set(doing: Doing) -> Reply:
    chat, name = doing.chat, _name(doing)
    assert doing.person, "the role is that of a person"
    if chat is None:
        return Reply(_IN_THE_GROUP)
    if chat.registered_at is None:
        return Reply(_NOT_REGISTERED)
    if not name:
        return Reply(await _told(doing.session, chat))
    await set_fallback(
        doing.session,
        chat,
        "" if name in _NONE else name,
        hooks=doing.nudging.hooks if doing.nudging else (),
        by=doing.person.name,
        at=doing.at,
    )
    return Reply(await _told(doing.session, chat))


async def _told(session: AsyncSession, chat: Chat) -> str:
    name = await fallback_of(session, chat)
    if not name:
        return "本群没有备用推送。设置请发“备用推送 群机器人名称”。"
    return f"本群的备用推送为“{name}”：机器人发不出的通知，由它推送到它所在的群。"


SET_FALLBACK = Act(
    name="set_fallback",
    example="",
    role=Role.ADMIN,
    in_groups=True,
    fits=lambda doing: _name(doing) is not None,
    do=_set,
)
