"""What the office sees of the mail, and what it decides."""

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
)
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import NotFound
from bot.mail import lanes, ledger, outbox, overview
from bot.messages import Incoming, Reply
from bot.model import (
    Delivery,
    DeliveryStatus,
    Letter,
    LetterStatus,
    Notice,
    Person,
    Role,
)

SENT, FAILED = DeliveryStatus.SENT, DeliveryStatus.FAILED
UNKNOWN, WAITING = DeliveryStatus.UNKNOWN, DeliveryStatus.WAITING
LATER = NINE + MINUTE


async def three_parts(
    session: AsyncSession, outcome: DeliveryStatus
) -> tuple[lanes.LaneHold, int]:
    """Post three parts, and let the second one come to *outcome*."""
    held = await hold(session)
    await put(session, "a", requests=("甲", "乙", "丙"))
    await settle_all(session, held, await send_out(session, held), SENT)
    (second,) = await send_out(session, held)
    await settle_all(session, held, [second], outcome, error="reset")
    return held, second


async def a_notice(session: AsyncSession, *outcomes: DeliveryStatus) -> Notice:
    """Issue a notice of two parts to as many, and end the first parts so."""
    held = await hold(session)
    people = [
        Person(name=f"{n}", department="县科协", role=Role.LIAISON, phone=f"2{n}")
        for n in range(len(outcomes))
    ]
    session.add_all(people)
    await session.flush()
    notice = await outbox.issue_notice(
        session,
        key="duty:1",
        kind="nudge",
        body=Reply("甲\n乙"),
        audience=[
            outbox.Addressee(
                recipient=f"person:{person.id}",
                lane=LANE,
                address=person.name,
                person_id=person.id,
            )
            for person in people
        ],
        by="王丽",
        at=NINE,
        write=write_lines,
    )
    assert notice
    parcels = await ledger.claim(session, held, now=NINE, limit=100)
    await ledger.mark_sending(session, held, [p.id for p in parcels], now=NINE)
    for parcel in parcels:
        outcome = outcomes[int(parcel.address)]
        await settle_all(session, held, [parcel.id], outcome, due_at=LATER)
    return notice


async def set_all(session: AsyncSession, status: DeliveryStatus) -> None:
    await session.execute(update(Delivery).values(status=status))


async def test_the_counts_add_up_to_all_that_was_posted(session: AsyncSession) -> None:
    held = await hold(session)
    for number in range(7):
        await put(session, f"{number}", address=f"{number}")
    sent = await send_out(session, held)
    await settle_all(session, held, list(sent)[:3], SENT)

    counts = await overview.counts(session)

    assert counts[SENT] == 3
    assert counts[DeliveryStatus.SENDING] == 4
    assert sum(counts.values()) == 7
    assert set(counts) == set(DeliveryStatus)


async def test_the_counts_of_a_notice_are_its_own(session: AsyncSession) -> None:
    notice = await a_notice(session, SENT, FAILED)
    await put(session, "other")

    counts = await overview.counts(session, notice.id)

    assert sum(counts.values()) == 4
    assert (counts[SENT], counts[FAILED], counts[WAITING]) == (1, 1, 1)


async def test_progress_counts_people_and_adds_up_to_the_audience(
    session: AsyncSession,
) -> None:
    notice = await a_notice(session, SENT, FAILED, UNKNOWN, WAITING, UNKNOWN)

    assert await overview.progress(session, notice.id) == {
        "unknown": 2,
        "failed": 1,
        "waiting": 2,
        "expired": 0,
        "cancelled": 0,
        "sent": 0,
    }


@pytest.mark.parametrize("status", DeliveryStatus)
async def test_whatever_their_status_nobody_is_left_out(
    session: AsyncSession, status: DeliveryStatus
) -> None:
    notice = await a_notice(session, WAITING, WAITING)
    await set_all(session, status)

    progress = await overview.progress(session, notice.id)

    in_hand = {DeliveryStatus.CLAIMED: WAITING, DeliveryStatus.SENDING: WAITING}
    assert {word: n for word, n in progress.items() if n} == {
        in_hand.get(status, status): 2
    }


async def test_who_was_reached_by_a_second_channel_counts_as_reached(
    session: AsyncSession,
) -> None:
    notice = await a_notice(session, FAILED)
    (missed,) = await overview.call_list(session)
    failed = await session.get_one(Delivery, missed.delivery_id)
    wecom = to("w1", lane="wecom")
    await outbox.second_channel(session, failed, to=wecom, requests=("甲乙",), at=NINE)
    assert (await overview.progress(session, notice.id))["waiting"] == 1

    held = await hold(session, lane="wecom")
    await settle_all(session, held, await send_out(session, held), SENT)

    assert (await overview.progress(session, notice.id))["sent"] == 1
    assert await overview.failed(session, 9) == []


