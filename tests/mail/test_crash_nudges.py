"""kill -9 between and within the parts of a round of nudges: each is told once."""

import asyncio
import signal
from dataclasses import dataclass
from pathlib import Path

import pytest
from harness.nudging_office import DUE_ON, LANE, THE_MORNING
from nursery import Nursery
from orphans import orphans
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import audit
from bot.database import Database
from bot.model import (
    Account,
    AuditEntry,
    Basis,
    Chat,
    Delivery,
    Notice,
    Nudge,
    Person,
    Report,
    ReportDuty,
    Role,
    Standing,
    Submission,
    SubmissionState,
    Talk,
)

pytest_plugins = ["harness.fixtures"]

DEPARTMENTS, REPORTS = 60, 2
DEATHS = {
    "notices": 0,  # they are entered, and what is to be sent is not
    "commit": 0,
    "between parts": 1,
    "notices again": 1,
    "commit again": 1,
    "between parts again": 2,
}
"""Where a process dies, one after the other, and how many parts are done by then."""

GROUP = f"chat:{LANE}:-2002"
DEATHS_IN_HALVES = (
    ("commit", 1),  # of the part before the halves
    ("within both", 1),
    ("commit", 2),  # of the half that comes first
    ("one ahead", 2),  # one half has committed a part, the other commits nothing
    ("notices", 4),  # in a half, wherever the other half is
    ("commit", 3),
)
"""The same with halves that are made at once, and at which of its comings there."""

LIVES = 20  # for what is left: who was killed may hold a lock a moment longer


def submission(report: Report, department: str) -> Submission:
    state = SubmissionState.OPEN
    return Submission(
        report=report,
        department=department,
        state=state,
        standing=Standing(state=state),
        step=20,
        next_at=THE_MORNING,
        nudged_before=1,
        nudged_after=0,
    )


def report(number: int, names: list[str]) -> Report:
    duty = ReportDuty(
        key=f"k{number}",
        basis=Basis.OFFICE,
        plan_key="",
        number="县科办通知",
        clause="",
        text="报送总结",
        who=tuple(names),
        exempt=(),
        what=f"第{number}项总结",
        to="办公室",
        day=DUE_ON,
        first=DUE_ON,
        confirmed_by="李主任",
        confirmed_at=THE_MORNING,
    )
    return Report(duty=duty, due_on=DUE_ON, title=duty.what, opened_at=THE_MORNING)


@pytest.fixture
async def owing(database: Database) -> Database:
    """Give an office in which everybody is to be nudged now about all reports."""
    names = [f"第{number}局" for number in range(DEPARTMENTS)]
    async with database.writing() as session:
        for name in names:
            person = Person(name=f"{name}联络员", department=name, role=Role.LIAISON)
            account = Account(channel=LANE, address=name, person=person, talk=Talk())
            session.add(account)
        for number in range(REPORTS):
            one = report(number, names)
            session.add_all(submission(one, name) for name in names)
    return database


@dataclass(frozen=True)
class Told:
    """What stands in the store: who was told, and of how many is written down."""

    nudged: list[str]
    sent: list[str]
    settled: int
    parts: int
    messages: int
    orphans: dict[str, int]


async def told_in(database: Database) -> Told:
    async with database.reading() as session:
        done = await entries(session)
        settled = select(func.count()).where(
            Submission.step == 10, Submission.next_at > THE_MORNING
        )
        return Told(
            nudged=sorted(await session.scalars(select(Nudge.recipient))),
            sent=sorted(await session.scalars(select(Delivery.recipient))),
            settled=await session.scalar(settled) or 0,
            parts=len(done),
            messages=sum(one.detail["messages"] for one in done),
            orphans=await orphans(session),
        )


async def entries(session: AsyncSession) -> list[AuditEntry]:
    query = select(AuditEntry).where(AuditEntry.event == "nudge.planned")
    return list(await session.scalars(query))


async def test_a_round_that_is_killed_again_and_again_tells_each_once(
    owing: Database, database_url: str, nursery: Nursery, tmp_path: Path
) -> None:
    async def live(point: str) -> int:
        order = {"database": database_url, "dies_at": point.removesuffix(" again")}
        child = await nursery.start(
            "harness.nudging_office:run", order, log=tmp_path / "log"
        )
        return await child.wait()

    for point, parts in DEATHS.items():
        assert await live(point) == -signal.SIGKILL
        told = await told_in(owing)
        assert told.parts == parts, point
        assert told.sent == told.nudged, point
        assert not told.orphans, point
        assert len(told.sent) == told.messages == told.settled / REPORTS, point

    assert await live("") == 0

    told = await told_in(owing)
    assert told.sent == sorted(f"person:{id_ + 1}" for id_ in range(DEPARTMENTS))
    assert told.nudged == told.sent
    assert told.messages == DEPARTMENTS
    assert told.settled == DEPARTMENTS * REPORTS
    async with owing.reading() as session:
        assert (await audit.verify(session)).fault is None
        notices = await session.scalar(select(func.sum(Notice.audience)))
    assert notices == DEPARTMENTS


def is_whole(told: Told) -> bool:
    """Tell whether what is kept of each part is kept together, and of each once."""
    people = [one for one in told.sent if one != GROUP]
    return (
        told.sent == told.nudged
        and len(set(told.sent)) == told.messages
        and told.settled == len(people) * REPORTS
        and not told.orphans
    )


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_halves_that_are_killed_again_and_again_tell_each_once(
    owing: Database, database_url: str, nursery: Nursery, tmp_path: Path
) -> None:
    async with owing.writing() as session:
        group = Chat(channel=LANE, address="-2002", registered_at=THE_MORNING)
        session.add(group)

    async def live(point: str, times: int) -> int:
        order = {"database": database_url, "dies_at": point, "times": times}
        child = await nursery.start(
            "harness.nudging_office:run",
            order | {"in_halves": True},
            log=tmp_path / "log",
        )
        async with asyncio.timeout(120):
            return await child.wait()

    for point, times in DEATHS_IN_HALVES:
        assert await live(point, times) == -signal.SIGKILL, (point, times)
        assert is_whole(await told_in(owing)), (point, times)
    parts = (await told_in(owing)).parts

    for _ in range(LIVES):
        assert await live("", 1) == 0
        told = await told_in(owing)
        if told.settled == DEPARTMENTS * REPORTS:
            break
    assert is_whole(told)
    assert told.parts > parts > 0
    everybody = [f"person:{id_ + 1}" for id_ in range(DEPARTMENTS)]
    assert told.sent == sorted([GROUP, *everybody])
