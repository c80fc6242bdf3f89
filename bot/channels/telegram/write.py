"""Replies as calls of the Bot API: escaped, split, with keyboard and files; pure."""

import html
import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from msgspec import structs

from bot.channels.telegram.buttons import keyboard
from bot.channels.telegram.call import Call
from bot.channels.telegram.letters import cut, split
from bot.channels.texts import sound
from bot.messages import Attachment, Mention, Reply

MOST_ASIDE = 200
"""Characters of the words that appear for a moment above a chat."""

_TAG = re.compile("<[^>]*>")
_CHOOSE = "请选择："
EDIT = "editMessageText"
DELETE = "deleteMessage"


def write_reply(reply: Reply, *, instead_of: str = "") -> tuple[str, ...]:
    """Put a reply into calls: its text in parts, then its files.

    The first part replaces message *instead_of*, or else quotes the one that it answers
    where others stand between them; the last bears the keyboard. A reply that is only
    an aside is the answer to the press alone.
    """
    instead_of = instead_of or reply.instead_of
    text = sound(reply.text).strip()
    if not text and reply.buttons:
        text = _CHOOSE
    calls = [
        _part(part, reply.mentions, instead_of=instead_of if first else "")
        for first, part in _with_first(split(text))
    ]
    if calls and reply.buttons:
        calls[-1] = _with_keyboard(calls[-1], reply)
    calls += [_file(attachment) for attachment in reply.attachments]
    if calls and reply.ticket.isdecimal() and calls[0].method != EDIT:
        calls[0] = _quoting(calls[0], int(reply.ticket))
    aside = cut(sound(reply.aside).strip(), MOST_ASIDE)
    if reply.press and not calls:
        calls = [_aside(reply.press, aside)]
    elif reply.press:
        calls[0] = structs.replace(calls[0], press=reply.press, aside=aside)
    return tuple(call.encode() for call in calls)


def write_recall(message: str) -> str:
    """Put the deletion of a message, by its number, into a call."""
    return Call(method=DELETE, parameters={"message_id": int(message)}).encode()


def as_plain(parameters: dict[str, Any]) -> dict[str, Any]:
    """Return the parameters of a text without any marks in it."""
    plain = html.unescape(_TAG.sub("", parameters["text"]))
    rest = {key: value for key, value in parameters.items() if key != "parse_mode"}
    return rest | {"text": plain}


def _with_first(parts: list[str]) -> Iterable[tuple[bool, str]]:
    return ((place == 0, part) for place, part in enumerate(parts))


def _part(part: str, mentions: tuple[Mention, ...], *, instead_of: str) -> Call:
    parameters: dict[str, Any] = {
        "text": _marked(part, mentions),
        "parse_mode": "HTML",
    }
    if instead_of.isdecimal():
        return Call(
            method=EDIT,
            parameters={"message_id": int(instead_of)} | parameters,
        )
    return Call(method="sendMessage", parameters=parameters)


def _with_keyboard(call: Call, reply: Reply) -> Call:
    markup, words = keyboard(reply.buttons)
    parameters = call.parameters | {"reply_markup": markup}
    return structs.replace(call, parameters=parameters, words=words)


def _quoting(call: Call, message: int) -> Call:
    """Have Telegram show which message is answered, if it is still there."""
    quoted = {"message_id": message, "allow_sending_without_reply": True}
    parameters = call.parameters | {"reply_parameters": quoted}
    return structs.replace(call, parameters=parameters)


def _aside(press: str, aside: str) -> Call:
    parameters: dict[str, Any] = {"callback_query_id": press}
    if aside:
        parameters |= {"text": aside, "show_alert": True}
    return Call(method="answerCallbackQuery", parameters=parameters)


def _marked(part: str, mentions: tuple[Mention, ...]) -> str:
    """Escape a text, and make the names in it mentions of people."""
    known = {
        mention.name: mention.address
        for mention in mentions
        if mention.name and mention.address.isdecimal()
    }
    if not known:
        return html.escape(part, quote=False)
    names = "|".join(map(re.escape, sorted(known, key=len, reverse=True)))
    pieces = re.split(f"({names})", part)
    return "".join(_mention(piece, known.get(piece, "")) for piece in pieces)


def _mention(piece: str, address: str) -> str:
    words = html.escape(piece, quote=False)
    return f'<a href="tg://user?id={address}">{words}</a>' if address else words


def _file(attachment: Attachment) -> Call:
    attachment = replace(attachment, name=_file_name(attachment.name))
    field = "photo" if attachment.is_picture else "document"
    return Call(
        method=f"send{field.capitalize()}",
        file=attachment.at,
        file_field=field,
        file_name=attachment.name,
    )


def _file_name(name: str) -> str:
    """Take from a name what a header or a folder might misread."""
    return cut(re.sub(r'[\\/\r\n\t"]+', "_", sound(name)).strip() or "文件", 120)
