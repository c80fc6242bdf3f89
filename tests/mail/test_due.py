"""Which lanes have something to do, and what that costs beside very many rows."""

from datetime import timedelta

import pytest
from letterbox import LANE, MINUTE, NINE, SECOND, put
from sqlalchemy.ext.asyncio import AsyncSession

from bot.mail.depth import lane_depths, lane_holders, oldest_due
from bot.mail.due import lanes_to_drain, lanes_to_recover, stuck_lanes
from bot.mail.lanes import open_lane
from bot.model import Delivery, DeliveryStatus, Lane, Priority


async def to_drain(session: AsyncSession, *, owner: str = "me") -> set[str]:
    return await lanes_to_drain(session, [LANE, "other"], owner=owner, now=NINE)


@pytest.fixture
async def lane(session: AsyncSession) -> Lane:
    for name in (LANE, "other", "unasked"):
        await open_lane(session, name)
    return await session.get_one(Lane, LANE)


@pytest.mark.usefixtures("lane")
@pytest.mark.parametrize("priority", Priority)
async def test_a_lane_is_named_when_something_is_due(
    session: AsyncSession, priority: Priority
) -> None:
    assert await to_drain(session) == set()
    await put(session, "later", due_at=NINE + SECOND, priority=priority)
    assert await to_drain(session) == set()
    await put(session, "now", priority=priority)
    assert await to_drain(session) == {LANE}


@pytest.mark.usefixtures("lane")
async def test_only_lanes_of_ours_are_named(session: AsyncSession) -> None:
    await put(session, "a", lane="unasked")

    assert await to_drain(session) == set()


@pytest.mark.usefixtures("lane")
async def test_what_expired_is_not_due(session: AsyncSession) -> None:
    await put(session, "a", expires_at=NINE)

    assert await to_drain(session) == set()


@pytest.mark.usefixtures("lane")
@pytest.mark.parametrize(
    ("status", "named"),
    [(DeliveryStatus.SENT, {LANE}), (DeliveryStatus.UNKNOWN, set())],
)
async def test_a_part_is_due_when_the_part_before_it_is_sent(
    session: AsyncSession, status: DeliveryStatus, named: set[str]
) -> None:
    first, _ = await put(session, "a", requests=("1", "2"))
    (await session.get_one(Delivery, first)).status = status
    await session.flush()

    assert await to_drain(session) == named
    assert (await stuck_lanes(session, now=NINE + 10 * MINUTE)) == named


@pytest.mark.parametrize(
    ("owner", "until", "named"),
    [
        ("me", 9, {LANE}),  # one that is alone may have it back after a crash
        ("another", 9, set()),
        ("another", -1, {LANE}),
        ("", None, {LANE}),
    ],
)
async def test_a_lane_that_another_holds_is_not_named(
    session: AsyncSession,
    lane: Lane,
    owner: str,
    until: int | None,
    named: set[str],
) -> None:
    ours = session.get_bind().dialect.name == "sqlite"
    now = NINE if ours else await session.scalar(_store_clock())
    await put(session, "a")
    lane.owner = owner
    lane.lease_until = None if until is None else now + timedelta(seconds=until)
    await session.flush()

    assert await to_drain(session) == named


def _store_clock() -> object:
    from sqlalchemy import func, select

    return select(func.clock_timestamp())


async def test_a_lane_that_pauses_is_not_named(
    session: AsyncSession, lane: Lane
) -> None:
    await put(session, "a")
    lane.not_before = NINE + SECOND
    await session.flush()

    assert await to_drain(session) == set()


@pytest.mark.parametrize(
    ("priority", "named"), [(Priority.ANSWER, {LANE}), (Priority.NUDGE, set())]
)
async def test_a_lane_whose_bulk_pauses_is_named_for_answers_alone(
    session: AsyncSession, lane: Lane, priority: Priority, named: set[str]
) -> None:
    await put(session, "a", priority=priority)
    lane.bulk_not_before = NINE + SECOND
    await session.flush()

    assert await to_drain(session) == named
    lane.bulk_not_before = NINE
    await session.flush()
    assert await to_drain(session) == {LANE}


@pytest.mark.parametrize(
    ("priority", "named"), [(Priority.ANSWER, {LANE}), (Priority.NUDGE, set())]
)
async def test_what_a_product_limits_is_not_stuck_but_an_answer_is(
    session: AsyncSession, lane: Lane, priority: Priority, named: set[str]
) -> None:
    await put(session, "a", priority=priority)
    lane.bulk_not_before = NINE + 10 * MINUTE
    await session.flush()

    for minutes in (9, 14):  # then it had four minutes to go
        now = NINE + minutes * MINUTE
        assert await stuck_lanes(session, now=now) == named
    assert await stuck_lanes(session, now=NINE + 16 * MINUTE) == {LANE}


@pytest.mark.usefixtures("lane")
@pytest.mark.parametrize(
    ("status", "named"),
    [
        (DeliveryStatus.CLAIMED, {LANE}),
        (DeliveryStatus.SENDING, {LANE}),
        (DeliveryStatus.WAITING, set()),
        (DeliveryStatus.UNKNOWN, set()),
    ],
)
async def test_a_lane_is_recovered_that_nobody_holds_with_something_in_hand(
    session: AsyncSession, status: DeliveryStatus, named: set[str]
) -> None:
    (id_,) = await put(session, "a")
    (await session.get_one(Delivery, id_)).status = status
    await session.flush()

    found = await lanes_to_recover(session, [LANE, "other"], owner="me", now=NINE)
    assert found == named


@pytest.mark.usefixtures("lane")
async def test_what_is_tried_again_and_again_is_stuck(session: AsyncSession) -> None:
    (id_,) = await put(session, "a")
    delivery = await session.get_one(Delivery, id_)
    delivery.settled_at = NINE + 5 * MINUTE
    delivery.due_at = NINE + 12 * MINUTE
    await session.flush()

    assert await stuck_lanes(session, now=NINE + 4 * MINUTE) == set()
    assert await stuck_lanes(session, now=NINE + 6 * MINUTE) == {LANE}


@pytest.mark.usefixtures("lane")
async def test_depths_are_counted_by_lane_and_status(session: AsyncSession) -> None:
    await put(session, "a", due_at=NINE - MINUTE)
    await put(session, "b")
    (id_,) = await put(session, "c", lane="other")
    (await session.get_one(Delivery, id_)).status = DeliveryStatus.FAILED
    (id_,) = await put(session, "d", lane="other")
    (await session.get_one(Delivery, id_)).status = DeliveryStatus.SENT
    await session.flush()

    assert await lane_depths(session) == {
        LANE: {DeliveryStatus.WAITING: 2},
        "other": {DeliveryStatus.FAILED: 1},
    }
    assert await oldest_due(session, now=NINE) == {LANE: NINE - MINUTE}
    assert await lane_holders(session, now=NINE) == {
        LANE: "",
        "other": "",
        "unasked": "",
    }
