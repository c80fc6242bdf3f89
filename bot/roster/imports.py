"""A roster file taken over: what is new is added, what differs is changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.model import Account, Department, Person
from bot.roster.departments import department_named
from bot.roster.files import DepartmentRow, PersonRow, Roster
from bot.roster.people import accounts_for, bind_account, person_named

WECOM_CHANNELS = ("wecom_app", "wecom_bot")
"""The channels that know a person by the user id of WeCom."""

_MANY = 500  # people whose accounts are looked up at a time


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import did: how many rows are new, and how many were changed.

    `accounts_bound` counts the accounts of WeCom that belong to somebody else now.
    """

    departments_added: int
    departments_changed: int
    people_added: int
    people_changed: int
    accounts_bound: int = 0


class _Done(StrEnum):
    ADDED = "added"
    CHANGED = "changed"
    SAME = "same"


async def import_roster(session: AsyncSession, roster: Roster, *, by: str) -> Imported:
    """Add what is new and change what differs, in the name of *by*.

    Departments are known by their name, people by name and department. Who is not in
    the file stays; a proposed department that is in it counts as confirmed. Whoever
    has a user id of WeCom there is known by it without a code, and by no other one.
    """
    departments = [await _keep(session, row, by=by) for row in roster.departments]
    people = [await _keep_person(session, row) for row in roster.people]
    await session.flush()
    members = [row for row in roster.people if row.wecom]
    bound = 0
    for start in range(0, len(members), _MANY):
        bound += await _bind_members(session, members[start : start + _MANY])
    return Imported(
        accounts_bound=bound,
        departments_added=departments.count(_Done.ADDED),
        departments_changed=departments.count(_Done.CHANGED),
        people_added=people.count(_Done.ADDED),
        people_changed=people.count(_Done.CHANGED),
    )


async def _keep(session: AsyncSession, row: DepartmentRow, *, by: str) -> _Done:
    found = await department_named(session, row.name)
    new = found is None
    kept = found or Department(name=row.name, proposed=True, confirmed_by="")
    wanted = {
        "short_names": row.short_names,
        "former_names": row.former_names,
        "members": row.members,
        "collective": row.collective,
        "proposed": False,
    }
    if not new and all(getattr(kept, name) == wanted[name] for name in wanted):
        return _Done.SAME
    for name, value in wanted.items():
        setattr(kept, name, value)
    kept.confirmed_by = by
    session.add(kept)
    return _Done.ADDED if new else _Done.CHANGED


async def _keep_person(session: AsyncSession, row: PersonRow) -> _Done:
    found = await person_named(session, name=row.name, department=row.department)
    wanted = {"role": row.role, "phone": row.phone, "is_deputy": row.is_deputy}
    if found is None:
        session.add(Person(name=row.name, department=row.department, **wanted))
        return _Done.ADDED
    if all(getattr(found, name) == value for name, value in wanted.items()):
        return _Done.SAME
    for name, value in wanted.items():
        setattr(found, name, value)
    return _Done.CHANGED


async def _bind_members(session: AsyncSession, rows: Sequence[PersonRow]) -> int:
    """Bind accounts of WeCom to the people whom the file names; returns how many."""
    wanted = {(lane, row.wecom) for row in rows for lane in WECOM_CHANNELS}
    accounts = await accounts_for(session, wanted)
    bound = 0
    for row in rows:
        person = await person_named(session, name=row.name, department=row.department)
        assert person
        await _unbind_others(session, person, keep=row.wecom)
        for lane in WECOM_CHANNELS:
            account = accounts[lane, row.wecom]
            if account.person_id != person.id:
                await bind_account(session, account, person)
                bound += 1
    return bound


async def _unbind_others(session: AsyncSession, person: Person, *, keep: str) -> None:
    """Let no other user id speak for a person: it may be somebody else's by now."""
    query = select(Account).where(
        Account.person_id == person.id,
        Account.channel.in_(WECOM_CHANNELS),
        Account.address != keep,
    )
    for account in await session.scalars(query):
        await bind_account(session, account, None)
