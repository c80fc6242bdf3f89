"""Buttons: a keyboard under a message, and what a press of it says.

A button carries 64 bytes. What a choice says goes along in clear, as it is no more
than the person might type. Where it does not fit, the button says its label, which is
read off the message that was pressed, or else a key to words that stay with us, in the
request that made the message.
"""

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from bot.channels.telegram.letters import cut, sound
from bot.channels.telegram.objects import Keyboard
from bot.messages import Button

MOST_BYTES = 64

_SAYS, _LABEL, _KEPT = "=", "@", "~"  # how the data of a button begins
_WIDEST = 22  # columns of a row, a Chinese character taking two
_MOST_IN_ROW = 8
_MOST = 100
_LONGEST_LABEL = 60  # characters


def keyboard(buttons: Sequence[Button]) -> tuple[dict[str, Any], dict[str, str]]:
    """Lay out buttons; returns Telegram's markup, and the words to keep by their keys.

    Short ones share a row. At most 100 are shown.
    """
    rows: list[list[dict[str, str]]] = []
    kept: dict[str, str] = {}
    room = 0
    for place, button in enumerate(buttons[:_MOST]):
        label = cut(sound(button.label).strip() or sound(button.says), _LONGEST_LABEL)
        data = _data(button, label=label, place=place)
        if data.startswith(_KEPT):
            kept[data] = button.says
        width = _columns(label) + 2
        if width > room or len(rows[-1]) >= _MOST_IN_ROW:
            rows.append([])
            room = _WIDEST
        rows[-1].append({"text": label or "…", "callback_data": data})
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
