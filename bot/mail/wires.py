"""How the doorbell reaches its queue: in memory, or on PostgreSQL."""

import asyncio
from contextlib import suppress
from typing import Any

from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver
from pgqueuer.adapters.inmemory import InMemoryDriver, InMemoryQueries
from pgqueuer.adapters.persistence.qb import (
    QueryBuilderEnvironment,
    QueryQueueBuilder,
    QuerySchedulerBuilder,
)
from pgqueuer.adapters.persistence.queries import Queries
from pgqueuer.domain.settings import DBSettings
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource
from sqlalchemy import make_url

from bot.driver_errors import NO_SERVER, reason
from bot.errors import StoreError

RING = "ring"
"""The one kind of job that the queue carries; what is rung is its payload."""

_SQLALCHEMY_ONLY = ("prepared_statement_cache_size", "prepared_statement_name_func")
_PATIENCE = 10  # seconds for the server to answer


class _Names(DBSettings):
    """The queue's own names, whatever the environment says.

    PgQueuer would else obey any variable called CHANNEL, FUNCTION or TRIGGER.
    """

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Listen to nobody but the caller."""
        return (init_settings,)


NAMES = _Names()
_BUILDERS: dict[str, Any] = {
    "qbe": QueryBuilderEnvironment(NAMES),
    "qbq": QueryQueueBuilder(NAMES),
    "qbs": QuerySchedulerBuilder(NAMES),
}


class MemoryWire:
    """A queue in this process, which is always there."""

    def __init__(self) -> None:
        self._queries = InMemoryQueries(InMemoryDriver(), **_BUILDERS)

    async def queries(self) -> InMemoryQueries:
        """Return the queue."""
        return self._queries

    async def sweep(self) -> None:
        """Empty the queue's log, which else grows without end."""
        await self._queries.clear_queue_log(RING)

    async def lost(self) -> None:
        """Wait for what never happens."""
        await asyncio.Event().wait()

    async def close(self) -> None:
        """Do nothing: there is nothing to free."""


class PostgresWire:
    """A queue on PostgreSQL, by one connection that is made anew when it is lost."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._connecting = asyncio.Lock()
        self._connection: Any = None
        self._queries: Queries | None = None
        self._lost = asyncio.Event()

    async def queries(self) -> Queries:
        """Return the queue, connected. Raises StoreError if it cannot be reached."""
        async with self._connecting:
            if self._queries is None or self._lost.is_set():
                await self.close()
                self._lost = lost = asyncio.Event()
                # A ring that a power cut swallows is rung again by the clock, so
                # none has to wait for the disk.
                connection = await connect_to(self._url, synchronous_commit="off")
                self._connection = connection
                connection.add_termination_listener(lambda _: lost.set())
                self._queries = queries_on(connection)
            return self._queries

    async def sweep(self) -> None:
        """Empty the queue's log, which else grows without end."""
        await (await self.queries()).clear_queue_log(RING)

    async def lost(self) -> None:
        """Wait until this connection is lost."""
        await self._lost.wait()

    async def close(self) -> None:
        """Drop the connection, whatever state it is in."""
        connection, self._connection, self._queries = self._connection, None, None
        if connection is not None:
            with suppress(Exception):
                await connection.close(timeout=0.5)


def is_postgres(url: str) -> bool:
    """Tell PostgreSQL from SQLite."""
    return make_url(url).get_backend_name() in {"postgresql", "postgres"}


async def connect_to(url: str, **settings: str) -> Any:
    """Open a connection of the queue's own, straight to the server.

    LISTEN does not pass PgBouncer in transaction mode. *settings* are the server's,
    for this connection. Raises StoreError, without the password.
    """
    try:
        import asyncpg  # type: ignore[import-untyped]  # not beside SQLite
    except ModuleNotFoundError as error:
        raise StoreError("asyncpg is missing", reply=reason(error)) from error
    try:
        return await asyncpg.connect(
            _dsn(url),
            timeout=_PATIENCE,
            command_timeout=_PATIENCE,
            server_settings={"application_name": "plan-bot doorbell", **settings},
        )
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as e:
        words = reason(e) or NO_SERVER
        raise StoreError(f"the queue's connection: {e}", reply=words) from e


def _dsn(url: str) -> str:
    """Write the URL of our store as asyncpg itself would like it."""
    place = make_url(url).set(drivername="postgresql")
    ssl = place.query.get("ssl")
    place = place.difference_update_query(["ssl", *_SQLALCHEMY_ONLY])
    if ssl:
        place = place.update_query_dict({"sslmode": ssl})
    return place.render_as_string(hide_password=False)


def queries_on(connection: Any) -> Queries:
    """Join the queue's queries to a connection, under the names that we gave."""
    return Queries(_Driver(connection), **_BUILDERS)


class _Driver(AsyncpgDriver):
    """Gives up a connection on which the server does not answer any more."""

    async def fetch(self, query: str, *args: object) -> list[dict[str, object]]:
        try:
            return await super().fetch(query, *args)
        except TimeoutError:
            self._connection.terminate()
            raise

    async def execute(self, query: str, *args: object) -> str:
        try:
            return await super().execute(query, *args)
        except TimeoutError:
            self._connection.terminate()
            raise
