"""`bot archive` as the office types it: a year is put away, and checked."""

import asyncio
import hashlib
import json
import shutil
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from click.testing import CliRunner
from office import SAMPLE, Office
from sqlalchemy.ext.asyncio import AsyncSession

from bot import audit
from bot.__main__ import cli
from bot.database import Database
from bot.messages import Reply
from bot.model import (
    Basis,
    Evidence,
    Notice,
    Report,
    ReportDuty,
    Standing,
    Submission,
    SubmissionEntry,
    SubmissionState,
)
from bot.reports.evidence import keep_content

CONFIG = """
[office]
name = "澄川县科协<b>"
timezone = "Asia/Shanghai"
channels = ["console"]
"""
IN_2026 = datetime(2026, 7, 1, 1, 0, tzinfo=UTC)
OWN = "县应急管理局"
HOSTILE = "<script>alert(1)</script>"


DUTY: dict[str, Any] = dict(
    key="k",
    basis=Basis.OFFICE,
    plan_key="",
    number="县科办通知",
    clause="",
    text="",
    who=(OWN,),
    exempt=(),
    what="全年落实情况",
    to="办公室",
    first=date(2026, 1, 1),
    confirmed_by="李主任",
    confirmed_at=IN_2026,
)


async def fill(url: str, folder: Path) -> None:
    """Put reports, a notice, and entries of the audit of several years into an office.

    *folder* is where its files are kept.
    """
    database = await Database.open(url)
    async with database.writing() as session:
        duty = ReportDuty(**DUTY)
        session.add(duty)
        await session.flush()
        for year in (2025, 2026):
            await hand_in(session, duty, year, folder)
        session.add(
            Notice(
                key="n",
                kind="nudge",
                body=Reply(HOSTILE),
                audience=3,
                issued_by="李主任",
                issued_at=IN_2026,
            )
        )
        for year in (2025, 2026, 2026, 2027):
            await audit.record(
                session,
                actor="李主任",
                event="roster.changed",
                about="office",
                at=IN_2026.replace(year=year),
            )
    await database.close()


async def hand_in(
    session: AsyncSession, duty: ReportDuty, year: int, folder: Path
) -> None:
    report = Report(
        duty_id=duty.id,
        due_on=date(year, 12, 30),
        title=f"{year}年全年落实情况{HOSTILE}",
        opened_at=IN_2026,
    )
    session.add(report)
    await session.flush()
    submission = Submission(
        report_id=report.id, department=OWN, state=SubmissionState.ACCEPTED
    )
    session.add(submission)
    await session.flush()
    entry = SubmissionEntry(
        submission_id=submission.id,
        what="claimed",
        by="王敏",
        words="已报",
        before=Standing(),
        after=Standing(state=SubmissionState.CLAIMED),
        at=IN_2026,
    )
    kept = keep_content(folder, b"%PDF-" + str(year).encode())
    file = Evidence(
        submission_id=submission.id,
        department=OWN,
        name=f"{year}.pdf",
        size=kept.size,
        digest=kept.digest,
        at=IN_2026,
    )
    session.add_all([entry, file])


def in_folder(folder: Path) -> Office:
    return Office(f"sqlite+aiosqlite:///{folder / 'office.sqlite3'}")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with an office of two years and the package of one."""
    folder = tmp_path_factory.mktemp("made")
    file = folder / "config" / "bot.toml"
    file.parent.mkdir()
    file.write_text(CONFIG, encoding="utf-8")
    office = in_folder(folder)
    assert run(office, "import", str(SAMPLE), "--sign", "李主任").exit_code == 0
    asyncio.run(fill(office.url, folder / "data" / "run" / "evidence"))
    done = run(office, "archive", "--year", "2026", str(folder / "2026.zip"))
    assert done.exit_code == 0, done.output
    return folder


@pytest.fixture
def filled(made: Path, tmp_path: Path) -> Office:
    """Give a copy of it."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return in_folder(tmp_path)


