"""A lane has one holder at a time, and whoever lost it changes nothing."""

import asyncio
from datetime import timedelta

import pytest
from letterbox import LANE, MINUTE, NINE, SECOND
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database import Database
from bot.mail.lanes import (
    LEASE,
    LaneHold,
    LaneLost,
    Pauses,
    keep_lane,
    lane_is_ours,
    open_lane,
    pause_lane,
    release_lane,
    renew_lane,
    take_lane,
)
from bot.model import Lane

OVER = timedelta(seconds=-1)
"""A lease that ends before it begins, by whatever clock."""


@pytest.fixture
async def session(session: AsyncSession) -> AsyncSession:
    await open_lane(session, LANE)
    return session


async def look(session: AsyncSession) -> Lane:
    query = select(Lane).execution_options(populate_existing=True)
    return (await session.scalars(query)).one()


async def take(
    session: AsyncSession, owner: str, *, lease: timedelta = LEASE
) -> LaneHold | None:
    return await take_lane(session, LANE, owner=owner, now=NINE, lease=lease)


async def test_one_alone_can_hold_a_lane(session: AsyncSession) -> None:
    assert await take(session, "a") == LaneHold(LANE, 1)
    assert await take(session, "b") is None


async def test_opening_a_lane_again_leaves_it_as_it_is(session: AsyncSession) -> None:
    held = await take(session, "a")
    await open_lane(session, LANE)

    assert held
    assert await lane_is_ours(session, held)


async def test_a_lane_that_nobody_opened_cannot_be_taken(session: AsyncSession) -> None:
    assert await take_lane(session, "sms", owner="a", now=NINE) is None


async def test_a_lane_handed_back_is_free(session: AsyncSession) -> None:
    held = await take(session, "a")
    assert held
    await release_lane(session, held)

    assert await take(session, "b") == LaneHold(LANE, 2)


async def test_a_lane_is_free_when_its_lease_has_ended(session: AsyncSession) -> None:
    await take(session, "a", lease=OVER)

    assert await take(session, "b") == LaneHold(LANE, 2)


async def test_who_takes_it_from_himself_raises_the_epoch(
    session: AsyncSession,
) -> None:
    first, second = await take(session, "a"), await take(session, "a")

    assert first
    assert second == LaneHold(LANE, 2)
    assert not await lane_is_ours(session, first)


async def test_a_renewed_lease_lasts(session: AsyncSession) -> None:
    held = await take(session, "a", lease=OVER)
    assert held

    assert await renew_lane(session, held, now=NINE)
    assert await take(session, "b") is None


async def test_who_lost_the_lane_changes_nothing(session: AsyncSession) -> None:
    lost = await take(session, "a", lease=OVER)
    await take(session, "b")
    assert lost
    before = await look(session)
    was = (before.owner, before.epoch, before.lease_until, before.not_before)

    assert not await renew_lane(session, lost, now=NINE + MINUTE)
    await release_lane(session, lost)
    await pause_lane(session, lost, until=NINE + MINUTE)

    after = await look(session)
    assert (after.owner, after.epoch, after.lease_until, after.not_before) == was
    assert not await lane_is_ours(session, lost)
    with pytest.raises(LaneLost):
        await keep_lane(session, lost)


async def test_a_shorter_pause_does_not_end_a_longer_one(session: AsyncSession) -> None:
    held = await take(session, "a")
    assert held
    await pause_lane(session, held, until=NINE + MINUTE)
    await pause_lane(session, held, until=NINE + SECOND)

    await pause_lane(session, held, until=NINE + 9 * SECOND, bulk=True)
    await pause_lane(session, held, until=NINE + SECOND, bulk=True)

    ends = Pauses(whole=NINE + MINUTE, bulk=NINE + 9 * SECOND)
    assert await keep_lane(session, held) == ends


async def test_the_clock_of_the_host_does_not_count_where_hosts_differ(
    session: AsyncSession,
) -> None:
    await take(session, "a")
    far_ahead = await take_lane(session, LANE, owner="b", now=NINE + 60 * MINUTE)

    is_shared = session.get_bind().dialect.name == "postgresql"
    assert (far_ahead is None) == is_shared


async def test_many_takers_get_one_hold(database: Database) -> None:
    async with database.writing() as session:
        await open_lane(session, "free")

    async def try_to_take(owner: str) -> LaneHold | None:
        async with database.writing() as session:
            return await take_lane(session, "free", owner=owner, now=NINE)

    holds = await asyncio.gather(*(try_to_take(str(n)) for n in range(8)))

    assert [hold for hold in holds if hold] == [LaneHold("free", 1)]


async def test_a_taker_waits_until_the_holder_has_committed(database: Database) -> None:
    """Else it would look at deliveries that the holder is about to mark."""
    done: list[str] = []
    async with database.writing() as session:
        await open_lane(session, "held")
        held = await take_lane(session, "held", owner="a", now=NINE, lease=OVER)
        assert held

    async def take_it() -> None:
        async with database.writing() as session:
            assert await take_lane(session, "held", owner="b", now=NINE)
        done.append("taken")

    async with database.writing() as session:
        assert await lane_is_ours(session, held)
        taker = asyncio.create_task(take_it())
        await asyncio.sleep(0.05)
        done.append("committed")
    await taker

    assert done == ["committed", "taken"]
