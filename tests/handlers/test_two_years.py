"""Two years of the real round on a simulated clock, on both databases."""

import shutil
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database import Database
from bot.departments import Departments
from bot.model import Account, Basis, Chat, Person, ReportDuty, Role
from bot.reports.calendar import WorkCalendar
from bot.reports.policy import load_policy
from bot.reports.rehearsal import Message, Rehearsal
from handlers.rehearse import rehearse

ROOT = Path(__file__).parents[2]
POLICY = load_policy(ROOT / "config" / "nudges.toml")
PLAIN = WorkCalendar({})
AT = datetime(2025, 12, 1, 1, 0, tzinfo=UTC)
NAMES = ("县应急局", "县教体局", "锦水街道")
DUE = {
    "2026年上半年落实情况": date(2026, 6, 30),
    "2026年科普经费": date(2026, 7, 3),
    "2026年全年落实情况": date(2026, 12, 30),
    "2027年上半年落实情况": date(2027, 6, 30),
    "2027年科普经费": date(2027, 7, 3),
    "2027年全年落实情况": date(2027, 12, 30),
}


def duty(what: str, month: int, day: int) -> ReportDuty:
    return ReportDuty(
        key=what,
        basis=Basis.OFFICE,
        plan_key="",
        number="办公室通知",
        clause="",
        text="",
        who=NAMES,
        exempt=(),
        what=what,
        to="办公室",
        month=month,
        day_of_month=day,
        day=None,
        first=date(2026, 1, 1),
        last=None,
        confirmed_by="李某",
        confirmed_at=AT,
    )


async def move_in(office: AsyncSession) -> None:
    """Three departments with liaison and deputy, a group each, and one of all."""
    office.add_all(
        [
            duty("上半年落实情况", 6, 30),
            duty("全年落实情况", 12, 30),
            duty("科普经费", 7, 3),
        ]
    )
    for name in NAMES:
        liaison = Person(name=f"{name}联络员", department=name, role=Role.LIAISON)
        deputy = Person(
            name=f"{name}备用", department=name, role=Role.LIAISON, is_deputy=True
        )
        office.add_all([liaison, deputy])
    admin = Person(name="管理员", department="办公室", role=Role.ADMIN)
    office.add(admin)
    await office.flush()
    office.add(Account(channel="telegram", address="1", person_id=admin.id))
    for name in (*NAMES, ""):
        office.add(
            Chat(
                channel="telegram",
                address=f"-{name}",
                department=name,
                registered_at=AT,
            )
        )
    await office.flush()


@asynccontextmanager
async def copy_of(template: Path, file: Path) -> AsyncIterator[AsyncSession]:
    """Open a copy of an empty store: to lay its tables anew takes far longer."""
    shutil.copy(template, file)
    store = await Database.open(f"sqlite+aiosqlite:///{file}")
    async with store.writing() as session:
        yield session
    await store.close()


@pytest.fixture
async def office(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[AsyncSession]:
    async with copy_of(sqlite_template, tmp_path / "office.sqlite3") as office:
        await move_in(office)
        yield office


async def two_years(
    office: AsyncSession, stage: AsyncSession, *, seed: int | None
) -> Rehearsal:
    return await rehearse(
        office,
        stage,
        policy=POLICY,
        departments=Departments.load(ROOT / "data" / "departments.toml"),
        first=date(2026, 1, 1),
        last=date(2028, 1, 31),
        seed=seed,
    )


def nudges(listed: Rehearsal) -> list[Message]:
    return [one for one in listed.messages if one.kind == "nudge"]


def items(one: Message) -> list[tuple[str, str]]:
    """The reports of a message with their steps."""
    return [tuple(item.rstrip("）").split("（")) for item in one.about.split("；")]


def keep_hours_and_caps(listed: Rehearsal) -> None:
    """Nothing at night or on rest days, one a day, and no more than the caps allow."""
    said = nudges(listed)
    assert len(said) > 30
    assert all(POLICY.is_open(one.at, PLAIN) for one in listed.messages)
    assert not {one.at.minute for one in said} & {0, 30}
    a_day = Counter((one.recipient, one.at.date()) for one in said)
    assert set(a_day.values()) == {1}
    heard: dict[tuple[str, str], list[date]] = defaultdict(list)
    for one in said:
        for title, _ in items(one):
            heard[one.recipient, title].append(one.at.date())
    for (recipient, title), days in heard.items():
        before = sum(day <= DUE[title] for day in days)
        is_all_hands = recipient == "chat:telegram:-"
        assert before <= (POLICY.group_posts if is_all_hands else POLICY.before)
        assert len(days) - before <= POLICY.after, (recipient, title)


async def test_where_nobody_answers_each_step_is_said_once_on_its_day(
    office: AsyncSession, session: AsyncSession
) -> None:
    listed = await two_years(office, session, seed=None)

    keep_hours_and_caps(listed)
    said = nudges(listed)
    steps = Counter((one.recipient, item) for one in said for item in items(one))
    assert set(steps.values()) == {1}
    days: dict[str, list[str]] = defaultdict(list)
    for one in said:
        if one.receiver == "县应急局联络员":
            for title, _ in items(one):
                days[title].append(f"{one.at:%m-%d}")
    half = ["06-01", "06-15", "06-23", "06-25", "06-29", "06-30", "07-01"]
    whole = ["12-02", "12-16", "12-23", "12-25", "12-29", "12-30", "12-31"]
    assert days["2026年上半年落实情况"] == half
    assert days["2026年全年落实情况"] == whole
    assert {len(those) for those in days.values()} == {7}
    drafts = Counter(one.department for one in listed.messages if one.kind == "draft")
    assert drafts == dict.fromkeys(NAMES, len(DUE))


async def test_where_departments_answer_hours_and_caps_are_kept_as_well(
    office: AsyncSession, sqlite_template: Path, tmp_path: Path
) -> None:
    async with copy_of(sqlite_template, tmp_path / "stage.sqlite3") as stage:
        listed = await two_years(office, stage, seed=11)

    keep_hours_and_caps(listed)
    kinds = {step for one in nudges(listed) for _, step in items(one)}
    assert len(kinds) > 9  # promises are nudged on days that are no steps
