"""Addresses: a chat's number, and behind a stroke the topic of a forum, or a press."""

import re
from dataclasses import dataclass

from bot.errors import Refused

_ADDRESS = re.compile(
    r"(?P<chat>-?[1-9]\d{0,18})(?:/(?P<thread>[1-9]\d{0,18})|/press:.+)?", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class ChatAddress:
    """A chat, and the topic in it; None where there is none."""

    chat: int
    thread: int | None = None

    def __str__(self) -> str:
        """Write it as the rest of the house keeps it: 4711, -1001, -1001/42."""
        return f"{self.chat}/{self.thread}" if self.thread else str(self.chat)


def read_address(address: str) -> ChatAddress:
    """Read an address; raises Refused if it is none of Telegram's."""
    found = _ADDRESS.fullmatch(address)
    if not found:
        raise Refused("this is no address of a Telegram chat")
    thread = found["thread"]
    return ChatAddress(int(found["chat"]), int(thread) if thread else None)


def chat_of(address: str) -> str:
    """Return the address of the whole chat: its topics share its limits."""
    return address.partition("/")[0]


def is_group(address: str) -> bool:
    """Tell whether it is a group's: their numbers are below nought."""
    return address.startswith("-")


def press_at(address: str, press: str) -> str:
    """Return the address of one pressing of a button: what pops up is no message."""
    return f"{chat_of(address)}/press:{press}"


def is_press(address: str) -> bool:
    """Tell whether it is that of a pressing: it stands in the way of no message."""
    return "/press:" in address
