"""Whatever happens in whatever order: nothing is lost, nothing arrives twice."""

import asyncio
import shutil
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from letterbox import NINE, to, write_lines
from sqlalchemy import Engine, Row, create_engine, delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database import Database
from bot.errors import NotFound
from bot.mail import lanes, ledger, outbox, overview
from bot.mail.ledger import Outcome, Parcel
from bot.messages import Reply
from bot.model import AuditEntry, Base, Delivery, DeliveryStatus, Notice, Priority

T = TypeVar("T")
FORGETS_AFTER = {"telegram": timedelta(0), "wecom": timedelta(minutes=30)}
LANES = sorted(FORGETS_AFTER)
LONGEST_CALL = timedelta(seconds=60)  # then a holder gives up, lost lane or not
IN_HAND = {DeliveryStatus.CLAIMED, DeliveryStatus.SENDING}
WAYS = ("arrives", "arrives unheard", "refused", "not taken", "lost")

lane_names = st.sampled_from(LANES)
owners = st.sampled_from(("a", "b"))
addresses = st.sampled_from(("1", "2", "3"))
priorities = st.sampled_from(Priority)
moments = st.sampled_from((0, 0, 0, 30, 900))
expiries = st.sampled_from((None, None, 45, 1200))
picks = st.integers(0, 30)
pauses = st.sampled_from((0, 0, 1, 25, 50))
interruptions = st.sampled_from(("", "", "", "expire", "cancel"))
many_ways = st.lists(st.sampled_from(WAYS), min_size=3, max_size=3)
holding = precondition(lambda self: self.workers)


@dataclass(eq=False)
class Worker:
    """What one process remembers of a lane that it took."""

    owner: str
    hold: lanes.LaneHold
    claimed: list[Parcel] = field(default_factory=list)
    marked: dict[int, tuple[Parcel, datetime]] = field(default_factory=dict)
    outcomes: list[Outcome] = field(default_factory=list)


class Platform:
    """A chat product: what arrived, and which copies it drops."""

    def __init__(self) -> None:
        self.arrived: Counter[int] = Counter()
        self._seen: dict[tuple[str, str, str], datetime] = {}

    def take(self, lane: str, parcel: Parcel, now: datetime) -> None:
        copy = (lane, parcel.address, parcel.request)
        seen = self._seen.get(copy)
        if seen is not None and now < seen + FORGETS_AFTER[lane]:
            return
        self._seen[copy] = now
        self.arrived[parcel.id] += 1


