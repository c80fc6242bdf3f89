"""Two who write at the same moment, as PostgreSQL lets them."""

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from orphans import orphans
from postgres import PostgresServer
from sqlalchemy import select, text
from words_of_calls import HIM, NOON, WORDS, keep, say

from bot.database import Database
from bot.mail import pausing
from bot.mail.lanes import lane_is_ours, open_lane, take_lane
from bot.mail.outbox import Addressee, issue_notice, second_channel
from bot.mail.retention import forget_letters
from bot.messages import Reply
from bot.model import Delivery, DeliveryStatus, Request

THERE = Addressee(recipient="chat:telegram:7", lane="wecom_hook", address="key")
_WAITS = text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


@pytest.fixture
async def shared(
    postgres: PostgresServer, postgres_template: str
) -> AsyncIterator[Database]:
    """Give a store in which several write at the same time."""
    name = f"plan_{uuid4().hex}"
    database = await Database.open(await postgres.create(name, like=postgres_template))
    yield database
    await database.close()
    await postgres.drop(name)


async def somebody_waits(database: Database) -> None:
    """Return when one transaction waits for another."""
    async with asyncio.timeout(20):
        while True:
            async with database.reading() as session:
                if await session.scalar(_WAITS):
                    return
            await asyncio.sleep(0.01)


async def words_kept(database: Database) -> list[str]:
    async with database.reading() as session:
        assert await orphans(session) == {}
        return list(await session.scalars(select(Request.text)))


async def test_words_that_somebody_is_about_to_use_stay(shared: Database) -> None:
    async with shared.writing() as session:
        await keep(session)
    async with shared.writing() as session:
        await keep(session)
        async with shared.writing() as night:
            await forget_letters(night, before=NOON, limit=100)
        await say(session)

    assert await words_kept(shared) == [WORDS]


async def test_words_that_the_night_is_taking_are_kept_anew(shared: Database) -> None:
    async def said() -> None:
        async with shared.writing() as session:
            await say(session)

    async with shared.writing() as session:
        await keep(session)
    async with shared.writing() as night:
        await night.execute(select(Request.id).with_for_update())
        saying = asyncio.create_task(said())
        await somebody_waits(shared)
        await forget_letters(night, before=NOON, limit=100)
    await saying

    assert await words_kept(shared) == [WORDS]


async def test_what_takes_another_way_while_it_is_let_go_goes_too(
    shared: Database,
) -> None:
    async def let_go(notice_id: int) -> int:
        async with shared.writing() as session:
            return await pausing.let_go(session, notice_id, at=NOON)

    async with shared.writing() as session:
        await open_lane(session, HIM.lane)
        lane = await take_lane(session, HIM.lane, owner="we", now=NOON)
        notice = await issue_notice(
            session,
            key="n",
            kind="broadcast",
            body=Reply("会"),
            audience=[HIM],
            by="李主任",
            at=NOON,
            write=lambda lane, address, reply: (reply.text,),
        )
        assert lane
        assert notice
        await pausing.hold(session, notice.id)
    async with shared.writing() as postman:
        assert await lane_is_ours(postman, lane)
        [one] = await postman.scalars(select(Delivery))
        one.status = DeliveryStatus.FAILED
        await postman.flush()
        await second_channel(postman, one, to=THERE, requests=["会"], at=NOON)
        going = asyncio.create_task(let_go(notice.id))
        await somebody_waits(shared)

    assert await going == 1
    async with shared.reading() as session:
        query = select(Delivery.lane).where(Delivery.due_at == NOON)
        assert list(await session.scalars(query)) == [THERE.lane]
