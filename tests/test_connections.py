"""No connection is dropped open, whoever is cancelled when."""

import asyncio
import gc
import shutil
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from asyncpg import InterfaceError
from sqlalchemy import NullPool, text
from sqlalchemy.dialects.postgresql.asyncpg import AsyncAdapt_asyncpg_connection
from sqlalchemy.ext.asyncio import create_async_engine

from bot import connections
from bot.database import Database, schema_state
from bot.errors import StoreError


@pytest.fixture
def dropped(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Give what the garbage collector complains of, once it was asked to look."""
    found: list[str] = []
    with monkeypatch.context() as patch:
        patch.setattr(sys, "unraisablehook", lambda it: found.append(str(it.exc_value)))
        yield found


async def use(database: Database) -> None:
    for opened in (database.reading, database.writing, database.reading):
        async with opened() as session:
            await session.execute(text("SELECT 1"))


async def steps(count: int) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


async def the_others_end() -> None:
    others = asyncio.all_tasks() - {asyncio.current_task()}
    if others:
        _, hanging = await asyncio.wait(others, timeout=10)
        assert not hanging


async def test_a_session_may_end_after_its_store_was_closed(
    database_url: str, dropped: list[str]
) -> None:
    database = await Database.open(database_url)
    async with database.writing() as first, database.reading() as second:
        for session in (first, second):
            await session.execute(text("SELECT 1"))
        await database.close()

    del first, second, session, database
    gc.collect()
    assert dropped == []


async def test_a_closed_store_opens_no_session(database_url: str) -> None:
    database = await Database.open(database_url)
    await database.close()

    for opened in (database.reading, database.writing):
        with pytest.raises(StoreError):
            async with opened():
                pass


async def test_those_who_wait_for_their_turn_get_it_though_the_store_is_closed(
    database_url: str,
) -> None:
    database = await Database.open(database_url)

    async def write() -> None:
        async with database.writing() as session:
            await session.execute(text("SELECT 1"))

    async with asyncio.timeout(10):
        async with database.writing():
            waiting = [asyncio.create_task(write()) for _ in range(3)]
            await steps(5)
            await database.close()
        await asyncio.gather(*waiting)


@pytest.mark.parametrize("times", [1, 2, 3])
async def test_cancelled_at_any_moment_it_leaves_nothing_open(
    database_url: str, dropped: list[str], times: int
) -> None:
    for moment in range(0, 60, 4):
        database = await Database.open(database_url)
        task = asyncio.create_task(use(database))
        await steps(moment)
        for _ in range(times):
            task.cancel()
            await steps(2)
        await database.close()
        await asyncio.gather(task, return_exceptions=True)
        await the_others_end()
        del database, task
        gc.collect()

    assert dropped == []


@pytest.mark.parametrize("moment", range(1, 20, 3))
async def test_closing_is_not_left_half_done(
    database_url: str, dropped: list[str], moment: int
) -> None:
    database = await Database.open(database_url)
    await use(database)
    closing = asyncio.create_task(database.close())
    looking = asyncio.create_task(schema_state(database_url))
    await steps(moment)
    closing.cancel()
    looking.cancel()
    await asyncio.gather(closing, looking, return_exceptions=True)
    await the_others_end()

    del database, closing, looking
    gc.collect()
    assert dropped == []


@pytest.fixture
async def on_file(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[Database]:
    """Give an open store and its file, plans.sqlite3."""
    file = shutil.copy(sqlite_template, tmp_path / "plans.sqlite3")
    database = await Database.open(f"sqlite+aiosqlite:///{file}")
    yield database
    await database.close()


@pytest.mark.parametrize("is_replaced", [False, True])
async def test_a_file_that_was_deleted_or_replaced_is_used_no_more(
    on_file: Database, tmp_path: Path, sqlite_template: Path, is_replaced: bool
) -> None:
    await use(on_file)
    file = tmp_path / "plans.sqlite3"
    file.rename(tmp_path / "aside.sqlite3")
    if is_replaced:
        shutil.copy(sqlite_template, file)

    for opened in (on_file.reading, on_file.writing):
        with pytest.raises(StoreError) as caught:
            async with opened():
                pass
        assert "被删除或换掉" in caught.value.reply
    assert file.exists() is is_replaced, "and it is not made anew"

    (tmp_path / "aside.sqlite3").replace(file)
    await use(on_file)


ON_POSTGRES = pytest.mark.parametrize("database_url", ["postgres"], indirect=True)


async def backend_of(database: Database) -> int:
    async with database.writing() as session:
        return int(
            (await session.execute(text("SELECT pg_backend_pid()"))).scalar_one()
        )


async def from_outside(url: str, sql: str) -> str:
    engine = create_async_engine(url, poolclass=NullPool)
    async with engine.connect() as connection:
        found = (await connection.execute(text(sql))).scalar_one()
    await engine.dispose()
    return str(found)


@ON_POSTGRES
async def test_a_connection_that_the_server_has_closed_is_replaced(
    database_url: str, database: Database
) -> None:
    before = await backend_of(database)
    await from_outside(database_url, f"SELECT pg_terminate_backend({before}, 5000)")
    await asyncio.sleep(0.05)  # it says good-bye, and we hear it

    assert await backend_of(database) != before


@ON_POSTGRES
async def test_a_connection_that_was_just_used_is_not_tried_again(
    database_url: str, database: Database
) -> None:
    ours = await backend_of(database)
    last = f"SELECT query FROM pg_stat_activity WHERE pid = {ours}"

    async with database.writing():
        assert await from_outside(database_url, last) == "COMMIT;"


@ON_POSTGRES
async def test_a_connection_that_rested_and_does_not_answer_is_replaced(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await backend_of(database)
    with monkeypatch.context() as patch:
        patch.setattr(connections, "_LONG_IDLE", -1.0)
        patch.setattr(AsyncAdapt_asyncpg_connection, "ping", _silence)
        after = await backend_of(database)

    assert after != before


def _silence(connection: object) -> None:
    raise InterfaceError("nobody answers")


@ON_POSTGRES
async def test_what_is_written_at_once_stays_whatever_comes_after(
    database: Database,
) -> None:
    with pytest.raises(KeyError):
        await _write_at_once_and_fail(database)

    async with database.reading() as session:
        await session.execute(text("SELECT * FROM kept_at_once"))


async def _write_at_once_and_fail(database: Database) -> None:
    async with database.writing_at_once() as session:
        await session.execute(text("CREATE TABLE kept_at_once (id int)"))
        raise KeyError


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_what_is_written_at_once_goes_before_what_waits(
    database: Database,
) -> None:
    had: list[str] = []

    async def write(name: str, opened: Callable[[], Any]) -> None:
        async with opened():
            had.append(name)

    async with database.writing():
        later = asyncio.create_task(write("later", database.writing))
        await asyncio.sleep(0)
        now = asyncio.create_task(write("at once", database.writing_at_once))
        await asyncio.sleep(0)
    await asyncio.gather(now, later)

    assert had == ["at once", "later"]
