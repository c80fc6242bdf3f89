"""Opens SQLite or PostgreSQL, refuses a schema it does not know, and lets it grow."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, closing, contextmanager
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self

import msgspec
from sqlalchemy import URL, Connection, NullPool, event
from sqlalchemy.ext.asyncio import (
    AsyncConnection,
    AsyncEngine,
    AsyncSession,
    create_async_engine,
)

from bot import sqlite_driver
from bot.connections import Pool, connect, done_whole, try_after_a_rest
from bot.driver_errors import NO_SERVER, reason
from bot.errors import StoreError
from bot.places import file_of, identity_of, is_in_memory, parsed, try_file
from bot.places import is_postgres as is_postgres
from bot.places import sqlite_file as sqlite_file
from bot.sessions import sessions, transaction
from bot.turns import Turns

REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009")
"""Every revision of `bot/migrations/versions`, oldest first; a test compares them."""

HEAD = REVISIONS[-1]

SCRIPTS = "bot:migrations"
_MARK = "audit_entry"  # a table that only our schema has, from the first revision on
_QUEUE = "pgqueuer"  # how the names of the queue's tables begin, which stand beside
_LOCK = 0x706C616E  # any number, the same for all processes: "plan" in ASCII
FROZEN = 30
"""Seconds without a word after which PostgreSQL undoes an open transaction."""

_TURN = 30.0  # seconds that one waits for others of this process to finish writing
_PATIENCE = 10  # seconds that one waits for another process to finish writing
_TABLES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table'"
    " AND name NOT LIKE 'sqlite_%'",
    "postgresql": "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()",
}


class SchemaState(StrEnum):
    """What a database holds, as seen by this version of the program."""

    EMPTY = "empty"
    CURRENT = "current"
    OLDER = "older"
    NEWER = "newer"
    FOREIGN = "foreign"


_REMEDIES = {
    SchemaState.EMPTY: "数据库还没有建立，请先运行 bot migrate。",
    SchemaState.OLDER: "数据库还是旧版结构，请先备份，再运行 bot migrate 升级。",
    SchemaState.NEWER: "数据库由更新版本的程序建立，本程序不认识；"
    "请先升级程序（bot migrate 只能升级，不能降级）。",
    SchemaState.FOREIGN: "这个数据库里是别的程序的表，不能使用；"
    "请把 database.url 改到一个空库，再运行 bot migrate。",
}

_BUSY = "数据库一直忙，请稍后再试。"
_FAILED = "数据库升级没有成功，已全部撤销，原有数据没有改动；请把日志交给管理员。"


_GONE = (
    "数据库文件 {file} 在运行中被删除或换掉了，已停止读写，以免消息丢失。"
    "请停下程序，找回或恢复文件（bot restore），再启动。"
)


class Database:
    """The store, open: one writer and many readers, each in one transaction."""

    def __init__(self, place: URL, *, folder: TemporaryDirectory[str] | None) -> None:
        self._writer, self._reader = _engines(place)
        self._folder = folder
        self._file, self._identity = file_of(place), identity_of(file_of(place))
        self._is_closed = False
        self._turns = Turns()
        self._write = sessions(self._writer)
        self._read = sessions(self._reader)
        self._insert = sessions(_without_transactions(self._writer))

    @classmethod
    async def open(cls, url: str) -> Self:
        """Open the database at *url*, of which `migrate` has laid the tables.

        A database "in memory" ("sqlite+aiosqlite://") is new each time, gets its
        tables here and goes when it is closed; it is a file in a temporary folder,
        for one in real memory lets nobody read while somebody writes.

        Raises StoreError, with the remedy as its reply and without the password, if
        there is no such database or its schema is not that of `HEAD`.
        """
        place, folder = parsed(url), None
        if is_in_memory(place):
            folder = TemporaryDirectory(prefix="plan-bot-")
            place = place.set(database=str(Path(folder.name, "memory.sqlite3")))
            await _upgrade(place, SCRIPTS)
        with _explained(place):
            database = cls(place, folder=folder)
            try:
                state = await _state_at(place, database._reader)
                if state is not SchemaState.CURRENT:
                    raise _refusal(state, place)
            except BaseException:
                await database.close()
                raise
        return database

    @property
    def writers(self) -> int:
        """Tell how many may sensibly write side by side: on SQLite one."""
        return 3 if self._writer.dialect.name == "postgresql" else 1

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncSession]:
        """Give a session in one transaction: committed at the end, or undone.

        SQLite has one writer: whoever writes waits for those before. Do not open a
        second one inside; read there by the same session.
        """
        self._refuse_if_gone()
        async with self._turn(first=False), transaction(self._write()) as session:
            yield session

    @asynccontextmanager
    async def writing_at_once(self) -> AsyncIterator[AsyncSession]:
        """Give a session for one statement, which is committed when it has run.

        A second one is not undone with the first. On SQLite it goes before those of
        `writing`, on PostgreSQL it needs neither BEGIN nor COMMIT, each of which waits
        for an answer.
        """
        self._refuse_if_gone()
        async with self._turn(first=True), transaction(self._insert()) as session:
            yield session

    @asynccontextmanager
    async def _turn(self, *, first: bool) -> AsyncIterator[None]:
        """Wait for the turn to write, where one alone can; raises StoreError."""
        if self.writers > 1:
            yield
            return
        async with AsyncExitStack() as stack:
            try:
                turn = self._turns.turn(first=first, within=_TURN)
                await stack.enter_async_context(turn)
            except TimeoutError as error:
                raise StoreError("nobody could write for long", reply=_BUSY) from error
            yield

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """Give a session that sees one state of the store, and can write nothing."""
        self._refuse_if_gone()
        async with transaction(self._read()) as session:
            yield session

    async def close(self) -> None:
        """Close all connections; safe to call twice.

        Those of sessions that have not ended yet are closed when these end; a new
        session is refused with a StoreError.
        """
        self._is_closed = True
        await done_whole(self._dispose())
        if self._folder:
            self._folder.cleanup()

    async def _dispose(self) -> None:
        await self._reader.dispose()
        await self._writer.dispose()

    def _refuse_if_gone(self) -> None:
        """Give nobody a file that no longer stands under its name: all would be lost.

        Raises StoreError.
        """
        if self._is_closed:
            raise StoreError("the store is closed", reply=NO_SERVER)
        if self._file and identity_of(self._file) != self._identity:
            words = _GONE.format(file=self._file)
            raise StoreError(f"{self._file} was deleted or replaced", reply=words)


async def schema_state(url: str) -> SchemaState:
    """Tell what the database at *url* holds; a missing SQLite file is EMPTY.

    Changes and creates nothing. Raises StoreError if it cannot be looked into.
    """
    place = parsed(url)
    with _explained(place):
        _, reader = _engines(place)
        try:
            return await _state_at(place, reader)
        finally:
            await done_whole(reader.dispose())


async def migrate(url: str, *, scripts: str = SCRIPTS) -> None:
    """Create the tables, or bring them to the newest revision, in one transaction.

    Does nothing where nothing is to be done; of two processes the second one waits.
    *scripts* is the Alembic folder. Raises StoreError if the schema is newer or of
    another program, or if a step fails: then all is as it was before.
    """
    place = parsed(url)
    if is_in_memory(place):  # `Database.open` lays its tables
        return
    with _explained(place):
        file = file_of(place)
        if file:
            file.parent.mkdir(parents=True, exist_ok=True)
        try_file(file)
        await _upgrade(place, scripts)


async def _upgrade(place: URL, scripts: str) -> None:
    file = file_of(place)
    if file:
        await _use_wal(file)
    engine = _migrating_engine(place)
    try:
        async with engine.begin() as connection:
            if place.get_backend_name() == "postgresql":
                lock = f"SELECT pg_advisory_xact_lock({_LOCK})"
                await connection.exec_driver_sql(lock)
            state = await _state(connection)
            if state in (SchemaState.NEWER, SchemaState.FOREIGN):
                raise _refusal(state, place)
            with _explained(place, otherwise=_FAILED):
                await connection.run_sync(_run_alembic, scripts)
                await _check_foreign_keys(connection)
    finally:
        await done_whole(engine.dispose())


async def _use_wal(file: Path) -> None:
    """Switch a file to the write-ahead log, which it remembers.

    For this step alone SQLite does not wait while another process is at the file,
    whatever its busy_timeout, so we wait ourselves.
    """
    for pause in (*[0.02] * (_PATIENCE * 50), None):
        try:
            with closing(sqlite3.connect(file, timeout=0)) as connection:
                connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if not sqlite_driver.is_busy(error) or pause is None:
                raise
            await asyncio.sleep(pause)


def _run_alembic(connection: Connection, scripts: str) -> None:
    from alembic import command  # 0.2 s, which only a migration should pay
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", scripts.replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


async def _check_foreign_keys(connection: AsyncConnection) -> None:
    """SQLite keeps no foreign keys while it migrates, so look afterwards."""
    if connection.dialect.name != "sqlite":
        return
    broken = (await connection.exec_driver_sql("PRAGMA foreign_key_check")).all()
    if broken:
        raise StoreError(
            f"the migration left {len(broken)} rows without their parent", reply=_FAILED
        )


async def _state_at(place: URL, engine: AsyncEngine) -> SchemaState:
    file = file_of(place)
    if file and not file.exists():  # SQLite would create it
        return SchemaState.EMPTY
    try_file(file)
    async with engine.connect() as connection:
        return await _state(connection)


async def _state(connection: AsyncConnection) -> SchemaState:
    """Compare the tables and the revision; Alembic is not needed for that."""
    found = await connection.exec_driver_sql(_TABLES[connection.dialect.name])
    tables = {name for name in found.scalars() if not name.startswith(_QUEUE)}
    if tables <= {"alembic_version"}:
        return SchemaState.EMPTY
    if not tables.issuperset({"alembic_version", _MARK}):
        return SchemaState.FOREIGN
    versions = await connection.exec_driver_sql(
        "SELECT version_num FROM alembic_version"
    )
    revision = versions.scalar()
    if revision == HEAD:
        return SchemaState.CURRENT
    return SchemaState.OLDER if revision in REVISIONS else SchemaState.NEWER


def _refusal(state: SchemaState, place: URL) -> StoreError:
    return StoreError(f"{place!r}: the schema is {state}", reply=_REMEDIES[state])


def _json_text(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def _engine(place: URL, **options: Any) -> AsyncEngine:
    return create_async_engine(
        place,
        json_serializer=_json_text,  # keeps Chinese legible in the file
        json_deserializer=msgspec.json.decode,
        hide_parameters=True,  # what people write belongs in no traceback
        **options,
    )


def _engines(place: URL) -> tuple[AsyncEngine, AsyncEngine]:
    """Make the writer and the reader; nothing is connected yet."""
    if place.get_backend_name() == "sqlite":
        writer = _sqlite_engine(
            place,
            begin="BEGIN IMMEDIATE",
            pragmas=("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"),
            poolclass=Pool,
            pool_size=1,
            max_overflow=0,
        )
        return writer, _sqlite_engine(
            place, begin="BEGIN", pragmas=("query_only=ON",), poolclass=Pool
        )
    writer = _postgres_engine(place, poolclass=Pool)
    try_after_a_rest(writer.sync_engine)
    reader = writer.execution_options(
        isolation_level="REPEATABLE READ", postgresql_readonly=True
    )
    return writer, reader


def _without_transactions(writer: AsyncEngine) -> AsyncEngine:
    """Make an engine on the same connections, where each statement is for good.

    SQLite gains nothing by it: there, only the COMMIT waits for anything.
    """
    if writer.dialect.name != "postgresql":
        return writer
    return writer.execution_options(isolation_level="AUTOCOMMIT")


def _migrating_engine(place: URL) -> AsyncEngine:
    """Make the engine of a migration, which waits a minute for another one's."""
    if place.get_backend_name() != "sqlite":
        return _postgres_engine(place, poolclass=NullPool)
    return _sqlite_engine(
        place,
        begin="BEGIN IMMEDIATE",
        # A batch migration drops and makes tables anew: with foreign keys on, that
        # deletes all children by ON DELETE CASCADE, and says nothing.
        pragmas=("busy_timeout=60000", "foreign_keys=OFF"),
        poolclass=NullPool,
    )


