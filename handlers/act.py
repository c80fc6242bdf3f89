"""What may be done: the card of an act, and one doing."""

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot import audit
from bot.chinese import fold
from bot.departments import Departments
from bot.messages import Incoming, Place, Reply
from bot.model import Account, Chat, Person, Plan
from handlers.courtesy import without_courtesies
from handlers.nudging import Nudging
from handlers.rights import Asker, Card

ELSEWHERE = "这件事请私聊我办理。"
_ASKS = re.compile("[?？]|[吗呢]$|什么|怎么|如何|为何|多久|哪|谁|[没了]有$")
_MANY = ("各", "全体", "全部", "所有", "每个", "未报单位")
_APART = " \t\n\u3000:：#＃"


@dataclass(frozen=True, slots=True, kw_only=True)
class Doing:
    """One letter that may want something done, with all that it takes.

    `words` are what was said, or what the button that was pressed says, and `folded`
    the same made comparable. `chat` is the group in which it was said, None in a direct
    chat. `plans` are those in force. `nudging` is how others are told something, None
    where nobody can be. `choices` were offered in the answer just before, which
    `asks_yes` if a plain 是 takes the first.
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
    asks_yes: bool = False

    @property
    def person(self) -> Person | None:
        """Return who it is; None if the account is bound to nobody."""
        return self.account.person

    @property
    def asked(self) -> str:
        """Return what was said without the courtesies around it, folded."""
        return fold(without_courtesies(self.words, is_known=True))

    @property
    def letter(self) -> str:
        """Name the letter in which it was said; "" if it is kept nowhere."""
        return letter_of(self.incoming)

    @property
    def places(self) -> set[str]:
        """List the addresses at which a message may stand that this one is about."""
        return places_of(self.incoming, self.chat)

    @property
    def in_group(self) -> bool:
        """Tell whether others hear it."""
        return self.incoming.place is Place.GROUP

    async def record(
        self,
        event: str,
        about: str,
        *,
        by: Person,
        department: str | None = None,
        **detail: Any,
    ) -> None:
        """Tell the audit what *by* has done; whose matter it is, if not his own's."""
        await audit.record(
            self.session,
            actor=by.name,
            event=event,
            about=about,
            at=self.at,
            channel=self.account.channel,
            department=by.department if department is None else department,
            **detail,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Act(Card):
    """One thing that may be done: it changes the store.

    `fits` says whether a letter means it; acts are tried in the order of `ACTS`, before
    any intent. `do` returns None where it is no act after all but a question; one of
    our errors undoes all that it has done. `never_fails` says that it raises none, and
    so needs no savepoint: for what is tried with every other letter. `order` are the
    words with which whoever says them gives this order, even if it is not for him.
    """

    fits: Callable[[Doing], bool]
    do: Callable[[Doing], Awaitable[Reply | None]]
    never_fails: bool = False
    order: re.Pattern[str] | None = None
    in_own_group: bool = False
    elsewhere: str = ELSEWHERE


def letter_of(incoming: Incoming) -> str:
    """Name the letter in which something was said; "" if it is kept nowhere."""
    product_id = incoming.product_id
    return f"{incoming.channel}:{product_id}" if product_id else ""


def places_of(incoming: Incoming, chat: Chat | None) -> set[str]:
    """List the addresses at which a message may stand that *incoming* is about.

    Where it is an old one, Telegram does not say in which topic it stands.
    """
    said = incoming.conversation
    own = {chat.told_at} if chat else set()
    return {said, said.partition("/")[0], *own}


def is_ordered(order: re.Pattern[str], doing: Doing) -> bool:
    """Tell whether an order is given that can mean nothing but the act of *order*.

    Nothing follows its words but what they are about: 核收 县应急局 is an order,
    核收是什么意思 is a question.
    """
    if doing.incoming.attachments:
        return False
    words = doing.words.strip().rstrip("。.!！")
    said = order.match(words)
    if said is None:
        return False
    rest = words[said.end() :]
    if not rest or _ASKS.search(rest):
        return not rest
    return rest[0] in _APART or _names_somebody(doing.departments, rest)


def _names_somebody(departments: Departments, words: str) -> bool:
    """Tell whether words begin with a department, or with many."""
    folded = fold(words)
    names = departments.names(folded)
    return folded.startswith((*_MANY, *names))