@pytest.fixture
def package(filled: Office, tmp_path: Path) -> Path:
    """Give the package of 2026."""
    return tmp_path / "2026.zip"


def run(office: Office, *words: str) -> Any:
    folder = Path(office.url.removeprefix("sqlite+aiosqlite:///")).parent
    config = str(folder / "config" / "bot.toml")
    options = ("--config", config, "--database", office.url)
    return CliRunner().invoke(cli, [*words, *options])


def told(package: Path, name: str) -> list[Any]:
    with ZipFile(package) as opened:
        return [json.loads(line) for line in opened.read(name).splitlines()]


def test_a_year_is_put_away_and_no_other(package: Path) -> None:
    (submission,) = told(package, "submissions.jsonl")
    (file,) = told(package, "evidence.jsonl")
    (notice,) = told(package, "notices.jsonl")

    assert submission["report"]["due_on"] == "2026-12-30"
    assert [one["words"] for one in submission["entries"]] == ["已报"]
    with ZipFile(package) as opened:
        assert opened.read(file["path"]) == b"%PDF-2026"
        manifest = json.loads(opened.read("manifest.json"))
        assert "实施方案" in opened.read("plans/001/plan.txt").decode()
    assert (notice["audience"], notice["deliveries"], notice["receipts"]) == (3, {}, 0)
    assert manifest["about"]["counts"]["tasks"] == 30
    assert manifest["about"]["audit"]["head"]


def test_people_read_an_index_in_which_words_stay_words(package: Path) -> None:
    with ZipFile(package) as opened:
        page = opened.read("index.html").decode()

    assert "2026 年档案" in page
    assert "<td>已核收</td>" in page
    assert "王敏 已报" in page
    assert "claimed" not in page
    assert HOSTILE not in page
    assert "&lt;script&gt;" in page


def test_equal_data_make_an_equal_package(
    filled: Office, package: Path, tmp_path: Path
) -> None:
    run(filled, "archive", "--year", "2025", str(tmp_path / "a.zip"))
    run(filled, "archive", "--year", "2025", str(tmp_path / "b.zip"))

    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_a_whole_package_is_found_whole(filled: Office, package: Path) -> None:
    done = run(filled, "archive", "--verify", str(package))

    assert done.exit_code == 0, done.output
    assert "核验通过" in done.output
    assert "操作日志里有登记" in done.output


def test_a_package_is_entered_in_the_audit(filled: Office, package: Path) -> None:
    assert "生成归档包" in run(filled, "audit").output


def test_it_is_checked_without_the_office_too(package: Path, tmp_path: Path) -> None:
    elsewhere = ("--database", f"sqlite+aiosqlite:///{tmp_path / 'none.sqlite3'}")
    done = CliRunner().invoke(cli, ["archive", "--verify", str(package), *elsewhere])

    assert done.exit_code == 0, done.output


def rewrite(
    package: Path,
    change: Callable[[dict[str, bytes]], None] = lambda files: None,
    about: Mapping[str, object] | None = None,
) -> None:
    """Change a package as somebody does who also mends the manifest."""
    with ZipFile(package) as opened:
        files = {name: opened.read(name) for name in opened.namelist()}
    manifest = json.loads(files.pop("manifest.json"))
    change(files)
    manifest["about"] |= about or {}
    manifest["files"] = [
        {"path": name, "size": len(one), "sha256": hashlib.sha256(one).hexdigest()}
        for name, one in files.items()
    ]
    with ZipFile(package, "w") as opened:
        for name, content in files.items():
            opened.writestr(name, content)
        opened.writestr("manifest.json", json.dumps(manifest))


def in_audit(old: bytes, new: bytes) -> Callable[[dict[str, bytes]], None]:
    def change(files: dict[str, bytes]) -> None:
        assert old in files["audit.jsonl"]
        files["audit.jsonl"] = files["audit.jsonl"].replace(old, new, 1)

    return change


def without_line(place: int) -> Callable[[dict[str, bytes]], None]:
    def change(files: dict[str, bytes]) -> None:
        lines = files["audit.jsonl"].splitlines(keepends=True)
        del lines[place]
        files["audit.jsonl"] = b"".join(lines)

    return change