async def test_lanes_are_summed_up(session: AsyncSession) -> None:
    held = await hold(session)
    for number in range(3):
        await put(session, f"{number}", address=f"{number}", due_at=NINE - MINUTE)
    await put(session, "later", address="9", due_at=LATER)
    await lanes.open_lane(session, "idle")
    await ledger.claim(session, held, now=NINE, limit=2)

    assert await overview.waiting_summary(session, NINE) == [
        overview.LaneSummary(
            lane=LANE,
            waiting=2,
            in_hand=2,
            failed=0,
            unknown=0,
            oldest_due_at=NINE - MINUTE,
        )
    ]


async def test_a_lane_with_nothing_but_trouble_is_summed_up(
    session: AsyncSession,
) -> None:
    held = await hold(session)
    for number in range(3):
        await put(session, f"{number}", address=f"{number}")
    first, *others = sorted(await send_out(session, held))
    await settle_all(session, held, [first], FAILED)
    await settle_all(session, held, others, UNKNOWN)

    (lane,) = await overview.waiting_summary(session, NINE)

    assert (lane.waiting, lane.failed, lane.unknown) == (0, 1, 2)
    assert lane.oldest_due_at is None


async def test_who_is_on_the_call_list_is_not_among_the_failed(
    session: AsyncSession,
) -> None:
    notice = await a_notice(session, FAILED, FAILED)
    first, second = await overview.call_list(session)
    assert await overview.failed(session, 9) == []

    person = (await session.get_one(Delivery, first.delivery_id)).person_id
    assert person
    await outbox.acknowledge(session, notice_id=notice.id, person_id=person, at=LATER)

    assert await overview.call_list(session) == [second]
    assert [one.id for one in await overview.failed(session, 9)] == [first.delivery_id]


async def test_an_unknown_delivery_can_be_sent_again(session: AsyncSession) -> None:
    held, second = await three_parts(session, UNKNOWN)

    new = await overview.resend(session, second, by="王丽", at=LATER)

    assert await statuses(session) == {
        "a:1": "sent",
        "a:2": "unknown",
        "a:2!1": "waiting",
        "a:3": "waiting",
    }
    assert (await the(session, "a:2")).replaced_by == new
    assert await claimed_keys(session, held, now=LATER) == ["a:2!1"]
    assert await overview.unknown(session, 9) == []


async def test_what_comes_after_follows_what_was_sent_again(
    session: AsyncSession,
) -> None:
    held, second = await three_parts(session, UNKNOWN)
    await overview.resend(session, second, by="王丽", at=NINE)

    await settle_all(session, held, await send_out(session, held), SENT)

    assert await claimed_keys(session, held) == ["a:3"]


async def test_what_was_cancelled_with_it_is_sent_again_too(
    session: AsyncSession,
) -> None:
    held, second = await three_parts(session, FAILED)

    await overview.resend(session, second, by="王丽", at=NINE)

    for key in ("a:2!1", "a:3!1"):
        assert await claimed_keys(session, held) == [key]
        sent = [(await the(session, key)).id]
        await ledger.mark_sending(session, held, sent, now=NINE)
        await settle_all(session, held, sent, SENT)
    assert (await the(session, "a:3")).status is DeliveryStatus.CANCELLED


async def test_sending_again_is_counted(session: AsyncSession) -> None:
    held, second = await three_parts(session, UNKNOWN)
    for again in (1, 2):
        new = await overview.resend(session, second, by="王丽", at=NINE)
        assert (await session.get_one(Delivery, new)).key == f"a:2!{again}"
        (second,) = await send_out(session, held)
        await settle_all(session, held, [second], UNKNOWN)


async def test_nothing_is_sent_again_twice(session: AsyncSession) -> None:
    _, second = await three_parts(session, UNKNOWN)
    await overview.resend(session, second, by="王丽", at=NINE)

    with pytest.raises(NotFound) as caught:
        await overview.resend(session, second, by="李强", at=NINE)

    assert caught.value.reply.startswith(f"第{second}号发送")
    with pytest.raises(NotFound):
        await overview.drop(session, second, by="李强", at=NINE)


@pytest.mark.parametrize("outcome", [SENT, WAITING])
async def test_what_goes_well_needs_no_decision(
    session: AsyncSession, outcome: DeliveryStatus
) -> None:
    _, second = await three_parts(session, outcome)

    with pytest.raises(NotFound):
        await overview.resend(session, second, by="王丽", at=NINE)
    with pytest.raises(NotFound):
        await overview.drop(session, second, by="王丽", at=NINE)
    with pytest.raises(NotFound):
        await overview.mark_arrived(session, second, NINE)
    with pytest.raises(NotFound):
        await overview.mark_called(session, second, by="王丽")


