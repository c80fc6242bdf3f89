"""Handovers: who asked to be followed by whom, and what the office said."""

import re
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.model import Handover, HandoverState, Person, Role

MAY_HAND_OVER = frozenset({Role.LIAISON, Role.HEAD})
"""Whom another may follow at his own wish; the office's people are of the roster."""

_FAMILY = "[\u4e00-\u9fff]"
_TITLES = (
    "科长|股长|主任|局长|处长|部长|所长|站长|镇长|队长|会长|主席|书记|秘书|干事|科员"
    "|老师|同志|经理|总|工|科|姐|哥"
)
_BY_FAMILY = re.compile(
    f"(?:小|老|大|阿)(?P<first>{_FAMILY})|(?P<second>{_FAMILY})(?:{_TITLES})"
)


async def ask_handover(
    session: AsyncSession,
    person: Person,
    *,
    successor: str,
    words: str,
    as_deputy: bool,
    at: datetime,
) -> Handover:
    """Note what a person asks; who asks again while it waits says it anew."""
    query = _of(person.id).where(
        Handover.state == HandoverState.ASKED, Handover.as_deputy.is_(as_deputy)
    )
    waiting = (await session.scalars(query)).first()
    if waiting:
        waiting.successor, waiting.words = successor or waiting.successor, words
        await session.flush()
        return waiting
    asked = Handover(
        person_id=person.id,
        department=person.department,
        successor=successor,
        as_deputy=as_deputy,
        words=words,
        asked_at=at,
        state=HandoverState.ASKED,
    )
    session.add(asked)
    await session.flush()
    return asked


async def approved_handover(session: AsyncSession, person_id: int) -> Handover | None:
    """Return the handover of a person whose successor has yet to be bound."""
    query = _of(person_id).where(
        Handover.state == HandoverState.APPROVED, Handover.as_deputy.is_(False)
    )
    return (await session.scalars(query)).first()


async def handovers_waiting(session: AsyncSession) -> Sequence[Handover]:
    """List what the office has not decided yet, the oldest first."""
    query = select(Handover).where(Handover.state == HandoverState.ASKED)
    return (await session.scalars(query.order_by(Handover.id))).all()


async def count_waiting(session: AsyncSession) -> int:
    """Count what the office has not decided yet."""
    query = select(func.count(Handover.id)).where(Handover.state == HandoverState.ASKED)
    return await session.scalar(query) or 0


async def handover_asked(session: AsyncSession, number: int) -> Handover | None:
    """Return what waits under a number, held until the transaction ends."""
    found = await session.get(
        Handover, number, populate_existing=True, with_for_update=True
    )
    return found if found and found.state is HandoverState.ASKED else None


async def handovers_to(
    session: AsyncSession, person_id: int, *, state: HandoverState
) -> Sequence[Handover]:
    """List the handovers in a state to a person, the newest first; no deputy's."""
    query = select(Handover).where(
        Handover.successor_id == person_id,
        Handover.state == state,
        Handover.as_deputy.is_(False),
    )
    return (await session.scalars(query.order_by(Handover.id.desc()))).all()


async def approved_handovers(session: AsyncSession) -> Sequence[Handover]:
    """List the handovers whose successors have yet to be bound."""
    query = select(Handover).where(
        Handover.state == HandoverState.APPROVED, Handover.as_deputy.is_(False)
    )
    return (await session.scalars(query.order_by(Handover.id))).all()


async def forget_names(session: AsyncSession, person: Person, *, by: str) -> None:
    """Keep neither the words nor the name of somebody in handovers, from or to him.

    To him is also what names him of his department and is not decided yet.
    """
    for one in await session.scalars(_of(person.id)):
        one.words = ""
    named = and_(
        Handover.successor_id.is_(None),
        Handover.successor == person.name,
        Handover.department == person.department,
    )
    to_him = select(Handover).where(or_(Handover.successor_id == person.id, named))
    for one in await session.scalars(to_him):
        one.successor, one.words = by, ""
    await session.flush()


def _of(person_id: int) -> Select[Handover]:
    query = select(Handover).where(Handover.person_id == person_id)
    return query.order_by(Handover.id.desc())


def is_by_family_name(said: str) -> bool:
    """Tell whether somebody is only called by his family name: 小王, 王科长."""
    return _BY_FAMILY.fullmatch(said) is not None


def may_mean(said: str, name: str) -> bool:
    """Tell whether 小王 or 王科长 may be the person of a name."""
    found = _BY_FAMILY.fullmatch(said)
    family = (found["first"] or found["second"]) if found else ""
    return bool(family) and name.startswith(family)
