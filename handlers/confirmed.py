"""What is done once its number was said back: 确认 7341."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from unicodedata import decimal

from bot.errors import NotAllowed
from bot.messages import Reply
from bot.model import Role
from handlers.act import Act, Doing
from handlers.broadcast import BROADCAST, recall_confirmed, send_confirmed
from handlers.broadcast_draft import SEND
from handlers.broadcast_going import RECALL
from handlers.confirm import Confirmed, holder_of, use_number
from handlers.people import MANAGE_PEOPLE, erase_confirmed
from handlers.rights import Card, refusal

_SAID = re.compile(
    r"(?:请)?确认[\u4e00-\u9fff]{0,4}[\s:：#“”\"]*(?P<number>\d{4})[。.”\"]?"
)


@dataclass(frozen=True, slots=True)
class Confirmable:
    """A dangerous act: who may do it, and what does it.

    `do` finds out whether all is still as the digest says, and tells it anew if not.
    """

    card: Card
    do: Callable[[Doing, Confirmed], Awaitable[Reply]]


CONFIRMABLE: Mapping[str, Confirmable] = {
    SEND: Confirmable(BROADCAST, send_confirmed),
    RECALL: Confirmable(BROADCAST, recall_confirmed),
    "person.erase": Confirmable(MANAGE_PEOPLE, erase_confirmed),
}
"""By the word of `Confirmed.what`."""


def _number(doing: Doing) -> str:
    said = _SAID.fullmatch(doing.words.strip())
    return "".join(str(decimal(one)) for one in said["number"]) if said else ""


async def _confirm(doing: Doing) -> Reply:
    """Do what the number stands for, if he may still do it."""
    confirmed = await use_number(
        doing.session,
        _number(doing),
        holder=holder_of(doing.account.id),
        at=doing.at,
    )
    known = CONFIRMABLE[confirmed.what]
    if words := refusal(known.card, doing.asker):
        raise NotAllowed(f"{confirmed.what} is not for {doing.asker.role}", reply=words)
    return await known.do(doing, confirmed)


CONFIRM = Act(
    name="confirm",
    example="",
    role=Role.ADMIN,
    in_groups=False,
    fits=lambda doing: bool(_number(doing)),
    do=_confirm,
)
