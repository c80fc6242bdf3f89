"""Whom a text is for, and what is left of it without the bot's name and /command."""

import re
from collections.abc import Iterable

from bot.channels.telegram.commands import is_ours, words_of_command
from bot.channels.telegram.objects import Entity, Me, Message

_COMMAND = re.compile(
    r"/(?P<name>[A-Za-z0-9_]{1,32})(?:@(?P<bot>[A-Za-z0-9_]+))?(?![\w/])\s*(?P<rest>.*)",
    re.DOTALL,
)
_SPACES = re.compile(r"[^\S\n]{2,}")


def words_for(message: Message, me: Me, *, in_group: bool) -> str | None:
    """Return what a message says to the bot; None if it is not for the bot.

    In a group it is for the bot if it is a command of ours (/tasks, unless another bot
    is named; /anything@ours), names the bot, or replies to it. Commands come back as
    the words that they stand for.
    """
    text = message.text or message.caption or ""
    marks = message.entities if message.text else message.caption_entities
    bare = _without(text, _marked_names(marks, me))
    bare, is_named = _without_name(bare, me.username)
    is_for_us = not in_group or is_named or len(bare) < len(text)
    is_for_us = is_for_us or replies_to(message, me)
    bare = _SPACES.sub(" ", bare).strip()
    command = _COMMAND.fullmatch(bare)
    if not command:
        return bare if is_for_us else None
    name, bot, rest = command.group("name", "bot", "rest")
    if bot and bot.lower() != me.username.lower():
        return None
    if not (is_for_us or bot or is_ours(name)):
        return None
    return words_of_command(name, rest)


def replies_to(message: Message, me: Me) -> bool:
    """Tell whether it replies to a message of the bot.

    In a topic every message "replies" to the one that opened it, and means nothing.
    """
    to = message.reply_to_message
    if to is None or to.forum_topic_created is not None:
        return False
    if message.is_topic_message and to.message_id == message.message_thread_id:
        return False
    return to.sender is not None and to.sender.id == me.id


def _without_name(text: str, username: str) -> tuple[str, bool]:
    """Take @username out of a text, wherever it stands by itself."""
    if not username:
        return text, False
    name = rf"(?<![A-Za-z0-9_.@/])@{re.escape(username)}(?![A-Za-z0-9_])[:：,，]?"
    bare, count = re.subn(name, " ", text, flags=re.IGNORECASE)
    return bare, count > 0


def _marked_names(marks: Iterable[Entity], me: Me) -> list[Entity]:
    """List the places that name the bot without its username."""
    return [
        mark
        for mark in marks
        if mark.type == "text_mention" and mark.user and mark.user.id == me.id
    ]


def _without(text: str, marks: list[Entity]) -> str:
    units = text.encode("utf-16-le", "surrogatepass")
    for mark in sorted(marks, key=lambda mark: mark.offset, reverse=True):
        start, end = 2 * mark.offset, 2 * (mark.offset + mark.length)
        units = units[:start] + units[end:]
    return units.decode("utf-16-le", "replace")
