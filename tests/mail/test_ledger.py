"""Each step of a delivery, and who may take it."""

from collections import Counter
from datetime import datetime, timedelta

import pytest
from letterbox import (
    LANE,
    MINUTE,
    NINE,
    SECOND,
    claimed_keys,
    hold,
    put,
    send_out,
    settle_all,
    statuses,
    the,
)
from sqlalchemy.ext.asyncio import AsyncSession

from bot.mail import lanes, ledger, outbox, overview
from bot.mail.ledger import Outcome
from bot.mail.order import PAGE
from bot.model import DeliveryStatus, Priority

NEVER = timedelta(0)
HALF_AN_HOUR = timedelta(minutes=30)
SENT, FAILED = DeliveryStatus.SENT, DeliveryStatus.FAILED
UNKNOWN, WAITING = DeliveryStatus.UNKNOWN, DeliveryStatus.WAITING


async def test_a_claim_has_all_that_a_sending_needs(session: AsyncSession) -> None:
    held = await hold(session)
    (id_,) = await put(session, "a", requests=("您好",), expires_at=NINE + MINUTE)

    (parcel,) = await ledger.claim(session, held, now=NINE, limit=9)

    assert parcel == ledger.Parcel(
        id=id_,
        key="a:1",
        address="1",
        request="您好",
        priority=Priority.NOTICE,
        tries=0,
        wanted_at=NINE,
        handed_at=None,
        expires_at=NINE + MINUTE,
    )
    claimed = await the(session, "a:1")
    assert (claimed.status, claimed.epoch) == (DeliveryStatus.CLAIMED, held.epoch)


async def test_priority_goes_before_age_and_age_before_number(
    session: AsyncSession,
) -> None:
    held = await hold(session)
    await put(session, "young", address="1", due_at=NINE - SECOND)
    await put(session, "old", address="2", due_at=NINE - MINUTE)
    await put(session, "as old", address="3", due_at=NINE - MINUTE)
    await put(session, "nudge", address="4", priority=Priority.NUDGE)
    await put(session, "answer", address="5", priority=Priority.ANSWER)

    order = ["answer:1", "nudge:1", "old:1", "as old:1", "young:1"]
    assert await claimed_keys(session, held) == order


async def test_the_limit_holds_over_all_priorities(session: AsyncSession) -> None:
    held = await hold(session)
    for number, priority in enumerate([*Priority] * 2):
        await put(session, f"{number}", address=f"{number}", priority=priority)

    assert await claimed_keys(session, held, limit=3) == ["0:1", "3:1", "1:1"]
    assert await claimed_keys(session, held, limit=0) == []


async def test_answers_can_be_claimed_alone(session: AsyncSession) -> None:
    held = await hold(session)
    await put(session, "notice", address="1")
    await put(session, "answer", address="2", priority=Priority.ANSWER)

    assert await claimed_keys(session, held, answers_only=True) == ["answer:1"]


async def test_one_address_has_one_in_hand(session: AsyncSession) -> None:
    held = await hold(session)
    await put(session, "first", due_at=NINE - SECOND)
    await put(session, "second")

    assert await claimed_keys(session, held) == ["first:1"]
    assert await claimed_keys(session, held) == []
    sent = [(await the(session, "first:1")).id]
    await ledger.mark_sending(session, held, sent, now=NINE)
    assert await claimed_keys(session, held) == []
    await settle_all(session, held, sent, UNKNOWN)
    assert await claimed_keys(session, held) == ["second:1"]


async def test_an_answer_does_not_overtake_one_that_is_tried_again(
    session: AsyncSession,
) -> None:
    held = await hold(session)
    later = NINE + SECOND
    await put(session, "first", priority=Priority.ANSWER, due_at=later)
    await put(session, "second", priority=Priority.ANSWER)
    await put(session, "another", address="2", priority=Priority.ANSWER)

    assert await claimed_keys(session, held) == ["another:1"]
    assert await claimed_keys(session, held, now=later) == ["first:1"]


