"""`bot rehearse` as the office types it."""

import asyncio
import re
import shutil
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from office import Office
from openpyxl import load_workbook
from sqlalchemy import select

from bot.database import Database
from bot.model import AuditEntry, Basis, Person, ReportDuty, Role
from bot.reports.stage import UNBOUND

PERIOD = ("--from", "2026-12-01", "--to", "2026-12-30")


async def enter(url: str, *rows: Any) -> None:
    database = await Database.open(url)
    async with database.writing() as session:
        session.add_all(rows)
    await database.close()


@pytest.fixture
def owing(sqlite_template: Path, tmp_path: Path) -> Office:
    """Give an office in which one department reports at the end of the year."""
    file = tmp_path / "owing.sqlite3"
    shutil.copy(sqlite_template, file)
    office = Office(f"sqlite+aiosqlite:///{file}")
    person = Person(name="王敏", department="县应急局", role=Role.LIAISON)
    duty = ReportDuty(
        key="k",
        basis=Basis.OFFICE,
        plan_key="",
        number="=HYPERLINK(1)",
        clause="",
        text="",
        who=("县应急局",),
        exempt=(),
        what="全年落实情况",
        to="办公室",
        month=12,
        day_of_month=30,
        day=None,
        first=date(2026, 11, 22),
        last=None,
        confirmed_by="李某",
        confirmed_at=datetime(2026, 11, 22, 1, 0, tzinfo=UTC),
    )
    asyncio.run(enter(office.url, person, duty))
    return office


def test_the_list_the_counts_and_the_line_to_sign_are_printed(owing: Office) -> None:
    done = owing.run("rehearse", *PERIOD)

    assert done.exit_code == 0, done.output
    days = re.findall(r"^(2026-12-\d\d)", done.output, re.MULTILINE)
    assert days == [f"2026-12-{day}" for day in ("02", "16", "23", "25", "29", "30")]
    assert "县应急局  王敏       6         1" in done.output
    assert UNBOUND in done.output
    assert "签字：" in done.output.splitlines()[-1]


def test_the_same_seed_prints_the_same(owing: Office) -> None:
    once = owing.run("rehearse", *PERIOD, "--seed", "3")
    again = owing.run("rehearse", *PERIOD, "--seed", "3")

    assert once.output == again.output
    assert "种子 3" in once.output


def test_the_workbook_has_the_list_the_counts_and_the_line_to_sign(
    owing: Office, tmp_path: Path
) -> None:
    file = tmp_path / "演练.xlsx"

    done = owing.run("rehearse", *PERIOD, "--xlsx", str(file))

    assert done.exit_code == 0, done.output
    book = load_workbook(file)
    assert book.sheetnames == ["清单", "每人条数", "说明和签字"]
    assert book["清单"].max_row == 7
    assert book["每人条数"]["C2"].value == 6
    last = [row[0] for row in book["说明和签字"].iter_rows(values_only=True)][-1]
    assert "签字：" in str(last)


def test_whoever_signs_stands_in_the_audit(owing: Office) -> None:
    done = owing.run("rehearse", *PERIOD, "--name", "李主任")

    async def read() -> list[AuditEntry]:
        database = await Database.open(owing.url)
        async with database.reading() as session:
            found = list(await session.scalars(select(AuditEntry)))
        await database.close()
        return found

    entry = asyncio.run(read())[-1]
    assert (entry.actor, entry.event) == ("李主任", "clock.rehearsed")
    assert entry.about.removeprefix("rehearsal:") in done.output


def test_an_office_without_duties_is_told_what_to_do(
    sqlite_template: Path, tmp_path: Path
) -> None:
    file = tmp_path / "idle.sqlite3"
    shutil.copy(sqlite_template, file)
    done = Office(f"sqlite+aiosqlite:///{file}").run("rehearse", *PERIOD)

    assert done.exit_code == 0
    assert "bot duties" in done.output


@pytest.mark.parametrize(
    "words",
    [
        ("--from", "2026-12-31", "--to", "2026-12-01"),
        ("--from", "十二月", "--to", "2026-12-01"),
        ("--from", "2026-12-01"),
    ],
)
def test_a_wrong_period_is_refused(office: Office, words: tuple[str, ...]) -> None:
    assert office.run("rehearse", *words).exit_code == 2


def test_a_file_that_cannot_be_written_is_told(owing: Office, tmp_path: Path) -> None:
    done = owing.run("rehearse", *PERIOD, "--xlsx", str(tmp_path / "没有" / "a.xlsx"))

    assert done.exit_code == 1
    assert "写不进去" in done.output
