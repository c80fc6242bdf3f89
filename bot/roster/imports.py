"""A roster file held against the store, and taken over: added, changed, never lost."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.model import Account, Department, Person
from bot.model.lists import among
from bot.roster.accounts import accounts_for
from bot.roster.files import DepartmentRow, PersonRow, Roster
from bot.roster.leaving import erased_digest
from bot.roster.people import WECOM_CHANNELS, tie

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What a roster would change, each list in the order of the file.

    `missing` are the people of the store whom a file that lists people does not name:
    they stay. `left` have left, and `erased` were erased at their own wish: the file
    names them, and nobody brings them back by an import. Of user ids of WeCom,
    `accounts_new` are as yet nobody's, `accounts_moved` (whose, to whom) somebody
    else's, and `accounts_lost` those that the file no longer has.
    """

    departments_new: tuple[DepartmentRow, ...]
    departments_changed: tuple[tuple[Department, DepartmentRow], ...]
    people_new: tuple[PersonRow, ...]
    people_changed: tuple[tuple[Person, PersonRow], ...]
    people_same: tuple[tuple[Person, PersonRow], ...]
    missing: tuple[Person, ...]
    left: tuple[Person, ...]
    erased: tuple[PersonRow, ...]
    accounts_new: tuple[str, ...] = ()
    accounts_moved: tuple[tuple[str, Person, PersonRow], ...] = ()
    accounts_lost: tuple[tuple[str, Person], ...] = ()

    @property
    def is_nothing(self) -> bool:
        """Tell whether no row is new and none differs."""
        return not (
            self.departments_new
            or self.departments_changed
            or self.people_new
            or self.people_changed
            or self.accounts_new
            or self.accounts_moved
            or self.accounts_lost
        )


async def compare_roster(session: AsyncSession, roster: Roster) -> Comparison:
    """Hold a roster against the store; changes nothing.

    Departments are known by their name, people by name and department.
    """
    kept = {one.name: one for one in await session.scalars(select(Department))}
    everyone = await _everyone(session)
    gone = [one for one in everyone if one.erased_at]
    known: dict[tuple[str, str], Person] = {}
    for one in everyone:
        if not one.erased_at:
            known.setdefault((one.department, one.name), one)
    named = {(row.department, row.name): row for row in roster.people}
    erased = tuple(row for row in roster.people if _was_erased(row, gone))
    pairs = [(known[key], row) for key, row in named.items() if key in known]
    here = [(person, row) for person, row in pairs if person.left_at is None]
    new = tuple(
        row for key, row in named.items() if key not in known and row not in erased
    )
    compared = Comparison(
        departments_new=tuple(
            one for one in roster.departments if one.name not in kept
        ),
        departments_changed=tuple(
            (kept[one.name], one)
            for one in roster.departments
            if one.name in kept and _differs(kept[one.name], _of_department(one))
        ),
        people_new=new,
        people_changed=tuple(p for p in here if _differs(p[0], _of_person(p[1]))),
        people_same=tuple(p for p in here if not _differs(p[0], _of_person(p[1]))),
        missing=tuple(
            person
            for key, person in known.items()
            if roster.people and key not in named and person.left_at is None
        ),
        left=tuple(person for person, _ in pairs if person.left_at),
        erased=erased,
    )
    members = [*here, *((None, row) for row in new)]
    return await _with_accounts(session, compared, [m for m in members if m[1].wecom])


async def _with_accounts(
    session: AsyncSession,
    compared: Comparison,
    members: Sequence[tuple[Person | None, PersonRow]],
) -> Comparison:
    """Add to a comparison what becomes of the user ids of WeCom."""
    fresh: dict[str, None] = {}
    moved: dict[str, tuple[str, Person, PersonRow]] = {}
    lost: dict[str, tuple[str, Person]] = {}
    for start in range(0, len(members), _MANY):
        some = members[start : start + _MANY]
        owners = await _owners(session, [id_ for _, row in some for id_ in row.wecom])
        for person, row in some:
            for address in row.wecom:
                found = owners.get(address, [])
                for owner in [*found, *[None] * (len(WECOM_CHANNELS) - len(found))]:
                    if owner is None:
                        fresh[address] = None
                    elif owner is not person:
                        moved[address] = address, owner, row
        own = {person.id: (person, row) for person, row in some if person}
        for account in await _wecom_accounts(session, own):
            person, row = own[account.person_id or 0]
            if account.address not in row.wecom:
                lost[account.address] = account.address, person
    return replace(
        compared,
        accounts_new=tuple(fresh),
        accounts_moved=tuple(moved.values()),
        accounts_lost=tuple(one for id_, one in lost.items() if id_ not in moved),
    )


