"""By what WeCom knows an answer: kept with a message, and handed back by its reply."""

from enum import Enum
from typing import NamedTuple, Self

import msgspec


class TicketKind(Enum):
    """What is answered, or how."""

    MESSAGE = "m"  # a message: for a day, by its req_id
    WELCOME = "w"  # that somebody opened the chat: for five seconds
    URL = "u"  # a message or a click: once, for an hour, by an address of its own


class Ticket(NamedTuple):
    """By what a message is answered."""

    kind: TicketKind
    id: str

    def __str__(self) -> str:
        """Write it as it is kept."""
        return f"{self.kind.value}:{self.id}"

    @classmethod
    def read(cls, text: str) -> "Ticket | None":
        """Read what was kept; None if it is none of ours."""
        kind, _, id_ = text.partition(":")
        known = kind in {one.value for one in TicketKind}
        return cls(TicketKind(kind), id_) if known and id_ else None


class Press(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """A button that was pressed: on which card, by whom, under the eyes of others?"""

    req_id: str
    task_id: str
    by: str
    in_group: bool

    def __str__(self) -> str:
        """Write it as it is kept."""
        return msgspec.json.encode(self).decode()

    @classmethod
    def read(cls, text: str) -> Self | None:
        """Read what was kept; None if it is none of ours."""
        try:
            return msgspec.json.decode(text, type=cls)
        except (msgspec.DecodeError, UnicodeError):
            return None
