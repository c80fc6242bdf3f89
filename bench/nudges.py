"""The round of nudges over a great office: nothing due, and 100,000 due at once.

    python -m bench.nudges [sqlite|postgres]

3,000 plans with 35 departments each, a liaison and an account for each of them, and
1,000,000 deliveries of the past.
"""

import asyncio
import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

from sqlalchemy import Table, event, func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT / "tests")]

from postgres import postgres_server  # noqa: E402

from bot.app.parts import nudge_in_parts  # noqa: E402
from bot.channels.telegram.write import write_reply  # noqa: E402
from bot.database import Database, migrate  # noqa: E402
from bot.messages import Reply  # noqa: E402
from bot.model import (  # noqa: E402
    Account,
    Base,
    Basis,
    Delivery,
    DeliveryStatus,
    Notice,
    Nudge,
    Person,
    Priority,
    Report,
    ReportDuty,
    Request,
    Role,
    Standing,
    Submission,
    SubmissionState,
    Talk,
)
from bot.reports.policy import SHANGHAI, load_policy  # noqa: E402
from handlers.nudge import nudge_round  # noqa: E402
from handlers.nudging import Nudging  # noqa: E402

PLANS, EACH, PAST = 3000, 35, 1_000_000
DUE = 100_000
CHUNK = 20_000
DUE_ON = date(2026, 12, 30)
NOON_BEFORE = datetime(2026, 12, 15, 12, tzinfo=SHANGHAI)
THE_MORNING = datetime(2026, 12, 16, 9, 0, tzinfo=SHANGHAI)
_AS_IN_AN_OFFICE: dict[str, str | int] = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "autovacuum": "on",
    "shared_buffers": "128MB",
}


def _write(lane: str, address: str, reply: Reply) -> Sequence[str]:
    return write_reply(reply)


NUDGING = Nudging(
    policy=load_policy(ROOT / "config" / "nudges.toml"),
    lanes=("telegram",),
    write=_write,
)


def main(store: str) -> None:
    """Measure on a fresh store."""
    with _store(store) as url:
        asyncio.run(_measure(store, url))


async def _measure(store: str, url: str) -> None:
    await migrate(url)
    database = await Database.open(url)
    await _fill(database)
    print(f"{store}: {PLANS} plans, {PLANS * EACH} submissions, {PAST} deliveries")
    await _time_nothing(database)
    await _time_all(database)
    await _time_nothing(database, now=THE_MORNING + timedelta(hours=1))
    await database.close()


@contextmanager
def _store(store: str) -> Iterator[str]:
    with TemporaryDirectory() as folder:
        if store == "sqlite":
            yield f"sqlite+aiosqlite:///{folder}/bench.sqlite3"
            return
        with postgres_server(own=True, **_AS_IN_AN_OFFICE) as server:
            yield asyncio.run(_new(server))


async def _new(server: Any) -> str:
    return str(await server.create("nudges"))


async def _fill(database: Database) -> None:
    """Lay out the office; the last 5,000 submissions have reported already."""
    count = PLANS * EACH
    await _insert(database, Person, (_person(n) for n in range(count)))
    await _insert(database, Account, (_account(n) for n in range(count)))
    await _insert(database, ReportDuty, (_duty(n) for n in range(PLANS)))
    await _insert(database, Report, (_report(n) for n in range(PLANS)))
    await _insert(database, Submission, (_submission(n) for n in range(count)))
    await _insert(database, Request, [{"id": 1, "digest": "d", "text": "t"}])
    await _insert(database, Notice, (_notice(n) for n in range(1)))
    await _insert(database, Delivery, (_delivery(n) for n in range(PAST)))
    async with database.writing() as session:
        await session.execute(text("ANALYZE"))


async def _insert(database: Database, table: type[Base], rows: Any) -> None:
    batch: list[dict[str, Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == CHUNK:
            await _insert_some(database, table, batch)
            batch = []
    if batch:
        await _insert_some(database, table, batch)


async def _insert_some(
    database: Database, table: type[Base], batch: list[dict[str, Any]]
) -> None:
    async with database.writing() as session:
        connection = await session.connection()
        await connection.execute(insert(cast(Table, table.__table__)), batch)
        if connection.dialect.name == "postgresql" and "id" in batch[0]:
            name = table.__tablename__
            await connection.exec_driver_sql(
                f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), max(id))"
                f' FROM "{name}"'
            )


def _person(n: int) -> dict[str, Any]:
    return {
        "id": n + 1,
        "name": f"王{n}",
        "department": f"单位{n}",
        "role": Role.LIAISON,
        "phone": "",
        "is_deputy": False,
        "hours": "",
        "main_channel": "",
    }


