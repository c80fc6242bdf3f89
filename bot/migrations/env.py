"""Alembic's environment: runs on the connection that it is given, commits nothing."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Constraint, Enum, TypeDecorator

from bot.model import Base
from bot.model.columns import is_checked_by


def plain_type(kind: str, item: Any, _: AutogenContext) -> str | Literal[False]:
    """Write our own types as what they are to the database: history needs no models."""
    if kind != "type":
        return False
    if isinstance(item, Enum):
        return f"sa.String(length={item.length})"
    return f"sa.{item.impl_instance!r}" if isinstance(item, TypeDecorator) else False


def is_ours(item: Any, name: str | None, kind: str, *rest: Any) -> bool:
    """Leave out what the other database alone checks."""
    dialect = context.get_context().dialect.name
    return not isinstance(item, Constraint) or is_checked_by(dialect, item)


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_item=plain_type,
    include_object=is_ours,
    render_as_batch=True,  # SQLite can alter a table only by making it anew
    transactional_ddl=True,  # also on SQLite, for we begin the transaction ourselves
)
context.run_migrations()
