"""`bot progress` as the office types it."""

import asyncio
import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from office import Office
from openpyxl import load_workbook

from bot.database import Database
from bot.model import Basis, Report, ReportDuty, Standing, Submission, SubmissionState

NOW = datetime.now(UTC)


async def enter(url: str) -> None:
    duty = ReportDuty(
        key="k",
        basis=Basis.OFFICE,
        plan_key="",
        number="科协通知",
        clause="",
        text="",
        who=("县应急局",),
        exempt=(),
        what="全年落实情况",
        to="办公室",
        month=None,
        day_of_month=None,
        day=NOW.date() + timedelta(days=60),
        first=date(2026, 1, 1),
        last=None,
        confirmed_by="李某",
        confirmed_at=NOW,
    )
    report = Report(duty=duty, due_on=duty.day, title="全年落实情况", opened_at=NOW)
    submission = Submission(
        report=report,
        department="=县应急局",
        state=SubmissionState.CLAIMED,
        standing=Standing(state=SubmissionState.CLAIMED),
    )
    database = await Database.open(url)
    async with database.writing() as session:
        session.add(submission)
    await database.close()


@pytest.fixture
def owing(sqlite_template: Path, tmp_path: Path) -> Office:
    """Give an office in which one department has reported."""
    file = tmp_path / "owing.sqlite3"
    shutil.copy(sqlite_template, file)
    office = Office(f"sqlite+aiosqlite:///{file}")
    asyncio.run(enter(office.url))
    return office


def test_the_table_is_printed_and_saved(owing: Office, tmp_path: Path) -> None:
    sheet, picture = tmp_path / "a.xlsx", tmp_path / "a.png"

    done = owing.run(
        "progress", "--report", "全年", "--xlsx", str(sheet), "--picture", str(picture)
    )

    assert done.exit_code == 0, done.output
    assert "=县应急局  蓝·已报待核" in done.output
    assert "应报 1，已核收 0，待核 1，未报 0" in done.output
    assert load_workbook(sheet).active["A7"].value == "=县应急局"
    assert picture.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("name", ["上半年", "#R99"])
def test_a_report_that_is_not_there_is_told(owing: Office, name: str) -> None:
    done = owing.run("progress", "--report", name)

    assert done.exit_code == 0
    assert "没有这样的报送事项" in done.output


def test_a_report_is_found_by_its_code(owing: Office) -> None:
    assert "#R1（" in owing.run("progress", "--report", "#R1").output


def test_a_file_that_cannot_be_written_is_told(owing: Office, tmp_path: Path) -> None:
    done = owing.run("progress", "--picture", str(tmp_path / "没有" / "a.png"))

    assert done.exit_code == 1
    assert "写不进去" in done.output
