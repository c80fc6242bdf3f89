"""What the ledger costs: claims and records, an idle beat, a great audience."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from bench.mail_rig import STORES, Figure, Rig, megabytes
from bot.database import Database
from bot.mail import due, lanes, ledger, outbox
from bot.mail.commits import GroupCommit
from bot.messages import Reply
from bot.model import DeliveryStatus

LANE = "telegram"
AUDIENCE = 105_000
IDLE = 1_000_000
CYCLES = 1000  # deliveries that are claimed and recorded
AT_ONCE = 20
Do = Callable[[Callable[[AsyncSession], Awaitable[Any]]], Awaitable[Any]]


async def ledger_speed(rig: Rig) -> list[Figure]:
    """Claim 20, mark 20, record 20, again and again, in three ways."""
    figures = []
    for store in STORES:
        database = await Database.open(await rig.fresh(store))
        alone, grouped = _alone(database), GroupCommit(database.writing).run
        plain = await _cycles(database, alone, "plain", size=1)
        single = await _cycles(database, grouped, "grouped", size=1)
        batched = await _cycles(database, grouped, "batched", size=AT_ONCE)
        await database.close()
        figures += [
            Figure(f"claims and records, a commit each, {store}", "", f"{plain:.0f}/s"),
            Figure(f"  with group commit, {store}", "", _beside(single, plain)),
            Figure(
                f"  and all of a moment in one call, {store}",
                "700 to 1,500/s",
                _beside(batched, plain),
            ),
        ]
    return figures


def _beside(rate: float, plain: float) -> str:
    return f"{rate:.0f}/s ({rate / plain:.1f} times as fast)"


def _alone(database: Database) -> Do:
    async def run(work: Callable[[AsyncSession], Awaitable[Any]]) -> Any:
        async with database.writing() as session:
            return await work(session)

    return run


async def _cycles(database: Database, do: Do, key: str, *, size: int) -> float:
    now = datetime.now(UTC)
    async with database.writing() as session:
        await _issue(session, key, CYCLES, at=now)
        await lanes.open_lane(session, LANE)
        hold = await lanes.take_lane(session, LANE, owner="bench", now=now)
        assert hold
    began = time.perf_counter()
    done = 0
    while done < CYCLES:
        done += await _cycle(do, hold, size)
    return done / (time.perf_counter() - began)


async def _cycle(do: Do, hold: lanes.LaneHold, size: int) -> int:
    """Claim 20 in one step; mark and record them *size* at a time, side by side."""
    now = datetime.now(UTC)
    parcels = await do(lambda s: ledger.claim(s, hold, now=now, limit=AT_ONCE))
    ids = [parcel.id for parcel in parcels]
    heaps = [ids[start : start + size] for start in range(0, len(ids), size)]

    async def mark(heap: list[int]) -> None:
        await do(lambda s: ledger.mark_sending(s, hold, heap, now=now))

    async def record(heap: list[int]) -> None:
        sent = [ledger.Outcome(id=one, status=DeliveryStatus.SENT) for one in heap]
        await do(lambda s: ledger.settle(s, hold, sent, now=now))

    await asyncio.gather(*map(mark, heaps))
    await asyncio.gather(*map(record, heaps))
    return len(ids)


async def _issue(session: AsyncSession, key: str, many: int, *, at: datetime) -> None:
    audience = [
        outbox.Addressee(
            recipient=f"person:{n}", lane=LANE, address=f"chat-{n}", person_id=None
        )
        for n in range(many)
    ]
    notice = await outbox.issue_notice(
        session,
        key=key,
        kind="broadcast",
        body=Reply(f"{key}: 请各单位按时报送。"),
        audience=audience,
        by="bench",
        at=at,
        write=lambda lane, address, reply: (reply.text,),
    )
    assert notice


async def enqueue(rig: Rig) -> list[Figure]:
    """Issue one notice to all liaisons of a province, in one transaction."""
    figures = []
    for store in STORES:
        database = await Database.open(await rig.fresh(store))
        began = time.perf_counter()
        async with database.writing() as session:
            await _issue(session, "province", AUDIENCE, at=datetime.now(UTC))
        seconds = time.perf_counter() - began
        await database.close()
        figures.append(
            Figure(
                f"enqueue of {AUDIENCE:,} deliveries, {store}",
                "2 to 5.5 s",
                f"{seconds:.1f} s ({AUDIENCE / seconds:,.0f}/s)",
            )
        )
    return figures


async def idle_beat(rig: Rig) -> list[Figure]:
    """Time what comes each second while a million deliveries wait for their day."""
    figures = []
    for store in STORES:
        database = await Database.open(await rig.fresh(store))
        await _fill(database, datetime.now(UTC) + timedelta(days=30))
        figures += await _time_beats(database, store)
        await database.close()
    return figures


async def _fill(database: Database, due_at: datetime) -> None:
    """Write a million deliveries in one statement, none of them due yet."""
    async with database.writing() as session:
        await lanes.open_lane(session, LANE)
        await _issue(session, "first", 1, at=due_at)
        await session.execute(text(_MANY[session.get_bind().dialect.name]))
    async with database.writing() as session:
        await session.execute(text("ANALYZE"))


_COPY = """
    INSERT INTO delivery (key, recipient, lane, address, request_id, priority, status,
        due_at, wanted_at, epoch, tries, remote_id, error, called_by)
    SELECT 'bench:' || n, 'person:' || n, lane, 'chat-' || n, request_id, priority,
        status, due_at, wanted_at, epoch, tries, remote_id, error, called_by
    FROM delivery, """
_MANY = {
    "sqlite": f"""
        WITH RECURSIVE numbers(n) AS
            (SELECT 2 UNION ALL SELECT n + 1 FROM numbers WHERE n < {IDLE})
        {_COPY} numbers""",
    "postgresql": f"{_COPY} generate_series(2, {IDLE}) AS numbers(n)",
}


async def _time_beats(database: Database, store: str) -> list[Figure]:
    now = datetime.now(UTC)
    async with database.writing() as session:
        hold = await lanes.take_lane(session, LANE, owner="bench", now=now)
        assert hold

    beats: Sequence[tuple[str, Callable[[AsyncSession], Awaitable[Any]]]] = [
        (
            "ring: which lanes have work",
            lambda s: due.lanes_to_drain(s, [LANE], owner="bench", now=now),
        ),
        ("claim: nothing is due", lambda s: ledger.claim(s, hold, now=now, limit=8)),
        ("expire: nothing is late", lambda s: ledger.expire(s, now=now)),
        ("audit: is a lane stuck", lambda s: due.stuck_lanes(s, now=now)),
    ]
    return [
        Figure(
            f"beat over {IDLE:,} rows, {name}, {store}",
            "< 5 ms",
            f"{await _median(database, work) * 1000:.2f} ms",
        )
        for name, work in beats
    ]


async def _median(
    database: Database, work: Callable[[AsyncSession], Awaitable[Any]]
) -> float:
    taken = []
    async with database.writing() as session:
        for _ in range(31):
            began = time.perf_counter()
            await work(session)
            taken.append(time.perf_counter() - began)
    return sorted(taken)[15]


async def memory(rig: Rig) -> list[Figure]:
    """Look at a process with nothing to do, and with all those deliveries waiting."""
    figures = []
    for store in STORES:
        async with rig.scene(store, lanes={LANE: _SLOW}) as scene:
            worker = await scene.begin("the only one", listens=False)
            await worker.word()
            await asyncio.sleep(1.5)
            idle = megabytes(worker.pid)
            async with scene.database.writing() as session:
                await _issue(session, "province", AUDIENCE, at=datetime.now(UTC))
            await asyncio.sleep(10)
            busy = megabytes(worker.pid)
        figures.append(
            Figure(
                f"memory idle, and with {AUDIENCE:,} waiting, {store}",
                "",
                f"{idle:.0f} MB, {busy:.0f} MB (its own, without shared files)",
            )
        )
    return figures


_SLOW = {
    "in_flight": 8,
    "answers_in_flight": 4,
    "limits": [{"count": 30, "seconds": 1.0, "reserve": 1}],
    "limits_of": [{"count": 1, "seconds": 1.0}],
}
