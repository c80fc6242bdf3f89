"""Who is told something for a department, and where."""

from collections.abc import Collection, Sequence

from msgspec import Struct
from sqlalchemy import ColumnElement, and_, case, false, func, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from bot.model import Account, Chat, Person, Role
from bot.model.lists import among
from bot.roster.groups import may_be_told


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


async def hearers_of(
    session: AsyncSession, departments: Collection[str], *, lanes: Collection[str]
) -> list[Hearer]:
    """List the people of departments, with accounts in *lanes* that are not closed.

    Who has left is not among them.
    """
    return await _hearers(session, among(Person.department, departments), lanes)


async def hearers_in(
    session: AsyncSession, roles: Collection[Role], *, lanes: Collection[str]
) -> list[Hearer]:
    """List the people of some roles, whatever their department."""
    return await _hearers(session, Person.role.in_(roles), lanes)


async def _hearers(
    session: AsyncSession, which: ColumnElement[bool], lanes: Collection[str]
) -> list[Hearer]:
    is_open = and_(Account.closed_at.is_(None), Account.channel.in_(list(lanes)))
    # Without statistics PostgreSQL takes one person to be all that is found, and reads
    # the index of channels through for him: for each of ten thousand. A CASE has none.
    has_account = and_(
        Account.person_id == Person.id, case((is_open, true()), else_=false())
    )
    query = (
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
    await session.flush()  # past the session it is twice as fast
    connection = await session.connection()
    chosen: dict[int, Hearer] = {}
    for *person, main in (await connection.execute(query)).all():
        hearer = Hearer(*person)
        if hearer.person_id not in chosen or (hearer.lane and hearer.lane == main):
            chosen[hearer.person_id] = hearer
    return list(chosen.values())


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
