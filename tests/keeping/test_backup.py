"""A backup is one state of the office, checked, or it is not there at all."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from made_offices import deliveries, fill_file

from bot.database import HEAD, REVISIONS
from bot.errors import StoreError
from bot.keeping.backup import Backup, write_backup
from bot.keeping.snapshot import Snapshot, digest_of, look_into

# Writes a pair of rows at a time, so that half a pair would be seen; tells the first.
WRITER = """
import sqlite3, sys
office = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=10)
number = 0
while True:
    number += 1
    office.execute("BEGIN IMMEDIATE")
    for half in "ab":
        row = (f"{number}{half}", "x" * 400)
        office.execute("INSERT INTO request (digest, text) VALUES (?, ?)", row)
    office.execute("COMMIT")
    if number == 20:
        print("busy", flush=True)
"""


@contextmanager
def somebody_writing(office: Path) -> Iterator[None]:
    command = [sys.executable, "-c", WRITER, str(office)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout
        assert writer.stdout.readline() == "busy\n"
        yield
        assert writer.poll() is None, "the writer should never be disturbed"
        writer.kill()


def back_up(office: Path, target: Path, *, force: bool = False) -> Backup:
    return write_backup(office, target, revisions=REVISIONS, force=force)


def rows(file: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute(query).fetchall()


def test_a_backup_holds_every_row_and_says_so(office: Path, tmp_path: Path) -> None:
    fill_file(office, deliveries(300))
    target = tmp_path / "备份 1?.db"

    done = back_up(office, target)

    assert done.snapshot.counts["delivery"] == 300
    assert done.snapshot.revision == HEAD
    assert (done.size, done.digest) == (target.stat().st_size, digest_of(target))
    everything = "SELECT * FROM delivery ORDER BY id"
    assert rows(target, everything) == rows(office, everything)


def test_a_backup_is_one_moment_of_an_office_that_goes_on(
    office: Path, tmp_path: Path
) -> None:
    fill_file(office, deliveries(5000))
    with closing(sqlite3.connect(office)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")

    with somebody_writing(office):
        backups = [back_up(office, tmp_path / f"{n}.db") for n in range(5)]

    counted = [done.snapshot.counts["request"] for done in backups]
    assert counted == sorted(counted)
    assert counted[-1] > counted[0] > 40
    assert all(count % 2 == 1 for count in counted), "one row, and pairs of rows"


def test_a_backup_is_one_file_for_its_owner_alone(office: Path, tmp_path: Path) -> None:
    target = tmp_path / "away" / "b.db"
    target.parent.mkdir()

    back_up(office, target)

    names = sorted(file.name for file in target.parent.iterdir())
    assert names == ["b.db", "b.db.sha256"]
    assert rows(target, "PRAGMA journal_mode") == [("delete",)]
    assert target.stat().st_mode & 0o077 == 0


def test_the_checksum_beside_it_is_that_of_the_last_backup(
    office: Path, tmp_path: Path
) -> None:
    target, kept = tmp_path / "b 1.db", tmp_path / "b 1.db.sha256"
    first = back_up(office, target)
    assert kept.read_text() == f"{first.digest}  b 1.db\n"

    fill_file(office, deliveries(3))
    second = back_up(office, target, force=True)

    assert second.digest != first.digest
    assert kept.read_text() == f"{second.digest}  b 1.db\n"
    assert kept.stat().st_mode & 0o077 == 0


KILLED = """
import os, sys
from pathlib import Path
from bot.database import REVISIONS
from bot.keeping import backup

