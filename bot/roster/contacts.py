"""Departments that nobody hears for: no liaison, or none whom we reach."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.model import Account, AuditEntry, Person, Role
from bot.model.lists import among

_LOST_BY = ("bind.undone", "person.unbound")
"""Events by which a person's account no longer speaks for him."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A department that nobody hears for, with the liaisons who are present.

    Those `unbound` need a code; those `lost` are bound, but their products take nothing
    from us: they must be called.
    """

    department: str
    unbound: tuple[Person, ...]
    lost: tuple[Person, ...]


async def gaps_among(session: AsyncSession, departments: Collection[str]) -> list[Gap]:
    """List which of *departments* have no present liaison with an open account.

    In their order; a deputy is a liaison as well.
    """
    bound = select(Account.person_id).where(Account.person_id.is_not(None)).distinct()
    reached = bound.where(Account.closed_at.is_(None))
    liaisons = (
        select(Person, Person.id.in_(bound), Person.id.in_(reached))
        .where(among(Person.department, list(departments)))
        .where(Person.role == Role.LIAISON, Person.left_at.is_(None))
        .order_by(Person.is_deputy, Person.id)
    )
    heard: set[str] = set()
    unbound = defaultdict[str, list[Person]](list)
    lost = defaultdict[str, list[Person]](list)
    for person, is_bound, is_reached in await session.execute(liaisons):
        if is_reached:
            heard.add(person.department)
        else:
            (lost if is_bound else unbound)[person.department].append(person)
    return [
        Gap(department=name, unbound=tuple(unbound[name]), lost=tuple(lost[name]))
        for name in dict.fromkeys(departments)
        if name not in heard
    ]


async def last_losses(
    session: AsyncSession, departments: Collection[str]
) -> dict[str, datetime]:
    """Tell when departments last lost somebody: he left, was unbound, or blocked us.

    Those that never lost anybody are not in it.
    """
    query = select(Person).where(among(Person.department, list(departments)))
    people = {one.id: one for one in await session.scalars(query)}
    moments = [(one.department, one.left_at) for one in people.values()]
    closed = select(Account).where(among(Account.person_id, list(people)))
    moments += [
        (people[one.person_id].department, one.closed_at)
        for one in await session.scalars(closed)
        if one.person_id
    ]
    about = {f"person:{one.id}": one.department for one in people.values()}
    undone = (
        select(AuditEntry.about, func.max(AuditEntry.at))
        .where(AuditEntry.event.in_(_LOST_BY), among(AuditEntry.about, list(about)))
        .group_by(AuditEntry.about)
    )
    moments += [(about[who], at) for who, at in await session.execute(undone)]
    losses: dict[str, datetime] = {}
    for name, at in moments:
        if at:
            losses[name] = max(at, losses.get(name, at))
    return losses
