"""`bot backup`, `restore`, `copy`."""

import os
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import time_machine
from alembic import command
from alembic.config import Config
from office import SAMPLE, Office
from postgres import PostgresServer
from sqlalchemy import create_engine

from bot.app.lock import only_one_on
from bot.keeping.snapshot import digest_of
from bot.keeping.unsettled import BY_HAND

NUMBER = "澄政字〔2026〕18号"
POSTGRES = "postgresql://wang:s3cret@db.county:5433/plans?sslmode=require"


def file_of(office: Office) -> Path:
    return Path(office.url.partition(":///")[2])


def audit(office: Office) -> list[tuple[str, str]]:
    query = "SELECT actor, event FROM audit_entry ORDER BY id"
    with closing(sqlite3.connect(file_of(office))) as connection:
        return connection.execute(query).fetchall()


def test_a_backup_is_told_with_size_counts_and_digest(
    busy_office: Office, tmp_path: Path
) -> None:
    target = tmp_path / "b.db"

    told = busy_office.run("backup", str(target), "--name", "王工")

    assert told.exit_code == 0
    assert "任务 30" in told.stdout
    assert f"{target.stat().st_size:,} 字节" in told.stdout
    assert digest_of(target) in told.stdout
    assert "b.db.sha256" in told.stdout
    assert audit(busy_office)[-1] == ("王工", "office.backed_up")


def test_a_backup_brings_back_what_was_there(
    busy_office: Office, tmp_path: Path
) -> None:
    target = tmp_path / "b.db"
    busy_office.run("backup", str(target))
    busy_office.run("withdraw", NUMBER, "--name", "李", "--reason", "误操作")

    told = busy_office.run("restore", str(target), "--name", "王工")

    assert told.exit_code == 0
    assert NUMBER in busy_office.run("plans").stdout
    kept = re.search(r"保留为 (\S+)，", told.stdout)
    assert kept
    with closing(sqlite3.connect(kept[1])) as old:
        assert old.execute("SELECT status FROM plan").fetchall() == [("withdrawn",)]
    assert audit(busy_office)[-1] == ("王工", "office.restored")


def told_since(office: Office) -> None:
    """Let the office issue a notice, which is told."""
    with closing(sqlite3.connect(file_of(office))) as connection:
        connection.executescript("""
            INSERT INTO request VALUES (1, 'd', 'x');
            INSERT INTO notice
            VALUES (9, 'round:9', 'nudge', '{}', 1, '王', '2026-11-23 05:00:00');
            INSERT INTO delivery (key, notice_id, recipient, lane, address, request_id,
             priority, status, wanted_at, due_at, epoch, tries, remote_id, error,
             called_by)
            VALUES ('notice:9:1', 9, 'chat:a:1', 'a', '1', 1, 20, 'sent',
             '2026-11-23 05:00:00', '2026-11-23 05:00:00', 1, 1, '7', '', '');
        """)


@pytest.mark.parametrize("readable", [True, False])
def test_what_was_issued_since_the_backup_is_told(
    busy_office: Office, tmp_path: Path, readable: bool
) -> None:
    target = tmp_path / "b.db"
    busy_office.run("backup", str(target))
    told_since(busy_office)
    if not readable:
        file_of(busy_office).write_bytes(b"no database")

    told = busy_office.run("restore", str(target))

    assert told.exit_code == 0
    assert ("1 份通知、1 条投递" in told.stdout) is readable
    assert ("可能会再发一次" in told.stdout) is not readable


def test_the_old_office_is_named_after_the_hour_in_the_office(
    busy_office: Office, tmp_path: Path
) -> None:
    target = tmp_path / "b.db"
    busy_office.run("backup", str(target))
    with time_machine.travel("2026-11-23T20:30:00Z"):
        told = busy_office.run("restore", str(target))

    assert "before-restore-20261124-043000" in told.stdout


def test_an_older_backup_is_brought_to_this_version(
    busy_office: Office, tmp_path: Path
) -> None:
    target, first = tmp_path / "b.db", tmp_path / "first.db"
    busy_office.run("backup", str(target))
    lay_first_tables(first)
    with closing(sqlite3.connect(first)) as connection:
        connection.execute("ATTACH ? AS new", (str(target),))
        for (table,) in connection.execute(_TABLES).fetchall():
            columns = connection.execute(f"PRAGMA main.table_info({table})").fetchall()
            names = ", ".join(f'"{column[1]}"' for column in columns)
            copied = f"INSERT INTO main.{table} SELECT {names} FROM new.{table}"
            connection.execute(copied)
        connection.commit()
    first.replace(target)
    target.with_name("b.db.sha256").unlink()

    assert busy_office.run("restore", str(target)).exit_code == 0
    assert "结构是最新的" in busy_office.run("check").stdout
    assert NUMBER in busy_office.run("plans").stdout


_TABLES = (
    "SELECT name FROM main.sqlite_master WHERE type = 'table'"
    " AND name NOT LIKE 'sqlite%' AND name <> 'alembic_version'"
)


