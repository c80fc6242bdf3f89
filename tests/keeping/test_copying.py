"""An office moves to another database and is the same there."""

import asyncio
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from uuid import uuid4

import pytest
from made_offices import NOON, deliveries, fill_file, rows_of_all_tables
from postgres import PostgresServer
from sqlalchemy import insert, select

from bot.database import Database
from bot.errors import StoreError
from bot.keeping.copying import CopiedTable, copy_office
from bot.keeping.rows import Checksum, plain_tables, read_rows
from bot.model import AuditEntry, Delivery, Request

ROOT = Path(__file__).parents[2]


def url_of(file: Path) -> str:
    return f"sqlite+aiosqlite:///{file}"


@asynccontextmanager
async def opened(*urls: str) -> AsyncIterator[list[Database]]:
    databases = [await Database.open(url) for url in urls]
    try:
        yield databases
    finally:
        for database in databases:
            await database.close()


async def copy(source: str, target: str) -> list[CopiedTable]:
    async with opened(source, target) as (here, there):
        async with here.reading() as reading, there.writing() as writing:
            return await copy_office(reading, writing)


async def sums(url: str) -> dict[str, str]:
    async with opened(url) as (database,), database.reading() as session:
        found = {}
        for table in plain_tables():
            checksum = Checksum(table)
            async for rows in read_rows(session, table):
                checksum.add(rows)
            found[table.name] = checksum.digest
        return found


@pytest.mark.parametrize("seed", range(6))
def test_an_office_comes_back_from_postgresql_as_it_went(
    seed: int, sqlite_template: Path, postgres: PostgresServer, postgres_template: str
) -> None:
    rows = rows_of_all_tables(Random(seed))

    async def there_and_back(folder: Path) -> None:
        here, back = folder / "here.sqlite3", folder / "back.sqlite3"
        for file in (here, back):
            shutil.copy(sqlite_template, file)
        fill_file(here, rows)
        name = f"plan_{uuid4().hex}"
        there = await postgres.create(name, like=postgres_template)
        try:
            gone = await copy(url_of(here), there)
            came = await copy(there, url_of(back))
        finally:
            await postgres.drop(name)
        assert gone == came
        assert {table.name: table.count for table in gone} == {
            name: len(made) for name, made in rows.items()
        }
        assert await sums(url_of(here)) == await sums(url_of(back))

    with TemporaryDirectory() as folder:
        asyncio.run(there_and_back(Path(folder)))


async def test_deliveries_that_point_at_later_ones_keep_their_links(
    office: Path, database_url: str
) -> None:
    rows = deliveries(1200)
    rows["delivery"][0] |= {"replaced_by": 1200, "follows": None}
    rows["delivery"][1] |= {"replaced_by": None, "follows": 1}
    for row in rows["delivery"][2:]:
        row |= {"replaced_by": None, "follows": None}
    fill_file(office, rows)

    await copy(url_of(office), database_url)

    async with opened(database_url) as (target,), target.reading() as session:
        kept = await session.get(Delivery, 1)
        part = await session.get(Delivery, 2)
    assert kept
    assert part
    assert (kept.replaced_by, part.follows) == (1200, 1)


async def test_what_json_and_text_may_hold_arrives_letter_by_letter(
    office: Path, database_url: str
) -> None:
    detail = {"字": "𠮷😀\n\u2028", "深": [{"a": None, "b": [1.5, 2**53 + 1, True]}]}
    long = "很长😀" * 300_000
    async with opened(url_of(office)) as (source,), source.writing() as session:
        session.add(Request(digest="d", text=long))
        entry = {"actor": "李", "event": "e", "about": "", "at": NOON}
        await session.execute(insert(AuditEntry).values(detail=detail, **entry))

    await copy(url_of(office), database_url)

    async with opened(database_url) as (target,), target.reading() as session:
        assert (await session.scalars(select(Request.text))).one() == long
        assert (await session.scalars(select(AuditEntry))).one().detail == detail


async def test_new_rows_are_numbered_after_those_that_came(
    office: Path, database_url: str
) -> None:
    fill_file(office, {"request": [{"id": 41, "digest": "d", "text": "x"}]})
    await copy(url_of(office), database_url)

    async with opened(database_url) as (target,), target.writing() as session:
        request = Request(digest="new", text="y")
        session.add(request)
        await session.flush()
        assert request.id == 42


async def test_a_target_that_holds_a_row_is_refused(
    office: Path, database_url: str
) -> None:
    async with opened(database_url) as (target,), target.writing() as session:
        session.add(Request(digest="mine", text="z"))
    fill_file(office, deliveries(2))

    with pytest.raises(StoreError) as caught:
        await copy(url_of(office), database_url)

    assert "不是空的" in caught.value.reply
    async with opened(database_url) as (target,), target.reading() as session:
        assert (await session.scalars(select(Request.digest))).all() == ["mine"]


async def test_a_row_that_postgresql_cannot_take_is_named_and_nothing_stays(
    office: Path, postgres: PostgresServer, postgres_template: str
) -> None:
    rows = deliveries(5)
    rows["delivery"][3]["address"] = "a\0b"
    fill_file(office, rows)
    name = f"plan_{uuid4().hex}"
    there = await postgres.create(name, like=postgres_template)
    try:
        with pytest.raises(StoreError) as caught:
            await copy(url_of(office), there)
        left = await sums(there)
    finally:
        await postgres.drop(name)

    assert "表 delivery 第 1 至 5 行" in caught.value.reply
    assert len(set(left.values())) == 1, "all tables are empty"


async def test_a_difference_between_the_two_sides_undoes_all(office: Path) -> None:
    target = office.with_name("target.sqlite3")
    shutil.copy(office, target)
    fill_file(office, deliveries(3))
    with closing(sqlite3.connect(target)) as connection:
        connection.execute(  # for whatever may change a row on its way
            "CREATE TRIGGER meddle AFTER INSERT ON delivery WHEN new.id = 2"
            " BEGIN UPDATE delivery SET tries = 9 WHERE id = 2; END"
        )

    with pytest.raises(StoreError) as caught:
        await copy(url_of(office), url_of(target))

    assert "delivery" in caught.value.reply
    assert len(set((await sums(url_of(target))).values())) == 1


# Copies, and dies when the deliveries are half over.
KILLED = """
import asyncio, os, sys
from bot.database import Database
from bot.keeping.copying import copy_office

def told(table, count):
    if table == "delivery" and count >= 1000:
        os.kill(os.getpid(), 9)

async def main():
    here, there = [await Database.open(url) for url in sys.argv[1:]]
    async with here.reading() as reading, there.writing() as writing:
        await copy_office(reading, writing, told=told)

asyncio.run(main())
"""


async def test_whoever_is_killed_in_the_middle_leaves_the_target_empty(
    office: Path, database_url: str
) -> None:
    fill_file(office, deliveries(3000))
    command = [sys.executable, "-c", KILLED, url_of(office), database_url]
    done = await asyncio.to_thread(subprocess.run, command, cwd=ROOT, check=False)
    assert done.returncode == -signal.SIGKILL

    assert len(set((await sums(database_url)).values())) == 1
    copied = await copy(url_of(office), database_url)

    assert {table.name: table.count for table in copied}["delivery"] == 3000
