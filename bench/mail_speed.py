"""Messages per second of one process, beside a plain loop, and where the time goes."""

import asyncio
import pstats
import time
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
from sqlalchemy import select, text, update

from bench.mail_rig import LANES, STORES, Figure, Rig, cpu_seconds, megabytes, quiet
from bot.database import Database
from bot.model import Delivery, DeliveryStatus, Request

MANY = 1000  # messages a lane
MANY_PLAIN = 300
WORKERS = 8  # calls in flight a lane
PLACES: Mapping[str, str] = {
    "sqlalchemy": "SQLAlchemy",
    "asyncpg": "asyncpg",
    "aiosqlite": "aiosqlite",
    "sqlite3": "aiosqlite",
    "greenlet": "SQLAlchemy",
    "aiohttp": "aiohttp",
    "yarl": "aiohttp",
    "multidict": "aiohttp",
    "bot/mail": "bot.mail",
    "bot/": "the rest of bot",
    "pgqueuer": "PgQueuer",
    "apscheduler": "APScheduler",
    "harness": "the harness's channel",
    "asyncio": "asyncio",
}


async def our_speed(rig: Rig, store: str) -> tuple[list[Figure], float]:
    """Measure one process of ours on *store*; returns messages per second as well."""
    async with rig.scene(store) as scene:
        await scene.notice(MANY)
        worker = await scene.begin("the only one", listens=False)
        await worker.word()
        cpu, began = cpu_seconds(worker.pid), time.monotonic()
        await quiet(scene, within=120)
        ended = time.monotonic()
        cpu = cpu_seconds(worker.pid) - cpu
        rate = MANY * len(LANES) / (ended - began)
        verdict = await scene.verdict()
        if verdict.complaints(unknown_at_most={}):
            raise SystemExit(str(verdict))
        figures = [
            Figure(f"messages/s, one process, {store}", ">= 400", f"{rate:.0f}"),
            Figure(
                f"  processor time a message, {store}",
                "",
                f"{cpu * 1000 / MANY / len(LANES):.2f} ms"
                f" (busy {100 * cpu / (ended - began):.0f} % of the time)",
            ),
            Figure(
                f"  waiting for the disk, the platform or a turn, {store}",
                "",
                f"{max(0.0, 100 - 100 * cpu / (ended - began)):.0f} % of the time",
            ),
            Figure(f"  memory of it, {store}", "", f"{megabytes(worker.pid):.0f} MB"),
        ]
        return figures, rate


async def plain_speed(rig: Rig, store: str) -> float:
    """Measure a loop as one would write it: aiohttp, SQLAlchemy, a commit a step."""
    async with rig.scene(store) as scene:
        await scene.notice(MANY_PLAIN)
        url = f"http://127.0.0.1:{scene.port}"
        connector = aiohttp.TCPConnector(limit=0)
        async with aiohttp.ClientSession(url, connector=connector) as http:
            began = time.monotonic()
            loops = [
                _plain_loop(scene.database, http, lane)
                for lane in LANES
                for _ in range(WORKERS)
            ]
            await asyncio.gather(*loops)
            return MANY_PLAIN * len(LANES) / (time.monotonic() - began)


async def _plain_loop(
    database: Database, http: aiohttp.ClientSession, lane: str
) -> None:
    """Claim, mark, send and record, one after the other, until nothing waits."""
    while True:
        async with database.writing() as session:
            waiting = (
                select(Delivery.id)
                .where(Delivery.lane == lane, text("status = 'waiting'"))
                .order_by(Delivery.priority, Delivery.due_at, Delivery.id)
                .limit(1)
                .with_for_update(skip_locked=True)
            )
            row = await session.scalar(select(Delivery).where(Delivery.id.in_(waiting)))
            if row is None:
                return
            row.status = DeliveryStatus.CLAIMED
            words = await session.scalar(
                select(Request.text).where(Request.id == row.request_id)
            )
            address, number = row.address, row.id
        await _set(database, number, status=DeliveryStatus.SENDING)
        body = f"{address}\n{words}".encode()
        async with http.post(f"/{lane}/send", data=body) as answer:
            remote = (await answer.json(content_type=None))["id"]
        await _set(database, number, status=DeliveryStatus.SENT, remote_id=remote)


async def _set(database: Database, number: int, **values: Any) -> None:
    async with database.writing() as session:
        await session.execute(
            update(Delivery)
            .where(Delivery.id == number)
            .values(**values, settled_at=datetime.now(UTC))
        )


async def where_time_goes(rig: Rig, store: str) -> list[Figure]:
    """Run our process once more, under the profiler, and add up by package."""
    file = rig.folder / f"{store}.profile"
    async with rig.scene(store) as scene:
        await scene.notice(MANY)
        worker = await scene.begin("the only one", listens=False, profile=str(file))
        await worker.word()
        await quiet(scene, within=240)
        assert await scene.stop("the only one") == 0
    spent = _by_place(file)
    total = sum(spent.values())
    return [
        Figure(f"  of the processor time: {place}, {store}", "", _share(seconds, total))
        for place, seconds in spent.most_common(9)
    ]


def _share(part: float, total: float) -> str:
    return f"{100 * part / total:.0f} %"


def _by_place(file: Path) -> Counter[str]:
    """Add up the own time of every function by the package that it lives in."""
    spent: Counter[str] = Counter()
    stats: Any = pstats.Stats(str(file))
    for (path, _, name), (_, _, own, _, _) in stats.stats.items():
        words = f"{path}:{name}"
        found = (place for part, place in PLACES.items() if part in words)
        if "run_until_complete" in words or "run_forever" in words:
            continue  # uvloop: it waits, or does what Python does not see
        spent[next(found, "Python itself (built-ins, codecs, json)")] += own
    return spent


async def speed(rig: Rig) -> list[Figure]:
    """Measure both stores, ours beside the plain loop; tell where our time goes."""
    figures = []
    for store in STORES:
        found, rate = await our_speed(rig, store)
        plain = await plain_speed(rig, store)
        figures += [
            *found,
            Figure(
                f"  plain aiohttp + SQLAlchemy, a commit a step, {store}",
                "",
                f"{plain:.0f}/s (ours is {rate / plain:.1f} times as fast)",
            ),
            *await where_time_goes(rig, store),
        ]
    return figures
