"""`bot feedback` as the office types it, and golden questions before an import."""

import asyncio
import shutil
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from office import SAMPLE, Office
from openpyxl import load_workbook
from sqlalchemy.ext.asyncio import AsyncSession

from bot import feedback
from bot.database import Database
from bot.feedback import Said
from bot.guard import inert
from bot.model import FeedbackKind

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
ASKS = "手机课堂谁来办"
HOSTILE = "=cmd|'/c calc'!A1 <@all> [点我](http://x)\x07"


def within(
    office: Office, work: Callable[[AsyncSession], Coroutine[Any, Any, Any]]
) -> Any:
    async def run() -> Any:
        database = await Database.open(office.url)
        async with database.writing() as session:
            found = await work(session)
        await database.close()
        return found

    return asyncio.run(run())


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the store of an office with the sample in force and two questions."""
    file = tmp_path_factory.mktemp("made") / "office.sqlite3"
    office = Office(f"sqlite+aiosqlite:///{file}")
    assert office.run("import", str(SAMPLE), "--sign", "李主任").exit_code == 0

    async def fill(session: AsyncSession) -> None:
        for question in (ASKS, HOSTILE):
            said = Said(kind=FeedbackKind.WRONG, question=question)
            await feedback.note(session, said, at=NOON)

    within(office, fill)
    return file


@pytest.fixture
def queue(made: Path, office: Office) -> Office:
    """Give a copy of it."""
    shutil.copy(made, office.url.removeprefix("sqlite+aiosqlite:///"))
    return office


def test_a_golden_question_is_taken_out_again(queue: Office) -> None:
    by = ("--name", "李主任")
    queue.run("feedback", "1", "--golden", "二（四）1", *by)

    assert "已取消金题" in queue.run("feedback", "1", "--golden", "取消", *by).output
    assert "还没有金题" in queue.run("feedback", "--check").output


def test_the_queue_is_listed(queue: Office) -> None:
    done = queue.run("feedback")

    assert done.exit_code == 0
    assert done.output.splitlines()[0].startswith("编号")
    assert ASKS in done.output


def test_an_office_without_feedback_is_told_so(office: Office) -> None:
    office.run("migrate")

    assert office.run("feedback").output == "没有待处理的反馈。\n"


def test_a_question_is_settled_by_its_number(queue: Office) -> None:
    assert (
        "不处理" in queue.run("feedback", "2", "--dismiss", "--name", "李主任").output
    )
    assert "状态：不处理" in queue.run("feedback", "2").output
    assert (
        "已加近义"
        in queue.run(
            "feedback", "--synonym", "乌卒卒=智能设备", "--name", "李主任"
        ).output
    )
    assert "近义  乌卒卒 = 智能设备" in queue.run("feedback").output


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (("--dismiss",), 2),
        (("--golden", "二（四）1"), 2),
        (("99",), 1),
        (("--synonym", "网=智能设备"), 1),
        (("1", "--golden", "九（九）9"), 1),
        (("--export", "反馈.txt"), 1),
        (("--export", "/没有/反馈.xlsx"), 1),
    ],
)
def test_what_cannot_be_done_is_told(
    queue: Office, words: tuple[str, ...], status: int
) -> None:
    done = queue.run("feedback", *words, "--name", "李主任")

    assert done.exit_code == status
    assert "Traceback" not in done.output
    assert done.output.strip()


def test_what_people_wrote_is_no_formula_in_the_table(
    queue: Office, tmp_path: Path
) -> None:
    file = tmp_path / "反馈.xlsx"

    assert queue.run("feedback", "--export", str(file)).exit_code == 0

    sheet = load_workbook(file).active
    assert sheet
    cell = sheet.cell(3, 7)
    assert (cell.data_type, cell.value) == ("s", inert(HOSTILE))


def test_a_line_is_used_by_the_next_question(queue: Office) -> None:
    before = queue.run("ask", "乌卒卒班谁来办")
    queue.run("feedback", "--synonym", "乌卒卒班=手机课堂", "--name", "李主任")

    after = queue.run("ask", "乌卒卒班谁来办")

    assert "二（四）1" not in before.output
    assert "二（四）1" in after.output


def test_golden_questions_are_asked_again(queue: Office) -> None:
    assert "还没有金题" in queue.run("feedback", "--check").output
    queue.run("feedback", "1", "--golden", "二（四）1", "--name", "李主任")
    assert queue.run("feedback", "--check").output == "金题 1 条，答对 1 条。\n"

    queue.run("feedback", "1", "--golden", "二（四）2", "--name", "李主任")

    wrong = queue.run("feedback", "--check")
    assert wrong.exit_code == 1
    assert f"✗ “{ASKS}”" in wrong.output


@pytest.fixture
def changed(queue: Office, tmp_path: Path) -> Path:
    """Give a version of the plan that answers the golden question otherwise."""
    queue.run("feedback", "1", "--golden", "二（四）1", "--name", "李主任")
    text = SAMPLE.read_text(encoding="utf-8")
    assert "手机课堂" in text
    file = tmp_path / SAMPLE.name
    file.write_text(text.replace("手机课堂", "夜间讲座"), encoding="utf-8")
    return file


def test_a_plan_that_changes_answers_is_not_published_by_a_script(
    queue: Office, changed: Path
) -> None:
    done = queue.run("import", str(changed), "--sign", "李主任")

    assert done.exit_code == 1
    assert done.output.splitlines()[0] == "发布后金题的答案会变，请先核对："
    assert "--accept-changes" in done.output
    assert "二（四）1" in queue.run("ask", ASKS).output


def test_it_is_published_when_somebody_accepts_the_changes(
    queue: Office, changed: Path
) -> None:
    done = queue.run("import", str(changed), "--sign", "李主任", "--accept-changes")

    assert done.exit_code == 0
    assert "第 2 版" in done.output


def test_a_draft_is_signed_under_the_same_condition(
    queue: Office, changed: Path
) -> None:
    queue.run("import", str(changed))
    plan = "澄政字〔2026〕18号"

    assert queue.run("sign", plan, "--name", "李主任").exit_code == 1
    assert (
        queue.run("sign", plan, "--name", "李主任", "--accept-changes").exit_code == 0
    )


def test_a_plan_that_changes_no_answer_is_published(
    queue: Office, tmp_path: Path
) -> None:
    queue.run("feedback", "1", "--golden", "二（四）1", "--name", "李主任")
    file = tmp_path / SAMPLE.name
    text = SAMPLE.read_text(encoding="utf-8")
    file.write_text(text.replace("老谣言", "旧谣言"), encoding="utf-8")

    assert queue.run("import", str(file), "--sign", "李主任").exit_code == 0