backup.look_into = lambda *_, **__: os.kill(os.getpid(), 9)
backup.write_backup(Path(sys.argv[1]), Path(sys.argv[2]), revisions=REVISIONS)
"""


def test_what_a_killed_backup_left_goes_with_the_next_one(
    office: Path, tmp_path: Path
) -> None:
    target = tmp_path / "[b].db"
    command = [sys.executable, "-c", KILLED, str(office), str(target)]
    subprocess.run(command, check=False, cwd=Path(__file__).parents[2])
    (left,) = tmp_path.glob(".*.partial")
    other = tmp_path / ".another.db.x.partial"
    other.touch()

    back_up(office, target)

    assert not left.exists()
    assert other.exists()


def test_a_backup_under_way_is_left_alone_by_another_one(
    office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target, depth = tmp_path / "b.db", []

    def look(part: Path, *, revisions: Sequence[str]) -> Snapshot:
        depth.append(part)
        if len(depth) == 1:
            back_up(office, target)
            assert part.exists()
        return look_into(part, revisions=revisions)

    monkeypatch.setattr("bot.keeping.backup.look_into", look)
    back_up(office, target, force=True)

    assert len(set(depth)) == 2
    assert not list(tmp_path.glob(".*.partial"))


def test_what_is_there_is_not_overwritten_unasked(office: Path, tmp_path: Path) -> None:
    target = tmp_path / "b.db"
    target.write_text("mine")

    with pytest.raises(StoreError) as caught:
        back_up(office, target)
    assert "--force" in caught.value.reply
    assert target.read_text() == "mine"

    back_up(office, target, force=True)
    assert look_into(target, revisions=REVISIONS).revision == HEAD


@pytest.mark.parametrize(
    "name", ["bot.sqlite3", "bot.sqlite3-wal", "bot.sqlite3.lock", "same", "."]
)
def test_the_office_itself_is_never_overwritten(office: Path, name: str) -> None:
    (office.parent / "same").symlink_to(office)

    with pytest.raises(StoreError):
        back_up(office, office.parent / name, force=True)

    assert look_into(office, revisions=REVISIONS).revision == HEAD


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        ("DROP TABLE audit_entry", "不是本程序"),
        ("UPDATE alembic_version SET version_num = '9999'", "更新版本"),
        ("DELETE FROM request", "没有通过检查"),
    ],
)
def test_an_office_that_is_not_sound_is_not_backed_up(
    office: Path, tmp_path: Path, spoil: str, words: str
) -> None:
    fill_file(office, deliveries(2))
    with closing(sqlite3.connect(office)) as connection:
        connection.execute(spoil)
        connection.commit()

    with pytest.raises(StoreError) as caught:
        back_up(office, tmp_path / "b.db")

    assert words in caught.value.reply
    assert [file.name for file in tmp_path.iterdir()] == ["office"]


def test_pages_that_are_torn_are_noticed(office: Path, tmp_path: Path) -> None:
    fill_file(office, deliveries(2000))
    torn = bytearray(office.read_bytes())
    middle = len(torn) // 2 // 4096 * 4096
    torn[middle : middle + 4096] = bytes(4096)
    office.write_bytes(torn)

    with pytest.raises(StoreError):
        back_up(office, tmp_path / "b.db")

    assert not (tmp_path / "b.db").exists()


def test_a_full_disk_leaves_nothing_behind(office: Path, tmp_path: Path) -> None:
    fill_file(office, deliveries(2000))
    resource = pytest.importorskip("resource")
    signal = pytest.importorskip("signal")
    kept = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limits[1]))
    try:
        with pytest.raises(StoreError) as caught:
            back_up(office, tmp_path / "b.db")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, kept)

    assert "磁盘" in caught.value.reply
    assert office.name not in caught.value.reply  # whose disk is not the full one
    assert [file.name for file in tmp_path.iterdir()] == ["office"]


@pytest.mark.parametrize("length", [0, 99, 4096, -4096, -1])
def test_a_backup_cut_short_is_noticed(
    office: Path, tmp_path: Path, length: int
) -> None:
    fill_file(office, deliveries(500))
    back_up(office, tmp_path / "b.db")
    cut = tmp_path / "cut.db"
    cut.write_bytes((tmp_path / "b.db").read_bytes()[:length])

    with pytest.raises(StoreError) as caught:
        look_into(cut, revisions=REVISIONS)

    assert "cut.db" in caught.value.reply


def test_only_a_file_is_written_over(office: Path, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)

    with pytest.raises(StoreError):
        back_up(office, pipe, force=True)

    assert pipe.is_fifo()


@pytest.mark.parametrize("length", [300, 250])  # of 250, ours beside it is too long
def test_what_the_system_refuses_is_told_in_chinese(
    office: Path, tmp_path: Path, length: int
) -> None:
    target = tmp_path / ("x" * length)

    with pytest.raises(StoreError) as caught:
        back_up(office, target)

    assert f"读写 {target} 时出错：名字太长" in caught.value.reply
