"""What a SQLite file holds, after it was checked from end to end."""

import hashlib
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.driver_errors import system_reason
from bot.errors import StoreError

_PATIENCE = 10  # seconds that one waits for another process to finish writing
_TABLES = (
    "SELECT name FROM sqlite_master WHERE type = 'table'"
    " AND name NOT LIKE 'sqlite_%' ORDER BY name"
)
_MARKS = {"alembic_version", "audit_entry"}  # tables that every office has
_CHUNK = 1 << 20

_REASONS = {
    "SQLITE_NOTADB": "{} 不是 SQLite 数据库，或已损坏。",
    "SQLITE_CORRUPT": "{} 已损坏，请换一份备份。",
    "SQLITE_CANTOPEN": "{} 打不开，请检查路径和权限。",
    "SQLITE_READONLY": "{} 不可写，请检查它和所在目录的权限。",
    "SQLITE_PERM": "{} 没有权限打开，请检查权限。",
    "SQLITE_BUSY": "{} 正被别的程序占用，请先停下再试。",
    "SQLITE_LOCKED": "{} 正被别的程序占用，请先停下再试。",
    "SQLITE_IOERR": "读写 {} 时出错，请检查磁盘。",
    "SQLITE_FULL": "磁盘已满，写不完 {}，请先清理磁盘。",
}


SIDES = ("-wal", "-shm", "-journal")
"""What SQLite may lay beside a database; without the first, rows are missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A file that passed every check: its schema revision and its rows per table."""

    revision: str
    counts: Mapping[str, int]


def look_into(file: Path, *, revisions: Sequence[str]) -> Snapshot:
    """Check a SQLite office from end to end; changes nothing.

    Every page and index is read, every foreign key followed, every row counted.
    *revisions* are the schemas that we know, oldest first. Raises StoreError if the
    file is missing, damaged, of another program or of a newer version of ours.
    """
    with explained(file):
        if file.exists() and not file.is_file():
            raise StoreError(f"no file {file}", reply=f"{file} 不是普通文件。")
        if not file.exists():
            raise StoreError(f"no file {file}", reply=f"找不到文件 {file}。")
    with explained(file), closing(read_only(file)) as connection:
        snapshot = read_snapshot(connection, file=file, revisions=revisions)
        faults = connection.execute("PRAGMA integrity_check(3)").fetchall()
        if faults != [("ok",)]:
            raise _damaged(file, "; ".join(str(fault) for (fault,) in faults))
        orphans = connection.execute("PRAGMA foreign_key_check").fetchall()
        if orphans:
            raise _damaged(file, f"{len(orphans)} rows without their parent")
    return snapshot


def read_snapshot(
    connection: sqlite3.Connection, *, file: Path, revisions: Sequence[str]
) -> Snapshot:
    """Read revision and counts as the connection's transaction sees them.

    Raises StoreError if *file* is no office of a revision that we know.
    """
    tables = [name for (name,) in connection.execute(_TABLES)]
    if not _MARKS.issubset(tables):
        words = f"{file} 里没有办公室的数据，不是本程序的数据库。"
        raise StoreError(f"{file}: no office", reply=words)
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    revision = row[0] if row else ""
    if revision not in revisions:
        words = f"{file} 由更新版本的程序写成，本程序不认识；请先升级程序。"
        raise StoreError(f"{file}: schema {revision!r}", reply=words)
    return Snapshot(
        revision=revision,
        counts={
            name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]
            for name in tables
            if name != "alembic_version"
        },
    )


def read_only(file: Path) -> sqlite3.Connection:
    """Open a file that nobody writes to, and leave no trace beside it."""
    lonely = not any(file.with_name(file.name + side).exists() for side in SIDES)
    return connect(file, mode="ro&immutable=1" if lonely else "ro")


def connect(file: Path, *, mode: str) -> sqlite3.Connection:
    """Open a SQLite file; *mode* is ro, rw (it must be there) or rwc."""
    # A colon or a question mark in the name must not be read as part of the URI.
    address = f"{file.absolute().as_uri()}?mode={mode}"
    return sqlite3.connect(address, uri=True, timeout=_PATIENCE, isolation_level=None)


def digest_of(file: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


@contextmanager
def explained(file: Path) -> Iterator[None]:
    """Turn what SQLite or the file system raises into a StoreError with a remedy."""
    try:
        yield
    except sqlite3.Error as error:
        raise StoreError(f"{file}: {error}", reply=_reason(error, file)) from error
    except OSError as error:
        words = f"读写 {error.filename or file} 时出错：{system_reason(error)}。"
        raise StoreError(f"{file}: {error}", reply=words) from error


def _reason(error: sqlite3.Error, file: Path) -> str:
    code = getattr(error, "sqlite_errorname", "")
    for start, words in _REASONS.items():
        if code.startswith(start):
            return words.format(file)
    return f"{file} 读不下去，可能已损坏（{error}）。"


def _damaged(file: Path, fault: str) -> StoreError:
    words = f"{file} 没有通过检查，已损坏（{fault}）。"
    return StoreError(f"{file}: {fault}", reply=words)
