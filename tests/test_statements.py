"""Statements by the short way: the same rows and errors as by SQLAlchemy's own."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import Table, bindparam, insert, select
from sqlalchemy.exc import IntegrityError

from bot.database import Database
from bot.model import Lane
from bot.statements import execute_many, fetch

_LANE = Lane.__table__
assert isinstance(_LANE, Table)
_PUT = insert(_LANE).values(name=bindparam("called"), not_before=bindparam("later"))
_READ = select(_LANE.c.name, _LANE.c.epoch, _LANE.c.not_before).order_by(_LANE.c.name)
_BY_NAME = _READ.where(_LANE.c.name == bindparam("called"))
NINE = datetime(2026, 11, 23, 9, tzinfo=UTC)


async def test_rows_come_back_as_our_kinds_of_values(database: Database) -> None:
    async with database.writing() as session:
        await fetch(session, _PUT, {"called": "a", "later": NINE})
    async with database.reading() as session:
        assert await fetch(session, _READ, {}) == [("a", 0, NINE)]
        assert await fetch(session, _BY_NAME, {"called": "b"}) == []


async def test_many_rows_are_written_in_one_go(database: Database) -> None:
    rows = [{"called": name, "later": None} for name in "abc"]
    async with database.writing() as session:
        await execute_many(session, _PUT, rows)
        found = await fetch(session, _READ, {})
    assert [name for name, *_ in found] == ["a", "b", "c"]


async def _put_twice(database: Database) -> None:
    async with database.writing() as session:
        await fetch(session, _PUT, {"called": "a", "later": None})
        await fetch(session, _PUT, {"called": "a", "later": None})


async def test_a_transaction_that_fails_is_undone_and_told(database: Database) -> None:
    with pytest.raises(IntegrityError):
        await _put_twice(database)
    async with database.reading() as session:
        assert await fetch(session, _READ, {}) == []


async def test_a_parameter_that_is_missing_is_refused(database: Database) -> None:
    async with database.reading() as session:
        with pytest.raises(KeyError, match="called"):
            await fetch(session, _BY_NAME, {})