class MailMachine(RuleBasedStateMachine):
    """Two processes, two lanes, three addresses, an office, and every misfortune."""

    def __init__(
        self, runner: asyncio.Runner, database: Database, reader: Engine
    ) -> None:
        super().__init__()
        self.runner, self.database, self.reader = runner, database, reader
        self.now = NINE
        self.platform = Platform()
        self.workers: dict[str, Worker] = {}
        self.zombies: list[Worker] = []
        self.leases: dict[str, tuple[str, datetime]] = {}
        self.posted = self.named = 0
        self.do(self.begin)

    async def begin(self, session: AsyncSession) -> None:
        for table in reversed(Base.metadata.sorted_tables):
            if table.name != AuditEntry.__tablename__:  # the mail writes none
                await session.execute(delete(table))
        for lane in LANES:
            await lanes.open_lane(session, lane)

    def do(self, work: Callable[[AsyncSession], Awaitable[T]]) -> T:
        async def run() -> T:
            async with self.database.writing() as session:
                return await work(session)

        return self.runner.run(run())

    def rows(self) -> dict[int, Row[Any]]:
        """Look into the store as a third process would, and faster than through it."""
        with self.reader.begin() as connection:
            rows = connection.execute(select(*Delivery.__table__.c))
            return {row.id: row for row in rows}

    def new_name(self) -> str:
        self.named += 1
        return f"k{self.named}"

    def after(self, seconds: int | None) -> datetime | None:
        return None if seconds is None else self.now + timedelta(seconds=seconds)

    # What goes out

    @initialize(where=st.dictionaries(addresses, lane_names, min_size=2))
    def a_day_begins(self, where: dict[str, str]) -> None:
        """Begin with something to do, and with somebody who does it."""
        for expiry in (None, 45):
            self.issue(where, 2, expiry)
        for owner, lane in zip("ab", LANES, strict=True):
            self.take(owner, lane)

    @rule(
        lane=lane_names,
        address=addresses,
        parts=st.integers(1, 3),
        priority=priorities,
        due=moments,
        expiry=expiries,
    )
    def post(
        self,
        lane: str,
        address: str,
        parts: int,
        priority: Priority,
        due: int,
        expiry: int | None,
    ) -> None:
        name = self.new_name()

        async def work(session: AsyncSession) -> list[int]:
            return await outbox.post(
                session,
                key=name,
                to=to(address, lane=lane),
                requests=[f"{name} {part}" for part in range(parts)],
                priority=priority,
                due_at=self.now + timedelta(seconds=due),
                expires_at=self.after(expiry),
            )

        assert len(self.do(work)) == parts
        assert self.do(work) == [], "once is enough"
        self.posted += parts

    @rule(
        where=st.dictionaries(addresses, lane_names, min_size=1),
        parts=st.integers(1, 2),
        expiry=expiries,
    )
    def issue(self, where: dict[str, str], parts: int, expiry: int | None) -> None:
        name = self.new_name()
        audience = [to(address, lane=lane) for address, lane in where.items()]

        async def work(session: AsyncSession) -> Notice | None:
            return await outbox.issue_notice(
                session,
                key=name,
                kind="notice",
                body=Reply("\n".join(f"{name} {part}" for part in range(parts))),
                audience=audience * 2,
                by="office",
                at=self.now,
                write=write_lines,
                expires_at=self.after(expiry),
            )

        notice = self.do(work)
        assert notice
        assert notice.audience == len(where)
        assert self.do(work) is None
        self.posted += parts * len(where)

    # What a postman does

    @rule(owner=owners, lane=lane_names)
    def take(self, owner: str, lane: str) -> None:
        async def work(session: AsyncSession) -> lanes.LaneHold | None:
            hold = await lanes.take_lane(session, lane, owner=owner, now=self.now)
            if hold:
                drops = FORGETS_AFTER[lane]
                await ledger.recover(
                    session, hold, now=self.now, drops_copies_for=drops
                )
            return hold

        before = self.rows()
        hold = self.do(work)
        assert (hold is not None) == self.is_free(lane, owner)
        if hold is None:
            return
        self.leases[lane] = owner, self.now + lanes.LEASE
        former = self.workers.pop(lane, None)
        if former:
            self.zombies.append(former)
        self.workers[lane] = Worker(owner, hold)
        for id_, row in self.rows().items():
            if row.lane == lane:
                assert row.status in self.recovered(before[id_])

    def is_free(self, lane: str, owner: str) -> bool:
        holder, until = self.leases.get(lane, (owner, self.now))
        return holder == owner or until <= self.now

    def recovered(self, row: Row[Any]) -> set[DeliveryStatus]:
        """Tell what may become of a row when its lane is taken."""
        if row.status is DeliveryStatus.CLAIMED:
            return {DeliveryStatus.WAITING}
        if row.status is not DeliveryStatus.SENDING:
            return {row.status}
        if self.drops(row.unsure_since, row.lane):
            return {DeliveryStatus.WAITING}
        return {DeliveryStatus.UNKNOWN}

    @holding
    @rule(
        pick=picks,
        steps=st.integers(1, 4),
        ways=many_ways,
        pause=pauses,
        meanwhile=st.tuples(st.integers(0, 3), interruptions),
    )
    def work(
        self,
        pick: int,
        steps: int,
        ways: list[str],
        pause: int,
        meanwhile: tuple[int, str],
    ) -> None:
        """Go some of the steps that belong together; something comes between."""
        lane = self.some_lane(pick)
        todo = [
            lambda: self.claim(lane, 9, answers_only=False),
            lambda: self.mark(lane),
            lambda: self.send(lane, ways),
            lambda: self.settle(lane),
        ]
        for number, step in enumerate(todo[:steps]):
            step()
            self.now += timedelta(seconds=pause)
            if meanwhile == (number, "expire"):
                self.expire()
            elif meanwhile == (number, "cancel"):
                self.cancel_notice(pick)

    @holding
    @rule(pick=picks, ways=many_ways)
    def work_on(self, pick: int, ways: list[str]) -> None:
        """Go all the steps, as on an ordinary day."""
        lane = self.some_lane(pick)
        self.claim(lane, 9, answers_only=False)
        self.go_on(pick, ways)

    def some_lane(self, pick: int) -> str:
        return sorted(self.workers)[pick % len(self.workers)]

    @holding
    @rule(pick=picks, limit=st.integers(1, 4), answers_only=st.booleans())
    def claim_some(self, pick: int, limit: int, answers_only: bool) -> None:
        self.claim(self.some_lane(pick), limit, answers_only=answers_only)

    def claim(self, lane: str, limit: int, *, answers_only: bool) -> None:
        worker = self.workers[lane]
        before = self.rows()
        parcels = self.do(
            lambda session: ledger.claim(
                session,
                worker.hold,
                now=self.now,
                limit=limit,
                answers_only=answers_only,
            )
        )
        assert len(parcels) <= limit
        for parcel in parcels:
            row = before[parcel.id]
            assert row.status is DeliveryStatus.WAITING
            assert row.due_at <= self.now
            if row.follows is not None:
                assert before[row.follows].status is DeliveryStatus.SENT
        worker.claimed += parcels

    @holding
    @rule(pick=picks, ways=many_ways)
    def go_on(self, pick: int, ways: list[str]) -> None:
        lane = self.some_lane(pick)
        self.mark(lane)
        self.send(lane, ways)
        self.settle(lane)

    def mark(self, lane: str) -> None:
        worker = self.workers[lane]
        if not worker.claimed:
            return
        ids = [parcel.id for parcel in worker.claimed]
        before = self.rows()
        marked = self.do(
            lambda session: ledger.mark_sending(session, worker.hold, ids, now=self.now)
        )
        for parcel in worker.claimed:
            if parcel.id in marked:
                assert before[parcel.id].status is DeliveryStatus.CLAIMED
                assert parcel.expires_at is None or self.now < parcel.expires_at
                worker.marked[parcel.id] = (parcel, self.now)
        worker.claimed.clear()

    def send(self, lane: str, ways: list[str]) -> None:
        self.call(self.workers[lane], ways)

    def call(self, worker: Worker, ways: list[str]) -> None:
        """Make the calls of what is marked, unless it is too late for them."""
        lane = worker.hold.lane
        calls = list(worker.marked.values())
        for (parcel, since), way in zip(calls, ways, strict=False):
            del worker.marked[parcel.id]
            first = parcel.handed_at or since
            is_late = self.now > since + LONGEST_CALL
            may_double = parcel.handed_at and not self.drops(first, lane)
            if is_late or may_double:
                way = "lost"
            if way.startswith("arrives"):
                self.platform.take(lane, parcel, self.now)
            worker.outcomes.append(self.outcome(parcel.id, way, first, lane))

    def drops(self, first: datetime, lane: str, *, later: int = 0) -> bool:
        """Tell whether the product surely drops a copy of what it heard *first*."""
        end = first + FORGETS_AFTER[lane] - ledger.MARGIN
        return self.now + timedelta(seconds=later) < end

    def outcome(self, id_: int, way: str, first: datetime, lane: str) -> Outcome:
        if way == "arrives":
            return Outcome(id=id_, status=DeliveryStatus.SENT, remote_id=f"r{id_}")
        if way == "refused":
            return Outcome(id=id_, status=DeliveryStatus.FAILED, error="blocked")
        if way == "not taken" or self.drops(first, lane, later=5):
            return Outcome(
                id=id_,
                status=DeliveryStatus.WAITING,
                due_at=self.now + timedelta(seconds=5),
                not_taken=way == "not taken",
            )
        return Outcome(id=id_, status=DeliveryStatus.UNKNOWN)

    def settle(self, lane: str) -> None:
        worker = self.workers[lane]
        if not worker.outcomes:
            return
        outcomes, worker.outcomes = worker.outcomes, []
        self.do(
            lambda session: ledger.settle(session, worker.hold, outcomes, now=self.now)
        )
        rows = self.rows()
        for outcome in outcomes:
            assert rows[outcome.id].status is outcome.status

    @holding
    @rule(pick=picks, address=addresses, pauses=st.booleans())
    def give_back(self, pick: int, address: str, pauses: bool) -> None:
        worker = self.workers[self.some_lane(pick)]
        until = self.now + timedelta(seconds=20)

        async def work(session: AsyncSession) -> None:
            await ledger.give_back(session, worker.hold)
            if pauses:
                await ledger.hold_back(
                    session, worker.hold, addresses=[address], until=until
                )

        self.do(work)
        worker.claimed.clear()

    @holding
    @rule(pick=picks)
    def release(self, pick: int) -> None:
        lane = self.some_lane(pick)
        worker = self.workers[lane]
        if worker.marked or worker.outcomes:
            return

        async def work(session: AsyncSession) -> None:
            await ledger.give_back(session, worker.hold)
            await lanes.release_lane(session, worker.hold)

        self.do(work)
        del self.workers[lane], self.leases[lane]

    # Misfortune

    @holding
    @rule(pick=picks)
    def crash(self, pick: int) -> None:
        del self.workers[self.some_lane(pick)]

    @precondition(lambda self: self.zombies)
    @rule(pick=picks, ways=many_ways)
    def zombie_acts(self, pick: int, ways: list[str]) -> None:
        """Let one that lost its lane unawares go on; the store must not hear it."""
        zombie = self.zombies[pick % len(self.zombies)]
        before = self.rows()
        self.do(lambda session: self.try_all(session, zombie))
        assert self.rows() == before, "it was heard"
        self.call(zombie, ways)

    async def try_all(self, session: AsyncSession, zombie: Worker) -> None:
        hold, now = zombie.hold, self.now
        until = now + timedelta(days=1)
        ids = [parcel.id for parcel in zombie.claimed]
        with pytest.raises(lanes.LaneLost):
            await ledger.mark_sending(session, hold, ids, now=now)
        with pytest.raises(lanes.LaneLost):
            await ledger.settle(session, hold, zombie.outcomes, now=now)
        with pytest.raises(lanes.LaneLost):
            await ledger.claim(session, hold, now=now, limit=9)
        await ledger.give_back(session, hold)
        await ledger.hold_back(session, hold, addresses=["1"], until=until)
        await lanes.pause_lane(session, hold, until=until)
        await lanes.release_lane(session, hold)
        assert not await lanes.renew_lane(session, hold, now=now)

    @rule(seconds=st.sampled_from((1, 10, 16, 45, 600, 1750)))
    def time_goes_by(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule(pause=st.sampled_from((0, 60)))
    def expire_late(self, pause: int) -> None:
        self.now += timedelta(seconds=pause)
        self.expire()

    def expire(self) -> None:
        self.do(lambda session: ledger.expire(session, now=self.now))

    # What the office does

    def cancel_notice(self, pick: int) -> None:
        rows = self.rows().values()
        under_way = [row for row in rows if row.status in IN_HAND and row.notice_id]
        notices = sorted({row.notice_id for row in under_way or rows} - {None})
        notice = notices[pick % len(notices)]
        self.do(lambda session: outbox.cancel(session, notice_id=notice, at=self.now))

    @rule(pick=picks, decision=st.sampled_from(("resend", "drop", "arrived")))
    def decide(self, pick: int, decision: str) -> None:
        """Decide upon something that may be UNKNOWN, and may be not."""
        rows = self.rows()
        open_ = [n for n, row in rows.items() if row.status is DeliveryStatus.UNKNOWN]
        chosen = open_ or list(rows)
        if not chosen:
            return
        id_ = chosen[pick % len(chosen)]
        if decision == "arrived" and not self.platform.arrived[id_]:
            return
        self.do(lambda session: self.tell(session, id_, decision))

    async def tell(self, session: AsyncSession, id_: int, decision: str) -> None:
        before = sum((await overview.counts(session)).values())
        try:
            if decision == "resend":
                await overview.resend(session, id_, by="office", at=self.now)
            elif decision == "drop":
                await overview.drop(session, id_, by="office", at=self.now)
            else:
                await overview.mark_arrived(session, id_, self.now)
        except NotFound:
            return
        new = sum((await overview.counts(session)).values()) - before
        assert bool(new) == (decision == "resend")
        self.posted += new

    @rule(pick=picks, lane=lane_names)
    def second_channel(self, pick: int, lane: str) -> None:
        failed = [
            row
            for row in self.rows().values()
            if row.status is DeliveryStatus.FAILED and row.lane != lane
        ]
        if not failed:
            return
        row = failed[pick % len(failed)]

        async def work(session: AsyncSession) -> list[int]:
            delivery = await session.get_one(Delivery, row.id)
            addressee = outbox.Addressee(
                recipient=row.recipient, lane=lane, address=row.address
            )
            return await outbox.second_channel(
                session,
                delivery,
                to=addressee,
                requests=[f"{row.key} again"],
                at=self.now,
            )

        self.posted += len(self.do(work))

    # What always holds

    @invariant()
    def nothing_arrives_twice(self) -> None:
        assert all(count == 1 for count in self.platform.arrived.values())

    @invariant()
    def the_rows_are_right(self) -> None:
        rows = self.rows()
        assert len(rows) == self.posted, "nothing is lost, nothing comes from nowhere"
        in_hand = Counter(
            (row.lane, row.address) for row in rows.values() if row.status in IN_HAND
        )
        assert all(count == 1 for count in in_hand.values())
        for row in rows.values():
            self.check(row, arrived=self.platform.arrived[row.id] == 1)
        for worker in self.workers.values():
            sent = {*worker.marked, *(outcome.id for outcome in worker.outcomes)}
            assert all(rows[id_].status is DeliveryStatus.SENDING for id_ in sent)

    def check(self, row: Row[Any], *, arrived: bool) -> None:
        if row.status is DeliveryStatus.SENT:
            assert arrived
        elif row.status in {DeliveryStatus.WAITING, DeliveryStatus.CLAIMED}:
            assert not arrived or FORGETS_AFTER[row.lane], "it would go again"

    def the_counts_add_up(self) -> None:
        async def look(session: AsyncSession) -> list[tuple[int, int]]:
            counts = await overview.counts(session)
            sums = [(sum(counts.values()), self.posted)]
            for notice in await session.scalars(select(Notice)):
                progress = await overview.progress(session, notice.id)
                sums.append((sum(progress.values()), notice.audience))
            return sums

        for found, expected in self.do(look):
            assert found == expected

    def teardown(self) -> None:
        """Let the postmen do all that is left: then everything has come to an end."""
        self.now += timedelta(hours=2)
        for lane in LANES:
            self.workers.pop(lane, None)
            self.take("a", lane)
            for _ in range(2 * self.posted + 1):
                self.claim(lane, 9, answers_only=False)
                if not self.workers[lane].claimed:
                    break
                self.mark(lane)
                self.send(lane, ["arrives"] * 9)
                self.settle(lane)
        self.expire()
        rows = self.rows()
        for row in rows.values():
            assert row.status not in IN_HAND
            if row.status is DeliveryStatus.WAITING:
                assert self.waits_for_the_office(rows, row)
        self.nothing_arrives_twice()
        self.the_rows_are_right()
        self.the_counts_add_up()

    def waits_for_the_office(self, rows: dict[int, Row[Any]], row: Row[Any]) -> bool:
        """Tell whether a part before this one is UNKNOWN."""
        while row.follows is not None:
            row = rows[row.follows]
            if row.status is DeliveryStatus.UNKNOWN:
                return True
        return False


def test_whatever_happens_the_books_are_right(
    sqlite_template: Path, tmp_path: Path
) -> None:
    file = shutil.copy(sqlite_template, tmp_path / "mail.sqlite3")
    with asyncio.Runner() as runner:
        database = runner.run(Database.open(f"sqlite+aiosqlite:///{file}"))
        reader = create_engine(f"sqlite:///{file}")
        try:
            run_state_machine_as_test(
                lambda: MailMachine(runner, database, reader),
                settings=settings(
                    max_examples=30,
                    stateful_step_count=50,
                    deadline=None,
                    phases=[Phase.generate],
                    suppress_health_check=list(HealthCheck),
                ),
            )
        finally:
            reader.dispose()
            runner.run(database.close())
