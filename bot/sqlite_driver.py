"""SQLite by aiosqlite, with fewer visits to its thread.

A visit costs several times what a short statement does, and aiosqlite makes four a
statement. Here it is one, in which a cursor is opened, run, read out and closed; and
none for short statements of a writer, who has the database to himself: those run at
once, as does a COMMIT of nothing. Whatever waits goes to the thread: for the disk
(COMMIT) and for long work; a SELECT that turns out long is stopped and goes there, too.
For another process to finish writing we wait ourselves.
"""

import asyncio
import re
import sqlite3
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.aiosqlite import (
    AsyncAdapt_aiosqlite_connection,
    AsyncAdapt_aiosqlite_cursor,
    AsyncAdapt_aiosqlite_dbapi,
    SQLiteDialect_aiosqlite,
)
from sqlalchemy.util import EMPTY_DICT

NAME = "sqlite+quick"
"""The name of the driver in the URL of an engine."""


BEGIN = "BEGIN IMMEDIATE"
"""What a writer begins with."""

_SHORT = ("INSERT", "SELECT")
# An UPDATE may be one of many rows, and not be stopped: but not if it names its rows.
_NAMED = re.compile(r" IN \(SELECT value FROM json_each\(\?\)\)|\.id = \?$")
_MOST_NAMES = 4096  # characters of a list of names
_MOST_TEXT = 32 * 1024  # characters of a parameter; more of them is more work
_MOST_VALUES = 500
_MOST_ROWS = 100
_MOST_STEPS = 20_000  # of SQLite's machine; a millisecond or two
_PAUSE = 0.01  # seconds between two tries to begin


@dataclass(slots=True)
class _Ended:
    """What is left of a cursor that was read out."""

    description: Any = None
    rowcount: int = -1
    lastrowid: int | None = None
    arraysize: int = 1


class _Cursor(AsyncAdapt_aiosqlite_cursor):
    __slots__ = ()

    def __init__(self, connection: "_Connection") -> None:
        """Open nothing: that is done with the statement."""
        self._adapt_connection: Any = connection
        self._connection = connection._connection
        self._soft_closed_memoized = EMPTY_DICT
        self._rows = deque()
        self._cursor: Any = _Ended()

    async def _execute_async(self, operation: Any, parameters: Any) -> Any:
        if operation == BEGIN:
            await _begin_alone(self._adapt_connection)
            return
        ended, rows = await run(self._adapt_connection, operation, parameters)
        self._cursor, self._rows = ended, deque(rows)

    async def _executemany_async(self, operation: Any, seq_of_parameters: Any) -> Any:
        self._cursor = await run_many(
            self._adapt_connection, operation, seq_of_parameters
        )

    async def _async_soft_close(self) -> None:
        """Do nothing: it is closed."""

    def close(self) -> None:
        """Forget what was read."""
        self._rows.clear()


class _Connection(AsyncAdapt_aiosqlite_connection):
    __slots__ = ("changes", "is_alone")

    _cursor_cls: Any = _Cursor

    def __init__(self, dbapi: Any, connection: Any) -> None:
        """Take over a connection that is open."""
        super().__init__(dbapi, connection)
        self.is_alone = False  # in a transaction in which nobody else may write
        self.changes = 0  # rows changed before it

    def commit(self) -> None:
        """Write what is open to the disk; if it is nothing, there is no wait."""
        line: Any = self._connection
        if self.is_alone and line._conn.total_changes == self.changes:
            line._conn.commit()
        else:
            super().commit()
        self.is_alone = False

    def rollback(self) -> None:
        """Undo what is open; after a commit there is nothing."""
        self.is_alone = False
        if self._connection._connection and self._connection.in_transaction:
            super().rollback()


class _Dbapi(AsyncAdapt_aiosqlite_dbapi):
    def connect(self, *arg: Any, **kw: Any) -> AsyncAdapt_aiosqlite_connection:
        """Connect as SQLAlchemy does, to a connection of our kind."""
        plain = super().connect(*arg, **kw)
        return _Connection(self, plain._connection)


class Dialect(SQLiteDialect_aiosqlite):
    """SQLite as SQLAlchemy knows it, by the quicker way."""

    driver = "quick"
    supports_statement_cache = True

    @classmethod
    def import_dbapi(cls) -> AsyncAdapt_aiosqlite_dbapi:
        """Give the driver."""
        return _Dbapi(__import__("aiosqlite"), sqlite3)


