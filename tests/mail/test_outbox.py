"""What goes out is written once, with the use case that says it."""

import asyncio

import pytest
from letterbox import (
    LANE,
    MINUTE,
    NINE,
    claimed_keys,
    hold,
    put,
    send_out,
    settle_all,
    statuses,
    the,
    to,
    write_lines,
    write_once,
)
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database import Database
from bot.errors import NotFound
from bot.mail import ledger, outbox
from bot.messages import Reply
from bot.model import Delivery, DeliveryStatus, Notice, Person, Priority, Request, Role

BODY = Reply("请报送半年情况")


async def issue(
    session: AsyncSession,
    *addresses: str,
    key: str = "duty:1",
    body: Reply = BODY,
    write: outbox.Write = write_once,
) -> Notice | None:
    return await outbox.issue_notice(
        session,
        key=key,
        kind="nudge",
        body=body,
        audience=[to(address) for address in addresses],
        by="王丽",
        at=NINE,
        write=write,
    )


async def a_person(session: AsyncSession) -> int:
    person = Person(name="李强", department="县科协", role=Role.LIAISON)
    session.add(person)
    await session.flush()
    return person.id


async def rows_of(session: AsyncSession, table: type) -> int:
    return (await session.execute(select(func.count()).select_from(table))).scalar_one()


async def test_each_request_is_a_delivery_that_follows_the_one_before(
    session: AsyncSession,
) -> None:
    first, second, third = await put(session, "a", requests=("甲", "乙", "丙"))

    parts = [await the(session, f"a:{number}") for number in (1, 2, 3)]
    assert [part.id for part in parts] == [first, second, third]
    assert [part.follows for part in parts] == [None, first, second]


async def test_what_was_posted_before_is_not_posted_again(
    session: AsyncSession,
) -> None:
    await put(session, "a", requests=("甲", "乙"))

    assert await put(session, "a", requests=("甲", "乙", "丙")) == []
    assert await statuses(session) == {"a:1": "waiting", "a:2": "waiting"}


async def test_nothing_cannot_be_posted(session: AsyncSession) -> None:
    with pytest.raises(ValueError, match="nothing to deliver"):
        await put(session, "a", requests=())


async def test_equal_requests_are_kept_once(session: AsyncSession) -> None:
    await put(session, "a", requests=("您好", "您好", "再见"))
    await put(session, "b", requests=("再见",))

    assert await rows_of(session, Request) == 2


async def test_the_same_key_at_the_same_moment_is_posted_once(
    database: Database,
) -> None:
    async def answer() -> list[int]:
        async with database.writing() as session:
            return await put(session, "letter:1", requests=("甲", "乙"))

    answers = await asyncio.gather(*(answer() for _ in range(4)))

    assert sorted(map(len, answers)) == [0, 0, 0, 2]


async def test_a_notice_is_one_delivery_a_recipient(session: AsyncSession) -> None:
    notice = await issue(session, "1", "2", "1", "3")

    assert notice
    assert notice.audience == 3
    assert await statuses(session) == {
        f"notice:{notice.id}:chat:{address}:1": "waiting" for address in "123"
    }
    assert await rows_of(session, Request) == 1


async def test_a_notice_is_issued_once(session: AsyncSession) -> None:
    await issue(session, "1")

    assert await issue(session, "1", "2") is None
    assert await rows_of(session, Delivery) == 1


async def test_a_notice_of_several_processes_is_issued_once(
    database: Database,
) -> None:
    async def round_comes() -> bool:
        async with database.writing() as session:
            return await issue(session, "1", "2") is not None

    issued = await asyncio.gather(*(round_comes() for _ in range(4)))

    assert sorted(issued) == [False, False, False, True]
    async with database.reading() as session:
        assert await rows_of(session, Delivery) == 2


async def test_a_notice_of_several_parts_goes_in_order(session: AsyncSession) -> None:
    await issue(session, "1", "2", body=Reply("甲\n乙\n丙"), write=write_lines)

    rows = (await session.scalars(select(Delivery).order_by(Delivery.id))).all()
    of = {row.id: row for row in rows}
    assert len(rows) == 6
    for row in rows:
        number = int(row.key[-1])
        before = of[row.follows].key if row.follows else ""
        assert before == (f"{row.key[:-1]}{number - 1}" if number > 1 else "")


async def test_a_large_audience_is_written_in_chunks(session: AsyncSession) -> None:
    addresses = [str(number) for number in range(2345)]

    def write(lane: str, address: str, reply: Reply) -> tuple[str, ...]:
        return (reply.text, f"您的编号是{address}")

    notice = await issue(session, *addresses, write=write)

    assert notice
    assert notice.audience == 2345
    assert await rows_of(session, Delivery) == 2 * 2345
    assert await rows_of(session, Request) == 1 + 2345
    last = await the(session, f"notice:{notice.id}:chat:2344:2")
    text = await session.get_one(Request, last.request_id)
    assert text.text == "您的编号是2344"


async def test_a_notice_to_nobody_has_an_empty_audience(session: AsyncSession) -> None:
    notice = await issue(session)

    assert notice
    assert notice.audience == 0


async def test_a_notice_that_says_nothing_is_refused(session: AsyncSession) -> None:
    with pytest.raises(ValueError, match="nothing to deliver"):
        await issue(session, "1", write=lambda *_: ())


