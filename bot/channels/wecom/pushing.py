"""What is only pushed into a group: texts that call people, and files; no choices."""

import re
from collections.abc import Sequence
from typing import Any

import msgspec

from bot.channels.texts import last_places, sound
from bot.channels.wecom.splitting import Dialect, cut_bytes, escape, split_bytes
from bot.errors import Refused
from bot.messages import Attachment, Mention, Reply

MOST_TEXT = 2048
"""Bytes of a text; only in a text people may be called."""


class Push(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One message: a body, or a file that has to be put into one."""

    body: dict[str, Any] = {}
    file: str = ""
    file_name: str = ""
    is_picture: bool = False


def write_pushes(reply: Reply, *, foot: str = "") -> tuple[str, ...]:
    """Put *reply* into texts and files; below what is said stands *foot*."""
    said = reply.unheard or reply.text
    text = escape(sound(said).strip(), Dialect.PLAIN)
    if text and foot:
        text = f"{text}\n{foot}"
    parts = split_bytes(text, MOST_TEXT)
    places = last_places(parts, {one.name for one in reply.mentions})
    calls = [
        _text(part, [one for one in reply.mentions if one.name in names.values()])
        for part, names in zip(parts, places, strict=True)
    ]
    calls += [_file(attachment) for attachment in reply.attachments]
    return tuple(msgspec.json.encode(call).decode() for call in calls)


def read_push(request: str) -> Push:
    """Read what `write_pushes` wrote; raises Refused if it is nothing of the kind."""
    try:
        return msgspec.json.decode(request, type=Push)
    except (msgspec.DecodeError, UnicodeError):
        pass
    raise Refused("the request is none of this channel")


def _text(part: str, mentions: Sequence[Mention]) -> Push:
    """Make a text that calls people, but never a whole group."""
    called = {
        mention.address: None
        for mention in mentions
        if not mention.address.startswith("@")
    }
    content: dict[str, Any] = {"content": part}
    if called:
        content["mentioned_list"] = list(called)
    return Push(body={"msgtype": "text", "text": content})


def _file(attachment: Attachment) -> Push:
    name = re.sub(r'[\\/\r\n\t"]+', "_", sound(attachment.name)).strip() or "文件"
    return Push(
        file=attachment.at,
        file_name=cut_bytes(name, 120),
        is_picture=attachment.is_picture,
    )
