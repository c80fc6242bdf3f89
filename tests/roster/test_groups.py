"""Groups and accounts: known, closed, opened, listed."""

import asyncio
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import roster
from bot.database import Database
from bot.model import Chat, Person, Role

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


async def chat(session: AsyncSession, address: str) -> Chat:
    return await roster.chat_for(session, channel="telegram", address=address)


async def test_an_address_is_one_group(session: AsyncSession) -> None:
    first, again = await chat(session, "-1"), await chat(session, "-1")

    assert first is again
    assert (first.department, first.registered_at, first.closed_at) == ("", None, None)


async def _meet(database: Database) -> int:
    async with database.writing() as session:
        found = await chat(session, "-1")
        await asyncio.sleep(0)
        return found.id


async def test_two_first_messages_at_once_make_one_group(database: Database) -> None:
    ids = await asyncio.gather(*(_meet(database) for _ in range(5)))

    assert len(set(ids)) == 1
    async with database.reading() as session:
        assert await session.scalar(select(func.count(Chat.id))) == 1


async def test_groups_are_listed_by_what_they_hear(session: AsyncSession) -> None:
    closed, known = await chat(session, "-1"), await chat(session, "-2")
    own, everybodys = await chat(session, "-3"), await chat(session, "-4")
    for one in (closed, own, everybodys):
        one.registered_at = NOON
    own.department, closed.closed_at = "县科协", NOON
    await session.flush()

    assert await roster.chats(session) == [own, everybodys, known, closed]
    assert await roster.registered_chats(session) == [own, everybodys]
    assert await roster.registered_chats(session, department="") == [everybodys]
    assert await roster.registered_chats(session, department="县科协") == [own]


async def test_what_is_closed_keeps_its_first_time(session: AsyncSession) -> None:
    group = await chat(session, "-1")
    later = NOON.replace(hour=9)
    for at in (NOON, later):
        await roster.close_addresses(
            session, channel="telegram", addresses=["-1/42", "-9"], at=at
        )

    assert group.closed_at == NOON


async def test_another_channels_account_stays_open(session: AsyncSession) -> None:
    person = Person(name="王敏", department="县科协", role=Role.LIAISON)
    session.add(person)
    for channel in ("telegram", "console"):
        account = await roster.account_for(session, channel=channel, address="7")
        await roster.bind_account(session, account, person)

    await roster.close_addresses(session, channel="telegram", addresses=["7"], at=NOON)

    accounts = await roster.accounts_of(session, person.id)
    assert [one.channel for one in accounts] == ["console"]


async def test_people_of_a_name_are_told_apart(session: AsyncSession) -> None:
    for department in ("县科协", "县应急局"):
        session.add(Person(name="赵静", department=department, role=Role.LIAISON))
    await session.flush()

    both = await roster.people_named(session, "赵静")
    one = await roster.people_named(session, "赵静", department="县应急局")

    assert len(both) == 2
    assert [person.department for person in one] == ["县应急局"]