async def test_a_busy_address_is_passed_over(session: AsyncSession) -> None:
    held = await hold(session)
    for address in "123":
        await put(session, address, address=address)

    assert await claimed_keys(session, held, busy=["1", "3"]) == ["2:1"]


@pytest.mark.parametrize("crowds", [1, 3])
async def test_a_crowd_at_the_head_starves_nobody(
    session: AsyncSession, crowds: int
) -> None:
    held = await hold(session)
    for group in range(crowds):
        for number in range(PAGE + 1):
            key = f"{group} {number}"
            await put(session, key, address=f"group {group}", due_at=NINE - MINUTE)
    await put(session, "notice", address="1")

    crowd = [f"{group} 0:1" for group in range(crowds)]
    assert await claimed_keys(session, held) == [*crowd, "notice:1"]


async def test_a_crowd_keeps_its_priority(session: AsyncSession) -> None:
    held = await hold(session)
    for number in range(PAGE):
        await put(session, f"{number}", address="group", priority=Priority.NUDGE)
    await put(session, "nudge", address="1", priority=Priority.NUDGE)
    await put(session, "notice", address="2")

    assert await claimed_keys(session, held, limit=2) == ["0:1", "nudge:1"]


async def test_other_lanes_are_left_alone(session: AsyncSession) -> None:
    held = await hold(session)
    await put(session, "a", lane="wecom")

    assert await claimed_keys(session, held) == []


async def test_nothing_goes_before_it_is_due(session: AsyncSession) -> None:
    held = await hold(session)
    await put(session, "a", due_at=NINE + SECOND)

    assert await claimed_keys(session, held) == []
    assert await claimed_keys(session, held, now=NINE + SECOND) == ["a:1"]


async def test_nothing_goes_while_the_lane_pauses(session: AsyncSession) -> None:
    held = await hold(session)
    await put(session, "a")
    await lanes.pause_lane(session, held, until=NINE + SECOND)

    assert await claimed_keys(session, held) == []
    assert await claimed_keys(session, held, now=NINE + SECOND) == ["a:1"]


async def test_answers_alone_go_while_the_bulk_of_the_lane_pauses(
    session: AsyncSession,
) -> None:
    held = await hold(session)
    await put(session, "a", priority=Priority.NUDGE)
    await put(session, "b", address="2", priority=Priority.ANSWER)
    await lanes.pause_lane(session, held, until=NINE + SECOND, bulk=True)

    assert await claimed_keys(session, held) == ["b:1"]
    assert await claimed_keys(session, held, now=NINE + SECOND) == ["a:1"]


async def test_a_part_waits_until_the_one_before_it_is_sent(
    session: AsyncSession,
) -> None:
    held = await hold(session)
    await put(session, "a", requests=("甲", "乙"))
    first = await send_out(session, held)
    later = NINE + MINUTE

    await settle_all(session, held, first, WAITING, due_at=later)
    assert await claimed_keys(session, held) == []
    sent = await send_out(session, held, now=later)
    assert sent == first
    await settle_all(session, held, sent, SENT)
    assert await claimed_keys(session, held) == ["a:2"]


@pytest.mark.parametrize(
    ("outcome", "rest"), [(FAILED, "cancelled"), (UNKNOWN, "waiting")]
)
async def test_the_rest_follows_what_became_of_a_part(
    session: AsyncSession, outcome: DeliveryStatus, rest: str
) -> None:
    held = await hold(session)
    await put(session, "a", requests=("甲", "乙", "丙"))
    await put(session, "other", address="2", requests=("甲", "乙"))

    (id_,) = [n for n in await send_out(session, held) if n == 1]
    await settle_all(session, held, [id_], outcome)

    found = await statuses(session)
    assert [found[key] for key in ("a:1", "a:2", "a:3")] == [outcome, rest, rest]
    assert found["other:2"] == "waiting"
    assert await claimed_keys(session, held) == []


