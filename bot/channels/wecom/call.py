"""A request of the app as the outbox keeps it: one call, without its address."""

from typing import Any

import msgspec

from bot.errors import Refused

SEND = "/cgi-bin/message/send"
UPDATE = "/cgi-bin/message/update_template_card"


class Call(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One call. With a `code` it updates the card `card`, else it sends `body`.

    A card that cannot be updated any more is followed by `otherwise`, {} for nothing.
    `interval` is how long WeCom drops copies, in seconds, 1,800 at least; it differs
    with what is told, so that equal words about two things are no copies. `salt` keeps
    their cards apart. `file` is the path of what is sent as `file_kind`, called
    `file_name`. `words` are what choices say that have no room for it, by their keys.
    """

    body: dict[str, Any] = {}
    interval: int = 1800
    salt: str = ""
    code: str = ""
    card: str = ""
    otherwise: dict[str, Any] = {}
    file: str = ""
    file_kind: str = ""
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
    raise Refused("this is no request of a WeCom app")


def words_of_button(request: str, key: str) -> str:
    """Return what the choice with *key* says in the card of *request*.

    "" if that card has no such choice. Raises Refused if it is no request of ours.
    """
    return decode(request).words.get(key, "")
