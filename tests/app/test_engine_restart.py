"""A PostgreSQL that is stopped at once and comes back: the engine goes on by itself."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from made_channel import MadeChannel
from postgres import PostgresServer, postgres_server
from sqlalchemy.ext.asyncio import AsyncSession

from bot.app.engine import Engine, doorbell_at
from bot.database import Database, migrate
from bot.errors import StoreError
from bot.mail.letters import Asked
from bot.messages import Reply


@pytest.fixture(scope="module")
def own_server() -> Iterator[PostgresServer]:
    """Give a server of our own that keeps what it has committed."""
    with postgres_server(own=True, synchronous_commit="on") as server:
        yield server


async def echo(session: AsyncSession, letters: Sequence[Asked]) -> list[Reply | None]:
    return [Reply(one.incoming.text) for one in letters if one.incoming]


async def hear_until_kept(channel: MadeChannel, text: str) -> None:
    """Bring a letter in as a product does: again and again until it is taken."""
    for _ in range(200):
        try:
            await channel.hear(text)
        except StoreError:
            await asyncio.sleep(0.05)
        else:
            return
    raise AssertionError("the store never came back")


async def test_what_is_said_while_it_goes_and_comes_is_answered_once(
    own_server: PostgresServer,
) -> None:
    url = await own_server.create(f"restart_{uuid4().hex}")
    await migrate(url)
    database = await Database.open(url)
    channel = MadeChannel()
    engine = Engine(
        database=database,
        doorbell=doorbell_at(url),
        channels={"made": channel},
        answer=echo,
        clock=lambda: datetime.now(UTC),
    )
    await engine.start()
    try:
        for number in range(1, 4):
            async with asyncio.TaskGroup() as both:
                both.create_task(own_server.restart())
                both.create_task(hear_until_kept(channel, str(number)))
            async with asyncio.timeout(10):
                await channel.wait_for(number)
        assert (await engine.health()).is_good
    finally:
        await engine.stop()
        await database.close()

    assert [text for _, text in channel.sent] == ["1", "2", "3"]
