"""Updates: what Telegram tells, as messages of the house; pure."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from bot.channels.telegram.addresses import ChatAddress
from bot.channels.telegram.addressing import replies_to, words_for
from bot.channels.telegram.buttons import words_of_press
from bot.channels.telegram.commands import decides_for_group
from bot.channels.telegram.objects import (
    File,
    Me,
    Membership,
    Message,
    Press,
    Update,
    User,
)
from bot.messages import Attachment, Event, Incoming, Place


def read_update(raw: object, *, me: Me, channel: str, now: datetime) -> Incoming | None:
    """Read an update; None if it is nothing to us.

    In groups only what is said to the bot is something. Bots, channels and those who
    write in a group's name are nobody. *now* is the time of what bears none. Raises
    ValueError if it cannot be read.
    """
    try:
        update = msgspec.convert(raw, Update)
        values = _values(update, me=me, now=now)
    except (msgspec.ValidationError, OverflowError, OSError) as error:
        raise ValueError(str(error)) from None
    if values is None:
        return None
    # Another bot counts by itself, and one that was idle for a week begins anew.
    own = values.get("press") or int(values["at"].timestamp())
    return Incoming(
        channel=channel,
        product_id=str(update.update_id),
        mark=f"{me.id}:{own}",
        **values,
    )


def press_of(raw: object) -> str:
    """Return the id of the press in an update, "" if it is none: each is answered."""
    if isinstance(raw, Mapping) and isinstance(raw.get("callback_query"), Mapping):
        return str(raw["callback_query"].get("id") or "")
    return ""


def _values(update: Update, *, me: Me, now: datetime) -> dict[str, Any] | None:
    if update.callback_query:
        return _pressed(update.callback_query, now=now)
    if update.my_chat_member:
        return _membership(update.my_chat_member)
    if update.message:
        return _said(update.message, me)
    if update.edited_message:
        said = _said(update.edited_message, me)
        return said | {"edited": True} if said else None
    return None


def _said(message: Message, me: Me) -> dict[str, Any] | None:
    if message.migrate_to_chat_id or message.migrate_from_chat_id:
        return _moved(message)
    if message.sender_chat:
        return _said_by_group(message, me)
    sender = message.sender
    if not _is_person(sender):
        return None
    assert sender
    where = _where(message, sender)
    if where is None:
        return None
    in_group = message.chat.is_group
    words = words_for(message, me, in_group=in_group)
    attachments = _attachments(message)
    if words is None or not (words or attachments or _is_greeting(message)):
        return None
    about = message.reply_to_message if replies_to(message, me) else None
    return where | {
        "text": words,
        "at": _time(message.edit_date or message.date),
        "about": str(about.message_id) if about else "",
        "attachments": attachments,
        "album": message.media_group_id or "",
        "ticket": str(message.message_id) if in_group else "",
    }


def _said_by_group(message: Message, me: Me) -> dict[str, Any] | None:
    """Hear an anonymous administrator only where he must be told that he is one."""
    chat, by = message.chat, message.sender_chat
    if not (chat.is_group and by and by.id == chat.id):
        return None
    words = words_for(message, me, in_group=True)
    if not words or not decides_for_group(words):
        return None
    return {
        "address": "",
        "chat": str(ChatAddress(chat.id, message.thread)),
        "place": Place.GROUP,
        "title": chat.title or "",
        "text": words,
        "at": _time(message.edit_date or message.date),
        "ticket": str(message.message_id),
    }


def _is_greeting(message: Message) -> bool:
    """Tell whether a message without words asks for an answer: a bare @bot does."""
    if message.chat.is_group:
        return bool(message.text)
    return bool(message.text) or message.says_something_else


def _is_person(sender: User | None) -> bool:
    return sender is not None and not sender.is_bot


def _where(message: Message, sender: User) -> dict[str, Any] | None:
    """Tell who speaks and where; None if that is no place for us."""
    chat = ChatAddress(message.chat.id, message.thread)
    if message.chat.is_group:
        return {
            "address": str(sender.id),
            "chat": str(chat),
            "place": Place.GROUP,
            "title": message.chat.title or "",
        }
    if message.chat.type != "private" or message.chat.id != sender.id:
        return None
    return {"address": str(sender.id), "chat": str(chat) if chat.thread else ""}


def _pressed(press: Press, *, now: datetime) -> dict[str, Any] | None:
    message = press.message
    if message is None or not _is_person(press.sender):
        return None
    where = _where(message, press.sender)
    if where is None:
        return None
    text, button = words_of_press(press.data or "", message.reply_markup)
    return where | {
        "text": text,
        "button": button,
        "at": now,
        "about": str(message.message_id),
        "press": press.id,
    }


def _membership(change: Membership) -> dict[str, Any] | None:
    """Tell that a conversation was opened or closed; other changes are nothing."""
    may, might = change.new_chat_member.may_speak, change.old_chat_member.may_speak
    chat = change.chat
    if may == might or not (chat.is_group or chat.type == "private"):
        return None
    by = "" if change.sender.is_bot else str(change.sender.id)
    return {
        "address": by if chat.is_group else str(chat.id),
        "chat": str(chat.id) if chat.is_group else "",
        "place": Place.GROUP if chat.is_group else Place.DIRECT,
        "title": chat.title or "" if chat.is_group else "",
        "text": "",
        "at": _time(change.date),
        "event": Event.OPENED if may else Event.CLOSED,
    }


def _moved(message: Message) -> dict[str, Any]:
    """Tell that a group has a new number; both groups say so, and in the same words."""
    old = message.migrate_from_chat_id or message.chat.id
    new = message.migrate_to_chat_id or message.chat.id
    return moved(old=str(old), new=str(new), at=_time(message.date))


def moved(*, old: str, new: str, at: datetime) -> dict[str, Any]:
    """Return what an Incoming says of a group, or a part of it, that is elsewhere."""
    return {
        "address": "",
        "chat": old,
        "place": Place.GROUP,
        "text": new,
        "at": at,
        "event": Event.MOVED,
    }


def _attachments(message: Message) -> tuple[Attachment, ...]:
    found = []
    for file, name in _files(message):
        named = file.file_name or name
        found.append(Attachment(name=named, at=file.file_id, size=file.file_size or 0))
    if message.photo:
        largest = max(message.photo, key=lambda size: size.file_size or 0)
        found.append(
            Attachment(
                name="图片.jpg",
                at=largest.file_id,
                size=largest.file_size or 0,
                is_picture=True,
            )
        )
    return tuple(found)


def _files(message: Message) -> list[tuple[File, str]]:
    """List the files of a message, and what each is called that has no name.

    What is written under a voice message stands for itself.
    """
    voice = None if message.caption else message.voice
    some = (
        (message.document, "文件"),
        (message.video or message.video_note, "视频.mp4"),
        (message.audio, "音频.mp3"),
        (voice, "语音.ogg"),
    )
    return [(file, name) for file, name in some if file]


def _time(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
