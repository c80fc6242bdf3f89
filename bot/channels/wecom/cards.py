"""Template cards: how a reply with choices looks, and what a press of it says; pure.

A button carries 1,024 bytes, an option of a list 128. What a choice says goes along in
clear behind its place, which keeps keys apart; where there is no room it stays with us,
in the request that made the card.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from bot.channels.texts import sound
from bot.channels.wecom.splitting import size
from bot.messages import Button

Card = dict[str, Any]

MOST_BUTTONS, MOST_OPTIONS = 6, 10

_TITLE, _WORDS, _LABEL, _OPTION = 26, 160, 10, 20  # characters
_REPLACED = 16  # characters of what stands where the buttons were
_KEY_BYTES, _OPTION_BYTES = 1024, 128
_CLEAR = re.compile(r"\d{1,2}=(?P<says>.*)", re.DOTALL)
_KEPT = "~"  # how the key of words begins that stay with us
_CHOOSE, _ABOVE = "请选择", "详见上文，请点选。"
_SUBMIT, _DONE = "提交", "已更新"


def fits(text: str, buttons: Sequence[Button]) -> bool:
    """Tell whether a card shows the whole text, and buttons for all choices."""
    _, words = _parts(text)
    return len(words) <= _WORDS and len(buttons) <= MOST_BUTTONS


def shown_buttons(text: str, buttons: Sequence[Button]) -> tuple[Button, ...]:
    """Leave out spare buttons where one card does not hold all with the text."""
    if fits(text, buttons):
        return tuple(buttons)
    return tuple(button for button in buttons if not button.is_spare)


def card_of(
    text: str, buttons: Sequence[Button], *, is_told: bool
) -> tuple[Card, dict[str, str]]:
    """Make a card; returns it without a task_id, and the words to keep by their keys.

    If the text *is_told* by messages before it, the card only names it. More than six
    choices become a list, of ten at most: the rest may still be typed.
    """
    title, words = _parts(text)
    if is_told:
        title, words = _cut(_first_line(text) or _CHOOSE, _TITLE), _ABOVE
    if len(buttons) > MOST_BUTTONS:
        return _list_card(title or _CHOOSE, buttons)
    choices, kept = _choices(buttons, most_bytes=_KEY_BYTES, longest=_LABEL)
    card = _titled(title, words) | {
        "button_list": [{"text": label, "key": key} for key, label in choices]
    }
    return card, kept


def settled_card(text: str) -> Card:
    """Make the card that stands where there was something to choose: nothing is."""
    *lines, last = text.split("\n")
    is_mark = bool(lines) and len(last) <= _REPLACED
    title, words = _parts("\n".join(lines) if is_mark else text)
    mark = last.strip() if is_mark else _DONE
    return _titled(title, words) | {
        "button_list": [{"text": _cut(mark, _LABEL), "key": "0="}],
        "replace_text": mark,
    }


def mark_of(words: str) -> str:
    """Return what may stand where the buttons were, "" if it is too long for that."""
    return words if words and len(words) <= _REPLACED else ""


def words_of_press(key: str) -> tuple[str, str]:
    """Return what a pressed choice says, or "" and the key of its words."""
    found = _CLEAR.fullmatch(key)
    if found:
        return found["says"], ""
    return "", key


def plain_text(card: Mapping[str, Any]) -> str:
    """Say in plain text what a card says, for where it is not taken."""
    title = card.get("main_title", {}).get("title", "")
    labels = [one["text"] for one in _things_to_choose(card)]
    lines = [title, card.get("sub_title_text", "")]
    if labels:
        lines.append(f"（可回复：{'、'.join(labels)}）")
    return "\n".join(line for line in lines if line)


def _things_to_choose(card: Mapping[str, Any]) -> list[Mapping[str, str]]:
    lists = card.get("select_list") or [{}]
    return list(card.get("button_list") or lists[0].get("option_list") or ())


def _parts(text: str) -> tuple[str, str]:
    """Part a text into a title of at most 26 characters, "" if none, and the rest."""
    first = _first_line(text)
    if len(first) > _TITLE:
        return "", text
    return first, text[len(first) :].strip()


def _first_line(text: str) -> str:
    return text.split("\n", 1)[0].strip()


def _titled(title: str, words: str) -> Card:
    card: Card = {"card_type": "button_interaction"}
    if title:
        card["main_title"] = {"title": title}
    if words:
        card["sub_title_text"] = words
    return card


def _list_card(title: str, buttons: Sequence[Button]) -> tuple[Card, dict[str, str]]:
    choices, kept = _choices(
        buttons[:MOST_OPTIONS], most_bytes=_OPTION_BYTES, longest=_OPTION
    )
    question = {
        "question_key": "choice",
        "title": _CHOOSE,
        "option_list": [{"id": key, "text": label} for key, label in choices],
    }
    card: Card = {
        "card_type": "multiple_interaction",
        "main_title": {"title": title, "desc": _ABOVE},
        "select_list": [question],
        "submit_button": {"text": _SUBMIT, "key": "0="},
    }
    return card, kept


def _choices(
    buttons: Sequence[Button], *, most_bytes: int, longest: int
) -> tuple[list[tuple[str, str]], dict[str, str]]:
    """List keys and labels, and the words of keys that do not tell them."""
    choices, kept = [], {}
    for place, button in enumerate(buttons, start=1):
        says = sound(button.says)
        key = f"{place}={says}"
        if size(key) > most_bytes:
            key = f"{_KEPT}{place}"
            kept[key] = says
        label = sound(button.label).strip() or says or "…"
        choices.append((key, _cut(label, longest)))
    return choices, kept


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"
