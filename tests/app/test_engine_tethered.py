"""What goes out through a connection goes out where the connection is."""

import asyncio

import pytest
from made_channel import MadeRobot
from sqlalchemy import select
from test_engine import Work, on_postgres, post, statuses, until, working

from bot.app.engine import Part
from bot.database import Database
from bot.model import DeliveryStatus, Lane

__all__ = ["working"]  # the fixture


@on_postgres
async def test_of_two_processes_the_connected_one_sends(
    working: Work, database: Database
) -> None:
    here, there = MadeRobot(), MadeRobot(is_connected=False)
    async with working(there) as elsewhere:
        await post(database, "0")
        await elsewhere.ring("lane:made")  # nobody else hears it
        await asyncio.sleep(0.2)
        async with working(here):
            for number in range(1, 5):
                await here.wait_for(number)
                await post(database, str(number))
                await elsewhere.ring("lane:made")
            await here.wait_for(5)

    assert there.tries == 0
    assert [address for address, _ in here.sent] == ["0", "1", "2", "3", "4"]


@on_postgres
async def test_what_waits_goes_out_when_the_connection_is_elsewhere(
    working: Work, database: Database
) -> None:
    here, there = MadeRobot(), MadeRobot(is_connected=False)
    async with working(here), working(there):
        await post(database, "first")
        await here.wait_for(1)
        here.is_connected, there.is_connected = False, True
        await post(database, "second")
        await there.wait_for(1)

    assert [address for address, _ in here.sent] == ["first"]
    assert [address for address, _ in there.sent] == ["second"]


async def test_nothing_is_tried_before_the_connection_stands(
    working: Work, database: Database
) -> None:
    channel = MadeRobot(is_connected=False)
    async with working(channel) as engine:
        await post(database, "4711")
        await engine.ring("lane:made")
        await asyncio.sleep(0.2)
        assert await statuses(database) == [DeliveryStatus.WAITING]
        channel.is_connected = True
        await channel.wait_for(1)

    assert channel.tries == 1


async def test_many_rings_at_once_take_the_lane_once(
    working: Work, database: Database
) -> None:
    channel = MadeRobot()
    async with working(channel) as engine:
        await post(database, *map(str, range(20)))
        await asyncio.gather(*(engine.ring("lane:made") for _ in range(20)))
        await channel.wait_for(20)
        await until(lambda: channel.under_way == 0)

    assert channel.tries == 20
    async with database.reading() as session:
        lane = (await session.scalars(select(Lane).filter_by(name="made"))).one()
    assert lane.epoch < 10  # each taking raises it


@on_postgres
@pytest.mark.parametrize("part", [Part.WORKER, Part.ALL])
async def test_the_process_that_sends_is_the_one_that_listens(
    working: Work, part: Part
) -> None:
    web, worker = MadeRobot(), MadeRobot()
    async with working(web, part=Part.WEB), working(worker, part=part):
        await until(lambda: worker.is_listening)
        await worker.hear("你好")
        await worker.wait_for(1)

        assert not web.is_listening

    assert worker.sent == [("4711", "您说：你好")]
