"""What one channel refuses goes through the person's next one, once."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import roster
from bot.mail import outbox
from bot.messages import Reply
from bot.model import Account, Chat, Delivery, DeliveryStatus, Person, Priority, Role
from handlers.fall_back import fall_back

NINE = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


def write(lane: str, address: str, reply: Reply) -> tuple[str, ...]:
    return (f"{lane}: {reply.text}",)


@pytest.fixture
async def person(session: AsyncSession) -> Person:
    """Give somebody with three accounts."""
    person = Person(name="张三", department="县科协", role=Role.LIAISON)
    session.add_all(
        Account(channel=lane, address=f"{lane}-7", person=person)
        for lane in ("wecom", "telegram", "console")
    )
    await session.flush()
    return person


async def issue(session: AsyncSession, person: Person) -> Delivery:
    to = outbox.Addressee(
        recipient=f"person:{person.id}",
        lane="wecom",
        address="wecom-7",
        person_id=person.id,
    )
    await outbox.issue_notice(
        session,
        key="n",
        kind="nudge",
        body=Reply("请报送"),
        audience=[to],
        by="李主任",
        at=NINE,
        write=write,
    )
    return (await session.scalars(select(Delivery))).one()


async def refuse(session: AsyncSession, delivery: Delivery, *lanes: str) -> set[str]:
    delivery.status, delivery.settled_at = DeliveryStatus.FAILED, NINE
    await session.flush()
    return await fall_back(session, [delivery.id], lanes=lanes, write=write, at=NINE)


async def test_the_next_account_in_a_lane_that_is_open_gets_it(
    session: AsyncSession, person: Person
) -> None:
    first = await issue(session, person)

    assert await refuse(session, first, "wecom", "telegram") == {"telegram"}

    second = (await session.scalars(select(Delivery).filter_by(lane="telegram"))).one()
    await session.refresh(first)
    assert second.address == "telegram-7"
    assert second.status is DeliveryStatus.WAITING
    assert first.replaced_by == second.id


async def test_no_lane_is_tried_twice(session: AsyncSession, person: Person) -> None:
    first = await issue(session, person)
    await refuse(session, first, "wecom", "telegram")
    second = (await session.scalars(select(Delivery).filter_by(lane="telegram"))).one()

    assert await refuse(session, second, "wecom", "telegram") == set()


async def test_a_lane_that_is_not_open_is_of_no_use(
    session: AsyncSession, person: Person
) -> None:
    first = await issue(session, person)

    assert await refuse(session, first, "wecom") == set()
    assert first.replaced_by is None


async def test_an_answer_stays_in_its_chat(
    session: AsyncSession, person: Person
) -> None:
    to = outbox.Addressee(
        recipient="chat:wecom:wecom-7", lane="wecom", address="wecom-7"
    )
    (answer,) = await outbox.post(
        session,
        key="letter:1",
        to=to,
        requests=["答"],
        priority=Priority.ANSWER,
        due_at=NINE,
    )
    delivery = await session.get_one(Delivery, answer)

    assert await refuse(session, delivery, "wecom", "telegram") == set()


async def test_an_account_that_is_gone_is_closed_before_another_is_tried(
    session: AsyncSession, person: Person
) -> None:
    first = await issue(session, person)
    first.status, first.settled_at = DeliveryStatus.FAILED, NINE
    await session.flush()

    await fall_back(
        session,
        [first.id],
        gone=[first.id],
        lanes=["wecom", "telegram"],
        write=write,
        at=NINE,
    )

    open_ones = await roster.accounts_of(session, person.id)
    assert [one.channel for one in open_ones] == ["telegram", "console"]
    [closed] = await roster.closed_accounts(session)
    assert (closed.channel, closed.closed_at) == ("wecom", NINE)


async def test_what_is_closed_is_not_tried_as_the_next_channel(
    session: AsyncSession, person: Person
) -> None:
    first = await issue(session, person)
    await roster.close_addresses(
        session, channel="telegram", addresses=["telegram-7"], at=NINE
    )

    assert await refuse(session, first, "wecom", "telegram") == set()


async def test_a_group_is_closed_when_its_topic_is_gone(session: AsyncSession) -> None:
    chat = await roster.chat_for(session, channel="telegram", address="-1")
    to = outbox.Addressee(recipient="chat:telegram:-1", lane="telegram", address="-1/4")
    ids = await outbox.post(
        session,
        key="letter:1",
        to=to,
        requests=["答"],
        priority=Priority.ANSWER,
        due_at=NINE,
    )

    await fall_back(session, ids, gone=ids, lanes=["telegram"], write=write, at=NINE)

    assert chat.closed_at == NINE
    assert (await session.scalars(select(Chat))).one() is chat
