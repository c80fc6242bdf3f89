"""Group chats: known once the bot is there, told notices once they are registered."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.model import Account, Chat, Talk
from bot.roster.rows import insert_once


async def chat_at(session: AsyncSession, *, channel: str, address: str) -> Chat | None:
    """Return the group of an address, None if the bot was never seen in it."""
    query = select(Chat).where(Chat.channel == channel, Chat.address == address)
    return (await session.scalars(query)).one_or_none()


async def chat_for(session: AsyncSession, *, channel: str, address: str) -> Chat:
    """Return the group of an address, made known if it is new."""
    found = await chat_at(session, channel=channel, address=address)
    if found is None:
        values: dict[str, Any] = {"channel": channel, "address": address}
        values |= {"title": "", "department": "", "talk": Talk()}
        await insert_once(session, Chat, values)
        found = await chat_at(session, channel=channel, address=address)
        assert found, "it has just been made"
    return found


async def chats(session: AsyncSession) -> Sequence[Chat]:
    """List all groups: those that are told notices first, the closed ones last."""
    order = Chat.closed_at.is_not(None), Chat.registered_at.is_(None), Chat.id
    return (await session.scalars(select(Chat).order_by(*order))).all()


def may_be_told() -> ColumnElement[bool]:
    """Hold for groups that hear us, or have something in their own lane's stead."""
    return or_(Chat.closed_at.is_(None), Chat.fallback != "")


async def registered_chats(
    session: AsyncSession, *, department: str | None = None
) -> Sequence[Chat]:
    """List the groups that are told notices, of a department ("": of all) if given."""
    query = select(Chat).where(Chat.registered_at.is_not(None), may_be_told())
    if department is not None:
        query = query.where(Chat.department == department)
    return (await session.scalars(query.order_by(Chat.id))).all()


async def close_addresses(
    session: AsyncSession, *, channel: str, addresses: Collection[str], at: datetime
) -> None:
    """Note that accounts and groups take nothing from us any more.

    A part of a group, behind a stroke, stands for the group.
    """
    whole = {address.partition("/")[0] for address in addresses}
    for table in (Account, Chat):
        await session.execute(
            update(table)
            .where(table.channel == channel, table.address.in_(whole))
            .where(table.closed_at.is_(None))
            .values(closed_at=at)
            .execution_options(synchronize_session="fetch")
        )


async def move_chat(
    session: AsyncSession, *, channel: str, old: str, new: str
) -> Chat | None:
    """Let a group have the address *new* from now on; None if nothing was to do.

    If the bot was seen at the new address already, the registration goes there.
    """
    chat = await chat_at(session, channel=channel, address=old)
    if chat is None:
        return None
    there = await chat_at(session, channel=channel, address=new)
    if there:
        _take_over(there, chat)
        await session.delete(chat)
    else:
        there = chat
        there.address = new
    there.closed_at = None
    await session.flush()
    return there


def _take_over(there: Chat, chat: Chat) -> None:
    there.title = there.title or chat.title
    there.fallback = there.fallback or chat.fallback
    if chat.registered_at and not there.registered_at:
        there.department = chat.department
        there.registered_by = chat.registered_by
        there.registered_at = chat.registered_at
        there.topic = chat.topic