async def _owners(
    session: AsyncSession, addresses: Sequence[str]
) -> dict[str, list[Person | None]]:
    """Tell whose the accounts of user ids are; one for each channel that has any."""
    query = select(Account).where(
        among(Account.address, addresses), Account.channel.in_(WECOM_CHANNELS)
    )
    owners: dict[str, list[Person | None]] = {}
    for account in await session.scalars(query):
        owners.setdefault(account.address, []).append(account.person)
    return owners


async def _wecom_accounts(
    session: AsyncSession, people: Collection[int]
) -> Sequence[Account]:
    query = select(Account).where(
        among(Account.person_id, people), Account.channel.in_(WECOM_CHANNELS)
    )
    return (await session.scalars(query)).all()


async def import_roster(session: AsyncSession, roster: Roster, *, by: str) -> Imported:
    """Add what is new and change what differs, in the name of *by*.

    Who is not in the file stays; a proposed department that is in it counts as
    confirmed. Whoever has user ids of WeCom there is known by them without a code, and
    by no other one. Who has left or was erased is not brought back.
    """
    compared = await compare_roster(session, roster)
    for one in compared.departments_new:
        session.add(Department(name=one.name, confirmed_by=by, **_of_department(one)))
    for kept, one in compared.departments_changed:
        _set(kept, _of_department(one))
        kept.confirmed_by = by
    people = list(compared.people_same)
    for row in compared.people_new:
        new = Person(name=row.name, department=row.department, **_of_person(row))
        session.add(new)
        people.append((new, row))
    for person, row in compared.people_changed:
        _set(person, _of_person(row))
        people.append((person, row))
    await session.flush()
    members = [(person, row.wecom) for person, row in people if row.wecom]
    bound = 0
    for start in range(0, len(members), _MANY):
        bound += await _bind_members(session, members[start : start + _MANY])
    return Imported(
        accounts_bound=bound,
        departments_added=len(compared.departments_new),
        departments_changed=len(compared.departments_changed),
        people_added=len(compared.people_new),
        people_changed=len(compared.people_changed),
    )


async def _everyone(session: AsyncSession) -> Sequence[Person]:
    return (await session.scalars(select(Person).order_by(Person.id))).all()


def _was_erased(row: PersonRow, gone: Collection[Person]) -> bool:
    return any(
        one.erased_as
        and one.erased_as == erased_digest(one.id, row.department, row.name)
        for one in gone
    )


def _of_department(row: DepartmentRow) -> dict[str, Any]:
    return {
        "short_names": row.short_names,
        "former_names": row.former_names,
        "members": row.members,
        "collective": row.collective,
        "proposed": False,
    }


def _of_person(row: PersonRow) -> dict[str, Any]:
    return {"role": row.role, "phone": row.phone, "is_deputy": row.is_deputy}


def _differs(kept: Department | Person, wanted: Mapping[str, Any]) -> bool:
    return any(getattr(kept, name) != value for name, value in wanted.items())


def _set(kept: Department | Person, wanted: Mapping[str, Any]) -> None:
    for name, value in wanted.items():
        setattr(kept, name, value)


async def _bind_members(
    session: AsyncSession, members: Sequence[tuple[Person, tuple[str, ...]]]
) -> int:
    """Bind accounts of WeCom to the people whom the file names; returns how many."""
    wanted = {
        (lane, address)
        for _, addresses in members
        for address in addresses
        for lane in WECOM_CHANNELS
    }
    accounts = await accounts_for(session, wanted)
    await _unbind_others(session, members)
    bound = 0
    for person, addresses in members:
        for address in addresses:
            for lane in WECOM_CHANNELS:
                account = accounts[lane, address]
                if account.person_id != person.id:
                    tie(account, person)
                    bound += 1
    await session.flush()
    return bound


async def _unbind_others(
    session: AsyncSession, members: Sequence[tuple[Person, tuple[str, ...]]]
) -> None:
    """Let no other user id speak for a person: it may be somebody else's by now."""
    own = {person.id: addresses for person, addresses in members}
    for account in await _wecom_accounts(session, own):
        if account.person_id and account.address not in own[account.person_id]:
            tie(account, None)
    await session.flush()
