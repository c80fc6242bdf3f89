"""Lists as one parameter: a value found among many, however many they are."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import msgspec
from sqlalchemy import (
    ARRAY,
    Boolean,
    ColumnElement,
    Dialect,
    Select,
    Text,
    TypeDecorator,
    bindparam,
    column,
    func,
    select,
    true,
    type_coerce,
)
from sqlalchemy import cast as as_type
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.selectable import TableValuedAlias
from sqlalchemy.types import TypeEngine

from bot.model.columns import UtcDateTime


def among(column: InstrumentedAttribute[Any], values: Collection[Any]) -> "Among":
    """Ask whether *column* is one of *values*: one parameter, however many they are.

    An IN list is a new statement for each length, and has its bounds.
    """
    listed = bindparam(None, list(values), _Listed(column.type), unique=True)
    return Among(column, listed)


def among_given(column: InstrumentedAttribute[Any], name: str) -> "Among":
    """Ask the same with the parameter *name*, which is given a list at each execution.

    So a statement that is run all the time is built once.
    """
    return Among(column, bindparam(name, type_=_Listed(column.type)))


def given_rows(dialect: str, name: str, type_: TypeEngine[Any]) -> TableValuedAlias:
    """Return a list that is the parameter *name* as a table of one column, "value"."""
    given = bindparam(name, type_=_Listed(type_))
    if dialect == "postgresql":
        return func.unnest(given).table_valued(column("value", type_)).render_derived()
    return func.json_each(given).table_valued(column("value", type_))


Columns = Mapping[str, TypeEngine[Any]]


def unfolded(dialect: str, columns: Columns) -> Select[Any]:
    """Select the rows that `as_rows` gives."""
    if dialect == "postgresql":
        lists = [bindparam(f"rows_{n}", type_=_Listed(t)) for n, t in columns.items()]
        named = [column(name, type_) for name, type_ in columns.items()]
        listed = func.unnest(*lists).table_valued(*named).render_derived()
        return select(*listed.c)
    listed = func.json_each(bindparam("rows", type_=Text)).table_valued("value")
    # SQLite needs the WHERE to tell ON CONFLICT from a join.
    return select(*_cells(listed.c.value, columns)).where(true())


def _cell(item: ColumnElement[Any], type_: TypeEngine[Any]) -> ColumnElement[Any]:
    """Give an item its type; of a moment SQLite would make the number of its year."""
    is_moment = isinstance(type_, UtcDateTime)
    return type_coerce(item, type_) if is_moment else as_type(item, type_)


def as_rows(
    dialect: str, columns: Columns, rows: Sequence[Sequence[Any]]
) -> dict[str, Any]:
    """Give rows as parameters for `unfolded`: binding each value takes far longer.

    To PostgreSQL each column is a list, since it would read JSON anew for each cell.
    """
    if dialect == "postgresql":
        lists = [list(cells) for cells in zip(*rows, strict=True)]
        lists = lists or [[] for _ in columns]
        return {f"rows_{n}": cells for n, cells in zip(columns, lists, strict=True)}
    for place, type_ in enumerate(columns.values()):
        if isinstance(type_, UtcDateTime):
            rows = _with_moments(rows, place)
    return {"rows": msgspec.json.encode(rows).decode()}


def unfolded_groups(dialect: str, shared: Columns, own: Columns) -> Select[Any]:
    """Select the rows that `as_groups` gives."""
    if dialect == "postgresql":
        return unfolded(dialect, {**shared, **own})
    groups = func.json_each(bindparam("rows", type_=Text)).table_valued("value")
    listed = func.json_extract(groups.c.value, f"$[{len(shared)}]").label("listed")
    # MATERIALIZED: else a whole group is read again for each cell of each row.
    alike = select(*_cells(groups.c.value, shared), listed).cte()
    alike = alike.prefix_with("MATERIALIZED")
    each = func.json_each(alike.c.listed).table_valued("value")
    named = [alike.c[name] for name in shared]
    return select(*named, *_cells(each.c.value, own)).where(true())


def _cells(value: ColumnElement[Any], columns: Columns) -> list[ColumnElement[Any]]:
    return [
        _cell(func.json_extract(value, f"$[{n}]"), type_).label(name)
        for n, (name, type_) in enumerate(columns.items())
    ]


def as_groups(
    dialect: str, shared: Columns, own: Columns, groups: Sequence[tuple[Any, ...]]
) -> dict[str, Any]:
    """Give rows by groups: what the rows of one share, and after it a list of them.

    SQLite reads what is shared once a group; it takes long to read a cell.
    """
    if dialect == "postgresql":
        rows = [(*alike, *row) for *alike, listed in groups for row in listed]
        return as_rows(dialect, {**shared, **own}, rows)
    for place, type_ in enumerate(own.values()):
        if isinstance(type_, UtcDateTime):
            groups = [(*g[:-1], _with_moments(g[-1], place)) for g in groups]
    return {"rows": msgspec.json.encode(groups).decode()}


def _with_moments(rows: Sequence[Sequence[Any]], place: int) -> Sequence[Sequence[Any]]:
    """Write the moments in one column as SQLite keeps them."""
    return [(*row[:place], _moment(row[place]), *row[place + 1 :]) for row in rows]


@lru_cache(maxsize=8192)  # a round of nudges has each second of an hour many times
def _moment(at: datetime | None) -> str | None:
    if at is None:
        return None
    plain = at.astimezone(UTC).replace(tzinfo=None)
    return plain.isoformat(sep=" ", timespec="microseconds")


class Among(FunctionElement[bool]):
    """What `among` makes; each database has its own way to unfold a list."""

    name = "among"
    type = Boolean()
    inherit_cache = True

    def self_group(self, against: Any = None) -> "Among":
        """Stand as it is: SQLite would get "... = 1", for which no index serves."""
        return self

    def __invert__(self) -> "Outside":
        return Outside(*self.clauses)


class Outside(Among):
    """The contrary; PostgreSQL would compare with each value in turn."""

    name = "outside"
    inherit_cache = True


@compiles(Among, "sqlite")
def _in_json(element: Among, compiler: Any, **options: Any) -> str:
    column, values = (compiler.process(part, **options) for part in element.clauses)
    return f"({column} IN (SELECT value FROM json_each({values})))"


@compiles(Among, "postgresql")
def _in_array(element: Among, compiler: Any, **options: Any) -> str:
    column, values = (compiler.process(part, **options) for part in element.clauses)
    return f"({column} = ANY ({values}))"


@compiles(Outside, "sqlite")
def _out_of_json(element: Outside, compiler: Any, **options: Any) -> str:
    column, values = (compiler.process(part, **options) for part in element.clauses)
    return f"({column} NOT IN (SELECT value FROM json_each({values})))"


@compiles(Outside, "postgresql")
def _out_of_array(element: Outside, compiler: Any, **options: Any) -> str:
    column, values = (compiler.process(part, **options) for part in element.clauses)
    return f"({column} NOT IN (SELECT unnest({values})))"


class _Listed(TypeDecorator[list[Any]]):
    """A list as one parameter: an array, or JSON text on SQLite."""

    impl = Text
    cache_ok = True

    def __init__(self, item: TypeEngine[Any]) -> None:
        super().__init__()
        self.item = item

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(ARRAY(self.item))
        return dialect.type_descriptor(Text())

    def process_bind_param(self, value: list[Any] | None, dialect: Dialect) -> Any:
        if dialect.name == "postgresql":
            return value
        return msgspec.json.encode(value).decode()
