"""The queue's tables beside ours on PostgreSQL: lay them, bring them up to date."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from enum import StrEnum

from pgqueuer.adapters.persistence.queries import Queries

from bot.errors import StoreError
from bot.mail.wires import connect_to, is_postgres, queries_on

_FAILED = "消息队列的表没有建成，业务数据没有改动；请把日志交给管理员。"


class QueueState(StrEnum):
    """What tables the queue has in a database."""

    NONE_NEEDED = "none needed"  # beside SQLite the queue lives in memory
    MISSING = "missing"
    CURRENT = "current"
    OLDER = "older"


async def install(url: str) -> None:
    """Lay the queue's tables, or bring them to this version; beside SQLite nothing.

    Of two processes the second one waits. To be run by the owner of our tables.
    Raises StoreError if it fails; the queue holds nothing that is worth saving.
    """
    if not is_postgres(url):
        return
    async with _looking_into(url) as queries, queries.schema_lock():
        if await queries.schema_is_installed():
            await queries.apply_upgrade()
        else:
            await queries.install()


async def queue_state(url: str) -> QueueState:
    """Tell what the queue has at *url*; changes nothing. Raises StoreError."""
    if not is_postgres(url):
        return QueueState.NONE_NEEDED
    async with _looking_into(url) as queries:
        if not await queries.schema_is_installed():
            return QueueState.MISSING
        plan = await queries.plan_upgrade()
        return QueueState.OLDER if plan.statements else QueueState.CURRENT


@asynccontextmanager
async def _looking_into(url: str) -> AsyncIterator[Queries]:
    connection = await connect_to(url)
    try:
        yield queries_on(connection)
    except Exception as error:
        raise StoreError(f"the queue's tables: {error}", reply=_FAILED) from error
    finally:
        await connection.close()
