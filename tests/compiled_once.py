"""Engines of which one runs the statements that another has compiled.

Each test has a store of its own, and so an engine; to compile the same statements for
each of them is a third of what a test on a store costs.
"""

from typing import Any

from sqlalchemy import Engine
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.engine import Dialect

from bot import sqlite_driver

_COMPILED: dict[Any, Any] = {}


class _Alike(Dialect):
    """A dialect that is equal to others of its kind: SQLAlchemy looks statements up."""

    def _kind(self) -> tuple[Any, ...]:
        return type(self), self._json_serializer, self._json_deserializer

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Alike) and self._kind() == other._kind()

    def __hash__(self) -> int:
        return hash(self._kind())

    @classmethod
    def engine_created(cls, engine: Engine) -> None:
        """Have the engine keep its compiled statements with those of the others."""
        engine.update_execution_options(compiled_cache=_COMPILED)


class Postgres(_Alike, PGDialect_asyncpg):
    supports_statement_cache = True


class Sqlite(_Alike, sqlite_driver.Dialect):
    supports_statement_cache = True


def compile_once() -> None:
    """Let all engines of this process that are made from now on be such ones."""
    registry.register("postgresql.asyncpg", __name__, Postgres.__name__)
    registry.register("sqlite.quick", __name__, Sqlite.__name__)