def _account(n: int) -> dict[str, Any]:
    return {
        "id": n + 1,
        "channel": "telegram",
        "address": str(7_000_000 + n),
        "person_id": n + 1,
        "talk": Talk(),
        "guesses": 0,
    }


def _duty(n: int) -> dict[str, Any]:
    return {
        "id": n + 1,
        "key": f"k{n}",
        "basis": Basis.DOCUMENT,
        "plan_key": f"甲政发〔2026〕{n}号",
        "number": f"甲政发〔2026〕{n}号",
        "clause": "四（三）",
        "text": "每年12月30日前报送全年落实情况。",
        "who": (),
        "exempt": (),
        "what": "全年落实情况",
        "to": "办公室",
        "month": 12,
        "day_of_month": 30,
        "first": date(2026, 1, 1),
        "confirmed_by": "李主任",
        "confirmed_at": NOON_BEFORE,
    }


def _report(n: int) -> dict[str, Any]:
    return {
        "id": n + 1,
        "duty_id": n + 1,
        "due_on": DUE_ON,
        "title": f"第{n}号方案全年落实情况",
        "opened_at": NOON_BEFORE,
    }


def _submission(n: int) -> dict[str, Any]:
    owes = n < DUE
    state = SubmissionState.OPEN if owes else SubmissionState.CLAIMED
    return {
        "id": n + 1,
        "report_id": n // EACH + 1,
        "department": f"单位{n}",
        "state": state,
        "standing": Standing(state=state),
        "step": 20,
        "next_at": THE_MORNING if owes else None,
        "nudged_before": 1,
        "nudged_after": 0,
    }


def _notice(n: int) -> dict[str, Any]:
    return {
        "id": n + 1,
        "key": f"past{n}",
        "kind": "nudge",
        "body": Reply("请按时报送"),
        "audience": PAST,
        "issued_by": "system",
        "issued_at": NOON_BEFORE,
    }


def _delivery(n: int) -> dict[str, Any]:
    at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=n)
    person = n % (PLANS * EACH) + 1
    return {
        "id": n + 1,
        "key": f"past:{n}",
        "notice_id": 1,
        "person_id": person,
        "recipient": f"person:{person}",
        "lane": "telegram",
        "address": str(7_000_000 + person - 1),
        "request_id": 1,
        "priority": int(Priority.NUDGE),
        "status": DeliveryStatus.SENT,
        "wanted_at": at,
        "due_at": at,
        "epoch": 1,
        "tries": 1,
        "settled_at": at,
        "remote_id": str(n),
        "error": "",
        "called_by": "",
    }


async def _time_nothing(database: Database, *, now: datetime = NOON_BEFORE) -> None:
    times = []
    for _ in range(20):
        began = time.perf_counter()
        async with database.writing() as session:
            assert await nudge_round(session, NUDGING, now=now) == 0
        times.append(time.perf_counter() - began)
    times.sort()
    print(
        f"nothing due: median {times[10] * 1000:.1f} ms, "
        f"worst {times[-1] * 1000:.1f} ms"
    )


async def _time_all(database: Database) -> None:
    began, cpu, server = time.perf_counter(), time.process_time(), _server_cpu()
    parts = []

    async def part(session: AsyncSession, half: int | None = None) -> int:
        start = time.perf_counter()
        event.listen(
            session.sync_session,
            "after_commit",
            lambda _: parts.append(time.perf_counter() - start),
        )
        return await nudge_round(session, NUDGING, now=THE_MORNING, half=half)

    await nudge_in_parts(database, part)
    took, cpu = time.perf_counter() - began, time.process_time() - cpu
    server = _server_cpu() - server
    async with database.reading() as session:
        waiting = select(func.count()).select_from(Delivery)
        waiting = waiting.where(Delivery.status == DeliveryStatus.WAITING)
        sent = await session.scalar(waiting)
        nudges = await session.scalar(select(func.count()).select_from(Nudge))
    print(
        f"{DUE} due at once: {took:.2f} s (processor: {cpu:.2f} s of ours, "
        f"{server:.2f} s of the server; load {os.getloadavg()[0]:.0f}), "
        f"{sent} messages, {nudges} nudges, {len(parts)} transactions, "
        f"the longest {max(parts) * 1000:.0f} ms"
    )


def _server_cpu() -> float:
    """Add up the seconds of processor of the server's processes for our database."""
    ticks = 0
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if " nudges " in (process / "cmdline").read_text().replace("\0", " "):
                stat = (process / "stat").read_text().rpartition(")")[2].split()
                ticks += int(stat[11]) + int(stat[12])
    return ticks / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    for name in sys.argv[1:] or ["sqlite", "postgres"]:
        main(name)
