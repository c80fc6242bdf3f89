"""What a request shows people, read back from what the outbox keeps: for previews."""

import html
import re
from collections.abc import Mapping
from typing import Any

import msgspec

from bot.messages import Shown

_TAG = re.compile("<[^>]*>")
_ESCAPED = re.compile(r"\\([\\*_`\[#>\-=|])")


def shown_by(request: str) -> Shown:
    """Return what a request of any product shows; nothing if it is of none."""
    try:
        call = msgspec.json.decode(request, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeError):
        return Shown("")
    body = call.get("body") or {}
    if card := body.get("template_card"):
        return Shown(_words_of(card), is_card=True, has_buttons=True)
    if markdown := body.get("markdown"):
        return Shown(_ESCAPED.sub(r"\1", markdown["content"]))
    if text := body.get("text"):
        return Shown(text["content"])
    parameters = call.get("parameters") or {}
    words = html.unescape(_TAG.sub("", parameters.get("text", "")))
    return Shown(words, has_buttons="reply_markup" in parameters)


def _words_of(card: Mapping[str, Any]) -> str:
    title = card.get("main_title", {}).get("title", "")
    return "\n".join(filter(None, (title, card.get("sub_title_text", ""))))
