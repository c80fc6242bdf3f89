"""What this process has heard of late: when, and by what a group may be answered."""

import asyncio
from typing import TypeVar

from bot.channels.wecom.tickets import Press, Ticket, TicketKind
from bot.messages import Incoming, Place

V = TypeVar("V")

A_DAY = 86400.0
AT_ONCE = 4.5
"""Seconds in which a click or a greeting may be answered; WeCom takes it for five."""

_MOST = 10_000


class Heard:
    """Remembers requests of WeCom: those older than the process are not known."""

    def __init__(self) -> None:
        """Begin without having heard anything."""
        self._at: dict[str, float] = {}
        self._last: dict[str, str] = {}  # the last request of a message of a group
        self._groups: dict[str, bool] = {}

    def note(self, incoming: Incoming) -> None:
        """Remember a message or a click."""
        ticket = Ticket.read(incoming.ticket)
        press = Press.read(incoming.press)
        chat = incoming.conversation
        for req_id in (ticket and ticket.id, press and press.req_id):
            if req_id:
                _put(self._at, req_id, asyncio.get_running_loop().time())
        if ticket and ticket.kind is TicketKind.MESSAGE and incoming.chat:
            _put(self._last, chat, ticket.id)
        _put(self._groups, chat, incoming.place is Place.GROUP)

    def is_fresh(self, req_id: str, *, within: float = AT_ONCE) -> bool:
        """Tell whether a request came here less than *within* seconds ago."""
        at = self._at.get(req_id)
        return at is not None and asyncio.get_running_loop().time() - at < within

    def last_of(self, chat: str) -> str:
        """Return the request of the last message of a group, "" if none is valid."""
        req_id = self._last.get(chat, "")
        return req_id if self.is_fresh(req_id, within=A_DAY) else ""

    def is_group(self, address: str) -> bool | None:
        """Tell whether an address is a group's; None if nobody can know.

        Ids of groups begin with "wr" and have capitals.
        """
        if address.startswith("wr") and address != address.casefold():
            return True
        return self._groups.get(address)


def _put(kept: dict[str, V], key: str, value: V) -> None:
    kept.pop(key, None)
    kept[key] = value
    if len(kept) > _MOST:
        del kept[next(iter(kept))]
