"""Sessions of one transaction, opened and closed with few detours."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import (
    AsyncConnection,
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
)
from sqlalchemy.orm import SessionTransaction

from bot.connections import done_whole
from bot.driver_errors import NO_SERVER, reason
from bot.errors import StoreError


class _Session(AsyncSession):
    """A session that looks its connection up once: that takes as long as a query.

    In a savepoint once more: only then the store hears of it.
    """

    _line: AsyncConnection | None = None
    _inside: SessionTransaction | None = None

    async def connection(self, *args: Any, **options: Any) -> AsyncConnection:
        """Return the connection of the transaction."""
        inside = self.sync_session.get_nested_transaction()
        is_known = self._line is not None and not self._line.closed
        if args or options or not is_known or inside is not self._inside:
            self._line = await super().connection(*args, **options)
            self._inside = inside
        assert self._line
        return self._line


def sessions(engine: AsyncEngine) -> async_sessionmaker[AsyncSession]:
    """Make what opens sessions on *engine*; what they have read stays as it was."""
    return async_sessionmaker(engine, class_=_Session, expire_on_commit=False)


@asynccontextmanager
async def transaction(session: AsyncSession) -> AsyncIterator[AsyncSession]:
    """Have *session* in one transaction: committed at the end, or undone.

    Raises StoreError for whatever only the store can be guilty of: locked, full, gone.
    """
    with _told_when_it_fails():
        try:
            await _connect(session)
            yield session
            await session.commit()
        except BaseException:
            await done_whole(session.close())
            raise
        session.sync_session.close()  # its connection is back already


@contextmanager
def _told_when_it_fails() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        reply = NO_SERVER if error.connection_invalidated else reason(error)
        if not reply:
            raise
        raise StoreError(f"the store failed: {error.orig}", reply=reply) from error


async def _connect(session: AsyncSession) -> None:
    """Take a connection, and with it the turn to write; raises StoreError.

    Beforehand, for here alone it is sure that the store is to blame: a driver that
    cannot connect raises whatever it likes.
    """
    try:
        await session.connection()
    except Exception as error:
        reply = reason(error) or NO_SERVER
        raise StoreError(f"the store is away: {error}", reply=reply) from error
