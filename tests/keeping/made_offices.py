"""Offices with rows in every table, made of nothing but what the tables allow."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    Enum,
    Integer,
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

ODD_WORDS = (
    "",
    "县科协",
    "𠮷林😀",
    "a\nb\r\n",
    "'",
    '"\\',
    "\u2028\u202e",
    "=1+1",
    "NULL",
)


def rows_of_all_tables(chance: Random) -> Rows:
    """Draw up to four rows of each table, whose keys point at rows that are there."""
    made: dict[str, list[dict[str, Any]]] = {}
    for table in Base.metadata.sorted_tables:
        count = chance.randint(0, 4)
        made[table.name] = []
        for number in range(1, count + 1):
            row = {
                column.name: _cell(column, number, made, count=count, chance=chance)
                for column in table.columns
            }
            if None not in _required(table, row):
                made[table.name].append(row)
    return made


def _required(table: Table, row: Mapping[str, Any]) -> list[Any]:
    """List the values that may not be missing: a parent may have no row to point at."""
    return [row[c.name] for c in table.columns if c.foreign_keys and not c.nullable]


def _cell(
    column: Column[Any], number: int, made: Rows, *, count: int, chance: Random
) -> Any:
    if column.primary_key:
        return _key(column, number)
    is_left_out = column.nullable and chance.random() < 0.5
    for key in column.foreign_keys:
        parent = key.column.table
        if parent is column.table:  # any row of its own table, also one that follows
            return None if is_left_out else chance.randint(1, count) * 3
        ids = [row["id"] for row in made[parent.name]]
        if _is_unique(column):  # one row each, so that no pair comes twice
            return ids[number - 1] if number <= len(ids) else None
        return None if is_left_out or not ids else chance.choice(ids)
    if is_left_out:
        return None
    if not _is_unique(column):
        return _value(column, chance)
    if isinstance(column.type, String):
        return f"{number}{_words(chance)}"
    return number if isinstance(column.type, Integer) else _value(column, chance)


def _key(column: Column[Any], number: int) -> Any:
    if isinstance(column.type, Date):
        return date(2026, 1, 1) + timedelta(days=number)
    return f"名{number}" if isinstance(column.type, String) else number * 3


def _is_unique(column: Column[Any]) -> bool:
    named = [c for c in column.table.constraints if isinstance(c, UniqueConstraint)]
    return bool(column.unique) or any(column.name in c.columns for c in named)


def _value(column: Column[Any], chance: Random) -> Any:
    kind = column.type
    inner = kind.impl_instance if isinstance(kind, TypeDecorator) else kind
    if isinstance(kind, UtcDateTime):
        return NOON + timedelta(microseconds=chance.randint(0, 4 * 10**15))
    if isinstance(inner, JSON):
        return json.dumps(_document(chance, depth=3), ensure_ascii=False)
    if isinstance(inner, Enum):
        return chance.choice(inner.enums)
    if isinstance(inner, String):
        return _words(chance)[: inner.length]
    if isinstance(inner, Boolean):
        return chance.random() < 0.5
    if isinstance(inner, Date):
        return date(1990, 1, 1) + timedelta(days=chance.randint(0, 40_000))
    return chance.choice([-(2**31), -1, 0, 1, 2**31 - 1, chance.getrandbits(31)])


def _words(chance: Random) -> str:
    """Choose odd words, or letters of any script; no half surrogates, no NUL."""
    if chance.random() < 0.5:
        return chance.choice(ODD_WORDS)
    ranges = ((1, 0xD7FF), (0xE000, 0x10FFFF), (0x4E00, 0x9FFF))
    many = chance.choices(ranges, k=chance.randint(1, 12))
    return "".join(chr(chance.randint(*one)) for one in many)


def _document(chance: Random, *, depth: int) -> Any:
    some = chance.randint(0, 3)
    kind = chance.choice(["list", "dict", "plain"]) if depth else "plain"
    if kind == "list":
        return [_document(chance, depth=depth - 1) for _ in range(some)]
    if kind == "dict":
        return {_words(chance): _document(chance, depth=depth - 1) for _ in range(some)}
    return chance.choice([None, True, False, 2**53 + 1, -(2**60), _words(chance)])


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
