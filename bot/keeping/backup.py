"""A backup of a SQLite office, taken while others write, and checked."""

import os
import sqlite3
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from glob import escape
from pathlib import Path

from bot.errors import StoreError
from bot.keeping.snapshot import (
    SIDES,
    Snapshot,
    connect,
    digest_of,
    explained,
    look_into,
    read_snapshot,
)

_NOT_WRITTEN = ("SQLITE_FULL", "SQLITE_IOERR_WRITE")  # the office is only read
_PAGES = 2048  # copied at a time; between two of them Ctrl-C is heard


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """A backup that is written and was checked; *size* in bytes."""

    file: Path
    size: int
    digest: str
    snapshot: Snapshot


def write_backup(
    office: Path, target: Path, *, revisions: Sequence[str], force: bool = False
) -> Backup:
    """Write a backup of *office* to *target*: whole and checked, or not at all.

    It is one state of the office, that of the moment of the call, though others go
    on writing. It is one file without a log beside it, readable by its owner alone.
    Raises StoreError if *target* exists and *force* is not set, if it is the office
    itself, or if anything at all goes wrong: then nothing is left behind.
    """
    with explained(target):
        refuse_target(office, target, force=force)
    with explained(target), partial_file(target) as part:
        # sqlite3.Error here may come from either file; both are told by their names.
        with explained(office), closing(connect(office, mode="rw")) as source:
            expected = _copy(source, part, office=office, revisions=revisions)
        snapshot = look_into(part, revisions=revisions)
        if snapshot != expected:
            raise StoreError(
                f"{target}: {snapshot} is not {expected}",
                reply="备份与数据库的行数不一致，没有保存，请再试一次。",
            )
        sync(part)
        backup = Backup(
            file=target,
            size=part.stat().st_size,
            digest=digest_of(part),
            snapshot=snapshot,
        )
        refuse_target(office, target, force=force)
        digest_file(target).unlink(missing_ok=True)  # that of what was there before
        part.replace(target)
        _write_digest(backup)
        sync(target.absolute().parent)
    return backup


def digest_file(backup: Path) -> Path:
    """Return the name under which the checksum of a backup is kept beside it."""
    return backup.with_name(f"{backup.name}.sha256")


def _write_digest(backup: Backup) -> None:
    """Keep the checksum as sha256sum does; without it the backup is as good."""
    file = digest_file(backup.file)
    with suppress(OSError):
        file.touch(mode=0o600)
        file.write_text(f"{backup.digest}  {backup.file.name}\n", encoding="utf-8")
        sync(file)


def check_digest(backup: Path) -> None:
    """Hold a backup against the checksum beside it, if there is one.

    Bytes that were changed within a page are noticed so alone. Raises StoreError.
    """
    file = digest_file(backup)
    with explained(file):
        if not file.is_file():
            return
        kept = file.read_text(encoding="utf-8", errors="replace").split()
        if kept[:1] != [digest_of(backup)]:
            words = (
                f"{backup} 和旁边的校验值（{file.name}）不符，备份可能已损坏，"
                "没有恢复；请换一份备份。确知是校验文件过时的，删掉它再试。"
            )
            raise StoreError(f"{backup}: the checksum differs", reply=words)


def refuse_target(office: Path, target: Path, *, force: bool) -> None:
    """Refuse a name under which no backup may be written; raises StoreError."""
    words = ""
    if not office.is_file():
        words = f"数据库文件 {office} 还没有建立，没有可备份的。"
    elif not target.absolute().parent.is_dir():
        words = f"没有“{target.parent}”这个文件夹，请先建好。"
    elif target.is_dir():
        words = f"{target} 是文件夹，请写明备份文件的名字。"
    elif target.exists() and not target.is_file():
        words = f"{target} 不是普通文件，不能写备份。"
    elif _belongs_to(target, office):
        words = f"{target} 是正在使用的数据库，不能拿备份覆盖它。"
    elif (target.exists() or target.is_symlink()) and not force:
        words = f"{target} 已经存在，没有覆盖；确要覆盖请加 --force。"
    if words:
        raise StoreError(f"no backup to {target}: {words}", reply=words)


def _belongs_to(target: Path, office: Path) -> bool:
    """Tell whether a file is the office, its lock or a log of it, by any name."""
    ends = ("", ".lock", *SIDES)
    names = [office.with_name(office.name + end) for end in ends]
    if target.exists():
        return any(name.exists() and target.samefile(name) for name in names)
    return target.resolve() in {name.resolve() for name in names}


def _copy(
    source: sqlite3.Connection, part: Path, *, office: Path, revisions: Sequence[str]
) -> Snapshot:
    """Copy the state that *source* sees now, and tell what it holds."""
    # Within one reading transaction the copy never has to begin anew, however often
    # others commit meanwhile; and the counts are of the very same state.
    source.execute("BEGIN")
    expected = read_snapshot(source, file=office, revisions=revisions)
    with closing(sqlite3.connect(part)) as copy:
        try:
            source.backup(copy, pages=_PAGES, progress=_hear_signals)
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, on any disk
        except sqlite3.Error as error:
            if getattr(error, "sqlite_errorname", "").startswith(_NOT_WRITTEN):
                words = "备份所在的磁盘写不下或出错，没有写成；请先清理，或换一个磁盘。"
                raise StoreError(f"{part}: {error}", reply=words) from error
            raise
    source.execute("ROLLBACK")
    return expected


def _hear_signals(status: int, remaining: int, total: int) -> None:
    """Do nothing, in Python: so that Ctrl-C is heard between two steps."""


@contextmanager
def partial_file(target: Path) -> Iterator[Path]:
    """Give a new file beside *target*; it goes, unless it was renamed meanwhile.

    One that an earlier backup left, because it was killed, goes first.
    """
    name, folder = f".{target.name}.", target.absolute().parent
    for left in folder.glob(f"{escape(name)}*.partial"):
        if not _is_locked(left):
            _remove(left)
    try:
        handle, made = tempfile.mkstemp(".partial", name, folder)
    except OSError as error:
        error.filename = str(target)  # the name that was asked for, not ours
        raise
    _is_locked(handle)  # as long as it is open, and ours
    part = Path(made)
    try:
        yield part
    finally:
        os.close(handle)
        _remove(part)


def _remove(part: Path) -> None:
    for side in ("", *SIDES):
        part.with_name(part.name + side).unlink(missing_ok=True)


def _is_locked(part: Path | int) -> bool:
    """Tell whether another process has a file locked; else lock it while it is open."""
    if sys.platform == "win32":
        return False
    import fcntl

    if isinstance(part, Path):
        with part.open("rb") as stream:
            return _is_locked(stream.fileno())
    try:
        fcntl.flock(part, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False


def sync(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk itself."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
