"""The postman, on both stores, through a product that does as it is told."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from itertools import count

import pytest
from postman_office import NINE, Office, Product, Step, open_office
from sqlalchemy import func, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database import Database
from bot.errors import NotSent, Refused, StoreError, Unanswered
from bot.mail import ledger, outbox
from bot.mail.lanes import LaneLost
from bot.mail.ledger import MARGIN, Outcome
from bot.mail.outbox import Addressee
from bot.messages import Limit, Manners, Reply
from bot.model import Delivery, DeliveryStatus, Priority, Request

HALF_HOUR = timedelta(minutes=30)
ALONE = Manners(in_flight=1, answers_in_flight=0)
SENT = DeliveryStatus.SENT
WAITING = DeliveryStatus.WAITING
FAILED = DeliveryStatus.FAILED
UNKNOWN = DeliveryStatus.UNKNOWN


@pytest.fixture
async def office(database: Database) -> AsyncIterator[Office]:
    async with open_office(database) as office:
        yield office


async def test_everything_due_is_sent_once(office: Office) -> None:
    await office.post_many(30)
    product = Product(Manners())
    more = await office.drain(product)
    assert sorted(product.texts) == sorted(f"text {one}" for one in range(30))
    assert await office.counts() == {SENT: 30}
    assert not more


async def test_what_the_product_calls_the_message_is_kept(office: Office) -> None:
    [id] = await office.post("a", "hello")
    await office.drain(Product(Manners()))
    row = await office.row(id)
    assert (row.remote_id, row.tries, row.settled_at) == ("remote 1", 1, NINE)


async def test_what_is_due_later_waits(office: Office) -> None:
    await office.post("a", "hello")
    office.now -= timedelta(seconds=1)
    product = Product(Manners())
    assert not await office.drain(product)
    assert product.tried == []


async def test_no_more_are_marked_than_may_be_under_way(office: Office) -> None:
    await office.post_many(12)
    for one in range(12):
        await office.post(f"asker {one}", "answer", priority=Priority.ANSWER)
    seen: list[int] = []

    async def look() -> None:
        seen.append(await office.sending())

    product = Product(Manners(in_flight=3, answers_in_flight=2), always=look)
    await office.drain(product)
    assert len(seen) == 24
    assert max(seen) == 5


async def test_an_answer_is_claimed_and_marked_by_one_commit(office: Office) -> None:
    claimed: list[DeliveryStatus] = []

    @asynccontextmanager
    async def writing() -> AsyncIterator[AsyncSession]:
        async with office.database.writing() as session:
            yield session
        claimed.extend(one for one in await office.counts() if one == "claimed")

    await office.post("asker", "answer", priority=Priority.ANSWER)
    office.writing = writing
    product = Product(Manners())
    await office.drain(product)
    assert product.texts == ["answer"]
    assert claimed == []


async def test_bulk_alone_leaves_the_places_of_answers_free(office: Office) -> None:
    await office.post_many(12)
    seen: list[int] = []

    async def look() -> None:
        seen.append(await office.sending())

    await office.drain(Product(Manners(in_flight=3, answers_in_flight=2), always=look))
    assert max(seen) == 3


async def test_a_slow_call_holds_up_nobody(office: Office) -> None:
    await office.post_many(20)
    product = Product(Manners(in_flight=2))
    others = asyncio.Event()

    async def wait_for_the_others() -> None:
        await others.wait()

    async def note() -> None:
        if len(product.tried) == 20:
            others.set()

    product.always, product.steps = note, {"chat 0": [wait_for_the_others]}
    await office.drain(product)
    assert await office.counts() == {SENT: 20}


@pytest.mark.parametrize("woken", [True, False], ids=["woken", "found by a look"])
async def test_an_answer_goes_even_if_all_bulk_hangs(
    office: Office, woken: bool
) -> None:
    await office.post_many(50)
    answered = asyncio.Event()
    product = Product(
        Manners(in_flight=2, answers_in_flight=1),
        steps={f"chat {one}": [_waiting_for(answered)] for one in range(50)},
    )
    product.steps["asker"] = [_setting(answered)]
    postman = office.postman(product)
    drain = asyncio.create_task(postman.drain())
    await product.has_tried(2)
    await office.post("asker", "answer", priority=Priority.ANSWER)
    if woken:
        postman.wake()
    await drain
    assert product.texts.index("answer") == 2
    assert await office.counts() == {SENT: 51}


def _waiting_for(event: asyncio.Event) -> Step:
    async def step() -> None:
        await event.wait()

    return step


def _setting(event: asyncio.Event) -> Step:
    async def step() -> None:
        event.set()

    return step


async def test_a_lower_priority_goes_later(office: Office) -> None:
    await office.post("a", "notice")
    await office.post("b", "nudge", priority=Priority.NUDGE)
    await office.post("c", "answer", priority=Priority.ANSWER)
    product = Product(ALONE)
    await office.drain(product)
    assert product.texts == ["answer", "nudge", "notice"]


async def test_the_parts_of_a_text_go_in_their_order(office: Office) -> None:
    await office.post_many(5)
    await office.post("a", "1", "2", "3", "4")
    await office.post("a", "5")
    product = Product(Manners())
    await office.drain(product)
    assert [text for to, text in product.tried if to == "a"] == list("12345")


async def test_the_parts_wait_for_a_part_that_is_tried_again(office: Office) -> None:
    await office.post("a", "1", "2")
    await office.post("a", "3")
    product = Product(Manners(), steps={"a": [NotSent("no route")]})
    await office.drain(product)
    assert product.texts == ["1"]
    office.now += timedelta(seconds=2)
    await office.drain(product)
    assert product.texts == ["1", "1", "2", "3"]


async def test_a_part_that_fails_takes_the_rest_with_it(office: Office) -> None:
    await office.post("a", "1", "2", "3")
    product = Product(Manners(), steps={"a": [Refused("too long")]})
    await office.drain(product)
    assert product.texts == ["1"]
    assert await office.counts() == {FAILED: 1, DeliveryStatus.CANCELLED: 2}


async def test_tries_grow_rarer_by_chance(office: Office) -> None:
    [id] = await office.post("a", "hello")
    errors: list[Step] = [NotSent("no route") for _ in range(3)]
    product = Product(Manners(), steps={"a": errors})
    waits = []
    for _ in range(3):
        await office.drain(product, chance=lambda: 0.5)
        waits.append((await office.row(id)).due_at - office.now)
        office.now += waits[-1]
    assert waits == [timedelta(seconds=seconds) for seconds in (1.5, 2.5, 4.5)]
    assert await office.counts() == {WAITING: 1}


async def test_a_chat_that_asks_for_a_pause_stops_itself_alone(office: Office) -> None:
    ids = [*await office.post("a", "1"), *await office.post("a", "2")]
    await office.post_many(20)
    product = Product(Manners(), steps={"a": [NotSent("429", retry_after=30.0)]})
    await office.drain(product)
    assert await office.counts() == {SENT: 20, WAITING: 2}
    until = NINE + timedelta(seconds=30)
    assert [(await office.row(id)).due_at for id in ids] == [until, until]
    office.now = until
    await office.drain(product)
    assert [text for to, text in product.tried if to == "a"] == ["1", "1", "2"]


async def test_what_comes_for_a_chat_while_it_pauses_waits_too(
    office: Office,
) -> None:
    await office.post("a", "1")

    async def post() -> None:
        await office.post("a", "2")

    pause = NotSent("429", retry_after=30.0)
    product = Product(ALONE, steps={"a": [pause], "chat 4": [post]})
    await office.post_many(5)
    await office.drain(product)
    assert [text for to, text in product.tried if to == "a"] == ["1"]
    assert await office.counts() == {SENT: 5, WAITING: 2}


async def test_a_credential_that_must_pause_stops_the_lane(office: Office) -> None:
    await office.post_many(20)
    pause = NotSent("429", retry_after=30.0, everywhere=True)
    product = Product(ALONE, steps={"chat 0": [pause]})
    assert not await office.drain(product)
    assert len(product.tried) == 1
    assert await office.counts() == {WAITING: 20}
    assert (await office.lane()).not_before == NINE + timedelta(seconds=30)


async def test_a_flood_stops_bulk_and_lets_answers_go(office: Office) -> None:
    await office.post_many(20)
    flood = NotSent("429", retry_after=30.0, flooded=True)
    product = Product(ALONE, steps={"chat 1": [flood]})
    postman = office.postman(product)
    assert not await postman.drain()
    assert len(product.tried) == 2
    assert await office.counts() == {SENT: 1, WAITING: 19}
    await office.post("asker", "answer", priority=Priority.ANSWER)
    assert not await postman.drain()
    assert product.tried[2:] == [("asker", "answer")]
    assert postman.pace._all.slower == 2.0  # not twice as slow for each drain
    lane = await office.lane()
    assert lane.bulk_not_before == NINE + timedelta(seconds=30)
    assert lane.not_before is None


async def test_the_next_holder_keeps_to_a_flood_and_goes_on_when_it_is_over(
    office: Office,
) -> None:
    await office.post_many(3)
    flood = NotSent("429", retry_after=30.0, flooded=True)
    product = Product(ALONE, steps={"chat 0": [flood]})
    await office.drain(product)
    await office.take_again()
    await office.post("asker", "answer", priority=Priority.ANSWER)
    office.now += timedelta(seconds=29)
    next_one = office.postman(product)
    await next_one.drain()
    assert product.tried[1:] == [("asker", "answer")]
    assert next_one.pace.free_at("chat 2", answer=False) > next_one._time()
    office.now += timedelta(seconds=1)
    await office.take_again()
    await office.drain(product)
    assert await office.counts() == {SENT: 4}


async def test_what_is_refused_for_good_is_told_to_the_office(office: Office) -> None:
    [id] = await office.post("a", "hello")
    told: list[int] = []
    lost: list[int] = []
    rung: list[str] = []

    async def on_failed(
        session: AsyncSession, ids: Sequence[int], gone: Sequence[int]
    ) -> set[str]:
        told.extend(ids)
        lost.extend(gone)
        await session.execute(
            update(Delivery).where(Delivery.id.in_(ids)).values(called_by="nobody")
        )
        return {"wecom"}

    async def ring(lane: str) -> None:
        rung.append(lane)

    product = Product(Manners(), steps={"a": [Refused("blocked", gone=True)]})
    await office.drain(product, on_failed=on_failed, ring=ring)
    row = await office.row(id)
    assert (row.status, row.error) == (FAILED, "Refused: blocked")
    assert (told, rung, row.called_by) == ([id], ["wecom"], "nobody")
    assert lost == [id]


class _Deadlock(Exception):
    sqlstate = "40P01"


async def test_another_way_that_clashes_with_somebody_is_looked_for_again(
    office: Office,
) -> None:
    [id] = await office.post("a", "hello")
    told: list[int] = []

    async def on_failed(
        session: AsyncSession, ids: Sequence[int], gone: Sequence[int]
    ) -> set[str]:
        told.extend(ids)
        if len(told) == 1:
            raise DBAPIError("UPDATE", {}, _Deadlock())
        return set()

    product = Product(Manners(), steps={"a": [Refused("blocked")]})
    await office.drain(product, on_failed=on_failed)
    assert told == [id, id]
    assert product.texts == ["hello"]
    assert (await office.row(id)).status == FAILED


async def test_a_failure_stands_where_no_other_way_can_be_found(
    office: Office,
) -> None:
    [id] = await office.post("a", "hello")
    await office.post("b", "hello")

    async def on_failed(
        session: AsyncSession, ids: Sequence[int], gone: Sequence[int]
    ) -> set[str]:
        await session.execute(update(Delivery).values(called_by="nobody"))
        raise KeyError("no such channel")

    product = Product(ALONE, steps={"a": [Refused("blocked")]})
    await office.drain(product, on_failed=on_failed)
    assert (await office.row(id)).called_by == ""
    assert await office.counts() == {FAILED: 1, SENT: 1}


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (Unanswered("cut off"), "Unanswered: cut off"),
        (ValueError("the text was: secret"), "ValueError"),
        (TimeoutError(), "TimeoutError"),
        (ConnectionResetError("by peer"), "ConnectionResetError"),
    ],
)
async def test_what_nobody_can_know_is_never_sent_again(
    office: Office, error: Exception, words: str
) -> None:
    [id] = await office.post("a", "hello")
    product = Product(Manners(), steps={"a": [error]})
    await office.drain(product)
    office.now += timedelta(days=1)
    await office.take_again()
    await office.drain(product)
    assert len(product.tried) == 1
    row = await office.row(id)
    assert (row.status, row.error) == (UNKNOWN, words)


async def test_a_call_that_hangs_is_unanswered(office: Office) -> None:
    await office.post("a", "hello")
    product = Product(Manners(), steps={"a": [_waiting_for(asyncio.Event())]})
    await office.drain(product, patience=0.01)
    assert await office.counts() == {UNKNOWN: 1}


async def test_a_product_that_drops_copies_heals_what_nobody_knows(
    office: Office,
) -> None:
    [id] = await office.post("a", "hello")
    product = Product(
        Manners(drops_copies_for=HALF_HOUR), steps={"a": [Unanswered("cut off")]}
    )
    await office.drain(product)
    assert await office.counts() == {WAITING: 1}
    office.now += timedelta(seconds=10)
    await office.drain(product)
    assert product.tried == [("a", "hello")] * 2
    assert (await office.row(id)).status is SENT


@pytest.mark.parametrize("late", [HALF_HOUR - MARGIN, timedelta(days=1)])
async def test_a_copy_that_would_not_be_dropped_is_not_sent(
    office: Office, late: timedelta
) -> None:
    await office.post("a", "hello")
    product = Product(
        Manners(drops_copies_for=HALF_HOUR), steps={"a": [Unanswered("cut off")]}
    )
    await office.drain(product)
    office.now += late
    await office.take_again()
    await office.drain(product)
    assert len(product.tried) == 1
    assert await office.counts() == {UNKNOWN: 1}


async def test_what_expires_at_hand_is_not_sent(office: Office) -> None:
    await office.post("a", "1")
    await office.post("b", "2", expires_at=NINE + timedelta(minutes=1))

    async def pass_time() -> None:
        office.now += timedelta(minutes=1)

    product = Product(ALONE, steps={"a": [pass_time]})
    await office.drain(product)
    assert product.texts == ["1"]
    assert await office.counts() == {SENT: 1, WAITING: 1}


async def test_what_is_cancelled_at_hand_is_not_sent(office: Office) -> None:
    await office.post("a", "1")
    await office.post("b", "2")

    async def cancel() -> None:
        async with office.database.writing() as session:
            await session.execute(
                update(Delivery)
                .where(Delivery.address == "b")
                .values(status=DeliveryStatus.CANCELLED)
            )

    product = Product(ALONE, steps={"a": [cancel]})
    await office.drain(product)
    assert product.texts == ["1"]
    assert await office.counts() == {SENT: 1, DeliveryStatus.CANCELLED: 1}


async def test_a_text_for_many_is_sent_from_one_request(office: Office) -> None:
    audience = [
        Addressee(recipient=f"person:{one}", lane="telegram", address=f"{one}")
        for one in range(40)
    ]
    product = Product(Manners())
    async with office.database.writing() as session:
        await outbox.issue_notice(
            session,
            key="one",
            kind="broadcast",
            body=Reply("明天开会"),
            audience=audience,
            by="office",
            at=NINE,
            write=lambda lane, address, reply: product.write(address, reply),
        )
    await office.drain(product)
    assert sorted(product.tried) == sorted((f"{one}", "明天开会") for one in range(40))
    async with office.database.reading() as session:
        assert await session.scalar(select(func.count()).select_from(Request)) == 1


async def test_who_lost_the_lane_stops_sending(office: Office) -> None:
    await office.post_many(30)
    old = office.hold
    product = Product(Manners(in_flight=2))

    async def lose() -> None:
        if len(product.tried) == 7:
            await office.take_again()

    product.always = lose
    with pytest.raises(LaneLost):
        await office.drain(product)
    assert len(product.tried) <= 8  # those that were under way already
    assert office.hold.epoch == old.epoch + 1
    tried = set(product.texts)
    await office.drain(product)
    unknown = (await office.counts())[UNKNOWN]
    assert len(product.texts) == 30
    assert tried < set(product.texts)
    assert await office.counts() == {SENT: 30 - unknown, UNKNOWN: unknown}


async def test_who_lost_the_lane_between_mark_and_call_sends_nothing(
    office: Office,
) -> None:
    await office.post_many(3)
    product = Product(Manners())
    with pytest.raises(LaneLost):
        await office.drain(product, lease=timedelta(0))
    assert product.tried == []


async def test_what_a_late_call_brings_is_kept_if_nobody_took_the_lane(
    office: Office,
) -> None:
    gone, answered = asyncio.Event(), asyncio.Event()

    @asynccontextmanager
    async def writing() -> AsyncIterator[AsyncSession]:
        if gone.is_set():
            raise StoreError("the server is gone")
        async with office.database.writing() as session:
            yield session

    office.writing = writing
    await office.post("a", "1")
    product = Product(Manners(), always=_as_call(answered))
    drain = asyncio.create_task(office.drain(product, lease=timedelta(seconds=2)))
    await product.has_tried(1)
    gone.set()
    await asyncio.sleep(2.1)
    gone.clear()
    answered.set()
    with pytest.raises((StoreError, LaneLost)):
        await drain
    assert await office.counts() == {SENT: 1}


async def test_the_lease_is_renewed_while_a_call_hangs(office: Office) -> None:
    await office.post("a", "hello")
    before = (await office.lane()).lease_until
    over = asyncio.Event()
    product = Product(Manners(), steps={"a": [_waiting_for(over)]})
    lease = timedelta(seconds=2)
    drain = asyncio.create_task(office.drain(product, lease=lease))
    renewals = 0
    while renewals < 4:
        office.now += timedelta(milliseconds=1)
        await asyncio.sleep(0.01)
        if (until := (await office.lane()).lease_until) != before:
            renewals, before = renewals + 1, until
    over.set()
    await drain
    assert await office.counts() == {SENT: 1}


async def test_to_stop_is_to_finish_what_is_under_way(office: Office) -> None:
    await office.post_many(10)
    go_on = asyncio.Event()
    product = Product(Manners(in_flight=2), always=_as_call(go_on))
    postman = office.postman(product)
    drain = asyncio.create_task(postman.drain())
    await product.has_tried(2)
    stop = asyncio.create_task(postman.stop())
    await asyncio.sleep(0)
    go_on.set()
    await stop
    assert await office.counts() == {SENT: 2, WAITING: 8}
    assert await drain


def _as_call(event: asyncio.Event) -> Callable[[], Awaitable[None]]:
    async def wait() -> None:
        await event.wait()

    return wait


async def test_to_stop_before_the_beginning_is_to_send_nothing(office: Office) -> None:
    await office.post_many(3)
    product = Product(Manners())
    postman = office.postman(product)
    await postman.stop()
    await postman.drain()
    assert product.tried == []


async def test_calls_that_do_not_end_in_time_are_cut_off(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.mail.postman.FINISH", 0.01)
    await office.post_many(3)
    product = Product(Manners(in_flight=2), always=_as_call(asyncio.Event()))
    postman = office.postman(product)
    drain = asyncio.create_task(postman.drain())
    await product.has_tried(2)
    await postman.stop()
    await drain
    assert await office.counts() == {UNKNOWN: 2, WAITING: 1}


async def test_a_drain_that_is_over_time_begins_nothing(office: Office) -> None:
    await office.post_many(3)
    product = Product(Manners())
    more = await office.postman(product).drain(until=0.0)
    assert more
    assert product.tried == []


async def test_an_answer_goes_while_an_old_call_hangs_over_time(
    office: Office,
) -> None:
    await office.post_many(3)
    answered = asyncio.Event()
    product = Product(ALONE, steps={"chat 0": [_waiting_for(answered)]})
    product.manners = Manners(in_flight=1, answers_in_flight=1)
    product.steps["asker"] = [_setting(answered)]
    postman = office.postman(product)
    loop = asyncio.get_running_loop()
    until = loop.time() + 3.0
    drain = asyncio.create_task(postman.drain(until=until))
    await product.has_tried(1)
    await asyncio.sleep(until + 0.1 - loop.time())
    await office.post("asker", "answer", priority=Priority.ANSWER)
    assert await drain
    assert product.texts == ["text 0", "answer"]
    assert await office.counts() == {SENT: 2, WAITING: 2}


@pytest.mark.parametrize("everywhere", [True, False], ids=["lane", "address"])
async def test_a_new_holder_keeps_the_windows_of_the_old_one(
    office: Office, everywhere: bool
) -> None:
    limits = (Limit(2, 3600.0),)
    manners = (
        Manners(limits=limits) if everywhere else Manners(limits_of=lambda _: limits)
    )
    await office.post("a", "1")
    await office.post("a", "2")
    first, second = Product(manners), Product(manners)
    await office.drain(first)
    [third] = await office.post("a", "3")
    office.now += timedelta(minutes=59)
    await office.take_again()
    # One address is put back at once; for the whole lane he waits to the end.
    until = asyncio.get_running_loop().time() + (0.3 if everywhere else 20.0)
    await office.postman(second).drain(until=until)
    assert (len(first.tried), second.tried) == (2, [])
    assert ((await office.row(third)).due_at > office.now) is not everywhere
    office.now += timedelta(minutes=2)
    await office.take_again()
    await office.drain(second)
    assert len(second.tried) == 1


async def test_who_must_wait_a_moment_is_waited_for(office: Office) -> None:
    await office.post("a", "1", "2", "3")
    await office.post("a", "4")
    manners = Manners(limits_of=lambda _: (Limit(1, 0.1),))
    product = Product(manners)
    await office.drain(product, linger=0.2)
    assert product.texts == ["1", "2", "3", "4"]


async def test_who_must_wait_long_does_not_fill_the_hands(office: Office) -> None:
    slow = {f"slow {one}" for one in range(20)}
    manners = Manners(
        in_flight=2,
        limits_of=lambda to: (Limit(1, 3600.0),) if to in slow else (),
    )
    for address in sorted(slow):
        await office.post(address, "1")
        await office.post(address, "2")
    await office.post_many(10)
    product = Product(manners)
    await office.drain(product)
    assert await office.counts() == {SENT: 30, WAITING: 20}


@pytest.mark.parametrize("number", range(1, 12))
@pytest.mark.parametrize("committed", [False, True])
@pytest.mark.parametrize("priority", [Priority.NOTICE, Priority.ANSWER])
async def test_a_store_that_is_away_for_a_moment_costs_nothing(
    office: Office, number: int, committed: bool, priority: Priority
) -> None:
    await office.post_many(6, priority=priority)
    transactions = count(1)

    @asynccontextmanager
    async def writing() -> AsyncIterator[AsyncSession]:
        failing = next(transactions) == number
        with suppress(_Undone):
            async with office.database.writing() as session:
                yield session
                if failing and not committed:
                    raise _Undone
        if failing:
            raise StoreError("the server is gone")

    office.writing = writing
    product = Product(Manners(in_flight=2))
    await office.drain(product)
    assert sorted(product.texts) == sorted(f"text {one}" for one in range(6))
    assert await office.counts() == {SENT: 6}


class _Undone(Exception):
    pass


@pytest.mark.parametrize("words", ["a\0b", "a\ud800b"])
async def test_words_that_no_database_takes_stop_nobody(
    office: Office, words: str
) -> None:
    await office.post_many(3)
    product = Product(Manners(), steps={"chat 0": [Refused(words)]})
    await office.drain(product)
    assert await office.counts() == {FAILED: 1, SENT: 2}


async def test_each_outcome_is_observed(office: Office) -> None:
    await office.post("a", "1")
    await office.post("b", "2")
    seen: list[tuple[DeliveryStatus, bool]] = []

    def observe(outcome: Outcome, seconds: float) -> None:
        seen.append((outcome.status, seconds >= 0))

    product = Product(Manners(), steps={"b": [Refused("no")]})
    await office.drain(product, observe=observe)
    assert sorted(seen) == [(FAILED, True), (SENT, True)]


async def test_a_lane_taken_before_the_drain_is_not_ours(office: Office) -> None:
    await office.post("a", "1")
    product = Product(Manners())
    postman = office.postman(product)
    await office.take_again()
    with pytest.raises(LaneLost):
        await postman.drain()
    assert product.tried == []


async def test_what_a_dead_holder_was_sending_is_unknown(office: Office) -> None:
    await office.post_many(3)
    async with office.database.writing() as session:
        parcels = await ledger.claim(session, office.hold, now=NINE, limit=2)
        ids = [parcels[0].id]
        await ledger.mark_sending(session, office.hold, ids, now=NINE)
    await office.take_again()
    product = Product(Manners())
    await office.drain(product)
    assert await office.counts() == {UNKNOWN: 1, SENT: 2}
