"""A rehearsal runs the real rounds over a year, and lists what they would send."""

import shutil
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database import Database
from bot.departments import Departments
from bot.model import (
    Account,
    Basis,
    CalendarDay,
    Chat,
    Delivery,
    Person,
    ReportDuty,
    Role,
    Submission,
)
from bot.reports.calendar import WorkCalendar
from bot.reports.policy import load_policy
from bot.reports.rehearsal import Rehearsal
from bot.reports.stage import LOST, UNBOUND
from handlers.rehearse import rehearse

ROOT = Path(__file__).parents[2]
POLICY = load_policy(ROOT / "config" / "nudges.toml")
NAMES = Departments.load(ROOT / "data" / "departments.toml")
AT = datetime(2026, 5, 1, 1, 0, tzinfo=UTC)
FIRST, LAST = date(2026, 6, 1), date(2026, 7, 10)


@asynccontextmanager
async def empty_store(template: Path, file: Path) -> AsyncIterator[AsyncSession]:
    shutil.copy(template, file)
    store = await Database.open(f"sqlite+aiosqlite:///{file}")
    async with store.writing() as session:
        yield session
    await store.close()


@pytest.fixture
async def stage(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[AsyncSession]:
    """An empty store on SQLite, whatever the office has."""
    async with empty_store(sqlite_template, tmp_path / "stage.sqlite3") as session:
        yield session


@pytest.fixture
async def office(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[AsyncSession]:
    """The office's store, on SQLite: what differs between databases is read once."""
    async with empty_store(sqlite_template, tmp_path / "office.sqlite3") as session:
        yield session


def duty(**changes: object) -> ReportDuty:
    words: dict[str, object] = {
        "key": "澄政字|四（三）|上半年落实情况",
        "basis": Basis.DOCUMENT,
        "plan_key": "",
        "number": "澄政字〔2026〕1号",
        "clause": "四（三）",
        "text": "每年6月30日前报送上半年落实情况。",
        "who": ("县应急局", "县教体局"),
        "exempt": (),
        "what": "上半年落实情况",
        "to": "办公室",
        "month": 6,
        "day_of_month": 30,
        "day": None,
        "first": date(2026, 5, 1),
        "last": None,
        "confirmed_by": "李某",
        "confirmed_at": AT,
    }
    return ReportDuty(**(words | changes))


async def move_in(session: AsyncSession, *duties: ReportDuty) -> None:
    """Two departments: one with liaison, deputy and group, one with nobody bound."""
    liaison = Person(name="王某", department="县应急局", role=Role.LIAISON)
    deputy = Person(
        name="赵某", department="县应急局", role=Role.LIAISON, is_deputy=True
    )
    unbound = Person(name="孙某", department="县教体局", role=Role.LIAISON)
    admin = Person(name="李某", department="办公室", role=Role.ADMIN)
    session.add_all([liaison, deputy, unbound, admin, *(duties or (duty(),))])
    await session.flush()
    for person in (liaison, deputy, admin):
        session.add(
            Account(channel="telegram", address=f"{person.id}", person_id=person.id)
        )
    for department in ("县应急局", ""):
        session.add(
            Chat(
                channel="telegram",
                address=f"-{len(department)}",
                title=department or "工作群",
                department=department,
                registered_at=AT,
            )
        )
    await session.flush()


async def rehearsal(
    session: AsyncSession,
    stage: AsyncSession,
    *,
    seed: int | None = None,
    first: date = FIRST,
    last: date = LAST,
) -> Rehearsal:
    return await rehearse(
        session,
        stage,
        policy=POLICY,
        departments=NAMES,
        first=first,
        last=last,
        seed=seed,
    )


async def test_every_message_of_a_half_year_is_listed_in_its_time(
    session: AsyncSession, stage: AsyncSession
) -> None:
    await move_in(session)

    listed = await rehearsal(session, stage)

    days: dict[str, list[str]] = {}
    for one in listed.messages:
        days.setdefault(one.receiver, []).append(f"{one.at:%m-%d}")
    six = ["06-01", "06-15", "06-23", "06-25", "06-29", "06-30"]
    assert days["王某"] == [*six, "07-01"]
    assert days["孙某"] == [*six, "07-01"]
    assert days["赵某"] == ["06-25", "07-01"]
    assert days["群“县应急局”"] == ["06-01", "06-15", "06-29"]
    assert days["群“工作群”"] == ["06-01", "06-15", "06-23", "06-29"]
    assert days["办公室（草稿）"] == ["07-03", "07-03"]
    assert days["李某"]
    assert [one.at for one in listed.messages] == sorted(
        one.at for one in listed.messages
    )
    assert all(POLICY.is_open(one.at, WorkCalendar({})) for one in listed.messages)


async def test_counts_tell_each_person_and_whoever_is_not_bound(
    office: AsyncSession, stage: AsyncSession
) -> None:
    await move_in(office)

    listed = await rehearsal(office, stage)

    counts = {one.receiver: (one.total, one.most_a_day) for one in listed.counts()}
    assert counts["王某"] == counts["孙某"] == (7, 1)
    channels = {one.receiver: one.channel for one in listed.messages}
    assert (channels["王某"], channels["孙某"]) == ("telegram", UNBOUND)
    assert listed.reports == (
        "2026年上半年落实情况：2026-06-30前，2 家，澄政字〔2026〕1号 四（三）",
    )
    assert listed.unheard == ()


async def test_who_is_bound_and_lost_is_not_listed_as_unbound(
    office: AsyncSession, stage: AsyncSession
) -> None:
    await move_in(office)
    query = select(Account).join(Person).where(Person.name == "王某")
    (await office.scalars(query)).one().closed_at = AT

    listed = await rehearsal(office, stage)

    channels = {one.receiver: one.channel for one in listed.messages}
    assert (channels["王某"], channels["孙某"]) == (LOST, UNBOUND)


async def test_nothing_of_it_stays_with_the_office(
    office: AsyncSession, stage: AsyncSession
) -> None:
    await move_in(office)

    await rehearsal(office, stage)

    for kind in (Submission, Delivery):
        assert await office.scalar(select(func.count()).select_from(kind)) == 0


async def test_a_duty_confirmed_later_is_rehearsed_from_the_day_asked_for(
    office: AsyncSession, stage: AsyncSession
) -> None:
    await move_in(office, duty(first=date(2026, 11, 22)))

    assert (await rehearsal(office, stage)).messages


async def test_a_department_without_anybody_is_named(
    office: AsyncSession, stage: AsyncSession
) -> None:
    await move_in(office, duty(who=("县应急局", "县水务局")))

    listed = await rehearsal(office, stage)

    assert listed.unheard == ("县水务局",)
    assert any("县水务局" in line for line in listed.heading())


async def test_the_same_seed_gives_the_same_list(
    office: AsyncSession, stage: AsyncSession, sqlite_template: Path, tmp_path: Path
) -> None:
    await move_in(office)

    one = await rehearsal(office, stage, seed=7)
    async with empty_store(sqlite_template, tmp_path / "again.sqlite3") as again:
        other = await rehearsal(office, again, seed=7)

    assert one.messages == other.messages
    assert one.fingerprint == other.fingerprint


async def test_with_a_seed_departments_answer_and_hear_less(
    office: AsyncSession, stage: AsyncSession
) -> None:
    await move_in(office)

    listed = await rehearsal(office, stage, seed=7)

    total = Counter(one.receiver for one in listed.messages)
    assert 0 < total["王某"] + total["孙某"] < 14
    assert "种子 7" in listed.heading()[0]


async def test_the_table_of_the_office_moves_the_list(
    office: AsyncSession, stage: AsyncSession
) -> None:
    await move_in(office)
    office.add(
        CalendarDay(
            day=date(2026, 6, 25),
            is_working=False,
            name="停工",
            source="办公室",
            entered_by="李某",
            entered_at=AT,
        )
    )
    await office.flush()

    listed = await rehearsal(office, stage)

    days = {f"{one.at:%m-%d}" for one in listed.messages}
    assert "06-25" not in days
    assert "06-24" in days


async def test_what_is_not_certain_of_the_calendar_is_said(
    office: AsyncSession, stage: AsyncSession
) -> None:
    await move_in(office, duty(month=1, day_of_month=3))

    listed = await rehearsal(
        office, stage, first=date(2026, 12, 1), last=date(2027, 1, 31)
    )

    words = "".join(listed.warnings)
    assert "2027年放假调休安排未录入" in words
    assert "2027-01-03" in words
    assert "休息日" in words


async def test_a_step_that_is_made_up_for_counts_the_days_that_are_left(
    office: AsyncSession, stage: AsyncSession
) -> None:
    late_start = duty(month=12, day_of_month=18, first=date(2026, 11, 23))
    await move_in(office, late_start)

    listed = await rehearsal(
        office, stage, first=date(2026, 11, 23), last=date(2026, 11, 30)
    )

    nudges = [one for one in listed.messages if one.kind == "nudge"]
    assert nudges
    assert all("余 19 个工作日" in one.text for one in nudges)
    assert all("（余19个工作日）" in one.about for one in nudges)
