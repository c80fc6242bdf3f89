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
from handlers.confirm_duties import CONFIRM_DUTIES, CONFIRMS, confirm_numbered
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
    CONFIRMS: Confirmable(CONFIRM_DUTIES, confirm_numbered),
    "person.erase": Confirmable(MANAGE_PEOPLE, erase_confirmed),
}
"""By the word of `Confirmed.what`."""


def _number(doing: Doing) -> str:
    said = _SAID.fullmatch(doing.words.strip())
    return "".join(str(decimal(one)) for one in said["number"]) if said else ""


async def _confirm(doing: Doing) -> Reply:
    """Do what the number stands for, if he may still do it.

    A wrong number is no error, which would undo that it was counted; of one that
    cannot be done for now nothing is done, and the number stays good.
    """
    try:
        confirmed = await use_number(
            doing.session,
            _number(doing),
            holder=holder_of(doing.account.id),
            at=doing.at,
        )
    except NotAllowed as error:
        return Reply(error.reply)
    known = CONFIRMABLE[confirmed.what]
    words = refusal(known.card, doing.asker)
    return Reply(words) if words else await known.do(doing, confirmed)


CONFIRM = Act(
    name="confirm",
    example="",
    role=Role.ADMIN,
    in_groups=False,
    fits=lambda doing: bool(_number(doing)),
    do=_confirm,
)
