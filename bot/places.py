"""Where a store is: its URL read, and the file of one on SQLite."""

import sqlite3
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from bot.errors import StoreError

_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "sqlite+aiosqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+asyncpg",
    "postgresql": "postgresql+asyncpg",
    "postgresql+asyncpg": "postgresql+asyncpg",
}
_BAD_URL = (
    "database.url 写法不对，应为 sqlite+aiosqlite:///文件 或"
    " postgresql://用户:密码@主机/库名；密码里的 @ : / % 要写成 %40 %3A %2F %25。"
)


def parsed(url: str) -> URL:
    """Read the URL; errors never quote it, for a password may stand in any part."""
    try:
        place = make_url(url)
    except (ArgumentError, ValueError):
        raise StoreError("the database URL cannot be read", reply=_BAD_URL) from None
    driver = _DRIVERS.get(place.drivername)
    if driver is None or "@" in (place.host or ""):
        raise StoreError("the database URL is of another kind", reply=_BAD_URL)
    sslmode = place.query.get("sslmode")
    if sslmode:  # what psql calls so has another name in asyncpg
        place = place.difference_update_query(["sslmode"])
        place = place.update_query_dict({"ssl": sslmode})
    return place.set(drivername=driver)


def sqlite_file(url: str) -> Path | None:
    """Return the file of a SQLite database; None if it has none. Raises StoreError."""
    place = parsed(url)
    return None if is_in_memory(place) else file_of(place)


def is_postgres(url: str) -> bool:
    """Tell whether several processes may share the database. Raises StoreError."""
    return parsed(url).get_backend_name() == "postgresql"


def identity_of(file: Path | None) -> tuple[int, int] | None:
    """Tell a file from any other that gets its name; None if it is not there."""
    try:
        found = file.stat() if file else None
    except OSError:
        return None
    return (found.st_dev, found.st_ino) if found else None


def is_in_memory(place: URL) -> bool:
    nowhere = place.database in {None, "", ":memory:"}
    return place.get_backend_name() == "sqlite" and nowhere


def file_of(place: URL) -> Path | None:
    """Return the file of a SQLite database; None of any other."""
    is_file = place.get_backend_name() == "sqlite" and place.database
    return Path(place.database or "") if is_file else None


def try_file(file: Path | None) -> None:
    """Let SQLite itself fail on what is no file.

    aiosqlite leaves a thread behind when it cannot open one, which then complains
    on the terminal that the loop is gone.
    """
    if file:
        sqlite3.connect(file).close()
