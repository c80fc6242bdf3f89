"""Two halves of a round that are made at once tell each department, and all, once."""

import asyncio
from collections import Counter

import pytest
from front_door import LANE
from report_office import NUDGING, at, terms
from sqlalchemy import select

from bot.database import Database
from bot.model import Account, Chat, Delivery, Person, Role, Submission, Talk
from bot.reports.due import waiting_for_a_step
from bot.reports.duties import confirm_duty, open_reports
from bot.reports.halves import is_only_round
from handlers.nudge import nudge_round

ALL = "-2002"
NAMES = tuple(f"第{number}局" for number in range(20))
MORNING = at(12, 16)


@pytest.fixture
async def owing(database: Database) -> Database:
    """Give an office in which everybody is to be nudged now."""
    async with database.writing() as session:
        for name in NAMES:
            person = Person(name=f"{name}联络员", department=name, role=Role.LIAISON)
            account = Account(channel=LANE, address=name, person=person, talk=Talk())
            session.add(account)
        duty = await confirm_duty(
            session, terms(), first=at(11, 1).date(), by="李主任", at=at(11, 1)
        )
        await open_reports(
            session, [duty], lambda _: NAMES, today=at(11, 1).date(), at=at(11, 1)
        )
        for one in await waiting_for_a_step(session):
            one.next_at = MORNING
    return database


async def make_half(database: Database, half: int | None) -> int:
    total, count = 0, 1
    while count:
        async with database.writing() as session:
            count = await nudge_round(session, NUDGING, now=MORNING, limit=6, half=half)
        total += count
    return total


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_two_halves_at_once_tell_each_and_the_group_of_all_once(
    owing: Database,
) -> None:
    async with owing.writing() as session:
        session.add(
            Chat(channel=LANE, address=ALL, department="", registered_at=at(11, 1))
        )

    halves = await asyncio.gather(make_half(owing, 0), make_half(owing, 1))

    assert sum(halves) == len(NAMES)
    assert min(halves) > 0
    async with owing.reading() as session:
        told = Counter(await session.scalars(select(Delivery.address)))
        due = Submission.next_at <= MORNING
        assert not (await session.scalars(select(Submission).where(due))).all()
    assert told == Counter([*NAMES, ALL])


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
@pytest.mark.parametrize(
    ("half", "other", "makes"), [(0, 1, True), (0, 0, False), (0, None, False)]
)
async def test_while_one_makes_a_half_others_make_the_other_half_alone(
    owing: Database, half: int, other: int | None, makes: bool
) -> None:
    async with owing.writing() as session:
        assert await is_only_round(session, half)

        assert bool(await make_half(owing, other)) == makes
