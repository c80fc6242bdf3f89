"""The quick driver: a cursor is what it was, and nothing long stops the loop."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot import sqlite_driver
from bot.connections import connect

SLOW = """SELECT count(*) FROM (
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000000)
SELECT i FROM n)
"""


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    made = create_async_engine(
        f"{sqlite_driver.NAME}:///{tmp_path / 'a.sqlite3'}",
        connect_args={
            "isolation_level": None,
            "check_same_thread": False,
            "async_creator_fn": connect,
        },
    )
    async with made.connect() as connection:
        await connection.exec_driver_sql("PRAGMA busy_timeout = 100")
        await connection.exec_driver_sql(
            "CREATE TABLE t (id INTEGER PRIMARY KEY, word TEXT UNIQUE)"
        )
    yield made
    await made.dispose()


async def begin(connection: Any) -> None:
    await connection.exec_driver_sql(sqlite_driver.BEGIN)


@pytest.mark.parametrize("alone", [False, True])
async def test_a_cursor_tells_rows_counts_and_ids(
    engine: AsyncEngine, alone: bool
) -> None:
    async with engine.connect() as connection:
        if alone:
            await begin(connection)
        run = connection.exec_driver_sql
        assert (await run("INSERT INTO t (word) VALUES ('a')")).lastrowid == 1
        await run("INSERT INTO t (word) VALUES (?)", [("b",), ("c",)])
        assert (await run("UPDATE t SET word = word || '!'")).rowcount == 3
        rows = await run("SELECT id, word FROM t ORDER BY id")
        assert list(rows.keys()) == ["id", "word"]
        assert rows.fetchone() == (1, "a!")
        assert rows.fetchmany(1) == [(2, "b!")]
        assert rows.all() == [(3, "c!")]
        assert (await run("SELECT 1 WHERE 0")).all() == []


@pytest.mark.parametrize("alone", [False, True])
async def test_an_error_is_the_drivers_and_the_connection_goes_on(
    engine: AsyncEngine, alone: bool
) -> None:
    async with engine.connect() as connection:
        if alone:
            await begin(connection)
        await connection.exec_driver_sql("INSERT INTO t (word) VALUES ('a')")
        with pytest.raises(IntegrityError) as caught:
            await connection.exec_driver_sql("INSERT INTO t (word) VALUES ('a')")
        assert isinstance(caught.value.orig, sqlite3.IntegrityError)
        with pytest.raises(OperationalError):
            await connection.exec_driver_sql("SELECT nothing FROM nowhere")
        assert (await connection.execute(text("SELECT count(*) FROM t"))).scalar() == 1


async def test_only_one_writes_and_the_other_waits_without_holding_the_loop(
    engine: AsyncEngine,
) -> None:
    async with engine.connect() as one, engine.connect() as two:
        await begin(one)
        waiting = asyncio.create_task(begin(two))
        await asyncio.sleep(0.03)
        assert not waiting.done()
        await one.rollback()
        await waiting
        await two.rollback()


async def test_who_waits_too_long_to_write_is_told(engine: AsyncEngine) -> None:
    async with engine.connect() as one, engine.connect() as two:
        await two.exec_driver_sql("PRAGMA busy_timeout = 20")
        await begin(one)
        with pytest.raises(OperationalError, match="locked"):
            await begin(two)
        await one.rollback()
        patience = await two.exec_driver_sql("PRAGMA busy_timeout")
        assert patience.scalar() == 20  # as it was


async def test_who_is_cancelled_while_he_waits_to_write_has_nothing_open(
    engine: AsyncEngine,
) -> None:
    async with engine.connect() as one:
        await begin(one)

        async def write() -> None:
            async with engine.connect() as two:
                await begin(two)

        waiting = asyncio.create_task(write())
        await asyncio.sleep(0.03)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        await one.rollback()
    async with engine.connect() as three:
        await begin(three)
        await three.rollback()


async def test_what_is_undone_is_gone(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        await begin(connection)
        await connection.exec_driver_sql("INSERT INTO t (word) VALUES ('a')")
        await connection.rollback()
    async with engine.connect() as connection:
        count = await connection.exec_driver_sql("SELECT count(*) FROM t")
        assert count.scalar() == 0


async def test_a_long_reading_of_a_writer_leaves_the_loop_to_others(
    engine: AsyncEngine,
) -> None:
    async with engine.connect() as connection:
        await begin(connection)
        await connection.exec_driver_sql("INSERT INTO t (word) VALUES ('a')")
        reading = asyncio.create_task(connection.exec_driver_sql(SLOW))
        turns = 0
        while not reading.done():
            turns += 1
            await asyncio.sleep(0.001)
        assert reading.result().scalar() == 3_000_000
        assert turns > 3
        await connection.commit()
    async with engine.connect() as connection:
        count = await connection.exec_driver_sql("SELECT count(*) FROM t")
        assert count.scalar() == 1
