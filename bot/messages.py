"""What passes between a person and the bot, whatever the chat product."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Place(StrEnum):
    """Where a message was said: to the bot alone, or before others."""

    DIRECT = "direct"
    GROUP = "group"


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """One message that a person sent."""

    channel: str
    address: str
    text: str
    at: datetime
    place: Place = Place.DIRECT


@dataclass(frozen=True, slots=True)
class Button:
    """A choice under a reply; pressing it says `says` in the person's name."""

    label: str
    says: str


@dataclass(frozen=True, slots=True)
class TaskRef:
    """A task that a reply speaks of: document, clause and title."""

    doc: str
    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What the bot answers: plain text in lines, choices, and the tasks it is about.

    `tasks` are in the order of relevance and complete, even where `text` shows a
    page of them.
    """

    text: str
    buttons: tuple[Button, ...] = ()
    tasks: tuple[TaskRef, ...] = ()


Take = Callable[[Incoming], Awaitable[None]]


class Channel(Protocol):
    """One chat product. A channel translates; it decides nothing, it stores nothing."""

    name: str

    async def start(self, take: Take) -> None:
        """Begin to listen, and call *take* once for each message that arrives.

        Tell the product "received" only when *take* has returned: then it is stored.
        """

    async def send(self, address: str, reply: Reply, *, instead_of: str = "") -> str:
        """Deliver *reply*, replacing message *instead_of* where the product can.

        Returns the product's id of the message. Raises DeliveryError if it was not
        taken; `permanent` if it never will be.
        """

    async def stop(self) -> None:
        """Stop listening and free every resource; safe to call twice."""
