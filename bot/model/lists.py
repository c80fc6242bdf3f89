"""Lists as one parameter: a value found among many, however many they are."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import (
    ARRAY,
    JSON,
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
)
from sqlalchemy import cast as as_type
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.selectable import TableValuedAlias
from sqlalchemy.types import TypeEngine


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


def unfolded(dialect: str, columns: Mapping[str, TypeEngine[Any]]) -> Select[Any]:
    """Select the rows that are in the parameter "rows"."""
    text = bindparam("rows", type_=Text)
    items: list[ColumnElement[Any]]
    if dialect == "postgresql":
        listed = func.json_array_elements(as_type(text, JSON)).table_valued("value")
        items = [listed.c.value.op("->>")(n) for n in range(len(columns))]
    else:
        listed = func.json_each(text).table_valued("value")
        items = [
            func.json_extract(listed.c.value, f"$[{n}]") for n in range(len(columns))
        ]
    named = [
        as_type(item, type_).label(name)
        for item, (name, type_) in zip(items, columns.items(), strict=True)
    ]
    # SQLite needs the WHERE to tell ON CONFLICT from a join.
    return select(*named).select_from(listed).where(true())


def as_rows(rows: Sequence[Sequence[Any]]) -> str:
    """Write what `unfolded` reads: binding each value takes far longer."""
    return msgspec.json.encode(rows).decode()


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
