"""Answers that go at once, on both stores: marked as they are written, sent after."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

from test_postman import SENT, WAITING, Office, Product, office

from bot.mail import outbox
from bot.mail.lanes import LaneLost, pause_lane, take_lane
from bot.mail.outbox import Addressee, Text
from bot.mail.postman import Postman
from bot.messages import Limit, Manners
from bot.model import DeliveryStatus, Priority

__all__ = ["office"]

HOUR = timedelta(hours=1)


def answer(address: str, *requests: str) -> Text:
    to = Addressee(recipient=f"chat:{address}", lane="telegram", address=address)
    return Text(key=f"letter:{address}", to=to, requests=requests or ("answer",))


@asynccontextmanager
async def at_work(office: Office, product: Product) -> AsyncIterator[Postman]:
    """Give a postman who has sent the first message, and waits for more."""
    postman = office.postman(product, linger=30.0)
    drain = asyncio.create_task(postman.drain())
    await office.post("first", "first")
    postman.wake()
    await product.has_tried(1)
    while await office.counts() != {SENT: 1}:  # noqa: ASYNC110 - the store rings nobody
        await asyncio.sleep(0.01)
    yield postman
    await postman.stop()
    await drain


async def hurry(office: Office, postman: Postman, texts: Sequence[Text]) -> set[str]:
    async with office.database.writing() as session:
        await outbox.post_answers(session, texts, at=office.now)
        batch = postman.reserve(texts)
        going = await batch.mark(session, at=office.now)
    batch.go()
    return going


async def test_an_answer_goes_when_its_own_transaction_is_committed(
    office: Office,
) -> None:
    product = Product(Manners())
    async with at_work(office, product) as postman:
        async with office.database.writing() as session:
            await outbox.post_answers(session, [answer("a")], at=office.now)
            batch = postman.reserve([answer("a")])
            assert await batch.mark(session, at=office.now) == {"letter:a:1"}
            assert product.texts == ["first"]
        assert await office.sending() == 1
        batch.go()
        await product.has_tried(2)
    assert product.texts == ["first", "answer"]
    assert await office.counts() == {SENT: 2}


async def test_what_was_not_committed_is_not_sent_and_takes_no_place(
    office: Office,
) -> None:
    product = Product(Manners(in_flight=1, answers_in_flight=0))
    async with at_work(office, product) as postman:
        with suppress(ZeroDivisionError):
            async with office.database.writing() as session:
                await outbox.post_answers(session, [answer("a")], at=office.now)
                batch = postman.reserve([answer("a")])
                await batch.mark(session, at=office.now)
                raise ZeroDivisionError
        batch.drop()
        assert await hurry(office, postman, [answer("b")]) == {"letter:b:1"}
    assert product.tried[1:] == [("b", "answer")]


async def test_where_nobody_knows_of_the_commit_it_is_sent_once_all_the_same(
    office: Office,
) -> None:
    product = Product(Manners())
    async with at_work(office, product) as postman:
        async with office.database.writing() as session:
            await outbox.post_answers(session, [answer("a")], at=office.now)
            batch = postman.reserve([answer("a")])
            await batch.mark(session, at=office.now)
        batch.drop()  # as after a connection that was cut at the commit
        await product.has_tried(2)
    assert product.texts == ["first", "answer"]
    assert await office.counts() == {SENT: 2}


async def test_what_is_committed_only_after_it_was_given_up_is_sent_once(
    office: Office,
) -> None:
    product = Product(Manners())
    async with at_work(office, product) as postman:
        async with office.database.writing() as session:
            await outbox.post_answers(session, [answer("a")], at=office.now)
            batch = postman.reserve([answer("a")])
            await batch.mark(session, at=office.now)
            batch.drop()  # the connection is cut; the server has yet to commit
            await asyncio.sleep(0.3)
        async with asyncio.timeout(10):
            await product.has_tried(2)
    assert product.texts == ["first", "answer"]
    assert await office.counts() == {SENT: 2}


async def test_what_was_not_committed_does_not_count_in_the_pace(
    office: Office,
) -> None:
    product = Product(Manners(limits_of=lambda address: (Limit(1, 60.0),)))
    async with at_work(office, product) as postman:
        postman.reserve([answer("a")]).drop()
        assert await hurry(office, postman, [answer("a")]) == {"letter:a:1"}
    assert product.texts == ["first", "answer"]


async def test_an_older_answer_is_not_overtaken(office: Office) -> None:
    product = Product(Manners())
    async with at_work(office, product) as postman:
        await office.post("a", "older", priority=Priority.ANSWER)
        assert await hurry(office, postman, [answer("a", "newer")]) == set()
        postman.wake()
        await product.has_tried(3)
    assert product.texts == ["first", "older", "newer"]


async def test_nothing_goes_beside_another_to_the_same_address(office: Office) -> None:
    product = Product(Manners())
    end = asyncio.Event()

    async def wait() -> None:
        await end.wait()

    async with at_work(office, product) as postman:
        product.steps = {"a": [wait]}
        await office.post("a", "slow")
        postman.wake()
        await product.has_tried(2)
        assert await hurry(office, postman, [answer("a")]) == set()
        end.set()
        postman.wake()
        await product.has_tried(3)
    assert product.texts == ["first", "slow", "answer"]


async def test_the_parts_after_the_first_follow_it(office: Office) -> None:
    product = Product(Manners())
    async with at_work(office, product) as postman:
        assert await hurry(office, postman, [answer("a", "one", "two")])
        postman.wake()
        await product.has_tried(3)
    assert product.texts == ["first", "one", "two"]


async def test_no_more_go_than_may_be_under_way(office: Office) -> None:
    product = Product(Manners(in_flight=2, answers_in_flight=1))
    texts = [answer(f"chat {one}") for one in range(5)]
    async with at_work(office, product) as postman:
        assert len(await hurry(office, postman, texts)) == 3
        postman.wake()
        await product.has_tried(6)
    assert await office.counts() == {SENT: 6}


async def test_none_goes_before_its_time_in_the_pace(office: Office) -> None:
    product = Product(Manners(limits_of=lambda address: (Limit(1, 60.0),)))
    async with at_work(office, product) as postman:
        assert await hurry(office, postman, [answer("first")]) == set()
    assert await office.counts() == {SENT: 1, WAITING: 1}


async def test_none_goes_through_a_lane_that_pauses(office: Office) -> None:
    product = Product(Manners())
    async with at_work(office, product) as postman:
        async with office.database.writing() as session:
            await pause_lane(session, office.hold, until=office.now + HOUR)
        assert await hurry(office, postman, [answer("a")]) == set()
    assert await office.counts() == {SENT: 1, WAITING: 1}


async def test_none_goes_through_a_lane_that_was_taken_meanwhile(
    office: Office,
) -> None:
    product = Product(Manners())
    with suppress(LaneLost):
        async with at_work(office, product) as postman:
            async with office.database.writing() as session:
                assert await take_lane(session, "telegram", owner="we", now=office.now)
            assert await hurry(office, postman, [answer("a")]) == set()
            postman.wake()
            await asyncio.sleep(0.2)
    assert await office.counts() == {SENT: 1, WAITING: 1}


async def test_none_goes_where_nobody_is_at_work(office: Office) -> None:
    product = Product(Manners())
    postman = office.postman(product)
    assert await hurry(office, postman, [answer("a")]) == set()
    assert product.tried == []
    assert DeliveryStatus.SENDING not in await office.counts()
