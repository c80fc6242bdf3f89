"""Replies as messages of the robot: markdown in parts, cards, files; pure."""

import re

import msgspec

from bot.channels.texts import sound
from bot.channels.wecom.cards import (
    Card,
    card_of,
    fits,
    settled_card,
    shown_buttons,
)
from bot.channels.wecom.robot_call import MOST_BYTES, Call, markdown
from bot.channels.wecom.splitting import Dialect, cut_bytes, escape, split_bytes
from bot.messages import Attachment, Reply

_CHOOSE = "请选择："


def write_reply(reply: Reply, *, instead_of: str = "") -> tuple[str, ...]:
    """Put a reply into calls: its words, its buttons, its files.

    What fits is one card. It replaces the card that was pressed, if it is to.
    """
    text = sound(reply.text).strip()
    if not text and reply.buttons:
        text = _CHOOSE
    calls = _said(text, reply)
    is_update = reply.press and (instead_of or reply.instead_of)
    if text and is_update and fits(text, reply.buttons):
        calls = [_replacing(calls[0], text, reply)]
    calls += [_file(one, reply) for one in reply.attachments]
    if not calls and reply.press:
        aside = cut_bytes(sound(reply.aside).strip(), 300)
        calls = [Call(press=reply.press, aside=aside)]
    return tuple(call.encode() for call in calls)


def _said(text: str, reply: Reply) -> list[Call]:
    """Say *text*: in a card if it fits and there are choices, else in messages."""
    buttons = shown_buttons(text, reply.buttons)
    if not buttons:
        return _in_parts(text, reply)
    is_told = not fits(text, buttons)
    card, words = card_of(text, buttons, is_told=is_told)
    body = {"msgtype": "template_card", "template_card": card}
    last = Call(body=body, ticket=reply.ticket, words=words)
    return [*(_in_parts(text, reply) if is_told else ()), last]


def _in_parts(text: str, reply: Reply) -> list[Call]:
    parts = split_bytes(escape(text, Dialect.SECOND), MOST_BYTES)
    return [Call(body=markdown(part), ticket=reply.ticket) for part in parts]


def _replacing(call: Call, text: str, reply: Reply) -> Call:
    card: Card = call.body.get("template_card") or settled_card(text)
    return msgspec.structs.replace(call, press=reply.press, update=card)


def _file(attachment: Attachment, reply: Reply) -> Call:
    name = re.sub(r'[\\/\r\n\t"]+', "_", sound(attachment.name)).strip() or "文件"
    return Call(
        ticket=reply.ticket,
        file=attachment.at,
        file_name=cut_bytes(name, 120),
        is_picture=attachment.is_picture,
    )
