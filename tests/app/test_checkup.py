"""A checkup names what is wrong, with its remedy."""

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.app.checkup import clock_finding, disk_finding, examine
from bot.app.finding import Finding
from bot.app.lock import only_one_on
from bot.database import Database
from bot.mail.alarms import raise_alarm
from bot.mail.beats import PERIODS, record_beat
from bot.model import Account, Basis, Chat, Person, Role
from bot.reports.duties import Terms, confirm_duty, open_reports
from bot.settings import Settings

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
TERMS = Terms(
    key="k",
    basis=Basis.OFFICE,
    plan_key="",
    number="县科办通知",
    clause="",
    text="请报送全年总结。",
    who=("县科协",),
    what="全年总结",
    to="办公室",
    month=12,
    day_of_month=30,
)
Clock = Callable[[], datetime]


def checked(url: str, *, clock: Clock = lambda: NOW) -> dict[str, Finding]:
    """Examine an office, and give what was found by its label."""

    async def look() -> dict[str, Finding]:
        settings = Settings.load(ROOT / "config" / "bot.toml", {}, database=url)
        return {found.label: found async for found in examine(settings, clock=clock)}

    return asyncio.run(look())


def beat(url: str, *, at: datetime, error: str = "") -> None:
    async def write() -> None:
        database = await Database.open(url)
        async with database.writing() as session:
            for name in PERIODS:
                await record_beat(session, name, at=at, error=error)
        await database.close()

    asyncio.run(write())


@pytest.fixture
def office(tmp_path: Path, sqlite_template: Path) -> Path:
    file = tmp_path / "bot.sqlite3"
    file.write_bytes(sqlite_template.read_bytes())
    return file


def url_of(file: Path) -> str:
    return f"sqlite+aiosqlite:///{file}"


def test_a_sound_office_has_no_fault_and_is_not_changed(office: Path) -> None:
    found = checked(url_of(office))

    assert not [one for one in found.values() if one.is_fault]
    assert "没有在运行" in found["运行"].words
    with closing(sqlite3.connect(office)) as connection:
        assert connection.execute("SELECT count(*) FROM beat").fetchone() == (0,)


def test_a_database_that_is_not_laid_yet_is_no_fault(tmp_path: Path) -> None:
    found = checked(url_of(tmp_path / "none.db"))

    assert "bot migrate" in found["数据库"].words
    assert not found["数据库"].is_fault


def test_what_a_killed_restore_left_is_told_with_the_remedy(office: Path) -> None:
    office.with_name("bot.sqlite3.restoring").touch()

    found = checked(url_of(office))["恢复"]

    assert found.is_fault
    assert "bot.sqlite3.restoring" in found.words
    assert "重新运行 bot restore" in found.words


def test_a_file_that_went_away_under_a_running_office_is_a_fault(
    office: Path,
) -> None:
    with only_one_on(office):
        office.unlink()
        found = checked(url_of(office))["数据库"]

    assert found.is_fault
    assert "不见了" in found.words


def test_a_server_that_does_not_answer_is_a_fault() -> None:
    found = checked("postgresql://u:s3cret@127.0.0.1:1/x")

    assert found["数据库"].is_fault
    assert "s3cret" not in found["数据库"].words


def test_a_queue_without_tables_is_a_fault(database_url: str) -> None:
    found = checked(database_url, clock=lambda: datetime.now(UTC))

    if database_url.startswith("sqlite"):
        assert "消息队列" not in found
    else:
        assert found["消息队列"].is_fault
        assert "bot migrate" in found["消息队列"].words


@pytest.mark.parametrize("hours", [-3, 3])
def test_a_clock_unlike_that_of_the_server_is_told(
    database_url: str, hours: int
) -> None:
    wrong = timedelta(hours=hours)
    beat(database_url, at=datetime.now(UTC))

    found = checked(database_url, clock=lambda: datetime.now(UTC) + wrong)

    is_seen = database_url.startswith("postgres") or hours < 0
    assert found["时钟"].is_fault == is_seen


@pytest.mark.parametrize(
    ("seconds", "has_own", "words"),
    [
        (1.9, True, "正常"),
        (2.1, True, "快 2.1 秒"),
        (-7, True, "慢 7.0 秒"),
        (-7, False, "最新的记录还早 7 秒"),
        (-1, False, "正常"),
    ],
)
def test_clocks_may_differ_by_two_seconds(
    seconds: float, has_own: bool, words: str
) -> None:
    assert words in clock_finding(timedelta(seconds=seconds), has_own).words


@pytest.mark.parametrize(
    ("free", "size", "is_fault"),
    [(10**10, 10**8, False), (10**8, 10**6, True), (10**9, 2 * 10**9, True)],
)
def test_a_disk_needs_room_for_a_backup(free: int, size: int, is_fault: bool) -> None:
    assert disk_finding(free=free, size=size).is_fault == is_fault


