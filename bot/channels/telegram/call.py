"""A request as the outbox keeps it: one call of the Bot API, without its address."""

from typing import Any

from msgspec import field

from bot.channels.kept import KeptCall


class Call(KeptCall, frozen=True, omit_defaults=True, kw_only=True):
    """One call. `press` is a press that is answered beside it, with `aside`.

    `file` is the path of what is sent in the field `file_field`, called `file_name`.
    One that `is_spare` nobody misses if Telegram refuses it.
    """

    method: str
    parameters: dict[str, Any] = field(default_factory=dict)
    press: str = ""
    aside: str = ""
    is_spare: bool = False
    file: str = ""
    file_field: str = ""
    file_name: str = ""
