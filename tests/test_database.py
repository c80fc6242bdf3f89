"""The store: one writer, many readers, and no schema that it does not know."""

import asyncio
import os
import shutil
import sqlite3
import subprocess
import sys
import traceback
from contextlib import closing
from pathlib import Path

import pytest
from postgres import PostgresServer
from sqlalchemy import make_url, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from bot.database import Database, SchemaState, migrate, schema_state
from bot.errors import StoreError
from bot.model import Account, Person, Role

OUR_SERVER = pytest.mark.skipif(
    "TEST_DATABASE_URL" in os.environ, reason="the server given may trust everybody"
)


def a_person(name: str = "王丽") -> Person:
    return Person(name=name, department="县科协", role=Role.LIAISON)


async def names(database: Database) -> list[str]:
    async with database.reading() as session:
        return list(await session.scalars(select(Person.name).order_by(Person.id)))


async def write_and_fail(database: Database) -> None:
    async with database.writing() as session:
        session.add(a_person())
        await session.flush()
        raise KeyError


async def write_where_one_reads(database: Database) -> None:
    async with database.reading() as session:
        session.add(a_person())
        await session.flush()


async def run_sql(url: str, *statements: str) -> None:
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        for statement in statements:
            await connection.execute(text(statement))
    await engine.dispose()


async def refusal(url: str) -> StoreError:
    with pytest.raises(StoreError) as caught:
        await Database.open(url)
    return caught.value


async def test_what_was_written_can_be_read(database: Database) -> None:
    async with database.writing() as session:
        session.add(a_person())

    assert await names(database) == ["王丽"]


async def test_a_use_case_that_fails_leaves_nothing(database: Database) -> None:
    with pytest.raises(KeyError):
        await write_and_fail(database)

    assert await names(database) == []


async def test_a_reader_can_write_nothing(database: Database) -> None:
    with pytest.raises((StoreError, DBAPIError)):
        await write_where_one_reads(database)

    assert await names(database) == []


async def test_a_reader_does_not_wait_for_a_writer(database: Database) -> None:
    async with database.writing() as session:
        session.add(a_person())
        await session.flush()
        assert await names(database) == []

    assert await names(database) == ["王丽"]


async def test_a_reader_sees_one_state(database: Database) -> None:
    async with database.reading() as session:
        count = select(Person)
        assert (await session.scalars(count)).all() == []
        async with database.writing() as writer:
            writer.add(a_person())
        assert (await session.scalars(count)).all() == []


async def test_writers_take_turns(database_url: str) -> None:
    stores = [await Database.open(database_url) for _ in range(2)]

    async def write(number: int) -> None:
        async with stores[number % 2].writing() as session:
            session.add(a_person(str(number)))

    await asyncio.gather(*(write(number) for number in range(20)))

    assert sorted(await names(stores[0]), key=int) == [str(n) for n in range(20)]
    for store in stores:
        await store.close()


async def test_what_has_gone_from_one_table_has_gone_from_the_other(
    session: AsyncSession,
) -> None:
    account = Account(channel="console", address="1", person=a_person())
    session.add(account)
    await session.flush()

    await session.execute(text("DELETE FROM person"))
    await session.refresh(account)

    assert account.person_id is None


async def test_a_broken_rule_is_told_as_such(database: Database) -> None:
    with pytest.raises(IntegrityError):
        await write_the_same_twice(database)


async def write_the_same_twice(database: Database) -> None:
    async with database.writing() as session:
        for _ in range(2):
            session.add(Account(channel="console", address="1"))


async def test_chinese_stays_legible_in_the_tables(session: AsyncSession) -> None:
    account = Account(channel="console", address="1")
    session.add(account)
    await session.flush()
    account.talk = account.talk.__class__(asked="那谁牵头")
    await session.flush()

    kept = await session.scalar(text("SELECT CAST(talk AS TEXT) FROM account"))

    assert "那谁牵头" in kept


async def test_closing_twice_does_no_harm(database: Database) -> None:
    await database.close()
    await database.close()


async def test_an_empty_database_is_refused_until_it_is_migrated(
    empty_url: str,
) -> None:
    assert await schema_state(empty_url) is SchemaState.EMPTY
    assert "bot migrate" in (await refusal(empty_url)).reply

    await migrate(empty_url)

    assert await schema_state(empty_url) is SchemaState.CURRENT
    await (await Database.open(empty_url)).close()


@pytest.mark.parametrize(
    ("statements", "state"),
    [
        (["UPDATE alembic_version SET version_num = '9999'"], SchemaState.NEWER),
        (["DROP TABLE alembic_version"], SchemaState.FOREIGN),
        (["DROP TABLE audit_entry"], SchemaState.FOREIGN),
    ],
)
async def test_a_schema_that_is_not_ours_is_refused_by_all(
    database_url: str, statements: list[str], state: SchemaState
) -> None:
    await run_sql(database_url, *statements)

    assert await schema_state(database_url) is state
    assert "bot migrate" in (await refusal(database_url)).reply
    with pytest.raises(StoreError):
        await migrate(database_url)


