"""Replies as calls of the Bot API: escaped, split, with keyboard and files; pure."""

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec import structs
from msgspec.structs import replace

from bot.channels.telegram.buttons import keyboard
from bot.channels.telegram.call import Call
from bot.channels.telegram.letters import cut, split
from bot.channels.texts import last_places, sound
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
    where others stand between them; the last bears the keyboard. What the reply ends
    is changed after all that. A reply that is only an aside is the answer to the press
    alone.
    """
    instead_of = instead_of or reply.instead_of
    text = sound(reply.text).strip()
    if not text and reply.buttons:
        text = _CHOOSE
    calls = [
        _part(part, instead_of=instead_of if first else "")
        for first, part in _with_first(_marked(split(text), reply.mentions))
    ]
    if calls and reply.buttons:
        calls[-1] = _with_keyboard(calls[-1], reply)
    calls += [_file(attachment) for attachment in reply.attachments]
    if calls and reply.ticket.isdecimal() and calls[0].method != EDIT:
        calls[0] = _quoting(calls[0], int(reply.ticket))
    aside = cut(sound(reply.aside).strip(), MOST_ASIDE)
    if pops_up(reply):
        calls = [_aside(reply.press, aside)]
    elif reply.press:
        calls[0] = structs.replace(calls[0], press=reply.press, aside=aside)
    if text and reply.ends.isdecimal():
        calls.append(_ending(text, reply.ends))
    return tuple(call.encode() for call in calls)


def write_recall(message: str) -> str:
    """Put the deletion of a message, by its number, into a call."""
    return Call(method=DELETE, parameters={"message_id": int(message)}).encode()


def pops_up(reply: Reply) -> bool:
    """Tell whether a reply is only the answer to a press, and makes no message."""
    if not reply.press or reply.buttons or reply.attachments:
        return False
    return not sound(reply.text).strip()


def as_plain(parameters: dict[str, Any]) -> dict[str, Any]:
    """Return the parameters of a text without any marks in it."""
    plain = html.unescape(_TAG.sub("", parameters["text"]))
    rest = {key: value for key, value in parameters.items() if key != "parse_mode"}
    return rest | {"text": plain}


def _with_first(parts: list[str]) -> Iterable[tuple[bool, str]]:
    return ((place == 0, part) for place, part in enumerate(parts))


def _part(part: str, *, instead_of: str) -> Call:
    parameters: dict[str, Any] = {"text": part, "parse_mode": "HTML"}
    if instead_of.isdecimal():
        return Call(
            method=EDIT,
            parameters={"message_id": int(instead_of)} | parameters,
        )
    return Call(method="sendMessage", parameters=parameters)


def _ending(text: str, message: str) -> Call:
    """Let the first line of an answer stand, without buttons, where *message* stood."""
    call = _part(_escaped(text.split("\n", 1)[0]), instead_of=message)
    return structs.replace(call, is_spare=True)


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


def _marked(parts: Sequence[str], mentions: tuple[Mention, ...]) -> list[str]:
    """Escape the parts of a text, and make the names in them mentions of people."""
    known = {
        mention.name: mention.address
        for mention in mentions
        if mention.address.isdecimal()
    }
    places = last_places(parts, known)
    return [
        _linked(part, names, known) for part, names in zip(parts, places, strict=True)
    ]


def _linked(part: str, names: Mapping[int, str], known: Mapping[str, str]) -> str:
    pieces, done = [], 0
    for start, name in sorted(names.items()):
        link = f'<a href="tg://user?id={known[name]}">{_escaped(name)}</a>'
        pieces += [_escaped(part[done:start]), link]
        done = start + len(name)
    return "".join([*pieces, _escaped(part[done:])])


def _escaped(text: str) -> str:
    return html.escape(text, quote=False)


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
