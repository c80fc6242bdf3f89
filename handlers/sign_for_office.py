"""Who signs for the office where nobody is bound: at the command line.

Whoever holds the server's shell holds the database: no name that is typed there proves
anything. It is asked for all the same, so that the audit and the office know who did
it; and once the roster names people of the office, it has to be one of them.
"""

from sqlalchemy.ext.asyncio import AsyncSession

from bot import roster
from bot.errors import NotAllowed
from bot.model import Role

_STRANGE = "通讯录里没有叫“{}”的办公室管理员，没有办理。请写其中一位：{}。"
_SAME = "日期要由第二人确认：方案由{}签认，这一步请另一位管理员（{}）确认，没有登记。"
_STAFFED = 2  # admins, from whom on dates are confirmed by a second one


async def refuse_strange_hand(session: AsyncSession, by: str) -> None:
    """Raise NotAllowed if the roster names admins, and *by* is none of them."""
    names = await roster.names_of(session, Role.ADMIN)
    if names and by not in names:
        words = _STRANGE.format(by[:20], "、".join(names))
        raise NotAllowed("no admin of that name", reply=words)


async def refuse_same_hand(session: AsyncSession, by: str, *, signed_by: str) -> None:
    """Raise NotAllowed where one admin would sign a plan and its dates alone.

    Where the office has but one, he may.
    """
    names = await roster.names_of(session, Role.ADMIN)
    if len(names) >= _STAFFED and by == signed_by:
        others = "、".join(name for name in names if name != by)
        raise NotAllowed("the same hand", reply=_SAME.format(by, others))
