"""People of the office and the departments, and the accounts they write from."""

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.model import Account, Person, Role, Talk
from bot.model.lists import among
from bot.roster.accounts import accounts_for

WECOM_CHANNELS = ("wecom_app", "wecom_bot")
"""Channels that know people by one and the same user id."""


def knowing_alike(channel: str) -> tuple[str, ...]:
    """Name the channels of which the accounts say who is who in *channel*."""
    return WECOM_CHANNELS if channel.startswith("wecom_") else (channel,)


async def accounts_of(
    session: AsyncSession, person_id: int | None
) -> Sequence[Account]:
    """List the accounts through which a person hears us, the one made first ahead."""
    query = select(Account).where(Account.person_id == person_id)
    query = query.where(Account.closed_at.is_(None)).order_by(Account.id)
    return (await session.scalars(query)).all()


async def closed_accounts(session: AsyncSession) -> Sequence[Account]:
    """List the accounts of people whose product takes nothing from us any more."""
    query = select(Account).where(Account.person_id.is_not(None))
    query = query.where(Account.closed_at.is_not(None)).order_by(Account.id)
    return (await session.scalars(query)).all()


async def people_lost(session: AsyncSession) -> Sequence[Person]:
    """List who is there and bound, and reached through no account any more."""
    accounts = select(Account.person_id).where(Account.person_id.is_not(None))
    query = (
        select(Person)
        .where(Person.id.in_(accounts), Person.left_at.is_(None))
        .where(Person.id.not_in(accounts.where(Account.closed_at.is_(None))))
        .order_by(Person.department, Person.id)
    )
    return (await session.scalars(query)).all()


async def bind_account(
    session: AsyncSession, account: Account, person: Person | None
) -> Account:
    """Tie an account to a person, or to nobody; what was talked about is forgotten.

    Who is a member of the WeCom corporation is so to its app and to its robot.
    """
    twins = {(channel, account.address) for channel in WECOM_CHANNELS}
    if account.channel in WECOM_CHANNELS:
        for twin in (await accounts_for(session, twins)).values():
            tie(twin, person)
    tie(account, person)
    await session.flush()
    return account


def tie(account: Account, person: Person | None) -> None:
    """Do the same to one of many accounts; the store hears of it with the others."""
    account.person, account.talk = person, Talk()


def department_of(account: Account) -> str:
    """Name the department of the account's person; "" if it is bound to nobody."""
    return account.person.department if account.person else ""


async def accounts_by_person(
    session: AsyncSession, people: Collection[int]
) -> dict[int, list[Account]]:
    """Return the accounts of people, closed ones too, the one made first ahead."""
    query = select(Account).where(among(Account.person_id, people)).order_by(Account.id)
    found: dict[int, list[Account]] = {}
    for account in await session.scalars(query):
        found.setdefault(account.person_id or 0, []).append(account)
    return found


async def people_named(
    session: AsyncSession, name: str, *, department: str = "", also_left: bool = False
) -> Sequence[Person]:
    """List the people of a name, of one department if it is given.

    Those who have left come last, or, unless asked for, not at all; those erased never.
    """
    query = select(Person).where(Person.name == name, Person.erased_at.is_(None))
    query = query.order_by(Person.left_at.is_not(None), Person.id)
    if not also_left:
        query = query.where(Person.left_at.is_(None))
    if department:
        query = query.where(Person.department == department)
    return (await session.scalars(query)).all()


async def everyone(session: AsyncSession, *, department: str = "") -> Sequence[Person]:
    """List all people, those who have left too, by department and as they came."""
    query = select(Person).order_by(
        Person.department, Person.left_at.is_not(None), Person.id
    )
    if department:
        query = query.where(Person.department == department)
    return (await session.scalars(query)).all()


async def names_of(session: AsyncSession, role: Role) -> list[str]:
    """List the names of those of a role who have not left, each once."""
    query = select(Person.name).where(Person.role == role, Person.left_at.is_(None))
    return sorted(dict.fromkeys(await session.scalars(query.order_by(Person.id))))


async def departments_of_people(
    session: AsyncSession, role: Role | None = None
) -> list[str]:
    """List the departments that somebody in the roster belongs to, each once.

    Those who have left count as well, and of a *role* only those who have it.
    """
    query = select(Person.department).distinct().order_by(Person.department)
    if role is not None:
        query = query.where(Person.role == role)
    return [name for name in await session.scalars(query) if name]
