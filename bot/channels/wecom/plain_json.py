"""JSON of WeCom's as plain values, read as kindly as can be: a message comes once."""

import json
from typing import Any

import msgspec


def read_object(text: str | bytes) -> dict[str, Any] | None:
    """Read an object; None if it is none.

    A field that is null counts as missing, and half a character as U+FFFD: clients
    send both, and what is said beside them is none the worse.
    """
    try:
        found = _mended(_decoded(text))
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _decoded(text: str | bytes) -> Any:
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeError):
        if isinstance(text, bytes):  # of itself it would take UTF-16, too
            text = text.decode()
        return json.loads(text)  # slower, but takes half a character


def _mended(value: object) -> object:
    if isinstance(value, dict):
        return {
            _mended(name): _mended(one)
            for name, one in value.items()
            if one is not None
        }
    if isinstance(value, list):
        return [_mended(one) for one in value if one is not None]
    if isinstance(value, str) and not value.isascii():
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return value
