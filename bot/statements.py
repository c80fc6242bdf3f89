"""Statements that are run all the time: compiled once, and run with few detours.

Of the time that a short statement takes, SQLAlchemy's way to the driver and back is
nine tenths. Here it only begins the transaction and tells what an error means.
"""

from collections.abc import Awaitable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import Dialect, Executable
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.util import greenlet_spawn

from bot.sqlite_driver import is_ours, run, run_many

T = TypeVar("T")


async def fetch(
    session: AsyncSession, statement: Executable, given: Mapping[str, Any]
) -> list[tuple[Any, ...]]:
    """Run a statement in the transaction of *session*, and return all of its rows.

    It is to be one that is built once, with *given* for its parameters. Nothing is
    flushed before it. Raises DBAPIError, as SQLAlchemy does.
    """
    connection: Any = (await session.connection()).sync_connection
    ready = _ready(statement, connection.dialect)
    values = ready.values(given)
    line = connection.connection.dbapi_connection
    if is_ours(line):
        work = _fetch_by_sqlite(line, ready.sql, values)
    else:
        work = _fetch_by_asyncpg(line, connection.dialect, ready.sql, values)
    rows = await _told(connection, work, ready.sql, values)
    return ready.rows(rows)


async def execute_many(
    session: AsyncSession, statement: Executable, rows: Sequence[Mapping[str, Any]]
) -> None:
    """Run a statement that returns nothing, once for each of *rows*; as `fetch`."""
    connection: Any = (await session.connection()).sync_connection
    ready = _ready(statement, connection.dialect)
    values = [ready.values(row) for row in rows]
    line = connection.connection.dbapi_connection
    many: Any = run_many if is_ours(line) else _execute_many_by_asyncpg
    await _told(connection, many(line, ready.sql, values), ready.sql, values)


async def _told(connection: Any, work: Awaitable[T], sql: str, values: Any) -> T:
    """Do *work*; raises what SQLAlchemy would, and drops a connection that is lost."""
    try:
        return await work
    except BaseException as error:
        await greenlet_spawn(_explain, connection, error, sql, values)
        raise


def _explain(connection: Any, error: BaseException, sql: str, values: Any) -> None:
    try:
        if isinstance(error, Exception):
            connection.connection.dbapi_connection._handle_exception(error)
        raise error
    except BaseException as told:
        connection._handle_dbapi_exception(told, sql, values, None, None)


class _Ready:
    """A statement that is compiled for a database."""

    def __init__(self, statement: Executable, dialect: Dialect) -> None:
        # "render_postcompile": lists that the statement itself bears are written out.
        compiled: Any = statement.compile(  # type: ignore[attr-defined]
            dialect=dialect, compile_kwargs={"render_postcompile": True}
        )
        self.sql: str = compiled.string
        binds, processors = compiled.binds, compiled._bind_processors
        own = compiled.params | _defaults(compiled)
        self._own = {name: own[name] for name in own if not binds[name].required}
        self._places = [(name, processors.get(name)) for name in compiled.positiontup]
        self._read = [
            (place, read)
            for place, column in enumerate(compiled._result_columns)
            if (read := column.type._cached_result_processor(dialect, None))
        ]

    def values(self, given: Mapping[str, Any]) -> tuple[Any, ...]:
        """Put parameters in the order in which the driver wants them."""
        all_of = {**self._own, **given}
        return tuple(
            bind(all_of[name]) if bind else all_of[name] for name, bind in self._places
        )

    def rows(self, rows: Sequence[Sequence[Any]]) -> list[tuple[Any, ...]]:
        """Turn what the driver gave into our kinds of values, a column at a time."""
        if not (self._read and rows):
            return [tuple(row) for row in rows]
        columns: list[Iterable[Any]] = list(zip(*rows, strict=True))
        for place, read in self._read:
            columns[place] = map(read, columns[place])
        return list(zip(*columns, strict=True))


@lru_cache(maxsize=256)
def _ready(statement: Executable, dialect: Dialect) -> _Ready:
    return _Ready(statement, dialect)


def _defaults(compiled: Any) -> dict[str, Any]:
    """Return what columns are given of which the statement says nothing."""
    columns = (*compiled.insert_prefetch, *compiled.update_prefetch)
    if not all(column.default.is_scalar for column in columns):
        raise ValueError(f"a default that is worked out each time: {compiled}")
    return {column.key: column.default.arg for column in columns}


async def _fetch_by_sqlite(line: Any, sql: str, values: Any) -> Sequence[Any]:
    _, rows = await run(line, sql, values)
    return rows


async def _fetch_by_asyncpg(
    line: Any, dialect: Any, sql: str, values: Sequence[Any]
) -> Sequence[Any]:
    """Do what SQLAlchemy's cursor does, without the cursor."""
    async with line._execute_mutex:
        if line._transaction is None:
            await line._start_transaction()
        prepared, _ = await line._prepare(sql, dialect._invalidate_schema_cache_asof)
        rows: Sequence[Any] = await prepared.fetch(*values)
        return rows


async def _execute_many_by_asyncpg(
    line: Any, sql: str, rows: Sequence[Sequence[Any]]
) -> None:
    async with line._execute_mutex:
        if line._transaction is None:
            await line._start_transaction()
        await line._connection.executemany(sql, rows)
