"""What everything must be like that the office says through Telegram."""

import re
from collections.abc import Iterator
from typing import Any

from fake_api import Call
from html_marks import without_marks

MOST_UNITS, MOST_LINES, MOST_BYTES = 4096, 6, 64
_EMOJI = re.compile(
    "[\U0001f000-\U0001faff\u2600-\u27bf\u2b50\u2b55\u2b1b\u2b1c\ufe0f\u203c\u2049]"
)


def faults_of(call: Call) -> Iterator[str]:
    """List whatever is wrong with a call that says something."""
    if call.method in ("sendMessage", "editMessageText"):
        text = shown(call)
        yield from _faults_of_text(text, call.parameters)
    elif call.method == "answerCallbackQuery":
        aside = str(call.parameters.get("text", ""))
        if len(aside) > 200 or _is_loud(aside):
            yield f"aside: {aside!r}"


def shown(call: Call) -> str:
    """Return what a person reads. Raises ValueError where the marks are wrong."""
    if call.parameters.get("parse_mode") != "HTML":
        return call.text
    return without_marks(call.text)


def _faults_of_text(text: str, parameters: dict[str, Any]) -> Iterator[str]:
    if not text.strip():
        yield "nothing is said"
    if len(text.encode("utf-16-le")) // 2 > MOST_UNITS:
        yield f"{len(text)} characters are too many"
    if len(text.split("\n")) > MOST_LINES:
        yield f"more than {MOST_LINES} lines: {text!r}"
    if _is_loud(text):
        yield f"too loud: {text!r}"
    for row in parameters.get("reply_markup", {}).get("inline_keyboard", []):
        for key in row:
            data = key.get("callback_data", key.get("url", ""))
            most = MOST_BYTES if "callback_data" in key else 2048
            if not key["text"].strip() or not 1 <= len(data.encode()) <= most:
                yield f"button: {key!r}"


def _is_loud(text: str) -> bool:
    return "！" in text or "!" in text or bool(_EMOJI.search(text))
