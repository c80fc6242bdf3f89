"""One process on one SQLite file: a lock that the kernel frees when we die."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bot.errors import StoreError

_TAKEN = (
    "这个数据库已由另一个 bot run 使用（进程 {pid}），不能再启动一个。"
    "请先停止它；要用多个进程，请换成 PostgreSQL，再用 bot web 和 bot worker。"
)
_NO_PLACE = "锁文件 {file} 建不了，请检查它所在的目录和权限。"


@contextmanager
def only_one_on(database: Path) -> Iterator[None]:
    """Keep every other process that asks the same away from a SQLite file.

    Raises StoreError if one is there already, with its number. The file of the lock
    stays behind: to remove it would let a third one lock another file of that name.
    """
    file = database.with_name(f"{database.name}.lock")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(file, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise StoreError(f"{error}", reply=_NO_PLACE.format(file=file)) from error
    try:
        if not _lock(handle):
            pid = os.pread(handle, 20, 0).decode(errors="replace").strip() or "？"
            raise StoreError(f"{file} is locked", reply=_TAKEN.format(pid=pid))
        with suppress(OSError):  # on a full disk the lock holds without the number
            os.ftruncate(handle, 0)
            os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(handle)


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