async def test_only_what_is_marked_is_being_sent(session: AsyncSession) -> None:
    held = await hold(session)
    await put(session, "a", address="1")
    await put(session, "b", address="2")
    first, second = await ledger.claim(session, held, now=NINE, limit=9)

    assert await ledger.mark_sending(session, held, [first.id], now=NINE) == {first.id}
    assert await ledger.mark_sending(session, held, [first.id], now=NINE) == set()
    assert await statuses(session) == {"a:1": "sending", "b:1": "claimed"}
    sending = await the(session, "a:1")
    assert (sending.tries, sending.handed_at) == (1, NINE)
    assert second.key == "b:1"


async def test_what_expired_is_not_sent(session: AsyncSession) -> None:
    held = await hold(session)
    await put(session, "claimed", address="1", expires_at=NINE + SECOND)
    (parcel,) = await ledger.claim(session, held, now=NINE, limit=9)
    await put(session, "waiting", address="2", expires_at=NINE + SECOND)
    await put(session, "lasting", address="3", expires_at=NINE + MINUTE)
    late = NINE + SECOND

    assert await ledger.mark_sending(session, held, [parcel.id], now=late) == set()
    assert await claimed_keys(session, held, now=late) == ["lasting:1"]
    assert await ledger.expire(session, now=late) == 2
    assert await statuses(session) == {
        "claimed:1": "expired",
        "waiting:1": "expired",
        "lasting:1": "claimed",
    }


async def unsure(session: AsyncSession, held: lanes.LaneHold, key: str) -> int:
    """Post one that waits for another try after one that may have been taken."""
    (id_,) = await put(session, key, address=key, expires_at=NINE + MINUTE)
    await send_out(session, held)
    await settle_all(session, held, [id_], DeliveryStatus.WAITING, due_at=NINE + SECOND)
    return id_


async def test_what_may_have_been_taken_does_not_expire_but_is_unknown(
    session: AsyncSession,
) -> None:
    held = await hold(session)
    await unsure(session, held, "waiting")
    await put(session, "new", address="2", expires_at=NINE + MINUTE)

    assert await ledger.expire(session, now=NINE + MINUTE) == 2
    assert await statuses(session) == {"waiting:1": "unknown", "new:1": "expired"}


async def test_what_may_have_been_taken_is_not_cancelled_but_unknown(
    session: AsyncSession,
) -> None:
    held = await hold(session)
    await unsure(session, held, "waiting")
    ids = [await unsure(session, held, "claimed"), *await put(session, "new")]
    later = NINE + 2 * SECOND
    await ledger.claim(session, held, now=later, limit=1, busy=("waiting", "1"))

    for recipient in ("chat:waiting", "chat:claimed", "chat:1"):
        assert await outbox.cancel(session, recipient=recipient, at=later) == 1

    assert await statuses(session) == {
        "waiting:1": "unknown",
        "claimed:1": "unknown",
        "new:1": "cancelled",
    }
    assert await ledger.mark_sending(session, held, ids, now=later) == set()
    assert sum((await overview.counts(session)).values()) == 3


async def test_what_is_being_sent_does_not_expire(session: AsyncSession) -> None:
    held = await hold(session)
    await put(session, "a", expires_at=NINE + SECOND)
    await send_out(session, held)

    assert await ledger.expire(session, now=NINE + MINUTE) == 0


async def test_what_was_sent_keeps_the_products_id(session: AsyncSession) -> None:
    held = await hold(session)
    await put(session, "a")
    sent = await send_out(session, held)
    await settle_all(session, held, sent, SENT, remote_id="77", now=NINE + SECOND)

    delivery = await the(session, "a:1")
    assert (delivery.status, delivery.remote_id) == (SENT, "77")
    assert delivery.settled_at == NINE + SECOND


async def test_settling_twice_changes_nothing(session: AsyncSession) -> None:
    held = await hold(session)
    await put(session, "a")
    sent = await send_out(session, held)
    await settle_all(session, held, sent, SENT, remote_id="77")
    await settle_all(session, held, sent, FAILED, error="too late")

    assert (await the(session, "a:1")).status is SENT


async def test_only_outcomes_can_be_settled(session: AsyncSession) -> None:
    held = await hold(session)

    with pytest.raises(ValueError, match="no outcome"):
        await settle_all(session, held, [1], DeliveryStatus.CANCELLED)