registry.register("sqlite.quick", __name__, "Dialect")


def is_ours(connection: Any) -> bool:
    """Tell whether a connection is one of this driver."""
    return isinstance(connection, _Connection)


async def run(
    connection: Any, operation: str, parameters: Any
) -> tuple[_Ended, Sequence[Any]]:
    """Run a statement; returns what is left of its cursor, and all of its rows."""
    async with connection._execute_mutex:
        line = connection._connection
        done = None
        if connection.is_alone and _is_short(operation, parameters):
            done = _execute_at_once(line._conn, operation, parameters or ())
        if done is None:
            done = await line._execute(
                _execute, line._conn, operation, parameters or ()
            )
        ended, rows = done
        return ended, rows


async def run_many(connection: Any, operation: str, rows: Sequence[Any]) -> _Ended:
    """Run a statement that returns no rows, once for each of *rows*."""
    async with connection._execute_mutex:
        line = connection._connection
        if connection.is_alone and len(rows) < _MOST_ROWS:
            ended, _ = _execute_many(line._conn, operation, rows)
        else:
            ended, _ = await line._execute(_execute_many, line._conn, operation, rows)
        return ended


async def _begin_alone(connection: Any) -> None:
    async with connection._execute_mutex:
        line = connection._connection
        await _begin(line._conn)
        connection.is_alone = True
        connection.changes = line._conn.total_changes


def _is_short(operation: str, parameters: Any) -> bool:
    most = _MOST_TEXT
    if operation.startswith("UPDATE") and _NAMED.search(operation):
        most = _MOST_NAMES
    elif not operation.startswith(_SHORT):
        return False
    if not parameters:
        return True
    if len(parameters) > _MOST_VALUES:
        return False
    return all(len(one) <= most for one in parameters if isinstance(one, str))


def is_busy(error: sqlite3.OperationalError) -> bool:
    """Tell whether another process is at the file, for whatever reason."""
    return error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY


async def _begin(connection: sqlite3.Connection) -> None:
    """Begin to write as soon as nobody else does; raises OperationalError in the end.

    We wait as long as busy_timeout says, but leave the event loop to others.
    """
    (patience,) = connection.execute("PRAGMA busy_timeout").fetchone()
    connection.execute("PRAGMA busy_timeout = 0")
    loop = asyncio.get_running_loop()
    until = loop.time() + patience / 1000
    try:
        while True:
            try:
                connection.execute(BEGIN)
                return
            except sqlite3.OperationalError as error:
                if not is_busy(error) or loop.time() >= until:
                    raise
            await asyncio.sleep(_PAUSE)
    finally:
        connection.execute(f"PRAGMA busy_timeout = {patience}")


def _execute_at_once(
    connection: sqlite3.Connection, operation: str, parameters: Any
) -> tuple[_Ended, Sequence[Any]] | None:
    """Execute; None if a SELECT was stopped, which has changed nothing.

    Nothing else is stopped: that would undo the whole transaction.
    """
    if not operation.startswith("SELECT"):
        return _execute(connection, operation, parameters)
    connection.set_progress_handler(lambda: 1, _MOST_STEPS)
    try:
        return _execute(connection, operation, parameters)
    except sqlite3.OperationalError as error:
        if error.sqlite_errorname != "SQLITE_INTERRUPT":
            raise
        return None
    finally:
        connection.set_progress_handler(None, 0)


def _execute(
    connection: sqlite3.Connection, operation: str, parameters: Any
) -> tuple[_Ended, Sequence[Any]]:
    cursor = connection.execute(operation, parameters)
    return _read_out(cursor)


def _execute_many(
    connection: sqlite3.Connection, operation: str, parameters: Any
) -> tuple[_Ended, Sequence[Any]]:
    return _read_out(connection.executemany(operation, parameters))


def _read_out(cursor: sqlite3.Cursor) -> tuple[_Ended, Sequence[Any]]:
    try:
        rows = cursor.fetchall() if cursor.description else []
        ended = _Ended(cursor.description, cursor.rowcount, cursor.lastrowid)
    finally:
        cursor.close()
    return ended, rows
