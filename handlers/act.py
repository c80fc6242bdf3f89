"""What may be done: the card of an act, and one doing."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.departments import Departments
from bot.messages import Incoming, Place, Reply
from bot.model import Account, Chat, Person, Plan
from handlers.nudging import Nudging
from handlers.rights import Asker, Card

ELSEWHERE = "这件事请私聊我办理。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Doing:
    """One letter that may want something done, with all that it takes.

    `words` are what was said, or what the button that was pressed says, and `folded`
    the same made comparable. `chat` is the group in which it was said, None in a direct
    chat. `plans` are those in force. `nudging` is how others are told something, None
    where nobody can be. `choices` were offered in the answer just before.
    """

    session: AsyncSession
    incoming: Incoming
    words: str
    folded: str
    account: Account
    asker: Asker
    chat: Chat | None
    departments: Departments
    plans: Sequence[Plan]
    at: datetime
    nudging: Nudging | None = None
    choices: tuple[str, ...] = ()

    @property
    def person(self) -> Person | None:
        """Return who it is; None if the account is bound to nobody."""
        return self.account.person

    @property
    def letter(self) -> str:
        """Name the letter in which it was said; "" if it is kept nowhere."""
        product_id = self.incoming.product_id
        return f"{self.incoming.channel}:{product_id}" if product_id else ""

    @property
    def in_group(self) -> bool:
        """Tell whether others hear it."""
        return self.incoming.place is Place.GROUP


@dataclass(frozen=True, slots=True, kw_only=True)
class Act(Card):
    """One thing that may be done: it changes the store.

    `fits` says whether a letter means it; acts are tried in the order of `ACTS`, before
    any intent. `do` returns None where it is no act after all but a question.
    """

    fits: Callable[[Doing], bool]
    do: Callable[[Doing], Awaitable[Reply | None]]
    in_own_group: bool = False
    elsewhere: str = ELSEWHERE
