"""The engine answers letters, sends notices, and leaves all in order."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from made_channel import MadeChannel
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.app.engine import Engine, Part, doorbell_at
from bot.database import Database
from bot.errors import NotSent, Refused
from bot.mail import outbox
from bot.mail.letters import Asked
from bot.messages import Manners, Reply
from bot.model import (
    Account,
    Delivery,
    DeliveryStatus,
    Lane,
    Letter,
    LetterStatus,
    Person,
    Priority,
    Role,
)

Work = Callable[..., AbstractAsyncContextManager[Engine]]
on_postgres = pytest.mark.parametrize("database_url", ["postgres"], indirect=True)


def now() -> datetime:
    return datetime.now(UTC)


async def echo(session: AsyncSession, letters: Sequence[Asked]) -> list[Reply | None]:
    said = [letter.incoming.text for letter in letters if letter.incoming]
    if "sneeze" in said:
        raise ValueError("a letter that nobody can answer")
    return [Reply(f"您说：{words}") for words in said]


@pytest.fixture
def working(database: Database, database_url: str) -> Work:
    """Give a function that lets an engine work for the length of a block."""

    @asynccontextmanager
    async def work(*channels: MadeChannel, **options: Any) -> AsyncIterator[Engine]:
        engine = Engine(
            database=database,
            doorbell=doorbell_at(database_url),
            channels={channel.name: channel for channel in channels},
            answer=echo,
            clock=now,
            **options,
        )
        await engine.start()
        try:
            yield engine
        finally:
            await engine.stop()

    return work


async def post(database: Database, *addresses: str, lane: str = "made") -> None:
    async with database.writing() as session:
        for address in addresses:
            to = outbox.Addressee(
                recipient=f"chat:{lane}:{address}", lane=lane, address=address
            )
            await outbox.post(
                session,
                key=f"test {address}",
                to=to,
                requests=["通知"],
                priority=Priority.NOTICE,
                due_at=now(),
            )


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def statuses(database: Database) -> list[DeliveryStatus]:
    async with database.reading() as session:
        return list(await session.scalars(select(Delivery.status)))


async def test_a_letter_is_answered_and_both_are_settled(
    working: Work, database: Database
) -> None:
    channel = MadeChannel()
    async with working(channel):
        await channel.hear("你好")
        await channel.wait_for(1)

    assert channel.sent == [("4711", "您说：你好")]
    assert await statuses(database) == [DeliveryStatus.SENT]
    async with database.reading() as session:
        letter = (await session.scalars(select(Letter))).one()
        lane = (await session.scalars(select(Lane))).one()
    assert letter.status is LetterStatus.ANSWERED
    assert lane.owner == ""


async def test_letters_of_a_chat_are_answered_in_order(working: Work) -> None:
    channel = MadeChannel(seconds=0.01)
    async with working(channel):
        for number in range(8):
            await channel.hear(str(number))
        await channel.wait_for(8)

    assert [text for _, text in channel.sent] == [f"您说：{n}" for n in range(8)]


@on_postgres
async def test_web_keeps_and_a_worker_answers(working: Work) -> None:
    door, sender = MadeChannel(), MadeChannel()
    async with working(door, part=Part.WEB), working(sender, part=Part.WORKER):
        await door.hear("你好")
        await sender.wait_for(1)

    assert door.sent == []
    assert sender.sent == [("4711", "您说：你好")]


async def test_what_was_kept_before_a_crash_is_answered_after_it(
    working: Work, database: Database
) -> None:
    web, channel = MadeChannel(), MadeChannel()
    async with working(web, part=Part.WEB):
        await web.hear("你好")

    async with working(channel):
        await channel.wait_for(1)

    assert channel.sent == [("4711", "您说：你好")]


async def test_a_letter_that_nobody_can_answer_stops_nobody_else(
    working: Work,
) -> None:
    channel = MadeChannel()
    async with working(channel):
        await channel.hear("sneeze", address="1")
        await channel.hear("你好", address="2")
        await channel.wait_for(1)

    assert channel.sent == [("2", "您说：你好")]


async def test_an_answer_that_was_not_taken_is_sent_again(working: Work) -> None:
    channel = MadeChannel()
    channel.errors = [NotSent("away", retry_after=0.1)]
    async with working(channel):
        await channel.hear("你好")
        await channel.wait_for(1)

    assert channel.sent == [("4711", "您说：你好")]


async def test_what_one_channel_refuses_goes_through_the_next(
    working: Work, database: Database
) -> None:
    first, second = MadeChannel("first"), MadeChannel("second")
    first.errors = [Refused("blocked", gone=True)]
    async with database.writing() as session:
        person = Person(name="张三", department="县科协", role=Role.LIAISON)
        session.add_all(
            Account(channel=name, address=f"{name}-7", person=person)
            for name in ("first", "second")
        )
        await session.flush()
        to = outbox.Addressee(
            recipient=f"person:{person.id}",
            lane="first",
            address="first-7",
            person_id=person.id,
        )
        await outbox.issue_notice(
            session,
            key="n1",
            kind="test",
            body=Reply("请报送"),
            audience=[to],
            by="李主任",
            at=now(),
            write=lambda lane, address, reply: (reply.text,),
        )
    async with working(first, second):
        await second.wait_for(1)

    assert second.sent == [("second-7", "请报送")]


async def test_a_stop_finishes_what_is_in_flight_and_gives_the_rest_back(
    working: Work, database: Database
) -> None:
    channel = MadeChannel(seconds=0.5, manners=Manners(in_flight=2))
    await post(database, *(str(number) for number in range(20)))
    async with working(channel) as engine:
        await channel.wait_until_under_way(2)
        await engine.stop()

    found = await statuses(database)
    assert found.count(DeliveryStatus.SENT) == len(channel.sent) >= 2
    assert set(found) == {DeliveryStatus.SENT, DeliveryStatus.WAITING}
    async with database.reading() as session:
        assert (await session.scalars(select(Lane.owner))).all() == [""]


async def test_a_stop_waits_no_longer_than_ten_seconds(
    working: Work, database: Database
) -> None:
    channel = MadeChannel(seconds=30)
    await post(database, "1")
    loop = asyncio.get_running_loop()
    async with working(channel) as engine:
        await channel.wait_until_under_way(1)
        began = loop.time()
        await engine.stop()

    assert loop.time() - began < 10
    assert await statuses(database) == [DeliveryStatus.UNKNOWN]


@on_postgres
async def test_nothing_is_sent_twice_where_two_work(
    working: Work, database: Database
) -> None:
    one, other = MadeChannel(seconds=0.005), MadeChannel(seconds=0.005)
    addresses = [str(number) for number in range(100)]
    await post(database, *addresses)
    async with working(one), working(other):
        await until(lambda: len(one.sent) + len(other.sent) == len(addresses))

    assert sorted(address for address, _ in one.sent + other.sent) == sorted(addresses)


async def test_a_channel_that_cannot_listen_does_not_stop_the_others(
    working: Work, caplog: pytest.LogCaptureFixture
) -> None:
    good, bad = MadeChannel("good"), MadeChannel("bad")

    async def fail(take: object) -> None:
        raise OSError("no network")

    bad.start = fail  # type: ignore[method-assign]
    async with working(good, bad):
        await good.hear("你好")
        await good.wait_for(1)

    assert "cannot listen" in caplog.text


async def test_a_dead_holder_is_followed_when_his_lease_ends(
    working: Work, database: Database
) -> None:
    channel = MadeChannel()
    await post(database, "1")
    async with database.writing() as session:
        session.add(
            Lane(
                name="made",
                owner="dead",
                epoch=7,
                lease_until=now() + timedelta(seconds=2),
            )
        )
    async with working(channel):
        await channel.wait_for(1)

    assert channel.sent == [("1", "通知")]


async def test_health_is_told_without_a_name(working: Work) -> None:
    channel = MadeChannel()
    async with working(channel) as engine:
        await channel.hear("我的电话是 13800000000")
        await channel.wait_for(1)
        health = await engine.health()

    assert health.is_good
    assert list(health.lanes) == ["made"]
    assert "4711" not in repr(health)
    assert "1380" not in repr(health)


async def test_an_answer_does_not_wait_for_the_clock(working: Work) -> None:
    channel = MadeChannel()
    async with working(channel) as engine:
        await engine._clock.stop()  # the doorbell alone tells what is due
        for number in range(1, 21):
            await channel.hear("你好", address=str(number))
            await channel.wait_for(number)

    assert len(channel.sent) == 20