async def test_an_older_schema_is_refused_with_the_remedy(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.database.HEAD", "9999")

    assert await schema_state(database_url) is SchemaState.OLDER
    assert "再运行 bot migrate 升级" in (await refusal(database_url)).reply


async def test_several_may_migrate_at_once(empty_url: str) -> None:
    await asyncio.gather(*(migrate(empty_url) for _ in range(3)))

    assert await schema_state(empty_url) is SchemaState.CURRENT


async def test_who_migrates_waits_for_another_at_the_file(tmp_path: Path) -> None:
    file = tmp_path / "new.sqlite3"
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("CREATE TABLE alembic_version (version_num TEXT)")
    other.execute("BEGIN")
    other.execute("SELECT * FROM alembic_version").fetchall()
    asyncio.get_running_loop().call_later(0.2, other.close)

    await migrate(f"sqlite+aiosqlite:///{file}")

    assert await schema_state(f"sqlite+aiosqlite:///{file}") is SchemaState.CURRENT


async def test_looking_at_a_missing_file_does_not_make_it(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'run' / 'new.sqlite3'}"

    assert await schema_state(url) is SchemaState.EMPTY
    await refusal(url)
    assert os.listdir(tmp_path) == []

    await migrate(url)
    assert await schema_state(url) is SchemaState.CURRENT


@pytest.mark.parametrize("url", ["sqlite+aiosqlite://", "sqlite:///:memory:"])
async def test_each_store_in_memory_is_new(url: str) -> None:
    await migrate(url)
    first, second = await Database.open(url), await Database.open(url)
    async with first.writing() as session:
        session.add(a_person())

    assert await names(first) == ["王丽"]
    assert await names(second) == []
    await first.close()
    await second.close()


async def test_sqlite_survives_a_power_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    await migrate("sqlite:///plans.sqlite3")
    database = await Database.open("sqlite:///plans.sqlite3")

    async with database.writing() as session:
        for pragma, value in (
            ("journal_mode", "wal"),
            ("synchronous", 2),  # FULL
            ("foreign_keys", 1),
            ("busy_timeout", 10000),
        ):
            assert await session.scalar(text(f"PRAGMA {pragma}")) == value
    await database.close()


async def test_a_store_in_use_is_told_as_such(
    sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.database._PATIENCE", 0)
    file = shutil.copy(sqlite_template, tmp_path / "plans.sqlite3")
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode=DELETE")
        other.execute("BEGIN EXCLUSIVE")

        error = await refusal(f"sqlite:///{file}")

    assert "占用" in error.reply


async def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "plan.docx"
    file.write_bytes(b"PK" * 5000)

    assert "不是 SQLite" in (await refusal(f"sqlite:///{file}")).reply
    with pytest.raises(StoreError, match="not a database"):
        await migrate(f"sqlite:///{file}")


async def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(StoreError) as caught:
        await migrate(f"sqlite:///{tmp_path / 'file' / 'plans.sqlite3'}")

    assert "目录" in caught.value.reply


async def test_a_folder_in_place_of_the_file_is_refused(tmp_path: Path) -> None:
    assert "打不开" in (await refusal(f"sqlite:///{tmp_path}")).reply


@pytest.mark.parametrize(
    ("change", "advice"),
    [
        ({"port": 1}, "连不上"),
        ({"host": "no-such-host.invalid"}, "连不上"),
        pytest.param({"password": "geheim"}, "密码不对", marks=OUR_SERVER),
        pytest.param({"username": "nobody"}, "密码不对", marks=OUR_SERVER),
        ({"database": "nowhere"}, "没有这个库"),
    ],
)
async def test_a_server_that_does_not_let_us_in_is_told_without_the_password(
    postgres: PostgresServer, change: dict[str, object], advice: str
) -> None:
    place = make_url(postgres.url).set(**change)  # type: ignore[arg-type]

    error = await refusal(place.render_as_string(hide_password=False))

    assert advice in error.reply
    assert place.password
    told = "".join([*traceback.format_exception(error), error.reply])
    assert str(place.password) not in told


@pytest.mark.parametrize(
    "url",
    [
        "",
        "plans.sqlite3",
        "mysql://u:geheim@h/d",
        "postgresql+psycopg2://u:geheim@h/d",
        "postgresql://u:gehe@im@h/d",
        "postgresql://u:1:geheim@h:port/d",
    ],
)
async def test_a_url_that_cannot_be_read_is_refused_and_never_quoted(url: str) -> None:
    error = await refusal(url)

    assert "database.url" in error.reply
    told = "".join([*traceback.format_exception(error), error.reply])
    assert "geheim" not in told
    assert "im@h" not in told


async def test_the_word_for_encryption_of_psql_is_understood(
    postgres: PostgresServer,
) -> None:
    url = postgres.url_of("nowhere")

    assert "没有这个库" in (await refusal(f"{url}?sslmode=prefer")).reply


def test_opening_does_not_load_what_only_migrations_need() -> None:
    code = "import sys, bot.database; sys.exit('alembic' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