@pytest.mark.parametrize(
    "change",
    [
        in_audit("李主任".encode(), "王主任".encode()),
        in_audit(b"roster.changed", b"roster.viewed"),
        without_line(0),
        without_line(-1),
        in_audit(b"{", b"["),
        in_audit(b'"2026-07-01T01:00:00Z', b'"0001-01-01T00:00:00+23:59'),
        in_audit(b'"detail":{', b'"detail":{"a":' + b"[" * 9999),
        lambda files: files.update({"audit.jsonl": b""}),
        lambda files: files.pop("audit.jsonl") and None,
    ],
)
def test_a_changed_audit_is_found_though_the_manifest_was_mended(
    package: Path, tmp_path: Path, change: Callable[[dict[str, bytes]], None]
) -> None:
    rewrite(package, change)
    elsewhere = ("--database", f"sqlite+aiosqlite:///{tmp_path / 'none.sqlite3'}")

    done = CliRunner().invoke(cli, ["archive", "--verify", str(package), *elsewhere])

    assert done.exit_code == 1
    assert "✗ audit.jsonl" in done.output


@pytest.mark.parametrize(
    ("about", "words"),
    [
        ({"kind": "other"}, "不是本程序的档案包"),
        ({"version": 99}, "只认第 1 版"),
        ({"year": "2026"}, "清单（manifest.json）填得不对"),
        ({"counts": []}, "清单（manifest.json）填得不对"),
        ({"audit": ["head"]}, "清单（manifest.json）填得不对"),
        ({"audit": None}, "清单（manifest.json）填得不对"),
        ({"audit": {"first": "1"}}, "清单（manifest.json）填得不对"),
    ],
)
def test_a_manifest_of_another_make_is_refused_in_chinese(
    package: Path, tmp_path: Path, about: dict[str, object], words: str
) -> None:
    rewrite(package, about=about)
    elsewhere = ("--database", f"sqlite+aiosqlite:///{tmp_path / 'none.sqlite3'}")

    done = CliRunner().invoke(cli, ["archive", "--verify", str(package), *elsewhere])

    assert done.exit_code == 1
    assert words in done.output
    assert "程序出错" not in done.output


def test_a_package_that_the_office_did_not_make_is_found(
    filled: Office, package: Path
) -> None:
    rewrite(package, lambda files: files.update({"notices.jsonl": b""}))

    done = run(filled, "archive", "--verify", str(package))

    assert done.exit_code == 1
    assert "不是同一个" in done.output


def test_a_file_that_is_gone_is_told(filled: Office, tmp_path: Path) -> None:
    for one in (tmp_path / "data" / "run" / "evidence").rglob("*"):
        if one.is_file():
            one.unlink()

    done = run(filled, "archive", "--year", "2026", str(tmp_path / "a.zip"))

    assert done.exit_code == 0
    assert "缺附件：" in done.output
    assert "文件不在" in done.output


@pytest.mark.parametrize("words", [(), ("--year", "1999"), ("--verify",)])
def test_what_cannot_be_done_is_told(
    filled: Office, tmp_path: Path, words: tuple[str, ...]
) -> None:
    done = run(filled, "archive", *words, str(tmp_path / "x.zip"))

    assert done.exit_code in (1, 2)
    assert "Traceback" not in done.output


def test_an_archive_is_not_written_over(filled: Office, package: Path) -> None:
    done = run(filled, "archive", "--year", "2026", str(package))

    assert done.exit_code == 1
    assert "没有覆盖" in done.output


@pytest.mark.parametrize(("year", "is_over"), [("2001", True), ("2200", False)])
def test_a_year_that_has_not_ended_is_told(
    filled: Office, tmp_path: Path, year: str, is_over: bool
) -> None:
    done = run(filled, "archive", "--year", year, str(tmp_path / "x.zip"))

    assert done.exit_code == 0
    assert ("年还没有结束" in done.output) is not is_over
