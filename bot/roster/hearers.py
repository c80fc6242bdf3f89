"""Who is told something for a department, and where."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, Executable, and_, case, false, func, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from bot.model import Account, Chat, Person, Role
from bot.model.lists import among, among_given
from bot.roster.groups import may_be_told
from bot.roster.people import knowing_alike
from bot.statements import fetch


class Hearer(Struct, frozen=True):
    """A person with the account through which he is told; lane "" if there is none.

    That is his main channel, else the first that he was bound by.
    """

    person_id: int
    name: str
    department: str
    role: Role
    is_deputy: bool
    hours: str
    phone: str
    lane: str
    address: str

    @property
    def recipient(self) -> str:
        """Name him as deliveries do."""
        return f"person:{self.person_id}"


def _people(which: ColumnElement[bool]) -> Executable:
    """Select people, by the parameter "lanes", as `_chosen` takes them."""
    is_open = and_(Account.closed_at.is_(None), among_given(Account.channel, "lanes"))
    # Without statistics PostgreSQL takes one person to be all that is found, and reads
    # the index of channels through for him: for each of ten thousand. A CASE has none.
    has_account = and_(
        Account.person_id == Person.id, case((is_open, true()), else_=false())
    )
    return (
        select(
            Person.id,
            Person.name,
            Person.department,
            Person.role,
            Person.is_deputy,
            Person.hours,
            Person.phone,
            func.coalesce(Account.channel, ""),
            func.coalesce(Account.address, ""),
            Person.main_channel,
        )
        .outerjoin(Account, has_account)
        .where(which, Person.left_at.is_(None))
        .order_by(Person.id, Account.id)
    )


_OF_DEPARTMENTS = _people(among_given(Person.department, "departments"))


async def hearers_of(
    session: AsyncSession, departments: Collection[str], *, lanes: Collection[str]
) -> list[Hearer]:
    """List the people of departments, with accounts in *lanes* that are not closed.

    Who has left is not among them.
    """
    await session.flush()  # past the session it is twice as fast
    given = {"departments": list(departments), "lanes": list(lanes)}
    return _chosen(await fetch(session, _OF_DEPARTMENTS, given))


async def hearers_in(
    session: AsyncSession, roles: Collection[Role], *, lanes: Collection[str]
) -> list[Hearer]:
    """List the people of some roles, whatever their department."""
    query = _people(Person.role.in_(roles))
    found = await session.execute(query, {"lanes": list(lanes)})
    return _chosen([tuple(row) for row in found])


def _chosen(rows: Iterable[tuple[Any, ...]]) -> list[Hearer]:
    """Choose one account for each person, of those that follow each other."""
    chosen: dict[int, Hearer] = {}
    for row in rows:
        *_, lane, _, main = row
        if row[0] not in chosen or (lane and lane == main):
            chosen[row[0]] = Hearer(*row[:-1])
    return list(chosen.values())


async def called_in(
    session: AsyncSession, chats: Collection[Chat]
) -> dict[str, list[str]]:
    """List by `recipient` the addresses by which liaisons are called in their groups.

    Deputies are where there are none but them. A group of all has nobody to call, nor
    has one of which the product knows none of them.
    """
    names = {chat.department for chat in chats} - {""}
    if not names:
        return {}
    query = (
        select(Person, Account)
        .join(Account, Account.person_id == Person.id)
        .where(among(Person.department, names), Person.role == Role.LIAISON)
        .where(Person.left_at.is_(None))
        .order_by(Person.is_deputy, Person.id, Account.id)
    )
    theirs = defaultdict[str, list[tuple[Person, Account]]](list)
    for person, account in await session.execute(query):
        theirs[person.department].append((person, account))
    found = {
        chat.recipient: _called(chat.channel, theirs.get(chat.department, ()))
        for chat in chats
    }
    return {recipient: called for recipient, called in found.items() if called}


def _called(channel: str, theirs: Iterable[tuple[Person, Account]]) -> list[str]:
    """Choose who of a department is called, each once; deputies are listed last."""
    alike = knowing_alike(channel)
    known = [one for one in theirs if one[1].channel in alike]
    called: dict[int, str] = {}
    for person, account in known:
        if person.is_deputy is known[0][0].is_deputy:
            called.setdefault(person.id, account.address)
    return [*called.values()]


async def own_chats(
    session: AsyncSession,
    departments: Collection[str],
    *,
    lanes: Collection[str] | None,
) -> Sequence[Chat]:
    """List the registered groups of departments ("": of all) in *lanes*, None: any.

    One that is closed to us is told by what the office chose in its stead.
    """
    query = select(Chat).where(
        among(Chat.department, departments),
        Chat.registered_at.is_not(None),
        may_be_told(),
    )
    if lanes is not None:
        query = query.where(Chat.channel.in_(list(lanes)))
    return (await session.scalars(query.order_by(Chat.id))).all()
