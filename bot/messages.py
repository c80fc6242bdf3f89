"""What passes between a person and the bot, whatever the chat product.

What is made, copied and kept with every letter is a `Struct`, which costs a tenth of a
dataclass to make and to copy.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from msgspec import Struct

if TYPE_CHECKING:
    from bot.errors import DeliveryError


class Place(StrEnum):
    """Where a message was said: to the bot alone, or before others."""

    DIRECT = "direct"
    GROUP = "group"


class Event(StrEnum):
    """What came in: words, or something that happened to the conversation."""

    SAID = "said"
    OPENED = "opened"  # we may speak there: added to a group, no longer blocked
    CLOSED = "closed"  # we may not any more: removed from a group, blocked
    MOVED = "moved"  # it has another address from now on, which is in `text`


class Attachment(Struct, frozen=True, kw_only=True):
    """A file that came with a message or goes out with a reply; `size` in bytes.

    `at` is what its channel fetches it by; of one that goes out, its path here.
    """

    name: str
    at: str
    size: int = 0
    is_picture: bool = False


class Incoming(Struct, frozen=True, kw_only=True):
    """One message that a person sent, or an event of a conversation.

    `address` is the person's account, `chat` where it was said and is answered, "" for
    the person's own chat. `product_id` is the product's id of the update, unique in its
    channel; `edited` says that it only changes a message that came before. `about` is
    the product's id of the bot's own message that it replies to, or under which a
    button was pressed. `press` is the id of that pressing, which a reply hands back.
    Where the product has no room for what a button says, `text` is "" and `button` the
    key by which the request of `about` tells it. An event that nobody in particular
    brought about, and what somebody says in a group's own name, has the address "".
    `quote` is the text of a message that it quotes, where the product gives no id.
    `ticket` is what the product knows an answer by; the reply hands it back. What was
    sent as one thing, but comes as several messages, has one word for it in `album`.

    Behind a stroke in `chat` stands a part of it, such as a topic; `title` is what a
    group is called. `by_group_admin` is whether the person may decide for the group,
    None where that was not asked or the product did not say. By `mark` two updates of
    one product id are told apart, where ids may begin anew; "" where they never do.
    """

    channel: str
    address: str
    text: str
    at: datetime
    place: Place = Place.DIRECT
    chat: str = ""
    product_id: str = ""
    edited: bool = False
    event: Event = Event.SAID
    about: str = ""
    press: str = ""
    button: str = ""
    attachments: tuple[Attachment, ...] = ()
    title: str = ""
    by_group_admin: bool | None = None
    quote: str = ""
    ticket: str = ""
    album: str = ""
    mark: str = ""

    @property
    def group(self) -> str:
        """The address of the whole chat, whatever part of it this was said in."""
        return self.chat.partition("/")[0]

    @property
    def conversation(self) -> str:
        """The address to answer to; what is said there is answered in order."""
        return self.chat or self.address


@dataclass(frozen=True, slots=True)
class Button:
    """A choice under a reply; pressing it says `says` in the person's name.

    With a `payload` it opens, where the product has such links, the chat with the bot,
    or with `for_group` adds the bot to a group, and says the payload there. One that
    `is_spare` is left out where it would cost a message of its own, or a number.
    """

    label: str
    says: str
    payload: str = ""
    for_group: bool = False
    is_spare: bool = False


@dataclass(frozen=True, slots=True)
class TaskRef:
    """A task that a reply speaks of: document, clause and title."""

    doc: str
    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Mention:
    """A person who is called by a name in the text, so that the product tells them."""

    name: str
    address: str


class Reply(Struct, frozen=True):
    """What the bot answers: plain text in lines, choices, and the tasks it is about.

    `tasks` are in the order of relevance and complete, even where `text` shows a page
    of them. `instead_of` is the bot's own message that it replaces, where the product
    can; `ends` another one that has had its day: after the answer the first line of
    `text` stands there, without buttons, where the product can. `press` is the pressing
    of a button that it answers, and `aside` what only the one who pressed sees for a
    moment; with an aside alone nothing else is sent. `mentions` are found where `text`
    has their names last; `attachments` go after it. `ticket` is that of the message
    that it answers. `once` names what it is about (a letter, a notice): by it a product
    that drops copies tells equal words about two things apart. `unheard` stands for
    `text` where nothing can be pressed, and nobody hears a reply; "" if `text` asks for
    neither.
    """

    text: str
    buttons: tuple[Button, ...] = ()
    tasks: tuple[TaskRef, ...] = ()
    instead_of: str = ""
    ends: str = ""
    press: str = ""
    aside: str = ""
    mentions: tuple[Mention, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    ticket: str = ""
    once: str = ""
    unheard: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """What one request shows: words, "" if none, in a card or not, and buttons."""

    text: str
    is_card: bool = False
    has_buttons: bool = False


@dataclass(frozen=True, slots=True)
class Limit:
    """At most *count* sends in any window of *seconds*.

    Whatever is no answer leaves *reserve* of them free for answers.
    """

    count: int
    seconds: float
    reserve: int = 0


def _unlimited(address: str) -> tuple[Limit, ...]:
    return ()


def _by_itself(address: str) -> str:
    return address


def _there(address: str, reply: Reply) -> str:
    return address


def _is_not(address: str) -> bool:
    return False


LONGEST_TURN = 0.1
"""Processor seconds for which letters are answered together while others wait."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """How a product wishes to be spoken to through one credential.

    `limits` hold for all sends together, `limits_of` tells those of one address (a
    person, a group); those for which `shares` says the same word have them together.
    What goes where `is_uncounted` says so counts for neither. `answers_at` tells where
    a reply to what was said at an address goes: what need not wait for all else there
    has an address of its own. At most `in_flight` sends are under way at a time, and
    `answers_in_flight` more that are answers. A second copy of an equal request is
    dropped by the product itself within `drops_copies_for` of the first. Who brings
    something in waits until it is kept; `longest_turn` is for how many processor
    seconds letters are answered together meanwhile.
    """

    limits: tuple[Limit, ...] = ()
    limits_of: Callable[[str], tuple[Limit, ...]] = _unlimited
    shares: Callable[[str], str] = _by_itself
    is_uncounted: Callable[[str], bool] = _is_not
    answers_at: Callable[[str, Reply], str] = _there
    in_flight: int = 8
    answers_in_flight: int = 4
    drops_copies_for: timedelta = timedelta(0)
    longest_turn: float = LONGEST_TURN


Take = Callable[[Incoming], Awaitable[None]]


class Channel(Protocol):
    """One credential of a chat product; it translates, and decides nothing."""

    name: str
    manners: Manners

    def write(
        self, address: str, reply: Reply, *, instead_of: str = ""
    ) -> tuple[str, ...]:
        """Put *reply* into the exact requests that deliver it, one API call each.

        They go out in this order; a long text makes several. The first replaces
        message *instead_of* where the product can. Equal input, equal requests: no
        clock, no chance. The address is no part of them.
        """

    async def start(self, take: Take) -> None:
        """Begin to listen, and call *take* once for each message that arrives.

        Tell the product "received" only when *take* has returned: then it is stored.
        """

    async def send(self, address: str, request: str) -> str:
        """Make one API call; returns the product's id of the message.

        Raises NotSent if it certainly was not taken, Refused if it never will be,
        Unanswered if nobody can know. Never tries again by itself.
        """

    async def stop(self) -> None:
        """Stop listening and free every resource; safe to call twice."""


@runtime_checkable
class Hearing(Protocol):
    """A channel that can tell how well it hears, and rest while it still sends."""

    @property
    def polls(self) -> bool:
        """Tell whether it asks for messages: then one process at a time may listen."""

    @property
    def heard_at(self) -> datetime | None:
        """Return when the product was last heard, though it had nothing to say."""

    @property
    def trouble(self) -> str:
        """Say in a word what is wrong with listening; "" if nothing is known."""

    async def rest(self) -> None:
        """Listen no more, until `start` is called again; safe to call twice."""


@runtime_checkable
class Tethered(Protocol):
    """A channel that sends through the connection on which it listens, and so there."""

    @property
    def can_send(self) -> bool:
        """Tell whether it is connected in this process: then what waits may go out."""


@runtime_checkable
class Recalling(Protocol):
    """A channel that can take back what it sent, from people's own devices.

    It can for `recalls_for` after the sending. With `recalls_for_all` one recall takes
    back what one call told many.
    """

    recalls_for: timedelta
    recalls_for_all: bool

    def write_recall(self, remote_id: str) -> str:
        """Put the taking back of a message, by its id, into a request for `send`."""


@runtime_checkable
class Batching(Protocol):
    """A channel of which one call may tell many the same."""

    most_at_once: int

    async def send_many(
        self, addresses: Sequence[str], request: str
    ) -> "Mapping[str, str | DeliveryError]":
        """Make one API call for all *addresses*, `most_at_once` of them at most.

        Returns for each address the product's id of its message, or the error that
        concerns this address alone. Raises as `send` if the whole call failed; after
        Unanswered a copy is dropped only if it goes to the same addresses in the same
        order.
        """
