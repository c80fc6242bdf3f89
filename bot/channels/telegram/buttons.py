"""Buttons: a keyboard under a message, and what a press of it says.

A button carries 64 bytes. What a choice says goes along in clear, as it is no more
than the person might type. Where it does not fit, the button says its label, which is
read off the message that was pressed, or else a key to words that stay with us, in the
request that made the message.
"""

import re
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from bot.channels.telegram.letters import cut
from bot.channels.telegram.objects import Keyboard
from bot.channels.texts import sound
from bot.messages import Button

MOST_BYTES = 64

_SAYS, _LABEL, _KEPT = "=", "@", "~"  # how the data of a button begins
_WIDEST = 22  # columns of a row, a Chinese character taking two
_MOST_IN_ROW = 8
_MOST = 100
_LONGEST_LABEL = 60  # characters
_SITE = "https://t.me/"
_OURS = f"{_SITE}?"  # a link of ours before the bot's name is put in
_PAYLOAD = re.compile("[A-Za-z0-9_-]{1,64}")


def keyboard(buttons: Sequence[Button]) -> tuple[dict[str, Any], dict[str, str]]:
    """Lay out buttons; returns Telegram's markup, and the words to keep by their keys.

    Short ones share a row. At most 100 are shown. One with a payload opens a link of
    the bot, whose name is put in when the message is sent: `with_name` does it.
    """
    rows: list[list[dict[str, str]]] = []
    kept: dict[str, str] = {}
    room = 0
    for place, button in enumerate(buttons[:_MOST]):
        label = cut(sound(button.label).strip() or sound(button.says), _LONGEST_LABEL)
        key = {"text": label or "…"} | _end(button, label=label, place=place)
        if key.get("callback_data", "").startswith(_KEPT):
            kept[key["callback_data"]] = button.says
        width = _columns(label) + 2
        if width > room or len(rows[-1]) >= _MOST_IN_ROW:
            rows.append([])
            room = _WIDEST
        rows[-1].append(key)
        room -= width
    return {"inline_keyboard": rows}, kept


def words_of_press(data: str, under: Keyboard | None) -> tuple[str, str]:
    """Return what a pressed button says, or "" and the key of its words.

    Both are "" if the button is none of ours, or is no longer there.
    """
    if data.startswith(_SAYS):
        return data[1:], ""
    if data.startswith(_KEPT):
        return "", data
    if data.startswith(_LABEL) and under:
        keys = (key for row in under.inline_keyboard for key in row)
        labels = (key.text for key in keys if key.callback_data == data)
        return next(labels, ""), ""
    return "", ""


def has_links(markup: Any) -> bool:
    """Tell whether a keyboard has buttons that open links of the bot."""
    return any(_is_link(key) for row in _rows(markup) for key in row)


def with_name(markup: Any, username: str) -> dict[str, Any]:
    """Return a keyboard with the bot's name in its links."""
    return {
        "inline_keyboard": [
            [
                key | {"url": key["url"].replace(_OURS, f"{_SITE}{username}?", 1)}
                if _is_link(key)
                else key
                for key in row
            ]
            for row in _rows(markup)
        ]
    }


def _rows(markup: Any) -> list[list[dict[str, str]]]:
    return markup.get("inline_keyboard", []) if isinstance(markup, dict) else []


def _is_link(key: dict[str, str]) -> bool:
    return key.get("url", "").startswith(_OURS)


def _end(button: Button, *, label: str, place: int) -> dict[str, str]:
    """Return what happens when a button is pressed."""
    if _PAYLOAD.fullmatch(button.payload):
        verb = "startgroup" if button.for_group else "start"
        return {"url": f"{_OURS}{verb}={button.payload}"}
    return {"callback_data": _data(button, label=label, place=place)}


def _data(button: Button, *, label: str, place: int) -> str:
    says = sound(button.says)
    clear = _SAYS + says
    if len(clear.encode()) <= MOST_BYTES:
        return clear
    if says == label:
        return f"{_LABEL}{place}"
    return _KEPT + sha256(says.encode()).hexdigest()[:24]


def _columns(label: str) -> int:
    return sum(1 if char.isascii() else 2 for char in label)
