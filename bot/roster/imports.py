"""A roster file taken over: what is new is added, what differs is changed."""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncSession

from bot.model import Department, Person
from bot.roster.departments import department_named
from bot.roster.files import DepartmentRow, PersonRow, Roster
from bot.roster.people import person_named


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import did: how many rows are new, and how many were changed."""

    departments_added: int
    departments_changed: int
    people_added: int
    people_changed: int


class _Done(StrEnum):
    ADDED = "added"
    CHANGED = "changed"
    SAME = "same"


async def import_roster(session: AsyncSession, roster: Roster, *, by: str) -> Imported:
    """Add what is new and change what differs, in the name of *by*.

    Departments are known by their name, people by name and department. Who is not in
    the file stays; a proposed department that is in it counts as confirmed.
    """
    departments = [await _keep(session, row, by=by) for row in roster.departments]
    people = [await _keep_person(session, row) for row in roster.people]
    await session.flush()
    return Imported(
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
    if found is None:
        session.add(
            Person(
                name=row.name, department=row.department, role=row.role, phone=row.phone
            )
        )
        return _Done.ADDED
    if (found.role, found.phone) == (row.role, row.phone):
        return _Done.SAME
    found.role, found.phone = row.role, row.phone
    return _Done.CHANGED
