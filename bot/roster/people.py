"""People of the office and the departments, and the accounts they write from."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import NotFound
from bot.model import Account, Person, Talk
from bot.roster.rows import insert_once


async def account_for(session: AsyncSession, *, channel: str, address: str) -> Account:
    """Return the account of an address, made if it is new; two at once make one."""
    mine = Account.channel == channel, Account.address == address
    query = select(Account).where(*mine)
    found = (await session.scalars(query)).one_or_none()
    if found is None:
        values = {"channel": channel, "address": address, "talk": Talk()}
        await insert_once(session, Account, values, unique=("channel", "address"))
        found = (await session.scalars(query)).one()
    return found


async def accounts_of(
    session: AsyncSession, person_id: int | None
) -> Sequence[Account]:
    """List the accounts of a person, the one bound first at the head."""
    query = select(Account).where(Account.person_id == person_id).order_by(Account.id)
    return (await session.scalars(query)).all()


async def bind_account(
    session: AsyncSession, account: Account, person: Person | None
) -> Account:
    """Tie an account to a person, or to nobody; what was talked about is forgotten."""
    account.person = person
    account.talk = Talk()
    await session.flush()
    return account


def department_of(account: Account) -> str:
    """Name the department of the account's person; "" if it is bound to nobody."""
    return account.person.department if account.person else ""


async def find_person(session: AsyncSession, *, name: str, department: str) -> Person:
    """Find a person by name and department; raises NotFound."""
    found = await person_named(session, name=name, department=department)
    if found is None:
        words = f"通讯录里没有{department[:40]}的{name[:20]}。"
        raise NotFound("no such person", reply=words)
    return found


async def person_named(
    session: AsyncSession, *, name: str, department: str
) -> Person | None:
    """Return the person of this name in this department, the first if there are two."""
    mine = Person.name == name, Person.department == department
    query = select(Person).where(*mine).order_by(Person.id).limit(1)
    return (await session.scalars(query)).first()
