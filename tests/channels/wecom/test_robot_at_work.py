"""The robot in the engine: what people say is kept, answered, and answered once."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest
from aibot_said import BOT_ID, BOT_NAME
from fake_openws import BOT_SECRET, FakeOpenws
from openws_faults import abort_line, refuse
from robot_office import QUICK, until
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.app.engine import Engine, doorbell_at
from bot.channels.wecom.robot import WecomBot
from bot.database import Database
from bot.mail.letters import Asked
from bot.messages import Reply
from bot.model import Delivery, DeliveryStatus

GROUP = "wrGroupABC"

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def now() -> datetime:
    return datetime.now(UTC)


async def echo(session: AsyncSession, letters: Sequence[Asked]) -> list[Reply | None]:
    return [Reply(f"您说：{one.incoming.text}") for one in letters if one.incoming]


@asynccontextmanager
async def at_work(database: Database, url: str) -> AsyncIterator[FakeOpenws]:
    async with FakeOpenws().running() as openws:
        robot = WecomBot(
            bot_id=BOT_ID,
            secret=BOT_SECRET,
            bot_name=BOT_NAME,
            url=openws.url,
            clock=now,
            rhythm=QUICK,
        )
        engine = Engine(
            database=database,
            doorbell=doorbell_at(url),
            channels={robot.name: robot},
            answer=echo,
            clock=now,
            owner="alone",
        )
        await engine.start()
        try:
            await openws.subscribed()
            yield openws
        finally:
            await engine.stop()


async def test_a_group_is_answered_by_the_request_of_its_message(
    database: Database, database_url: str
) -> None:
    async with at_work(database, database_url) as openws:
        await openws.say("ZhangSan", openws.at("有哪些任务"), chat=GROUP)
        await until(lambda: bool(openws.posts))

        assert openws.texts_in(GROUP) == ["您说：有哪些任务"]
        assert len(openws.of("aibot_respond_msg")) == 1


async def test_what_comes_twice_is_answered_once(
    database: Database, database_url: str
) -> None:
    async with at_work(database, database_url) as openws:
        said = await openws.say("ZhangSan", "在吗")
        assert said
        await openws.repeat(said)
        await openws.say("ZhangSan", "好的")
        await until(lambda: len(openws.posts) >= 2)
        await asyncio.sleep(0.1)

        assert openws.texts_in("ZhangSan") == ["您说：在吗", "您说：好的"]


async def test_an_answer_waits_until_the_robot_is_subscribed_again(
    database: Database, database_url: str
) -> None:
    async with at_work(database, database_url) as openws:
        openws.expect("aibot_respond_msg", refuse(846609))
        await openws.say("ZhangSan", "在吗")
        await openws.subscribed(times=2)
        await until(lambda: bool(openws.posts), within=10)

        assert openws.texts_in("ZhangSan") == ["您说：在吗"]


async def test_what_nobody_can_know_is_not_sent_again(
    database: Database, database_url: str
) -> None:
    async with at_work(database, database_url) as openws:
        openws.expect("aibot_respond_msg", abort_line(takes=True))
        await openws.say("ZhangSan", "在吗")
        await openws.subscribed(times=2)
        await openws.say("LiSi", "在吗")
        await until(lambda: len(openws.posts) >= 2, within=10)

        assert openws.texts_in("ZhangSan") == ["您说：在吗"]
    async with database.reading() as session:
        found = list(await session.scalars(select(Delivery.status).order_by("id")))
    assert found == [DeliveryStatus.UNKNOWN, DeliveryStatus.SENT]
