"""The rules of template cards, which apps, webhooks and robots share."""

import re
from collections.abc import Iterable
from typing import Any

from platform_refusal import Refusal, byte_length

NOTICES = frozenset({"text_notice", "news_notice"})
INTERACTIVE = frozenset(
    {"button_interaction", "vote_interaction", "multiple_interaction"}
)
ALL_CARDS = NOTICES | INTERACTIVE

_TASK_ID = re.compile(r"[0-9A-Za-z_\-@]+")

Card = dict[str, Any]


def check_card(card: Any, *, kinds: Iterable[str] = ALL_CARDS) -> Card:
    """Refuse a card that the platform refuses; returns it."""
    if not isinstance(card, dict) or not card:
        raise Refusal(40058, "template_card missing")
    kind = str(card.get("card_type"))
    if kind not in kinds:
        raise Refusal(40058, f"card_type {kind!r}")
    _check_task_id(card, needed=kind in INTERACTIVE)
    _check_lists(card)
    _CHECKS[kind](card)
    return card


def _check_task_id(card: Card, *, needed: bool) -> None:
    task_id = card.get("task_id")
    if task_id is None and not needed:
        return
    if not isinstance(task_id, str) or not _TASK_ID.fullmatch(task_id):
        raise Refusal(42014)
    if byte_length(task_id) > 128:
        raise Refusal(42014, "longer than 128 bytes")


def _check_lists(card: Card) -> None:
    _list(card, "horizontal_content_list", low=0, high=6)
    for jump in _list(card, "jump_list", low=0, high=3):
        _text(jump, "title")
    for line in card.get("horizontal_content_list") or []:
        _text(line, "keyname")


def _check_text_notice(card: Card) -> None:
    title = (card.get("main_title") or {}).get("title")
    if not title and not card.get("sub_title_text"):
        raise Refusal(40058, "neither main_title.title nor sub_title_text")
    _check_action(card)


def _check_news_notice(card: Card) -> None:
    _text(card.get("main_title"), "title")
    if not card.get("card_image") and not card.get("image_text_area"):
        raise Refusal(40058, "neither card_image nor image_text_area")
    _check_action(card)


def _check_action(card: Card) -> None:
    """Check where a notice leads: both kinds of notice must lead somewhere."""
    action = card.get("card_action")
    if not isinstance(action, dict) or action.get("type") not in (1, 2):
        raise Refusal(40058, "card_action")
    if action["type"] == 1:
        _text(action, "url")


def _check_buttons(card: Card) -> None:
    buttons = _list(card, "button_list", low=1, high=6)
    for button in buttons:
        _check_button(button)
    keys = [button["key"] for button in buttons if not button.get("type")]
    if len(set(keys)) < len(keys):
        raise Refusal(42018, "repeated")
    if "button_selection" in card:
        _check_selection(card["button_selection"], high=10)


def _check_button(button: Any) -> None:
    if not isinstance(button, dict) or not button.get("text"):
        raise Refusal(42020)
    if button.get("style", 1) not in (1, 2, 3, 4):
        raise Refusal(40058, "button style")
    if button.get("type", 0) == 1:
        _text(button, "url")
        return
    _check_key(button)


def _check_key(button: dict[str, Any]) -> None:
    if not button.get("key"):
        raise Refusal(42019)
    if not isinstance(button["key"], str) or byte_length(button["key"]) > 1024:
        raise Refusal(42018)


def _check_vote(card: Card) -> None:
    _check_selection(card.get("checkbox"), high=20)
    _check_submit(card)


def _check_multiple(card: Card) -> None:
    for selection in _list(card, "select_list", low=1, high=3):
        _check_selection(selection, high=10)
    _check_submit(card)


def _check_submit(card: Card) -> None:
    button = card.get("submit_button")
    if not isinstance(button, dict) or not button.get("text"):
        raise Refusal(42020)
    _check_key(button)


def _check_selection(selection: Any, *, high: int) -> None:
    _text(selection, "question_key")
    options = _list(selection, "option_list", low=1, high=high)
    for option in options:
        _text(option, "id")
        _text(option, "text")
    if len({option["id"] for option in options}) < len(options):
        raise Refusal(40058, "option ids repeat")


def _text(holder: Any, name: str) -> str:
    value = holder.get(name) if isinstance(holder, dict) else None
    if not isinstance(value, str) or not value:
        raise Refusal(40058, f"{name} missing")
    return value


def _list(holder: dict[str, Any], name: str, *, low: int, high: int) -> list[Any]:
    value = holder.get(name) or []
    if not isinstance(value, list) or not low <= len(value) <= high:
        raise Refusal(40058, f"{name}: {low} to {high}")
    return value


_CHECKS = {
    "text_notice": _check_text_notice,
    "news_notice": _check_news_notice,
    "button_interaction": _check_buttons,
    "vote_interaction": _check_vote,
    "multiple_interaction": _check_multiple,
}
