"""Who came and who went between the confirmation of a broadcast and its issue."""

from collections.abc import Collection

from bot import roster
from bot.model import Person
from handlers.broadcast_scope import Audience
from handlers.broadcasting import Hand

_LISTED = 5  # whom one message names
_NOBODY = "nobody:"


def everyone_in(audience: Audience) -> tuple[str, ...]:
    """Name all who are meant, reached or not, as they are kept with the scope."""
    missing = (
        f"person:{one.person_id}" if one.person_id else f"{_NOBODY}{one.department}"
        for one in audience.missing
    )
    return tuple(sorted({*(one.recipient for one in audience.reached), *missing}))


async def changes_words(
    hand: Hand, *, before: Collection[str], audience: Audience
) -> str:
    """Say who came and who went since *before*; "" if nobody did."""
    now, then = set(everyone_in(audience)), set(before)
    came, went = sorted(now - then), sorted(then - now)
    parts = [
        f"{what} {len(some)}：{await _names(hand, some)}"
        for what, some in (("新增", came), ("不再发给", went))
        if some
    ]
    return "；".join(parts)


async def _names(hand: Hand, keys: Collection[str]) -> str:
    names = [await _name(hand, key) for key in list(keys)[:_LISTED]]
    return "、".join(names) + (" 等" if len(keys) > _LISTED else "")


async def _name(hand: Hand, key: str) -> str:
    kind, _, rest = key.partition(":")
    if kind == "person":
        person = await hand.session.get(Person, int(rest))
        return f"{person.department}{person.name}" if person else "已删除的人员"
    if key.startswith(_NOBODY):
        return f"{rest}（没有联络员）"
    channel, _, address = rest.partition(":")
    chat = await roster.chat_at(hand.session, channel=channel, address=address)
    return f"群“{chat.title or address}”" if chat else f"群“{address}”"
