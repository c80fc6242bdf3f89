"""Where the bot may speak: it was let in, put out, or a group has moved."""

from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot import audit, roster
from bot.guard import inert
from bot.mail import told
from bot.messages import Event, Incoming, Place, Reply
from bot.model import Account, Chat, Role
from bot.roster.hearers import hearers_in
from handlers.nudging import Nudging
from handlers.tell_office import tell

WELCOME = (
    "各位好，我提供实施方案公开内容的查询，请 @我 或回复我的消息提问。\n"
    "要在本群接收通知，请办公室管理员私聊我回复“登记群”。"
)
_TOPIC_LOST = (
    "群“{title}”里接收通知的话题已关闭或删除，通知已改发到该群的“常规”（General）话题，"
    "没有遗漏。\n要换一个话题，请管理员在那个话题里 @我 发“登记本群 {scope}”。"
)


async def note_event(
    session: AsyncSession,
    incoming: Incoming,
    account: Account | None,
    *,
    at: datetime,
    nudging: Nudging | None = None,
) -> Reply | None:
    """Keep what happened to a conversation; says something only in a new group.

    Of a group that lost the topic in which it is told notices the office hears.
    """
    if incoming.place is Place.DIRECT:
        if account:
            account.closed_at = incoming.at if incoming.event is Event.CLOSED else None
        return None
    if incoming.event is Event.OPENED:
        chat = await seen_in(session, incoming)
        is_news = await _is_news(session, chat, account, at=incoming.at)
        return Reply(WELCOME) if is_news else None
    if incoming.event is Event.CLOSED:
        await _closed(session, incoming)
    elif incoming.chat == incoming.group:
        await _moved(session, incoming)
    else:
        await _leave_topic(session, incoming, at=at, nudging=nudging)
    return None


async def _is_news(
    session: AsyncSession, chat: Chat, account: Account | None, *, at: datetime
) -> bool:
    """Tell whether nobody there, not even who let us in, knows what we are for."""
    if chat.registered_at:
        return False
    by = account.person_id if account else None
    return by is None or not await roster.has_group_code(session, by, at=at)


async def seen_in(session: AsyncSession, incoming: Incoming) -> Chat:
    """Return the group of what was said there: so it is open, and known from now on."""
    chat = await roster.chat_for(
        session, channel=incoming.channel, address=incoming.group
    )
    if chat.closed_at:
        chat.closed_at = None
        await _record(session, "chat.opened", chat, incoming)
    # It is anybody's choice.
    title = inert("".join(filter(str.isprintable, incoming.title)))
    if title and title != chat.title:
        chat.title = title
    return chat


async def _closed(session: AsyncSession, incoming: Incoming) -> None:
    chat = await roster.chat_at(
        session, channel=incoming.channel, address=incoming.group
    )
    if chat and chat.closed_at is None:
        chat.closed_at = incoming.at
        await _record(session, "chat.closed", chat, incoming)


async def _moved(session: AsyncSession, incoming: Incoming) -> None:
    """Follow a group: once, though both the old and the new one tell it.

    What was sent in between, and arrived in the new one, is looked for there.
    """
    lane, old, new = incoming.channel, incoming.group, incoming.text.strip()
    if not new or new == old:
        return
    chat = await roster.move_chat(session, channel=lane, old=old, new=new)
    waiting = await told.move_waiting(
        session, lane=lane, old=old, new=new, message=incoming.about
    )
    if chat:
        await _record(session, "chat.moved", chat, incoming, waiting=waiting)


async def _leave_topic(
    session: AsyncSession,
    incoming: Incoming,
    *,
    at: datetime,
    nudging: Nudging | None,
) -> None:
    """Tell a group in the whole of it what was for a part that takes nothing more."""
    lane, part = incoming.channel, incoming.chat
    waiting = await told.leave_part(
        session, lane=lane, part=part, message=incoming.about
    )
    chat = await roster.chat_at(session, channel=lane, address=incoming.group)
    if chat is None or chat.told_at != part:
        return
    chat.topic = ""
    await _record(session, "chat.topic_lost", chat, incoming, waiting=waiting)
    if nudging is None or chat.registered_at is None:
        return
    scope = chat.department or "全体"
    words = _TOPIC_LOST.format(title=chat.title or chat.address, scope=scope)
    await tell(
        session,
        nudging,
        await hearers_in(session, [Role.ADMIN], lanes=nudging.lanes),
        key=f"topic:{chat.id}:{incoming.product_id}",
        kind="office",
        body=Reply(words),
        at=at,
    )


async def _record(
    session: AsyncSession, event: str, chat: Chat, incoming: Incoming, **detail: Any
) -> None:
    await session.flush()
    await audit.record(
        session,
        actor="system",
        event=event,
        about=f"chat:{chat.id}",
        at=incoming.at,
        channel=chat.channel,
        **detail,
    )
