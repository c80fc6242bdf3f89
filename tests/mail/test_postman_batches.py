"""Calls that tell many the same, on both stores: who is told, by what, how often."""

from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from postman_office import NINE, Office, Product, open_office
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database import Database
from bot.errors import DeliveryError, NotSent, Refused, Unanswered
from bot.mail import ledger, outbox
from bot.mail.outbox import Addressee
from bot.messages import Limit, Manners, Reply
from bot.model import Delivery, DeliveryStatus, Priority

HALF_HOUR = timedelta(minutes=30)
DROPS = Manners(drops_copies_for=HALF_HOUR)
SENT = DeliveryStatus.SENT
WAITING = DeliveryStatus.WAITING
FAILED = DeliveryStatus.FAILED
UNKNOWN = DeliveryStatus.UNKNOWN


@dataclass
class Crowd(Product):
    """A product that tells many by one call, and drops a call that it knows."""

    most_at_once: int = 1000
    calls: list[tuple[tuple[str, ...], str]] = field(default_factory=list)
    ends: list[DeliveryError | None] = field(default_factory=list)
    strangers: frozenset[str] = frozenset()
    known: set[tuple[tuple[str, ...], str]] = field(default_factory=set)
    told: Counter[tuple[str, str]] = field(default_factory=Counter)

    async def send(self, address: str, request: str) -> str:
        await super().send(address, request)
        (found,) = (await self.send_many([address], request)).values()
        if isinstance(found, DeliveryError):
            raise found
        return found

    async def send_many(
        self, addresses: Sequence[str], request: str
    ) -> Mapping[str, str | DeliveryError]:
        call = tuple(addresses), request
        self.calls.append(call)
        end = self.ends.pop(0) if self.ends else None
        if isinstance(end, NotSent | Refused):
            raise end
        if call not in self.known:
            self.known.add(call)
            self.told.update((one, request) for one in addresses)
        if end:
            raise end
        return {one: self._outcome(one) for one in addresses}

    def _outcome(self, address: str) -> str | DeliveryError:
        if address in self.strangers:
            return Refused(f"60111: no {address}", gone=True)
        return "remote"


@pytest.fixture
async def office(database: Database) -> AsyncIterator[Office]:
    async with open_office(database) as office:
        yield office


def people(count: int) -> list[str]:
    return [f"user{number:04}" for number in range(count)]


async def tell(office: Office, *addresses: str, text: str = "通知") -> None:
    """Issue a notice that is the same to all."""
    async with office.database.writing() as session:
        await outbox.issue_notice(
            session,
            key=f"{text}{addresses[0]}",
            kind="broadcast",
            body=Reply(text),
            audience=[
                Addressee(recipient=f"chat:{one}", lane="telegram", address=one)
                for one in addresses
            ],
            by="王丽",
            at=office.now,
            write=lambda lane, address, reply: (reply.text,),
        )


async def by_address(office: Office) -> dict[str, Delivery]:
    async with office.database.reading() as session:
        return {row.address: row for row in await session.scalars(select(Delivery))}


async def test_five_thousand_hear_a_notice_by_five_calls(office: Office) -> None:
    strangers = frozenset(people(5000)[::137])
    told_of: list[int] = []

    async def fall_back(
        session: AsyncSession, ids: Sequence[int], gone: Sequence[int]
    ) -> set[str]:
        assert list(ids) == list(gone)
        told_of.extend(ids)
        return set()

    await tell(office, *people(5000))
    crowd = Crowd(Manners(), strangers=strangers)
    await office.drain(crowd, on_failed=fall_back)

    assert [len(addresses) for addresses, _ in crowd.calls] == [1000] * 5
    rows = await by_address(office)
    failed = {one: row for one, row in rows.items() if row.status is FAILED}
    assert failed.keys() == strangers
    assert len(strangers) == 37
    assert failed["user0137"].error == "Refused: 60111: no user0137"
    assert sorted(told_of) == sorted(row.id for row in failed.values())
    assert await office.counts() == {SENT: 4963, FAILED: 37}


async def test_only_what_is_the_same_goes_together(office: Office) -> None:
    await tell(office, "a", "b", text="甲")
    await tell(office, "c", "d", text="乙")
    crowd = Crowd(Manners())
    await office.drain(crowd)
    assert sorted(crowd.calls) == [(("a", "b"), "甲"), (("c", "d"), "乙")]


async def test_answers_go_alone_and_first(office: Office) -> None:
    await tell(office, "a", "b")
    for one in ("c", "d"):
        await office.post(one, "答复", priority=Priority.ANSWER)
    crowd = Crowd(Manners())
    await office.drain(crowd)
    assert crowd.calls[:2] == [(("c",), "答复"), (("d",), "答复")]
    assert crowd.calls[2:] == [(("a", "b"), "通知")]


async def test_a_copy_goes_to_the_same_in_the_same_order(office: Office) -> None:
    await tell(office, *people(30))
    crowd = Crowd(DROPS, ends=[Unanswered("cut off")])
    await office.drain(crowd)
    assert await office.counts() == {WAITING: 30}
    await tell(office, "newcomer")
    office.now += timedelta(minutes=1)
    await office.drain(crowd)

    assert crowd.calls[0][0] == tuple(people(30))
    assert crowd.calls.count(crowd.calls[0]) == 2
    assert set(crowd.told.values()) == {1}
    assert await office.counts() == {SENT: 31}


