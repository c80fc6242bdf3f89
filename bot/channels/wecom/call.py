"""A request of the app as the outbox keeps it: one call, without its address."""

from typing import Any

from msgspec import field

from bot.channels.kept import KeptCall

SEND = "/cgi-bin/message/send"
UPDATE = "/cgi-bin/message/update_template_card"

CARD = "card-"
"""How the ids of our cards begin."""


class Call(KeptCall, frozen=True, omit_defaults=True, kw_only=True):
    """One call. With a `card` it updates that one, else it sends `body`.

    It does so by the `code` of a press, or else by that of the card itself.

    A card that cannot be updated any more is followed by `otherwise`, {} for nothing.
    `interval` is how long WeCom drops copies, in seconds, 1,800 at least; it differs
    with what is told, so that equal words about two things are no copies. `salt` keeps
    their cards apart. `file` is the path of what is sent as `file_kind`, called
    `file_name`. `recall` is the id of a message that is taken back instead.
    """

    body: dict[str, Any] = field(default_factory=dict)
    interval: int = 1800
    salt: str = ""
    code: str = ""
    card: str = ""
    otherwise: dict[str, Any] = field(default_factory=dict)
    file: str = ""
    file_kind: str = ""
    file_name: str = ""
    recall: str = ""