async def test_an_expiry_that_has_passed_does_not_stop_the_office(
    session: AsyncSession,
) -> None:
    held = await hold(session)
    await put(session, "a", expires_at=LATER)
    (id_,) = await send_out(session, held)
    await settle_all(session, held, [id_], UNKNOWN)

    await overview.resend(session, id_, by="王丽", at=LATER)

    assert await claimed_keys(session, held, now=LATER) == ["a:1!1"]


async def test_an_unknown_delivery_can_be_dropped(session: AsyncSession) -> None:
    _, second = await three_parts(session, UNKNOWN)

    await overview.drop(session, second, by="王丽", at=LATER)

    assert await statuses(session) == {
        "a:1": "sent",
        "a:2": "cancelled",
        "a:3": "cancelled",
    }


async def test_a_proof_settles_an_unknown_delivery(session: AsyncSession) -> None:
    held, second = await three_parts(session, UNKNOWN)

    await overview.mark_arrived(session, second, LATER)

    assert (await the(session, "a:2")).status is SENT
    assert await claimed_keys(session, held) == ["a:3"]


async def test_whom_nothing_reached_is_telephoned(session: AsyncSession) -> None:
    await a_notice(session, FAILED, SENT, FAILED, UNKNOWN)
    await put(session, "answer", address="x")

    missed = await overview.call_list(session)

    assert [(one.name, one.phone) for one in missed] == [("0", "20"), ("2", "22")]
    await overview.mark_called(session, missed[0].delivery_id, by="王丽")
    assert [one.name for one in await overview.call_list(session)] == ["2"]
    with pytest.raises(NotFound):
        await overview.mark_called(session, missed[0].delivery_id, by="李强")


async def test_who_acknowledged_is_not_telephoned(session: AsyncSession) -> None:
    notice = await a_notice(session, FAILED)
    (missed,) = await overview.call_list(session)
    person = int(missed.recipient.removeprefix("person:"))

    await outbox.acknowledge(session, notice_id=notice.id, person_id=person, at=LATER)

    assert await overview.call_list(session) == []


async def test_a_group_that_was_not_reached_is_listed_too(
    session: AsyncSession,
) -> None:
    notice = await a_notice(session)
    held = await hold(session)
    await put(session, "group", notice_id=notice.id)
    await settle_all(session, held, await send_out(session, held), FAILED)

    (missed,) = await overview.call_list(session)

    assert (missed.recipient, missed.name, missed.phone) == ("chat:1", "", "")


def a_letter(incoming: Incoming | None, status: LetterStatus) -> Letter:
    return Letter(
        channel=LANE,
        product_id="7",
        chat="1",
        incoming=incoming,
        status=status,
        received_at=NINE,
        due_at=NINE,
        tries=3,
        error="broken",
        settled_at=NINE,
    )


MESSAGE = Incoming(channel=LANE, address="1", text="帮助", at=NINE)


async def test_a_dead_letter_can_be_answered_after_all(session: AsyncSession) -> None:
    letter = a_letter(MESSAGE, LetterStatus.DEAD)
    session.add(letter)
    await session.flush()
    assert await overview.dead_letters(session, 9) == [letter]

    await overview.revive(session, letter.id, LATER)

    assert await overview.dead_letters(session, 9) == []
    await session.refresh(letter)
    assert (letter.status, letter.due_at) == (LetterStatus.WAITING, LATER)
    assert (letter.tries, letter.error, letter.settled_at) == (0, "", None)


@pytest.mark.parametrize("incoming", [MESSAGE, None])
async def test_a_dead_letter_can_be_dismissed_readable_or_not(
    session: AsyncSession, incoming: Incoming | None
) -> None:
    letter = a_letter(incoming, LetterStatus.DEAD)
    session.add(letter)
    await session.flush()

    await overview.dismiss(session, letter.id, LATER)

    await session.refresh(letter)
    assert (letter.status, letter.settled_at) == (LetterStatus.IGNORED, LATER)
    with pytest.raises(NotFound):
        await overview.dismiss(session, letter.id, LATER)


@pytest.mark.parametrize(
    ("letter", "words"),
    [
        (a_letter(None, LetterStatus.DEAD), "无法读出"),
        (a_letter(MESSAGE, LetterStatus.ANSWERED), "没有第1号"),
        (None, "没有第1号"),
    ],
)
async def test_what_is_not_dead_or_unreadable_is_not_revived(
    session: AsyncSession, letter: Letter | None, words: str
) -> None:
    if letter:
        session.add(await session.merge(letter))
        await session.flush()

    with pytest.raises(NotFound) as caught:
        await overview.revive(session, 1, LATER)
    assert words in caught.value.reply