async def test_what_is_waiting_or_claimed_can_be_cancelled(
    session: AsyncSession,
) -> None:
    held = await hold(session)
    notice = await issue(session, "1", "2", "3")
    assert notice
    (sent,) = await ledger.claim(session, held, now=NINE, limit=1)
    await ledger.mark_sending(session, held, [sent.id], now=NINE)
    (claimed,) = await ledger.claim(session, held, now=NINE, limit=1)

    assert await outbox.cancel(session, notice_id=notice.id, at=NINE) == 2
    assert not await ledger.mark_sending(session, held, [claimed.id], now=NINE)
    assert sorted((await statuses(session)).values()) == [
        "cancelled",
        "cancelled",
        "sending",
    ]


async def test_one_recipient_can_be_left_out(session: AsyncSession) -> None:
    notice = await issue(session, "1", "2")
    await issue(session, "1", key="duty:2")
    assert notice

    await outbox.cancel(session, notice_id=notice.id, recipient="chat:1", at=NINE)
    assert list((await statuses(session)).values()).count("cancelled") == 1

    await outbox.cancel(session, recipient="chat:1", at=NINE)
    assert list((await statuses(session)).values()).count("cancelled") == 2


async def test_everything_at_once_cannot_be_cancelled(session: AsyncSession) -> None:
    with pytest.raises(ValueError, match="cancel what"):
        await outbox.cancel(session, at=NINE)


async def test_the_first_acknowledgement_counts(session: AsyncSession) -> None:
    person = await a_person(session)
    notice = await issue(session, "1")
    assert notice

    for late in range(3):
        first = await outbox.acknowledge(
            session, notice_id=notice.id, person_id=person, at=NINE + late * MINUTE
        )
        assert first == NINE


async def test_what_was_never_issued_cannot_be_acknowledged(
    session: AsyncSession,
) -> None:
    person = await a_person(session)

    with pytest.raises(NotFound) as caught:
        await outbox.acknowledge(session, notice_id=12, person_id=person, at=NINE)
    assert caught.value.reply == "没有查到第12号通知。"


async def test_an_acknowledgement_proves_that_the_notice_arrived(
    session: AsyncSession,
) -> None:
    held, person = await hold(session), await a_person(session)
    him = outbox.Addressee(
        recipient=f"person:{person}", lane=LANE, address="1", person_id=person
    )
    notice = await outbox.issue_notice(
        session,
        key="duty:1",
        kind="nudge",
        body=BODY,
        audience=[him, to("2")],
        by="王丽",
        at=NINE,
        write=write_once,
    )
    assert notice
    sent = await send_out(session, held)
    await settle_all(session, held, sent, DeliveryStatus.UNKNOWN)

    await outbox.acknowledge(
        session, notice_id=notice.id, person_id=person, at=NINE + MINUTE
    )

    assert await statuses(session) == {
        f"notice:{notice.id}:person:{person}:1": "sent",
        f"notice:{notice.id}:chat:2:1": "unknown",
    }


async def fail(session: AsyncSession, key: str) -> Delivery:
    """Post three parts, and let the second one fail."""
    held = await hold(session)
    await put(session, key, requests=("甲", "乙", "丙"))
    await settle_all(session, held, await send_out(session, held), DeliveryStatus.SENT)
    sent = await send_out(session, held)
    await settle_all(session, held, sent, DeliveryStatus.FAILED, error="gone")
    return await the(session, f"{key}:2")


async def test_what_failed_goes_through_the_second_channel(
    session: AsyncSession,
) -> None:
    failed = await fail(session, "a")
    wecom = to("w1", lane="wecom")

    new = await outbox.second_channel(
        session, failed, to=wecom, requests=("甲乙丙", "完"), at=NINE
    )

    assert await statuses(session) == {
        "a:1": "sent",
        "a:2": "failed",
        "a:3": "cancelled",
        "a:2>wecom:1": "waiting",
        "a:2>wecom:2": "waiting",
    }
    replaced = [(await the(session, key)).replaced_by for key in ("a:1", "a:2", "a:3")]
    assert replaced == [None, new[0], new[0]]
    assert (await the(session, "a:2>wecom:1")).priority == Priority.NOTICE


async def test_what_has_a_successor_gets_no_other(session: AsyncSession) -> None:
    failed = await fail(session, "a")
    other = to("w1", lane="wecom"), to("c1", lane="console")
    for addressee in other:
        await outbox.second_channel(
            session, failed, to=addressee, requests=("甲",), at=NINE
        )

    assert "a:2>console:1" not in await statuses(session)


async def test_what_did_not_fail_needs_no_second_channel(
    session: AsyncSession,
) -> None:
    await put(session, "a")
    waiting = await the(session, "a:1")

    new = await outbox.second_channel(
        session, waiting, to=to("w1", lane="wecom"), requests=("甲",), at=NINE
    )

    assert new == []


async def test_an_answer_goes_before_a_notice(session: AsyncSession) -> None:
    held = await hold(session)
    await put(session, "notice", address="1")
    await put(session, "answer", address="2", priority=Priority.ANSWER, due_at=NINE)

    assert await claimed_keys(session, held) == ["answer:1", "notice:1"]
