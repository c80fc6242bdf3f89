"""A request as the outbox keeps it: one call of the Bot API, without its address."""

from typing import Any

import msgspec

from bot.errors import Refused


class Call(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One call. `press` is a press that is answered beside it, with `aside`.

    `file` is the path of what is sent in the field `file_field`, called `file_name`.
    `words` are what buttons say that have no room for it, by their keys.
    """

    method: str
    parameters: dict[str, Any] = {}
    press: str = ""
    aside: str = ""
    file: str = ""
    file_field: str = ""
    file_name: str = ""
    words: dict[str, str] = {}


def encode(call: Call) -> str:
    """Write a call down; equal calls are equal texts."""
    return msgspec.json.encode(call).decode()


def decode(request: str) -> Call:
    """Read a call; raises Refused if it is none of ours."""
    try:
        return msgspec.json.decode(request, type=Call)
    except (msgspec.DecodeError, UnicodeError):
        pass
    raise Refused("this is no request of Telegram's channel")


def words_of_button(request: str, key: str) -> str:
    """Return what the button with *key* says under the message of *request*.

    "" if that message has no such button. Raises Refused if it is no request of ours.
    """
    return decode(request).words.get(key, "")
