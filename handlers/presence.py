"""Where the bot may speak: it was let in, put out, or a group has moved."""

from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot import audit, roster
from bot.guard import inert
from bot.mail import told
from bot.messages import Event, Incoming, Place, Reply
from bot.model import Account, Chat

WELCOME = (
    "各位好，我提供实施方案公开内容的查询，请 @我 或回复我的消息提问。\n"
    "要在本群接收通知，请办公室管理员私聊我回复“登记群”。"
)


async def note_event(
    session: AsyncSession, incoming: Incoming, account: Account | None
) -> Reply | None:
    """Keep what happened to a conversation; says something only in a new group."""
    if incoming.place is Place.DIRECT:
        if account:
            account.closed_at = incoming.at if incoming.event is Event.CLOSED else None
        return None
    if incoming.event is Event.OPENED:
        chat = await seen_in(session, incoming)
        is_news = await _is_news(session, chat, account, at=incoming.at)
        return Reply(WELCOME) if is_news else None
    note = _moved if incoming.event is Event.MOVED else _closed
    await note(session, incoming)
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
    """Follow a group: once, though both the old and the new one tell it."""
    lane, old, new = incoming.channel, incoming.group, incoming.text.strip()
    if not new or new == old:
        return
    chat = await roster.move_chat(session, channel=lane, old=old, new=new)
    waiting = await told.move_waiting(session, lane=lane, old=old, new=new)
    if chat:
        await _record(session, "chat.moved", chat, incoming, waiting=waiting)


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
