"""A desk that knows the sample plan, and a way to talk with it."""

import asyncio
from pathlib import Path

import pytest
from bureau import Bureau, opened
from conversation import NOON, Conversation, Talker
from front_door import FrontDoor
from report_office import NUDGING, ReportOffice
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database import Database
from bot.departments import Departments
from bot.model import Plan, Role
from bot.plans import register
from bot.plans.finding.thesaurus import load_thesaurus
from bot.plans.shelf import Shelf
from handlers.desk import Desk
from handlers.import_plan import propose, read_plan, sign
from handlers.intent import Asker

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "data" / "samples" / "sample-plan.txt"


@pytest.fixture(scope="session")
def departments() -> Departments:
    return Departments.load(ROOT / "data" / "departments.toml")


async def _published(departments: Departments) -> list[Plan]:
    database = await Database.open("sqlite+aiosqlite://")
    source = read_plan(SAMPLE, departments)
    async with database.writing() as session:
        proposal = await propose(
            session, source, departments=departments, actor="测试", at=NOON
        )
        await sign(
            session,
            proposal.plan,
            signed_by="测试",
            at=NOON,
            departments=departments,
        )
    async with database.reading() as session:
        plans = await register.plans_in_force(session)
    await database.close()
    return plans


@pytest.fixture(scope="session")
def desk(departments: Departments) -> Desk:
    shelf = Shelf(lambda: load_thesaurus(ROOT / "config" / "thesaurus.toml"))
    shelf.hold(asyncio.run(_published(departments)))
    return Desk(shelf, departments)


@pytest.fixture
def talk_as(desk: Desk) -> Talker:
    """Give a function that opens a conversation for a department, "" for nobody."""

    def open_talk(department: str) -> Conversation:
        role = Role.LIAISON if department else Role.STRANGER
        return Conversation(desk, Asker(department=department, role=role))

    return open_talk


@pytest.fixture
def door(session: AsyncSession, desk: Desk) -> FrontDoor:
    """Give the reception of a fresh store, on both databases."""
    return FrontDoor(session, desk)


@pytest.fixture
def office(door: FrontDoor) -> ReportOffice:
    """Give an office with a reception and a round, on both databases."""
    door.nudging = NUDGING
    return ReportOffice(door)


@pytest.fixture
async def bureau(office: ReportOffice, tmp_path: Path) -> Bureau:
    """Give an office that broadcasts, on both databases."""
    return await opened(office, tmp_path)