def lay_first_tables(file: Path) -> None:
    """Make the office of the first revision, without a row."""
    config = Config()
    config.set_main_option("script_location", "bot:migrations")
    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    engine.dispose()


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        ("UPDATE alembic_version SET version_num = '9999'", "请先升级程序"),
        ("DROP TABLE audit_entry", "不是本程序"),
    ],
)
def test_a_backup_that_does_not_fit_changes_nothing(
    busy_office: Office, tmp_path: Path, spoil: str, words: str
) -> None:
    target = tmp_path / "b.db"
    busy_office.run("backup", str(target))
    with closing(sqlite3.connect(target)) as connection:
        connection.execute(spoil)
        connection.commit()
    before = digest_of(file_of(busy_office))

    told = busy_office.run("restore", str(target))

    assert told.exit_code == 1
    assert words in told.stderr
    assert digest_of(file_of(busy_office)) == before


@pytest.mark.parametrize("command", ["restore", "copy", "migrate"])
def test_a_running_office_is_neither_replaced_nor_copied(
    busy_office: Office, tmp_path: Path, command: str
) -> None:
    target = tmp_path / "b.db"
    busy_office.run("backup", str(target))
    to = f"sqlite:///{tmp_path / 'new.db'}"
    words = {
        "restore": ("restore", str(target)),
        "copy": ("copy", "--to", to),
        "migrate": ("migrate",),
    }[command]

    with only_one_on(file_of(busy_office)):
        told = busy_office.run(*words)

    assert told.exit_code == 1
    assert f"bot run 使用（进程 {os.getpid()}）" in told.stderr


def test_postgresql_has_tools_of_its_own_and_no_password_is_told(
    tmp_path: Path,
) -> None:
    office = Office(POSTGRES)

    backup = office.run("backup", str(tmp_path / "b.dump"))
    restore = office.run("restore", str(tmp_path / "b.dump"))

    assert (backup.exit_code, restore.exit_code) == (1, 1)
    assert "pg_dump --format=custom" in backup.stderr
    assert "'postgresql://wang@db.county:5433/plans?sslmode=require'" in backup.stderr
    assert "pg_restore" in restore.stderr
    assert "createdb --host=db.county --port=5433 --username=wang" in restore.stderr
    assert BY_HAND in restore.stderr
    assert "s3cret" not in backup.output + restore.output


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///missing/no.db"])
def test_an_office_without_a_file_is_not_backed_up(tmp_path: Path, url: str) -> None:
    told = Office(url).run("backup", str(tmp_path / "b.db"))

    assert told.exit_code == 1
    assert "数据库" in told.stderr


def test_an_office_moves_to_an_empty_postgresql(
    busy_office: Office, empty_url: str
) -> None:
    told = busy_office.run("copy", "--to", empty_url)
    moved = Office(empty_url)

    assert told.exit_code == 0, told.output
    assert re.search(r"任务 +task +30 +[0-9a-f]{64}", told.stdout)
    assert NUMBER in moved.run("plans").stdout
    assert moved.run("check").exit_code == 0


@pytest.mark.parametrize("target", ["itself", "foreign", "full"])
def test_a_target_that_does_not_fit_is_refused(
    busy_office: Office, tmp_path: Path, target: str
) -> None:
    other = tmp_path / "other.db"
    if target == "foreign":
        with closing(sqlite3.connect(other)) as connection:
            connection.execute("CREATE TABLE theirs (x)")
    elif target == "full":
        full = Office(f"sqlite:///{other}")
        full.run("import", str(SAMPLE), "--sign", "李主任")
    to = busy_office.url if target == "itself" else f"sqlite:///{other}"

    told = busy_office.run("copy", "--to", to)

    assert told.exit_code == 1
    assert any(word in told.stderr for word in ("同一个", "别的程序", "不是空的"))


def test_migrating_lays_the_tables_of_the_queue_too(
    empty_url: str, postgres: PostgresServer
) -> None:
    office = Office(empty_url)

    assert office.run("migrate").exit_code == 0
    checked = office.run("check")
    assert ("消息队列：正常" in checked.stdout) == empty_url.startswith("postgres")
    assert checked.exit_code == 0, checked.output


def test_a_copy_onto_itself_is_refused_by_whatever_name(
    busy_office: Office, tmp_path: Path
) -> None:
    (tmp_path / "same").symlink_to(file_of(busy_office))

    told = busy_office.run("copy", "--to", f"sqlite:///{tmp_path / 'same'}")

    assert "同一个数据库" in told.stderr


def test_it_is_told_which_side_of_a_copy_is_wrong(busy_office: Office) -> None:
    nobody = "postgresql://wang:s3cret@127.0.0.1:1/plans"

    told = busy_office.run("copy", "--to", nobody)

    assert told.stderr.startswith("目标（--to）：连不上")
    assert "s3cret" not in told.stderr


def test_what_is_no_file_is_no_backup(busy_office: Office, tmp_path: Path) -> None:
    told = busy_office.run("restore", str(tmp_path))

    assert "不是普通文件" in told.stderr
