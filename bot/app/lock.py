"""One process on one SQLite file: a lock that the kernel frees when we die."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bot.errors import StoreError

_TAKEN = "这个数据库已由另一个 {kind} 使用（进程 {pid}），请先停止它，或等它结束再试。"
_UNKNOWN = "这个数据库正由另一个程序使用，请先停止它，或等它结束再试。"
_MANY = "要用多个进程，请换成 PostgreSQL，再用 bot web 和 bot worker。"
_RUN = "bot run"
_NO_PLACE = "锁文件 {file} 建不了，请检查它所在的目录和权限。"


@contextmanager
def only_one_on(database: Path, *, kind: str = _RUN) -> Iterator[None]:
    """Keep every other process that asks the same away from a SQLite file.

    *kind* is the command that asks. Raises StoreError if one is there already, with its
    kind and number. The file of the lock stays behind: to remove it would let a third
    one lock another file of that name.
    """
    file = database.with_name(f"{database.name}.lock")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(file, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise StoreError(f"{error}", reply=_NO_PLACE.format(file=file)) from error
    try:
        if not _lock(handle):
            raise StoreError(f"{file} is locked", reply=_taken(handle, kind=kind))
        with suppress(OSError):  # on a full disk the lock holds without the number
            os.ftruncate(handle, 0)
            os.pwrite(handle, f"{os.getpid()}\n{kind}\n".encode(), 0)
        _give_owner(handle, like=file.parent)
        yield
    finally:
        os.close(handle)


def _taken(handle: int, *, kind: str) -> str:
    """Say who has the lock of an open file, to a command of *kind*."""
    words = os.pread(handle, 60, 0).decode(errors="replace").split("\n")
    pid, theirs, *_ = *(word.strip() for word in words), "", ""
    known = pid and theirs  # another that has just begun has written neither yet
    told = _TAKEN.format(kind=theirs, pid=pid) if known else _UNKNOWN
    return told + _MANY if kind == _RUN else told


def _give_owner(handle: int, *, like: Path) -> None:
    """Let whoever owns the folder use the lock after us: root may restore, too."""
    with suppress(OSError, AttributeError):  # not on Windows, nor on every disk
        if os.geteuid() == 0:
            folder = like.stat()
            os.fchown(handle, folder.st_uid, folder.st_gid)


def is_taken(database: Path) -> bool:
    """Tell whether a process has a SQLite file for itself; changes nothing."""
    file = database.with_name(f"{database.name}.lock")
    if sys.platform == "win32" or not file.exists():
        return False
    import fcntl

    with file.open("rb") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _lock(handle: int) -> bool:
    if sys.platform == "win32":
        raise StoreError("no flock", reply="bot run 目前只能在 Linux 或 macOS 上运行。")
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