def _postgres_engine(place: URL, **options: Any) -> AsyncEngine:
    """Make an engine whose transactions end if we freeze, or our host disappears.

    Otherwise what they hold, such as a lane, would be nobody's to take for hours.
    """
    engine = _engine(place, connect_args={"timeout": 10}, **options)

    def prepare(connection: Any, record: Any) -> None:
        cursor = connection.cursor()
        cursor.execute(f"SET idle_in_transaction_session_timeout = '{FROZEN}s'")
        cursor.close()
        connection.commit()

    event.listen(engine.sync_engine, "connect", prepare)
    return engine


def _sqlite_engine(
    place: URL, *, begin: str, pragmas: tuple[str, ...], **options: Any
) -> AsyncEngine:
    """Make an engine on which we alone say when a transaction begins.

    The driver's own way begins at the first change of a row: too late to see one
    state, and too late for DDL, so that a failed migration would stay half done.
    """
    place = place.set(drivername=sqlite_driver.NAME)
    arguments = {
        "isolation_level": None,
        "check_same_thread": False,
        "async_creator_fn": connect,
    }
    engine = _engine(place, connect_args=arguments, **options)

    def prepare(connection: Any, record: Any) -> None:
        cursor = connection.cursor()
        for pragma in (f"busy_timeout={_PATIENCE * 1000}", *pragmas):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    def start(connection: Connection) -> None:
        # By the cursor: all else that SQLAlchemy would do takes longer than it does.
        line: Any = connection.connection.dbapi_connection
        line.cursor().execute(begin)

    event.listen(engine.sync_engine, "connect", prepare)
    event.listen(engine.sync_engine, "begin", start)
    return engine


@contextmanager
def _explained(place: URL, *, otherwise: str = StoreError.reply) -> Iterator[None]:
    """Turn whatever a driver raises into a StoreError with a remedy."""
    try:
        yield
    except StoreError:
        raise
    except Exception as error:
        reply = reason(error, on_disk=file_of(place) is not None) or otherwise
        raise StoreError(f"{place!r}: {error}", reply=reply) from error