async def test_whoever_is_cancelled_meanwhile_is_still_part_of_the_copy(
    office: Office,
) -> None:
    await tell(office, *people(3))
    crowd = Crowd(DROPS, ends=[Unanswered("cut off")])
    await office.drain(crowd)
    async with office.database.writing() as session:
        await outbox.cancel(session, at=office.now, recipient="chat:user0001")
    office.now += timedelta(minutes=1)
    await office.drain(crowd)

    assert crowd.calls == [(tuple(people(3)), "通知")] * 2
    rows = await by_address(office)
    assert rows["user0001"].status is UNKNOWN  # it may have come before
    assert await office.counts() == {SENT: 2, UNKNOWN: 1}


async def test_one_that_is_held_back_gets_its_copy_later(office: Office) -> None:
    await tell(office, *people(3))
    crowd = Crowd(DROPS, ends=[Unanswered("cut off")])
    await office.drain(crowd)
    until = NINE + timedelta(minutes=5)
    async with office.database.writing() as session:
        await ledger.hold_back(
            session, office.hold, addresses=["user0002"], until=until
        )
    for minute in (1, 6):
        office.now = NINE + timedelta(minutes=minute)
        await office.drain(crowd)

    assert crowd.calls == [(tuple(people(3)), "通知")] * 3
    assert set(crowd.told.values()) == {1}
    assert await office.counts() == {SENT: 3}


async def test_what_was_not_taken_may_go_with_others(office: Office) -> None:
    await tell(office, "a", "b")
    crowd = Crowd(DROPS, ends=[NotSent("no route")])
    await office.drain(crowd)
    office.now += timedelta(minutes=1)
    await tell(office, "c")
    await office.drain(crowd)
    assert crowd.calls == [(("a", "b"), "通知"), (("a", "b", "c"), "通知")]
    assert await office.counts() == {SENT: 3}


async def test_what_is_alone_and_unsure_stays_alone(office: Office) -> None:
    await tell(office, "a")
    crowd = Crowd(DROPS, ends=[Unanswered("cut off")])
    await office.drain(crowd)
    office.now += timedelta(minutes=1)
    await tell(office, "b", "c")
    await office.drain(crowd)
    assert sorted(one for one, _ in crowd.calls) == [("a",), ("a",), ("b", "c")]
    assert set(crowd.told.values()) == {1}


@pytest.mark.parametrize(
    ("minutes", "told", "status"), [(1, 2, SENT), (29, 1, UNKNOWN)]
)
async def test_a_holder_that_died_in_a_call_leaves_it_whole(
    office: Office, minutes: int, told: int, status: DeliveryStatus
) -> None:
    await tell(office, *people(5))
    crowd = Crowd(DROPS)
    async with office.database.writing() as session:
        parcels = await ledger.claim(session, office.hold, now=NINE, limit=9)
        ids = [one.id for one in parcels]
        await ledger.mark_sending(session, office.hold, ids, now=NINE, together=True)
    await crowd.send_many([one.address for one in parcels], "通知")
    await office.take_again()
    await tell(office, "newcomer")
    office.now += timedelta(minutes=minutes)
    await office.drain(crowd)

    assert crowd.calls.count((tuple(people(5)), "通知")) == told
    assert set(crowd.told.values()) == {1}
    rows = await by_address(office)
    assert {rows[one].status for one in people(5)} == {status}


async def test_whoever_may_not_be_told_yet_is_told_later(office: Office) -> None:
    limit = Limit(1, 0.2)
    manners = Manners(limits_of=lambda address: (limit,))
    await tell(office, "a", text="甲")
    crowd = Crowd(manners)
    postman = office.postman(crowd, linger=0.5)
    await tell(office, "a", "b", "c", text="乙")
    await postman.drain()
    assert crowd.calls[:2] == [(("a",), "甲"), (("b", "c"), "乙")]
    assert crowd.calls[2:] == [(("a",), "乙")]


async def test_whoever_is_cancelled_before_the_call_is_not_told(
    office: Office,
) -> None:
    await tell(office, *people(4))
    async with office.database.writing() as session:
        claimed = await ledger.claim(session, office.hold, now=NINE, limit=9)
        await outbox.cancel(session, at=NINE, recipient="chat:user0000")
        ids = [one.id for one in claimed]
        marked = await ledger.mark_sending(
            session, office.hold, ids, now=NINE, together=True
        )
    assert marked == set(ids[1:])
    await office.take_again()
    crowd = Crowd(DROPS)
    await office.drain(crowd)
    assert crowd.calls == [(tuple(people(4)[1:]), "通知")]


async def test_a_refusal_of_the_whole_call_is_everybodys(office: Office) -> None:
    await tell(office, "a", "b")
    crowd = Crowd(DROPS, ends=[Refused("81013: nobody is left", gone=True)])
    await office.drain(crowd)
    assert await office.counts() == {FAILED: 2}
    assert (await by_address(office))["b"].error == "Refused: 81013: nobody is left"


async def test_whom_the_product_says_nothing_of_nobody_knows(office: Office) -> None:
    class Forgetful(Crowd):
        async def send_many(
            self, addresses: Sequence[str], request: str
        ) -> Mapping[str, str | DeliveryError]:
            told = await super().send_many(addresses, request)
            return {one: id_ for one, id_ in told.items() if one != "b"}

    await tell(office, "a", "b")
    await office.drain(Forgetful(Manners()))
    assert await office.counts() == {SENT: 1, UNKNOWN: 1}
