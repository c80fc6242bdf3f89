"""Offices with rows in every table, made of nothing but what the tables allow."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    Enum,
    String,
    Table,
    TypeDecorator,
    UniqueConstraint,
    create_engine,
)

from bot.keeping.rows import plain_tables
from bot.model import Base, UtcDateTime

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
Rows = Mapping[str, list[dict[str, Any]]]

LETTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
WORDS = st.text(LETTERS, max_size=12) | st.sampled_from(
    ["𠮷林😀", "县科协", "a\nb", "'"]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner),
    max_leaves=5,
)
DOCUMENTS = st.none() | st.lists(VALUES, max_size=3) | st.dictionaries(WORDS, VALUES)
MOMENTS = st.integers(0, 4 * 10**15).map(
    lambda microseconds: NOON + timedelta(microseconds=microseconds)
)


@st.composite
def rows_of_all_tables(draw: st.DrawFn) -> Rows:
    """Draw up to four rows of each table, whose keys point at rows that are there."""
    made: dict[str, list[dict[str, Any]]] = {}
    for table in Base.metadata.sorted_tables:
        count = draw(st.integers(0, 4))
        made[table.name] = []
        for number in range(1, count + 1):
            row = {
                column.name: draw(_cell(column, number, made, count=count))
                for column in table.columns
            }
            if None not in _required(table, row):
                made[table.name].append(row)
    return made


def _required(table: Table, row: Mapping[str, Any]) -> list[Any]:
    """List the values that may not be missing: a parent may have no row to point at."""
    return [row[c.name] for c in table.columns if c.foreign_keys and not c.nullable]


def _cell(
    column: Column[Any], number: int, made: Rows, *, count: int
) -> st.SearchStrategy[Any]:
    if column.primary_key:
        return st.just(_key(column, number))
    for key in column.foreign_keys:
        parent = key.column.table
        if parent is column.table:  # any row of its own table, also one that follows
            return st.none() | st.integers(1, count).map(lambda n: n * 3)
        ids = [row["id"] for row in made[parent.name]]
        if _is_unique(column):  # one row each, so that no pair comes twice
            return st.just(ids[number - 1] if number <= len(ids) else None)
        some = st.sampled_from(ids) if ids else st.none()
        return some | st.none() if column.nullable else some
    value = _value(column)
    if _is_unique(column) and isinstance(column.type, String):
        value = value.map(lambda words: f"{number}{words}")
    return value | st.none() if column.nullable else value


def _key(column: Column[Any], number: int) -> Any:
    if isinstance(column.type, Date):
        return date(2026, 1, 1) + timedelta(days=number)
    return f"名{number}" if isinstance(column.type, String) else number * 3


def _is_unique(column: Column[Any]) -> bool:
    named = [c for c in column.table.constraints if isinstance(c, UniqueConstraint)]
    return bool(column.unique) or any(column.name in c.columns for c in named)


def _value(column: Column[Any]) -> st.SearchStrategy[Any]:
    kind = column.type
    inner = kind.impl_instance if isinstance(kind, TypeDecorator) else kind
    if isinstance(kind, UtcDateTime):
        return MOMENTS
    if isinstance(inner, JSON):
        return DOCUMENTS.map(lambda value: json.dumps(value, ensure_ascii=False))
    if isinstance(inner, Enum):
        return st.sampled_from(list(inner.enums))
    if isinstance(inner, String):
        return WORDS
    if isinstance(inner, Boolean):
        return st.booleans()
    if isinstance(inner, Date):
        return st.dates(date(1990, 1, 1), date(2100, 1, 1))
    return st.integers(-(2**31), 2**31 - 1)


def fill_file(file: Path, rows: Rows) -> None:
    """Write rows into a SQLite office, though they point at each other anyhow."""
    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        for table in plain_tables():
            if rows.get(table.name):
                connection.execute(table.insert(), rows[table.name])
    engine.dispose()


def deliveries(count: int, **changes: Any) -> Rows:
    """Make that many deliveries of one request, due at NOON."""
    one = {
        "recipient": "person:1",
        "lane": "telegram",
        "address": "4711001122",
        "request_id": 1,
        "priority": 20,
        "status": "waiting",
        "wanted_at": NOON,
        "due_at": NOON,
        "epoch": 0,
        "tries": 0,
        "remote_id": "",
        "error": "",
        "called_by": "",
    }
    return {
        "request": [{"id": 1, "digest": "d", "text": "请于12月30日前报送😀"}],
        "delivery": [
            one | {"id": number, "key": f"k{number}"} | changes
            for number in range(1, count + 1)
        ],
    }
