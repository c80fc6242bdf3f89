"""Replies as calls of the app: plain text in parts, a card with choices, files; pure.

Plain text is what all can read: WeChat's plug-in shows no markdown of WeCom's.
"""

import hashlib
import re
from collections.abc import Mapping
from typing import Any

import msgspec

from bot.channels.texts import sound
from bot.channels.wecom.call import CARD, Call
from bot.channels.wecom.cards import (
    card_of,
    fits,
    mark_of,
    settled_card,
    shown_buttons,
)
from bot.channels.wecom.splitting import (
    Dialect,
    cut_bytes,
    escape,
    split_bytes,
)
from bot.messages import Attachment, Reply

MOST_TEXT = 2048
"""Bytes of a text; WeCom cuts off the rest and says nothing."""

SHORTEST, LONGEST = 1800, 4 * 3600
"""Seconds for which WeCom can be asked to drop copies."""

_CHOOSE, _DONE = "请选择", "已更新"
_PICTURES = (".jpg", ".jpeg", ".png")


def write_reply(reply: Reply, *, instead_of: str = "") -> tuple[str, ...]:
    """Put a reply into calls: its text in parts, then a card with choices, then files.

    The answer to a press updates the card that was pressed, if it replaces that one
    (*instead_of*) or says something aside; the code of the press is good for that.
    Without a press a card is replaced by the code that came when it was sent.
    """
    instead_of = instead_of or reply.instead_of
    text = sound(reply.text).strip()
    if not text and reply.buttons:
        text = _CHOOSE
    if text and (instead_of.startswith(CARD) or (reply.press and instead_of)):
        calls = _replacing(reply, text, card=instead_of)
    else:
        calls = _aside(reply, instead_of) + _messages(reply, text)
    calls += [_file(attachment) for attachment in reply.attachments]
    return tuple(call.encode() for call in _told_apart(calls, reply.once))


def _messages(reply: Reply, text: str) -> list[Call]:
    """Say *text*: in a card if it fits and there are choices, else in messages."""
    buttons = shown_buttons(text, reply.buttons)
    if not buttons:
        return _texts(text)
    is_told = not fits(text, buttons)
    card, words = card_of(text, buttons, is_told=is_told)
    last = Call(body=_card_body(card), words=words)
    return [*(_texts(text) if is_told else ()), last]


def _replacing(reply: Reply, text: str, *, card: str) -> list[Call]:
    """Put *text* in the place of the card that was pressed, or below it if too long."""
    if not fits(text, reply.buttons):
        return [_marked(reply.press, card, _DONE), *_messages(reply, text)]
    (otherwise,) = _messages(reply, text)
    new = otherwise.body["template_card"] if reply.buttons else settled_card(text)
    return [
        Call(
            body={"template_card": {**new, "task_id": card}},
            code=reply.press,
            card=card,
            otherwise=otherwise.body,
            words=otherwise.words,
        )
    ]


def _aside(reply: Reply, card: str) -> list[Call]:
    """Say what only who pressed is to see: he alone sees this chat."""
    words = sound(reply.aside).strip()
    if not (reply.press and words):
        return []
    mark = mark_of(words)
    if not mark:
        return _texts(words) if not reply.text else []
    otherwise = {} if reply.text else _text_body(words)
    return [_marked(reply.press, card, mark, otherwise=otherwise)]


def _marked(
    press: str, card: str, mark: str, *, otherwise: Mapping[str, Any] | None = None
) -> Call:
    """Grey out the buttons of the card that was pressed, and write *mark* there."""
    return Call(
        body={"button": {"replace_name": mark}},
        code=press,
        card=card,
        otherwise=dict(otherwise or {}),
    )


def _texts(text: str) -> list[Call]:
    parts = split_bytes(escape(text, Dialect.PLAIN), MOST_TEXT)
    return [Call(body=_text_body(part)) for part in parts]


def _text_body(text: str) -> dict[str, Any]:
    return {"msgtype": "text", "text": {"content": text}}


def _card_body(card: Mapping[str, Any]) -> dict[str, Any]:
    return {"msgtype": "template_card", "template_card": dict(card)}


def _file(attachment: Attachment) -> Call:
    name = re.sub(r'[\\/\r\n\t"]+', "_", sound(attachment.name)).strip() or "文件"
    is_picture = attachment.is_picture and name.lower().endswith(_PICTURES)
    return Call(
        file=attachment.at,
        file_kind="image" if is_picture else "file",
        file_name=cut_bytes(name, 120),
    )


def _told_apart(calls: list[Call], once: str) -> list[Call]:
    """Let equal words about two things be no copies of each other.

    WeCom compares the bytes of a request. So they differ in how long they are compared
    with others, which means nothing else to anybody; those of one reply differ, too.
    """
    found = []
    for place, call in enumerate(calls):
        salt = f"{once}:{place}" if once or place else ""
        digest = hashlib.sha256(salt.encode()).digest() if salt else bytes(8)
        more = int.from_bytes(digest[:8], "big") % (LONGEST - SHORTEST + 1)
        found.append(_salted(call, salt=salt, interval=SHORTEST + more))
    return found


def _salted(call: Call, *, salt: str, interval: int) -> Call:
    return msgspec.structs.replace(call, salt=salt, interval=interval)
