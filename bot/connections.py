"""Connections that are tried when they may be dead, and closed in every case."""

import asyncio
import sqlite3
from collections.abc import Coroutine
from threading import Thread
from time import monotonic
from typing import Any

import aiosqlite
from sqlalchemy import AsyncAdaptedQueuePool, Engine, event
from sqlalchemy.exc import DisconnectionError, InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry

_LONG_IDLE = 5.0  # seconds after which somebody on the way may have dropped a line


class Pool(AsyncAdaptedQueuePool):
    """A pool that, once disposed of, closes what comes back late.

    By itself it would keep that, which nobody closes any more: a session may end
    after its store was closed, as one that was cancelled does.
    """

    _sqla_logger_namespace = "sqlalchemy.pool"  # else it would speak in our name
    _is_over = False
    _waiting = 0  # for a connection

    def dispose(self) -> None:
        """Close what is here now, and what is still out as soon as it is back."""
        self._is_over = True
        super().dispose()

    def recreate(self) -> Any:
        """Make the pool that follows: after the end it keeps nothing either."""
        fresh: Any = super().recreate()
        fresh._is_over = self._is_over
        return fresh

    def _do_get(self) -> ConnectionPoolEntry:
        self._waiting += 1
        try:
            return super()._do_get()
        except BaseException:
            self._close_if_over()
            raise
        finally:
            self._waiting -= 1

    def _do_return_conn(self, record: ConnectionPoolEntry) -> None:
        super()._do_return_conn(record)
        if not self._waiting:  # else it is theirs
            self._close_if_over()

    def _close_if_over(self) -> None:
        if self._is_over:
            super().dispose()


def try_after_a_rest(engine: Engine) -> None:
    """Have connections to PostgreSQL tried before use that were idle for long.

    SQLAlchemy's own "pre-ping" costs three more round trips each time, which is as much
    as most transactions. One that the server has closed is known without asking.
    """

    def note(connection: Any, record: ConnectionPoolEntry) -> None:
        record.info["back_at"] = monotonic()

    def check(connection: Any, record: ConnectionPoolEntry, _: object) -> None:
        back_at = record.info.pop("back_at", None)
        if back_at is None:  # it is new
            return
        if connection.driver_connection.is_closed():
            raise DisconnectionError("the server has closed it")
        if monotonic() - back_at > _LONG_IDLE:
            try:
                connection.ping()
            except Exception as error:
                raise InvalidatePoolError("it does not answer") from error

    event.listen(engine, "checkin", note)
    event.listen(engine, "checkout", check)


class _Connection(aiosqlite.Connection):
    """A connection that may be told to stop twice.

    By itself the second one waits for ever, for the thread has gone: so it happens
    if a cancellation comes while a cancelled session closes.
    """

    _stopped: asyncio.Future[Any] | None = None
    _is_stopping = False

    def stop(self) -> asyncio.Future[Any] | None:
        """Have the thread close the file and go."""
        if not self._is_stopping:
            self._is_stopping = True
            self._stopped = super().stop()
        return self._stopped


def connect(database: str, **options: Any) -> aiosqlite.Connection:
    """Make a connection, to be awaited, whose thread keeps no process alive."""

    def open_file() -> sqlite3.Connection:
        file: sqlite3.Connection = sqlite3.connect(database, **options)
        return file

    connection = _Connection(open_file, iter_chunk_size=64)
    thread: Thread = connection._thread
    thread.daemon = True
    return connection


async def done_whole(work: Coroutine[Any, Any, None]) -> None:
    """Do *work* to its end, though we be cancelled meanwhile: that comes afterwards."""
    task = asyncio.create_task(work)
    is_cancelled = False
    while not task.done():
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError:
            is_cancelled = True
    task.result()
    if is_cancelled:
        raise asyncio.CancelledError
