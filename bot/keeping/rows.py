"""Rows of every table as both databases keep them, and a checksum over them."""

import hashlib
from collections.abc import AsyncIterator, Sequence
from typing import Any

import msgspec
from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Enum,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    cast,
    collate,
    select,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import TypeEngine, UserDefinedType

from bot.model import Base

Row = tuple[Any, ...]
CHUNK = 500  # rows that are in memory at a time

_canonical = msgspec.json.Encoder(order="deterministic")


class JsonText(UserDefinedType[str]):
    """A JSON column by its very text: nothing is parsed, written anew or lost.

    So a JSON null and no value at all stay two things.
    """

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        """Name the column's type."""
        return "JSON"

    def column_expression(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        """Ask for the text, which else PostgreSQL's driver would parse."""
        return cast(column, Text)


def plain_tables() -> list[Table]:
    """List our tables, parents before children, with columns that interpret nothing.

    An office is copied as it is, not as this version of the program reads it.
    """
    plain = MetaData()
    return [
        Table(
            table.name,
            plain,
            *(
                Column(column.name, _plain(column.type), primary_key=column.primary_key)
                for column in table.columns
            ),
        )
        for table in Base.metadata.sorted_tables
    ]


def _plain(kind: TypeEngine[Any]) -> TypeEngine[Any]:
    inner = kind.impl_instance if isinstance(kind, TypeDecorator) else kind
    if isinstance(inner, JSON):
        return JsonText()
    if isinstance(inner, Enum | String):
        return Text()
    return kind


def links_to_itself(table: Table) -> list[str]:
    """Name the columns by which rows of a table point at other rows of it."""
    return [
        key.parent.name
        for key in Base.metadata.tables[table.name].foreign_keys
        if key.column.table.name == table.name
    ]


async def read_rows(
    session: AsyncSession, table: Table, *, only: ColumnElement[bool] | None = None
) -> AsyncIterator[list[Row]]:
    """Read a table in chunks, in the order of its key, the same on both databases."""
    (key,) = table.primary_key.columns
    order: ColumnElement[Any] = key
    if isinstance(key.type, String):  # else each database has an alphabet of its own
        binary = {"postgresql": "C"}.get(session.get_bind().dialect.name, "BINARY")
        order = collate(key, binary)
    place = list(table.columns).index(key)
    query = select(*table.columns).order_by(order).limit(CHUNK)
    query = query if only is None else query.where(only)
    last: Any = None
    while True:
        rest = query if last is None else query.where(order > last)
        rows = [tuple(row) for row in await session.execute(rest)]
        if not rows:
            return
        yield rows
        last = rows[-1][place]


class Checksum:
    """A running SHA-256 over rows in canonical JSON, one line a row."""

    def __init__(self, table: Table) -> None:
        self.count = 0
        self._digest = hashlib.sha256()
        kinds = enumerate(column.type for column in table.columns)
        self._json = [place for place, kind in kinds if isinstance(kind, JsonText)]

    def add(self, rows: Sequence[Row]) -> None:
        """Take in the next rows; their moments are in UTC."""
        self.count += len(rows)
        lines = [self._line(row) for row in rows] if self._json else rows
        self._digest.update(_canonical.encode_lines(lines))

    def _line(self, row: Row) -> list[Any]:
        line = list(row)
        for place in self._json:
            line[place] = _json_value(line[place])
        return line

    @property
    def digest(self) -> str:
        """The checksum of all rows so far, in hexadecimal."""
        return self._digest.hexdigest()


def _json_value(text: Any) -> Any:
    """Wrap a JSON value, so that JSON's null differs from no value at all."""
    if text is None:
        return None
    try:
        return {"json": msgspec.json.decode(str(text))}
    except msgspec.DecodeError:
        return {"text": str(text)}
