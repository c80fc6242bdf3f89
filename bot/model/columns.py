"""What all tables are made of: the base class and our own kinds of columns."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import msgspec
from sqlalchemy import (
    JSON,
    BigInteger,
    Constraint,
    DateTime,
    Dialect,
    Enum,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    TypeDecorator,
)
from sqlalchemy.orm import DeclarativeBase


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, stored as UTC; SQLite alone would give it back naive."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(
        self, value: datetime | None, dialect: Dialect
    ) -> datetime | None:
        """Refuse a naive moment, bring any other to UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone")
        return value.astimezone(UTC)

    def process_result_value(
        self, value: datetime | None, dialect: Dialect
    ) -> datetime | None:
        """Give back an aware moment in UTC on either database."""
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=UTC)


class Values(TypeDecorator[Any]):
    """A value of `bot.facts`, or a tuple of them, kept as JSON."""

    impl = JSON
    cache_ok = True

    def __init__(self, type_: Any) -> None:
        super().__init__()
        self.type_ = type_

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """Turn the value into plain lists and dicts."""
        return msgspec.to_builtins(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """Build the value again; raises msgspec.ValidationError if it is not ours."""
        return msgspec.convert(value, self.type_)


def words_of(kind: type[StrEnum]) -> Enum:
    """Keep the word of a member in a plain column, and give back the member.

    Args:
        kind: its words are at most 12 characters long.
    """
    return Enum(
        kind,
        native_enum=False,
        length=12,
        values_callable=lambda members: [member.value for member in members],
    )


def held_key(column: str, target: str, **options: Any) -> ForeignKeyConstraint:
    """Make a foreign key that SQLite checks, and PostgreSQL does not.

    There each new row would cost a query and a lock for it, more than all else of the
    row; so it is for tables of which a hundred thousand rows are written at once, and
    for parents that cannot go meanwhile: whoever names one has made it, or holds it.
    """
    return ForeignKeyConstraint(
        [column], [target], info={_CHECKED_BY: "sqlite"}, **options
    )


def is_checked_by(dialect: str, constraint: Constraint) -> bool:
    """Tell whether a database has a constraint of our tables."""
    return bool(constraint.info.get(_CHECKED_BY, dialect) == dialect)


_CHECKED_BY = "checked by"

Key = BigInteger().with_variant(Integer, "sqlite")
Words = Values(tuple[str, ...])


class Base(DeclarativeBase):
    """All tables; constraints are named, so that they can be changed on SQLite too.

    What people or documents write is Text: PostgreSQL alone would enforce a length.
    """

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