@pytest.mark.parametrize(
    ("age", "error", "words"),
    [
        (timedelta(seconds=1), "", "心跳正常"),
        (timedelta(minutes=10), "", "心跳停了（ring"),
        (timedelta(seconds=1), "disk full", "disk full"),
    ],
)
def test_a_running_office_should_beat(
    office: Path, age: timedelta, error: str, words: str
) -> None:
    beat(url_of(office), at=NOW - age, error=error)

    with only_one_on(office):
        found = checked(url_of(office))

    assert words in found["运行"].words
    assert found["运行"].is_fault == (words != "心跳正常")


def test_alarms_and_what_was_not_delivered_are_faults(office: Path) -> None:
    async def write() -> None:
        database = await Database.open(url_of(office))
        async with database.writing() as session:
            await raise_alarm(session, "k", "通道停了，请重启。", at=NOW)
        await database.close()

    asyncio.run(write())
    with closing(sqlite3.connect(office)) as connection:
        connection.execute(
            "INSERT INTO letter (channel, product_id, chat, raw, status, received_at,"
            " due_at, tries, error) VALUES ('c', '1', 'x', '', 'dead',"
            " '2026-11-23 04:00:00', '2026-11-23 04:00:00', 3, '')"
        )
        connection.commit()

    found = checked(url_of(office))

    assert found["告警"] == Finding("告警", "通道停了，请重启。", is_fault=True)
    assert found["没能处理的来信"].words.startswith("1 条，请用 bot mail")


def test_a_file_that_is_no_database_is_told(office: Path) -> None:
    office.write_bytes(b"this is no database" * 100)

    found = checked(url_of(office))

    assert found["数据库"].is_fault
    assert "SQLite" in found["数据库"].words


def test_groups_and_people_that_cannot_be_reached_are_named(office: Path) -> None:
    async def lose() -> None:
        database = await Database.open(url_of(office))
        async with database.writing() as session:
            person = Person(name="张三", department="县科协", role=Role.LIAISON)
            lost = {"channel": "telegram", "closed_at": NOW}
            session.add(Account(address="4711", person=person, **lost))
            session.add(Chat(address="-1", title="联络员群", registered_at=NOW, **lost))
            session.add(Chat(address="-2", title="别的群", **lost))
        await database.close()

    asyncio.run(lose())
    found = checked(url_of(office))["联系不上"]

    assert found.is_fault
    assert found.words.startswith("群“联络员群”、县科协张三。")


def test_a_department_that_owes_and_has_no_contact_is_named(office: Path) -> None:
    async def owe() -> None:
        database = await Database.open(url_of(office))
        async with database.writing() as session:
            session.add(Person(name="张三", department="县科协", role=Role.LIAISON))
            duty = await confirm_duty(
                session, TERMS, first=NOW.date(), by="李主任", at=NOW
            )
            await open_reports(
                session, [duty], lambda _: ("县科协",), today=NOW.date(), at=NOW
            )
        await database.close()

    asyncio.run(owe())
    found = checked(url_of(office))["联络员"]

    assert found.is_fault
    assert found.words.startswith("县科协（张三未绑定）有报送任务")


def test_who_is_bound_elsewhere_as_well_is_not_lost(office: Path) -> None:
    async def lose() -> None:
        database = await Database.open(url_of(office))
        async with database.writing() as session:
            person = Person(name="张三", department="县科协", role=Role.LIAISON)
            both = (("telegram", NOW), ("wecom_app", None))
            for channel, closed in both:
                account = Account(channel=channel, address="4711", closed_at=closed)
                account.person = person
                session.add(account)
        await database.close()

    asyncio.run(lose())

    assert checked(url_of(office))["联系不上"].words == "没有"


def test_a_liaison_who_blocked_us_is_not_called_unbound(office: Path) -> None:
    async def owe() -> None:
        database = await Database.open(url_of(office))
        async with database.writing() as session:
            person = Person(name="张三", department="县科协", role=Role.LIAISON)
            lost = {"channel": "telegram", "closed_at": NOW}
            session.add(Account(address="4711", person=person, **lost))
            duty = await confirm_duty(
                session, TERMS, first=NOW.date(), by="李主任", at=NOW
            )
            await open_reports(
                session, [duty], lambda _: ("县科协",), today=NOW.date(), at=NOW
            )
        await database.close()

    asyncio.run(owe())
    found = checked(url_of(office))["联络员"]

    assert found.words == (
        "县科协（张三已绑定，联系不上）有报送任务而收不到提醒；联系不上的可能屏蔽了"
        "机器人或注销了账号：请打电话请本人解除屏蔽，再给机器人发一句话。"
    )


def test_a_department_that_owes_nothing_yet_and_has_no_contact_is_no_fault(
    office: Path,
) -> None:
    async def enter() -> None:
        database = await Database.open(url_of(office))
        async with database.writing() as session:
            session.add(Person(name="张三", department="县科协", role=Role.LIAISON))
            session.add(Person(name="李强", department="办公室", role=Role.ADMIN))
        await database.close()

    asyncio.run(enter())
    found = checked(url_of(office))["联络员"]

    assert not found.is_fault
    assert found.words.endswith("另有 1 家的联络员还没有绑定：县科协")
