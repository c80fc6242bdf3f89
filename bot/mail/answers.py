"""What is written of a letter: what could not be read, and what answers it."""

from collections.abc import Callable
from hashlib import sha256
from typing import Any

from msgspec.structs import replace

from bot.codes import covered
from bot.guard import guarded_raw
from bot.mail.letters import Asked
from bot.mail.outbox import Addressee, Text, Write
from bot.mail.rows import storable
from bot.messages import Reply
from bot.model import LetterStatus

MOST_ERROR = 500
"""Characters kept of what went wrong."""

Whither = Callable[[str, str, Reply], str]
"""(lane, address, reply) -> where the answer to what was said there goes."""

_MOST_RAW = 64 * 1024  # characters kept of an update that could not be read
_MOST_GUARDED = _MOST_RAW + 200  # a number is whole where the cut goes through it


def unreadable_row(
    channel: str, product_id: str, raw: str, error: str
) -> dict[str, Any]:
    """Make the row of an update that nobody can answer."""
    digest = sha256(raw.encode("utf-8", "replace")).hexdigest()
    return {
        "channel": channel,
        "product_id": storable(product_id) or f"raw:{digest}",
        "chat": "",
        "raw": storable(covered(guarded_raw(raw[:_MOST_GUARDED]))[:_MOST_RAW]),
        "error": storable(guarded_raw(error))[:MOST_ERROR],
        "status": LetterStatus.DEAD,
    }


def back_there(lane: str, address: str, reply: Reply) -> str:
    """Answer where it was said, whatever the answer is."""
    return address


def text_of(
    letter: Asked, reply: Reply, *, key: str, write: Write, whither: Whither
) -> Text | None:
    """Address an answer to the chat of its letter; None if there is nothing to send."""
    own = as_answer(reply, letter)
    requests = write(letter.channel, letter.chat, own)
    if not requests:
        return None
    to = Addressee(
        recipient=f"chat:{letter.channel}:{letter.chat}",
        lane=letter.channel,
        address=whither(letter.channel, letter.chat, own),
    )
    return Text(key=key, to=to, requests=requests)


def as_answer(reply: Reply, letter: Asked) -> Reply:
    """Say which letter a reply answers, and by what its product knows that."""
    reply, said = replace(reply, once=f"letter:{letter.id}"), letter.incoming
    return replace(reply, press=said.press, ticket=said.ticket) if said else reply
