"""`bot audit` lists what was done, proves it, and hands it out as a file."""

import csv
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from office import Office
from openpyxl import load_workbook

PEOPLE = "姓名,单位,角色,电话\n=王敏,县应急局,联络员,\n李主任,县科协,管理员,\n"
PERIOD = ("--from", "2020-01-01", "--to", "2099-12-31")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Give an office in which four things were done."""
    folder = tmp_path_factory.mktemp("audited")
    office = Office(f"sqlite+aiosqlite:///{folder / 'office.sqlite3'}")
    (folder / "people.csv").write_text(PEOPLE, encoding="utf-8")
    office.run("departments", "--import", str(folder / "people.csv"))
    for name in ("=cmd|'/c calc'!A1", "李主任", "赵静"):
        done = office.run("invite", "李主任", "--name", name)
        assert done.exit_code == 0
    return office


def file_of(office: Office) -> Path:
    return Path(office.url.removeprefix("sqlite+aiosqlite:///"))


@pytest.fixture
def tampered(made: Office) -> Iterator[Office]:
    """Give the office with an entry that somebody changed, and mend it afterwards."""
    with closing(sqlite3.connect(file_of(made))) as store, store:
        store.execute("UPDATE audit_entry SET actor = actor || '.' WHERE link = 2")
    yield made
    with closing(sqlite3.connect(file_of(made))) as store, store:
        store.execute("UPDATE audit_entry SET actor = rtrim(actor, '.') WHERE link = 2")


def head_of(office: Office) -> str:
    told = office.run("audit", "verify").output
    return re.findall("[0-9a-f]{64}", told)[0]


def test_the_latest_entries_are_listed_in_chinese(made: Office) -> None:
    told = made.run("audit", "--limit", "2").output

    assert len(told.splitlines()) == 3
    assert "发放绑定码" in told
    assert "赵静" in told


def test_a_sound_chain_is_told_with_its_end(made: Office) -> None:
    done = made.run("audit", "verify")

    assert done.exit_code == 0
    assert "完好" in done.output
    assert made.run("audit", "verify", "--against", head_of(made)[:12]).exit_code == 0


def test_a_changed_entry_is_named(tampered: Office) -> None:
    done = tampered.run("audit", "verify")

    assert done.exit_code == 1
    assert "第 2 条" in done.stderr
    assert "此前 1 条完好" in done.stderr


def test_the_checkup_finds_it_too(tampered: Office) -> None:
    assert "✗ 操作日志" in tampered.run("check").output


@pytest.mark.parametrize(
    ("against", "words"),
    [
        ("0" * 12, "没有通过：给出的校验值不在链上"),
        ("0" * 12, "抄错了，或抄在恢复备份之前"),
        ("abc", "8 到 64 位"),
        ("zzzzzzzzzz", "8 到 64 位"),
    ],
)
def test_a_head_that_is_not_in_the_chain_is_told(
    made: Office, against: str, words: str
) -> None:
    done = made.run("audit", "verify", "--against", against)

    assert done.exit_code == 1
    assert words in done.stderr


def test_a_period_is_exported_and_no_text_is_a_formula(
    made: Office, tmp_path: Path
) -> None:
    xlsx, text = tmp_path / "日志.xlsx", tmp_path / "日志.csv"

    done = made.run("audit", "export", *PERIOD, "--xlsx", str(xlsx), "--csv", str(text))

    assert done.exit_code == 0
    book = load_workbook(xlsx)
    assert book.sheetnames == ["操作日志", "送达", "来信"]
    cells = [cell for row in book["操作日志"].iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr", "n"}
    assert any(str(cell.value).startswith("=cmd") for cell in cells)
    with text.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert not any(cell.startswith("=") for row in rows for cell in row)
    assert made.run("audit", "--limit", "1").output.count("导出") == 1


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--from", "2026-02-01", "--to", "2026-01-01", "--csv", "x"), "早于"),
        (PERIOD, "保存到哪个文件"),
        ((*PERIOD, "--csv", "/nowhere/x.csv"), "写不进去"),
    ],
)
def test_what_cannot_be_exported_is_told(
    made: Office, options: tuple[str, ...], words: str
) -> None:
    done = made.run("audit", "export", *options)

    assert done.exit_code == 1
    assert words in done.stderr