async def test_what_is_given_back_waits_again(session: AsyncSession) -> None:
    held = await hold(session)
    for address in "123":
        await put(session, address, address=address)
    first, second, third = await ledger.claim(session, held, now=NINE, limit=9)
    await ledger.mark_sending(session, held, [first.id], now=NINE)

    await ledger.give_back(session, held, [second.id])
    given_back = await statuses(session)
    await ledger.give_back(session, held)

    assert given_back == {"1:1": "sending", "2:1": "waiting", "3:1": "claimed"}
    assert await statuses(session) == {**given_back, "3:1": "waiting"}
    assert third.key == "3:1"
    assert (await the(session, "3:1")).due_at == NINE


async def test_a_chat_that_pauses_holds_up_no_other(session: AsyncSession) -> None:
    held = await hold(session)
    await put(session, "a1", address="1")
    await put(session, "a2", address="1", due_at=NINE + 2 * MINUTE)
    await put(session, "b", address="2")

    await ledger.hold_back(session, held, addresses=["1"], until=NINE + MINUTE)

    assert await claimed_keys(session, held) == ["b:1"]
    assert (await the(session, "a1:1")).due_at == NINE + MINUTE
    assert (await the(session, "a2:1")).due_at == NINE + 2 * MINUTE


async def in_every_state(session: AsyncSession) -> lanes.LaneHold:
    """Leave one delivery claimed, one being sent and one waiting."""
    held = await hold(session)
    for address in ("claimed", "sending", "waiting"):
        await put(session, address, address=address, due_at=NINE)
    sending = await ledger.claim(
        session, held, now=NINE, limit=1, busy=["claimed", "waiting"]
    )
    await ledger.mark_sending(session, held, [sending[0].id], now=NINE)
    await ledger.claim(session, held, now=NINE, limit=1)
    return held


async def test_a_lost_holder_leaves_what_left_it_unknown(
    session: AsyncSession,
) -> None:
    await in_every_state(session)
    new = await hold(session)

    done = await ledger.recover(session, new, now=NINE + SECOND, drops_copies_for=NEVER)

    assert done == Counter({WAITING: 1, UNKNOWN: 1})
    assert await statuses(session) == {
        "claimed:1": "waiting",
        "sending:1": "unknown",
        "waiting:1": "waiting",
    }
    unknown = await the(session, "sending:1")
    assert (unknown.settled_at, unknown.error) == (NINE + SECOND, ledger.HOLDER_LOST)


async def test_a_holder_recovers_nothing_of_its_own(session: AsyncSession) -> None:
    held = await in_every_state(session)
    before = await statuses(session)

    assert not await ledger.recover(session, held, now=NINE, drops_copies_for=NEVER)
    assert await statuses(session) == before


@pytest.mark.parametrize(
    ("after", "status"),
    [
        (timedelta(0), WAITING),
        (timedelta(minutes=28, seconds=59), WAITING),
        (timedelta(minutes=29), UNKNOWN),  # a minute before the product forgets
        (timedelta(hours=3), UNKNOWN),
    ],
)
async def test_what_the_product_drops_twice_is_sent_again(
    session: AsyncSession, after: timedelta, status: DeliveryStatus
) -> None:
    await in_every_state(session)
    new = await hold(session)

    await ledger.recover(session, new, now=NINE + after, drops_copies_for=HALF_AN_HOUR)

    assert (await the(session, "sending:1")).status is status


async def try_once(
    session: AsyncSession, held: lanes.LaneHold, now: datetime, *, not_taken: bool
) -> None:
    sent = await send_out(session, held, now=now)
    await settle_all(
        session, held, sent, WAITING, now=now, due_at=now, not_taken=not_taken
    )


@pytest.mark.parametrize(
    ("tries", "since"),
    [
        ([True], None),
        ([False], 0),
        ([True, False], 1),
        ([False, True], 0),
        ([False, False, True], 0),
        ([True, True, False, True], 2),
    ],
)
async def test_copies_count_from_the_first_that_may_have_been_taken(
    session: AsyncSession, tries: list[bool], since: int | None
) -> None:
    held = await hold(session)
    await put(session, "a")
    for minute, not_taken in enumerate(tries):
        await try_once(session, held, NINE + minute * MINUTE, not_taken=not_taken)

    (parcel,) = await ledger.claim(session, held, now=NINE + 9 * MINUTE, limit=1)

    assert parcel.handed_at == (None if since is None else NINE + since * MINUTE)
    assert (parcel.tries, parcel.wanted_at) == (len(tries), NINE)


