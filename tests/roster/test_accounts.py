"""Accounts are in the session as if it had read them, on both databases."""

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession

from bot import roster
from bot.database import Database
from bot.model import Account, Person, Role, Talk

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
WANG, LI = ("telegram", "4711"), ("wecom_app", "lì'\"{}")


@pytest.fixture
async def bound(database: Database) -> Database:
    """Give a store in which WANG is somebody's account, with all that it can hold."""
    async with database.writing() as session:
        person = Person(name="王敏", department="县科协", role=Role.HEAD, left_at=NOON)
        account = Account(
            channel=WANG[0],
            address=WANG[1],
            person=person,
            talk=Talk(asked="我们有哪些任务", shown=(3, 4), page=1),
            closed_at=NOON,
            guesses=2,
            guessed_at=NOON,
        )
        session.add(account)
    return database


async def read(database: Database, address: tuple[str, str]) -> Account:
    async with database.reading() as session:
        return await roster.account_for(session, channel=address[0], address=address[1])


async def test_an_account_and_its_person_are_read_whole(bound: Database) -> None:
    found = await read(bound, WANG)

    assert (found.talk.asked, found.talk.shown) == ("我们有哪些任务", (3, 4))
    assert (found.closed_at, found.guesses, found.guessed_at) == (NOON, 2, NOON)
    assert found.person
    assert (found.person.role, found.person.left_at) == (Role.HEAD, NOON)


async def test_new_addresses_are_made_once_and_are_nobodys(bound: Database) -> None:
    async with bound.writing() as session:
        both = await roster.accounts_for(session, {WANG, LI})
        again = await roster.accounts_for(session, {WANG, LI})

    assert both == again
    found = await read(bound, LI)
    assert found.id == both[LI].id
    assert (found.person, found.talk, found.guesses) == (None, Talk(), 0)


async def test_what_the_session_has_changed_is_not_read_over(bound: Database) -> None:
    async with bound.writing() as session:
        account = await roster.account_for(session, channel=WANG[0], address=WANG[1])
        assert account.person
        account.guesses, account.person.phone = 7, "13900000000"
        again = await roster.account_for(session, channel=WANG[0], address=WANG[1])

        assert again is account
        assert (again.guesses, again.person) == (7, account.person)
    found = await read(bound, WANG)
    assert found.person
    assert (found.guesses, found.person.phone) == (7, "13900000000")


async def test_an_account_that_waits_to_be_written_is_found(
    session: AsyncSession,
) -> None:
    mine = Account(channel=LI[0], address=LI[1], guesses=3)
    session.add(mine)

    assert await roster.account_for(session, channel=LI[0], address=LI[1]) is mine


async def test_after_a_step_was_undone_the_values_are_those_before(
    bound: Database,
) -> None:
    async with bound.writing() as session:
        account = await roster.account_for(session, channel=WANG[0], address=WANG[1])
        step = await session.begin_nested()
        account.guesses, account.person = 9, None
        await session.flush()
        await step.rollback()
        await roster.account_for(session, channel=WANG[0], address=WANG[1])

        assert account.guesses == 2
        assert account.person
        assert account.person.name == "王敏"


@pytest.mark.parametrize("has_guessed", [False, True])
async def test_a_talk_is_kept_once_whatever_else_has_changed(
    bound: Database, has_guessed: bool
) -> None:
    updates = []
    async with bound.writing() as session:
        accounts = await roster.accounts_for(session, {WANG, LI})
        accounts[WANG].talk = replace(accounts[WANG].talk, asked="那谁牵头")
        if has_guessed:
            accounts[WANG].guesses += 1
        await roster.keep_talks(session, accounts.values())
        event.listen(
            session.sync_session.connection(),
            "before_cursor_execute",
            lambda *given: updates.append(given[2]),
        )
        await session.flush()

    assert len(updates) == has_guessed
    found = await read(bound, WANG)
    assert (found.talk.asked, found.guesses) == ("那谁牵头", 2 + has_guessed)


async def test_a_talk_that_changes_again_is_kept_again(bound: Database) -> None:
    async with bound.writing() as session:
        account = await roster.account_for(session, channel=WANG[0], address=WANG[1])
        account.talk = Talk(asked="一")
        await roster.keep_talks(session, [account])
        account.talk = Talk(asked="二")

    assert (await read(bound, WANG)).talk == Talk(asked="二")
