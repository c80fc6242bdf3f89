"""Departments, people and accounts in the store, on both databases."""

import asyncio
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import roster
from bot.database import Database
from bot.errors import NotFound
from bot.model import Account, Person, Role, Talk
from bot.roster import DepartmentRow, PersonRow, Roster

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
WANG = PersonRow(name="王敏", department="县科协", role=Role.LIAISON, phone="1")
OFFICE = Roster(
    departments=(DepartmentRow(name="县科协", short_names=("科协",)),), people=(WANG,)
)


async def test_a_roster_is_imported_and_again_changes_nothing(
    session: AsyncSession,
) -> None:
    first = await roster.import_roster(session, OFFICE, by="李强")
    again = await roster.import_roster(session, OFFICE, by="赵静")
    assert (first.departments_added, first.people_added) == (1, 1)
    assert (again.departments_added, again.departments_changed) == (0, 0)
    assert (again.people_added, again.people_changed) == (0, 0)
    kept = await roster.departments_kept(session)
    assert [(one.name, one.short_names) for one in kept] == [("县科协", ("科协",))]
    assert kept[0].confirmed_by == "李强"


async def test_what_differs_is_changed(session: AsyncSession) -> None:
    await roster.import_roster(session, OFFICE, by="李强")
    head = PersonRow(name="王敏", department="县科协", role=Role.HEAD)
    renamed = DepartmentRow(name="县科协", former_names=("县科普协会",))
    other = Roster(departments=(renamed,), people=(head,))
    done = await roster.import_roster(session, other, by="赵静")
    assert (done.departments_changed, done.people_changed) == (1, 1)
    (person,) = await roster.people_named(session, "王敏", department="县科协")
    assert (person.role, person.phone) == (Role.HEAD, "")


def in_wecom(name: str, account: str, *, is_deputy: bool = False) -> PersonRow:
    return PersonRow(
        name=name,
        department="县科协",
        role=Role.LIAISON,
        wecom=(account,) if account else (),
        is_deputy=is_deputy,
    )


async def owners(session: AsyncSession) -> dict[tuple[str, str], str]:
    """Tell to whom each account belongs, "" if to nobody."""
    accounts = await session.scalars(select(Account).order_by(Account.id))
    return {
        (one.channel, one.address): one.person.name if one.person else ""
        for one in accounts
    }


async def test_who_has_a_user_id_is_known_by_it_in_app_and_robot_without_a_code(
    session: AsyncSession,
) -> None:
    wang = in_wecom("王敏", "wangmin", is_deputy=True)
    rows = Roster(people=(wang, in_wecom("李强", "")))

    done = await roster.import_roster(session, rows, by="赵静")
    again = await roster.import_roster(session, rows, by="赵静")

    assert (done.accounts_bound, again.accounts_bound) == (2, 0)
    assert again.people_changed == 0
    assert await owners(session) == {
        ("wecom_app", "wangmin"): "王敏",
        ("wecom_bot", "wangmin"): "王敏",
    }
    (person,) = await roster.people_named(session, "王敏", department="县科协")
    assert person.is_deputy


async def test_a_user_id_that_changes_hands_speaks_for_the_new_one_alone(
    session: AsyncSession,
) -> None:
    before = Roster(people=(in_wecom("王敏", "u1"), in_wecom("李强", "u2")))
    await roster.import_roster(session, before, by="赵静")

    after = Roster(people=(in_wecom("王敏", "u3"), in_wecom("李强", "u1")))
    await roster.import_roster(session, after, by="赵静")

    assert {one[1]: name for one, name in (await owners(session)).items()} == {
        "u1": "李强",
        "u2": "",
        "u3": "王敏",
    }


async def test_who_has_no_user_id_in_the_file_keeps_what_he_bound_himself(
    session: AsyncSession,
) -> None:
    await roster.import_roster(session, OFFICE, by="李强")
    (person,) = await roster.people_named(session, "王敏", department="县科协")
    account = await roster.account_for(session, channel="wecom_app", address="u9")
    await roster.bind_account(session, account, person)

    await roster.import_roster(session, OFFICE, by="李强")

    assert await owners(session) == {
        ("wecom_app", "u9"): "王敏",
        ("wecom_bot", "u9"): "王敏",
    }


async def test_departments_of_a_plan_wait_for_a_person(session: AsyncSession) -> None:
    names = ["县科协", " 县教体局 ", "县科协", "", "长" * 201, "空\0"]
    assert await roster.propose_departments(session, names) == ["县科协", "县教体局"]
    assert await roster.propose_departments(session, names) == []
    assert await roster.departments_kept(session) == []
    await roster.confirm_department(session, "县教体局", by="李强")
    assert [one.name for one in await roster.departments_kept(session)] == ["县教体局"]
    waiting = await roster.departments_proposed(session)
    assert [one.name for one in waiting] == ["县科协"]


async def test_a_confirmed_department_keeps_who_confirmed_it(
    session: AsyncSession,
) -> None:
    await roster.propose_departments(session, ["县科协"])
    await roster.confirm_department(session, "县科协", by="李强")
    again = await roster.confirm_department(session, "县科协", by="赵静")
    assert again.confirmed_by == "李强"
    with pytest.raises(NotFound):
        await roster.confirm_department(session, "县妇联", by="李强")


