"""People who leave, come back, or are erased; and the accounts they spoke from."""

import json
from collections.abc import Collection
from datetime import datetime
from hashlib import sha256

import msgspec
from sqlalchemy import (
    ColumnElement,
    SQLColumnExpression,
    Text,
    cast,
    delete,
    or_,
    select,
)
from sqlalchemy.ext.asyncio import AsyncSession

from bot.model import Account, BindingCode, Chat, Person, Talk
from bot.roster.people import tie

ERASED = "已删除人员"
"""What somebody is called of whom nothing is kept."""

Address = tuple[str, str]
"""A channel, and somebody's address in it."""


async def unbind_person(session: AsyncSession, person: Person) -> list[Address]:
    """Let no account speak for a person any more; returns those that did."""
    query = select(Account).where(Account.person_id == person.id).order_by(Account.id)
    accounts = (await session.scalars(query)).all()
    for account in accounts:
        tie(account, None)
    await session.flush()
    return [(one.channel, one.address) for one in accounts]


async def leave(
    session: AsyncSession, person: Person, *, at: datetime
) -> list[Address]:
    """Let a person have left; returns the accounts that were his."""
    person.left_at = person.left_at or at
    return await unbind_person(session, person)


def erased_digest(person_id: int, department: str, name: str) -> str:
    """Return what is kept of the name of somebody erased, to know him by again."""
    return sha256(f"{person_id}|{department}|{name}".encode()).hexdigest()


async def addresses_known(
    session: AsyncSession, person: Person, also: Collection[Address] = ()
) -> list[Address]:
    """List the addresses that were a person's: bound now, by a code, or among *also*.

    One that somebody else has by now is not his.
    """
    used = select(BindingCode.used_by_account).where(BindingCode.person_id == person.id)
    query = select(Account).where(
        or_(
            Account.person_id == person.id,
            Account.person_id.is_(None) & Account.id.in_(used),
        )
    )
    found = {(one.channel, one.address) for one in await session.scalars(query)}
    for channel, address in set(also) - found:
        taken = select(Account.person_id).where(
            Account.channel == channel, Account.address == address
        )
        if await session.scalar(taken) is None:
            found.add((channel, address))
    return sorted(found)


async def erase_person(
    session: AsyncSession,
    person: Person,
    addresses: Collection[Address],
    *,
    at: datetime,
) -> None:
    """Keep nothing of a person but that there was one, in which department and role.

    His accounts, at *addresses*, are deleted.
    """
    person.erased_as = erased_digest(person.id, person.department, person.name)
    person.name, person.phone, person.hours, person.main_channel = ERASED, "", "", ""
    person.left_at, person.erased_at = person.left_at or at, at
    await session.flush()
    for channel, address in addresses:
        await session.execute(
            delete(Account)
            .where(Account.channel == channel, Account.address == address)
            .execution_options(synchronize_session="fetch")
        )


async def forget_in_talks(session: AsyncSession, name: str, *, by: str) -> None:
    """Put *by* for a name in what conversations are about, and what was answered last.

    JSON writes it as it is, or escaped.
    """
    forms = (name, json.dumps(name)[1:-1])

    def named(talk: SQLColumnExpression[Talk]) -> ColumnElement[bool]:
        text = cast(talk, Text)
        return or_(*(text.contains(one, autoescape=True) for one in forms))

    accounts = await session.scalars(select(Account).where(named(Account.talk)))
    chats = await session.scalars(select(Chat).where(named(Chat.talk)))
    found: list[Account | Chat] = [*accounts.all(), *chats.all()]
    for one in found:
        told = msgspec.json.encode(one.talk).decode().replace(name, by)
        one.talk = msgspec.json.decode(told, type=Talk)
    await session.flush()


async def find_erased(
    session: AsyncSession, name: str, *, department: str
) -> Person | None:
    """Return who was erased under this name in this department, None if nobody was."""
    query = select(Person).where(
        Person.department == department, Person.erased_as != ""
    )
    for one in await session.scalars(query):
        if one.erased_as == erased_digest(one.id, department, name):
            return one
    return None