async def test_who_lost_the_lane_changes_nothing(session: AsyncSession) -> None:
    lost = await in_every_state(session)
    claimed, sending = (
        (await the(session, "claimed:1")).id,
        (await the(session, "sending:1")).id,
    )
    await hold(session)  # somebody takes it, and has not put it in order yet
    before = await statuses(session)

    with pytest.raises(lanes.LaneLost):
        await ledger.claim(session, lost, now=NINE, limit=9)
    with pytest.raises(lanes.LaneLost):
        await ledger.mark_sending(session, lost, [claimed], now=NINE)
    with pytest.raises(lanes.LaneLost):
        await ledger.settle(session, lost, [Outcome(id=sending, status=SENT)], now=NINE)
    with pytest.raises(lanes.LaneLost):
        await ledger.recover(session, lost, now=NINE, drops_copies_for=NEVER)
    await ledger.give_back(session, lost)
    await ledger.hold_back(session, lost, addresses=["waiting"], until=NINE + MINUTE)

    assert await statuses(session) == before
    assert (await the(session, "waiting:1")).due_at == NINE


async def test_a_new_holder_sends_and_settles_nothing_that_another_claimed(
    session: AsyncSession,
) -> None:
    await in_every_state(session)
    claimed = (await the(session, "claimed:1")).id
    sending = (await the(session, "sending:1")).id
    new = await hold(session)

    assert not await ledger.mark_sending(session, new, [claimed], now=NINE)
    await settle_all(session, new, [sending], SENT)

    assert (await the(session, "sending:1")).status is DeliveryStatus.SENDING


async def test_what_may_have_been_taken_is_remembered(session: AsyncSession) -> None:
    held = await hold(session)
    for address in ("sent", "unknown", "again", "refused", "later", "early"):
        await put(session, address, address=address)
    parcels = await ledger.claim(session, held, now=NINE, limit=9)
    ids = {parcel.address: parcel.id for parcel in parcels}
    now = NINE + MINUTE
    early = ids.pop("early")
    await ledger.mark_sending(session, held, [early], now=NINE - MINUTE)
    await settle_all(session, held, [early], SENT, now=NINE - MINUTE)
    await ledger.mark_sending(session, held, ids.values(), now=NINE)
    await ledger.settle(
        session,
        held,
        [
            Outcome(id=ids["sent"], status=SENT),
            Outcome(id=ids["unknown"], status=UNKNOWN),
            Outcome(id=ids["again"], status=WAITING, due_at=now),
            Outcome(id=ids["refused"], status=WAITING, due_at=now, not_taken=True),
        ],
        now=now,
    )

    sends = await ledger.recent_sends(session, LANE, since=NINE)

    assert sorted(sends) == [
        (["again"], now),
        (["later"], NINE),
        (["sent"], now),
        (["unknown"], now),
    ]


async def test_those_whom_one_call_told_are_remembered_as_one(
    session: AsyncSession,
) -> None:
    held = await hold(session)
    for address in "abcdef":
        await put(session, address, address=address)
    parcels = await ledger.claim(session, held, now=NINE, limit=9)
    ids = [parcel.id for parcel in parcels]
    for call in (ids[:2], ids[2:4]):
        await ledger.mark_sending(session, held, call, now=NINE, together=True)
    await ledger.mark_sending(session, held, ids[4:], now=NINE)
    await settle_all(session, held, [*ids[:2], *ids[4:]], SENT, now=NINE + MINUTE)

    sends = await ledger.recent_sends(session, LANE, since=NINE)

    assert [sorted(told) for told, _ in sorted(sends)] == [
        ["a", "b"],
        ["c", "d"],
        ["e"],
        ["f"],
    ]
