"""A notice stopped on its way, let go on, called off, taken back; and its results."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.mail import ledger, pausing, recalls
from bot.mail.lanes import open_lane, take_lane
from bot.mail.outbox import Addressee, issue_notice, second_channel
from bot.mail.results import recipient_in, results_of
from bot.messages import Recalling, Reply
from bot.model import Delivery, DeliveryStatus

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
WAITING, CLAIMED = DeliveryStatus.WAITING, DeliveryStatus.CLAIMED
SENDING, SENT = DeliveryStatus.SENDING, DeliveryStatus.SENT
FAILED, UNKNOWN = DeliveryStatus.FAILED, DeliveryStatus.UNKNOWN


class Product:
    """One that takes back for a day, of many at once if it says so."""

    recalls_for = timedelta(days=1)

    def __init__(self, *, for_all: bool) -> None:
        self.recalls_for_all = for_all

    def write_recall(self, remote_id: str) -> str:
        return f"recall {remote_id}"


async def told(session: AsyncSession, *statuses: DeliveryStatus, parts: int = 1) -> int:
    """Issue a notice to as many people as there are statuses of their first parts."""
    notice = await issue_notice(
        session,
        key="n",
        kind="broadcast",
        body=Reply("会"),
        audience=[
            Addressee(recipient=f"person:{n}", lane="telegram", address=str(n))
            for n, _ in enumerate(statuses, start=1)
        ],
        by="李主任",
        at=NOON,
        write=lambda lane, address, reply: tuple(reply.text * parts),
    )
    assert notice
    for one, status in zip(await rows(session), statuses, strict=False):
        one.status, one.remote_id, one.handed_at = status, "m1", NOON
    await session.flush()
    return notice.id


async def rows(session: AsyncSession, key: str = "notice:") -> list[Delivery]:
    query = select(Delivery).where(Delivery.key.startswith(key)).order_by(Delivery.id)
    query = query.execution_options(populate_existing=True)
    return list(await session.scalars(query))


async def test_only_what_is_not_being_sent_is_held_and_let_go(
    session: AsyncSession,
) -> None:
    notice = await told(session, WAITING, CLAIMED, SENDING, SENT)

    assert await pausing.hold(session, notice) == 2
    assert await pausing.hold(session, notice) == 0
    held = [one.status for one in await rows(session) if one.due_at == pausing.NEVER]
    assert held == [WAITING, WAITING, SENDING]
    assert await pausing.let_go(session, notice, at=NOON) == 2
    assert {one.due_at for one in await rows(session)} == {NOON}


async def test_what_fails_for_now_while_it_is_held_is_held_too(
    session: AsyncSession,
) -> None:
    await open_lane(session, "telegram")
    lane = await take_lane(session, "telegram", owner="we", now=NOON)
    assert lane
    notice = await told(session, SENDING)
    (one,) = await rows(session)
    one.epoch = lane.epoch
    await session.flush()
    await pausing.hold(session, notice)
    again = ledger.Outcome(
        id=one.id, status=WAITING, due_at=NOON + timedelta(seconds=1), not_taken=True
    )

    await ledger.settle(session, lane, [again], now=NOON)

    later = NOON + timedelta(minutes=5)
    assert await ledger.claim(session, lane, now=later, limit=9) == []
    assert await pausing.let_go(session, notice, at=later) == 1
    assert len(await ledger.claim(session, lane, now=later, limit=9)) == 1


async def test_what_goes_another_way_while_it_is_held_is_held_too(
    session: AsyncSession,
) -> None:
    notice = await told(session, SENDING)
    await pausing.hold(session, notice)
    (one,) = await rows(session)
    one.status = FAILED
    await session.flush()
    to = Addressee(recipient=one.recipient, lane="wecom", address="w")

    await second_channel(session, one, to=to, requests=["会"], at=NOON)

    *_, other = await rows(session)
    assert (other.lane, other.due_at) == ("wecom", pausing.NEVER)


async def test_what_is_being_sent_when_it_is_called_off_is_not_tried_again(
    session: AsyncSession,
) -> None:
    notice = await told(session, SENDING)
    await pausing.call_off(session, notice, at=NOON)
    (one,) = await rows(session)
    one.status = WAITING
    await session.flush()

    assert await ledger.expire(session, now=NOON) == 1


async def test_what_is_called_off_is_cancelled_though_it_was_held(
    session: AsyncSession,
) -> None:
    notice = await told(session, WAITING, SENDING)
    await pausing.hold(session, notice)

    assert await pausing.call_off(session, notice, at=NOON) == 1
    assert [one.status for one in await rows(session)] == ["cancelled", "sending"]


@pytest.mark.parametrize(
    ("statuses", "over"),
    [
        ((SENT, FAILED, UNKNOWN), True),
        ((SENT, WAITING), False),
        ((SENT, CLAIMED), False),
        ((SENT, SENDING), False),
    ],
)
async def test_a_notice_is_over_when_nothing_is_under_way(
    session: AsyncSession, statuses: tuple[DeliveryStatus, ...], over: bool
) -> None:
    assert await pausing.is_over(session, await told(session, *statuses)) is over


async def test_a_part_behind_an_unknown_one_is_not_under_way(
    session: AsyncSession,
) -> None:
    notice = await told(session, UNKNOWN, parts=2)

    assert await pausing.is_over(session, notice)
    [result] = await results_of(session, notice)
    assert result.status is UNKNOWN


async def test_the_results_add_up_to_the_audience(session: AsyncSession) -> None:
    notice = await told(session, SENT, SENT, FAILED, UNKNOWN, SENDING, CLAIMED)

    found = Counter(one.status for one in await results_of(session, notice))

    assert found == {SENT: 2, FAILED: 1, UNKNOWN: 1, WAITING: 2}


@pytest.mark.parametrize(
    ("key", "recipient"),
    [
        ("notice:7:person:5:1", "person:5"),
        ("notice:7:person:5:2>wecom_app:1", "person:5"),
        ("notice:7:person:5:1!3", "person:5"),
        ("notice:7:chat:telegram:-1001:1", "chat:telegram:-1001"),
        ("notice:7:chat:telegram:-1001/42:2", "chat:telegram:-1001/42"),
        ("letter:9:1", "letter:9:1"),
    ],
)
def test_the_key_tells_whom_it_was_issued_to(key: str, recipient: str) -> None:
    assert recipient_in(key) == recipient


@pytest.mark.parametrize(("for_all", "calls"), [(False, 3), (True, 1)])
async def test_what_one_call_told_many_is_recalled_by_one(
    session: AsyncSession, for_all: bool, calls: int
) -> None:
    notice = await told(session, SENT, SENT, SENT, FAILED)
    ways: dict[str, Recalling] = {"telegram": Product(for_all=for_all)}

    assert await recalls.recall(session, notice, ways=ways, at=NOON) == calls
    assert await recalls.recall(session, notice, ways=ways, at=NOON) == 0
    for one in await rows(session, "recall:"):
        one.status = SENT
    await session.flush()

    found = await recalls.recalled(session, notice, ways=ways)
    assert (found.done, found.under_way, found.failed) == (3, 0, 0)


async def test_what_is_too_old_is_not_recalled(session: AsyncSession) -> None:
    notice = await told(session, SENT)
    ways: dict[str, Recalling] = {"telegram": Product(for_all=False)}
    late = NOON + timedelta(days=1)

    assert await recalls.recall(session, notice, ways=ways, at=late) == 0
    found = await recalls.recalled(session, notice, ways=ways)
    assert (found.done, found.failed) == (0, 1)


async def test_what_its_product_gave_no_id_cannot_be_recalled_and_counts(
    session: AsyncSession,
) -> None:
    notice = await told(session, SENT)
    (delivery,) = await rows(session, "notice:")
    delivery.remote_id = ""
    await session.flush()
    ways: dict[str, Recalling] = {"telegram": Product(for_all=True)}

    assert await recalls.recall(session, notice, ways=ways, at=NOON) == 0
    found = await recalls.recalled(session, notice, ways=ways)
    assert (found.done, found.failed) == (0, 1)