async def test_a_roster_confirms_what_was_proposed(session: AsyncSession) -> None:
    await roster.propose_departments(session, ["县科协"])
    done = await roster.import_roster(session, OFFICE, by="李强")
    assert (done.departments_added, done.departments_changed) == (0, 1)
    assert await roster.departments_proposed(session) == []


async def test_an_address_has_one_account_in_each_channel(
    session: AsyncSession,
) -> None:
    first = await roster.account_for(session, channel="console", address="me")
    again = await roster.account_for(session, channel="console", address="me")
    other = await roster.account_for(session, channel="telegram", address="me")
    assert first is again
    assert other.id != first.id
    assert first.talk == Talk()


async def _open_account(database: Database) -> int:
    async with database.writing() as session:
        account = await roster.account_for(session, channel="console", address="me")
        await asyncio.sleep(0)
        return account.id


async def test_two_first_messages_at_once_make_one_account(database: Database) -> None:
    ids = await asyncio.gather(*(_open_account(database) for _ in range(5)))
    assert len(set(ids)) == 1
    async with database.reading() as session:
        assert await session.scalar(select(func.count(Account.id))) == 1


async def _propose(database: Database) -> list[str]:
    async with database.writing() as session:
        return await roster.propose_departments(session, ["县科协"])


async def test_two_imports_at_once_propose_a_department_once(
    database: Database,
) -> None:
    done = await asyncio.gather(*(_propose(database) for _ in range(3)))
    assert sorted(done) == [[], [], ["县科协"]]


async def test_a_bound_account_speaks_for_its_department(database: Database) -> None:
    async with database.writing() as session:
        account = await roster.account_for(session, channel="console", address="me")
        assert roster.department_of(account) == ""
        account.talk = Talk(asked="我们的任务")
        await roster.import_roster(session, OFFICE, by="李强")
        (wang,) = await roster.people_named(session, "王敏", department="县科协")
        await roster.bind_account(session, account, wang)
    async with database.reading() as session:
        again = (await session.scalars(select(Account))).one()
        assert roster.department_of(again) == "县科协"
        assert again.talk == Talk()


async def test_an_account_can_be_unbound(session: AsyncSession) -> None:
    account = await roster.account_for(session, channel="console", address="me")
    wang = Person(name="王敏", department="县科协", role=Role.LIAISON)
    session.add(wang)
    await roster.bind_account(session, account, wang)
    await roster.bind_account(session, account, None)
    assert (account.person_id, roster.department_of(account)) == (None, "")


async def test_nobody_is_found_who_is_not_there(session: AsyncSession) -> None:
    assert not await roster.people_named(session, "王敏", department="县科协")


async def test_what_becomes_of_user_ids_is_told_before_it_does(
    session: AsyncSession,
) -> None:
    before = Roster(people=(in_wecom("王敏", "u1"), in_wecom("李强", "u2")))
    await roster.import_roster(session, before, by="赵静")

    after = Roster(people=(in_wecom("王敏", "u3"), in_wecom("李强", "u1")))
    told = await roster.compare_roster(session, after)

    assert told.accounts_new == ("u3",)
    assert [(id_, one.name, row.name) for id_, one, row in told.accounts_moved] == [
        ("u1", "王敏", "李强")
    ]
    assert [(id_, one.name) for id_, one in told.accounts_lost] == [("u2", "李强")]
    assert (await roster.compare_roster(session, before)).is_nothing


async def test_who_is_missing_is_told_only_by_a_file_that_lists_people(
    session: AsyncSession,
) -> None:
    await roster.import_roster(session, OFFICE, by="李强")

    without = Roster(departments=OFFICE.departments)
    other = Roster(people=(in_wecom("赵静", "u1"),))

    assert (await roster.compare_roster(session, without)).missing == ()
    missing = (await roster.compare_roster(session, other)).missing
    assert [one.name for one in missing] == ["王敏"]


async def test_who_has_left_is_compared_as_such(session: AsyncSession) -> None:
    await roster.import_roster(session, OFFICE, by="李强")
    (person,) = await roster.people_named(session, "王敏", department="县科协")
    person.left_at = NOON

    told = await roster.compare_roster(session, OFFICE)

    assert told.left == (person,)
    assert told.is_nothing


@pytest.mark.parametrize("channel", ["wecom_app", "wecom_bot"])
async def test_who_is_bound_on_wecom_is_known_to_its_app_and_its_robot(
    session: AsyncSession, channel: str
) -> None:
    person = Person(name="李强", department="县科协", role=Role.ADMIN)
    session.add(person)
    account = await roster.account_for(session, channel=channel, address="LiQiang")

    await roster.bind_account(session, account, person)
    bound = (await session.scalars(select(Account))).all()
    assert {one.channel for one in bound} == {"wecom_app", "wecom_bot"}
    assert {one.person for one in bound} == {person}

    await roster.bind_account(session, account, None)
    assert {one.person for one in bound} == {None}
