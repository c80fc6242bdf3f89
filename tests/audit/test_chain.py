"""Every entry that is committed is in the chain, and nothing else is."""

import asyncio
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from bot import audit
from bot.database import Database
from bot.mail.alarms import raise_alarm
from bot.model import AuditEntry

NINE = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


async def note(session: AsyncSession, about: str, **detail: object) -> None:
    await audit.record(
        session, actor="王丽", event="plan.published", about=about, at=NINE, **detail
    )


async def links(database: Database) -> list[tuple[int | None, str]]:
    async with database.reading() as session:
        query = select(AuditEntry.link, AuditEntry.about).order_by(AuditEntry.id)
        return [(link, about) for link, about in await session.execute(query)]


async def verdict(database: Database, against: str = "") -> audit.Verdict:
    async with database.reading() as session:
        return await audit.verify(session, against=against)


async def test_what_is_committed_is_chained_in_its_order(database: Database) -> None:
    async with database.writing() as session:
        await note(session, "甲")
        await note(session, "乙")
    async with database.writing() as session:
        await note(session, "丙")

    assert await links(database) == [(1, "甲"), (2, "乙"), (3, "丙")]
    found = await verdict(database)
    assert (found.count, found.fault) == (3, None)
    assert len(found.head) == 64


async def test_an_office_without_entries_has_a_sound_chain(database: Database) -> None:
    assert await verdict(database) == audit.Verdict(count=0, head="")


async def test_a_savepoint_that_is_undone_leaves_no_gap(database: Database) -> None:
    async with database.writing() as session:
        await note(session, "甲")
        undone = await session.begin_nested()
        await note(session, "乙")
        await undone.rollback()
        async with session.begin_nested():
            await note(session, "丙")

    assert await links(database) == [(1, "甲"), (2, "丙")]
    assert (await verdict(database)).fault is None


async def test_nothing_is_chained_before_its_transaction_ends(
    session: AsyncSession,
) -> None:
    async with session.begin_nested():
        await note(session, "甲")

    assert await audit.head(session) == (0, "")


async def test_entries_written_beside_the_mapping_are_chained(
    database: Database,
) -> None:
    entry = {"at": NINE, "actor": "x", "event": "e", "about": "甲", "detail": {}}
    async with database.writing() as session:
        await session.execute(insert(AuditEntry).values(entry))
    async with database.writing() as session:
        await session.execute(insert(AuditEntry.__table__), [entry, entry])
    async with database.writing() as session:
        await session.execute(insert(AuditEntry), [entry, entry])

    assert [link for link, _ in await links(database)] == [1, 2, 3, 4, 5]
    assert (await verdict(database)).fault is None


async def test_entries_that_the_commit_itself_writes_are_chained(
    database: Database,
) -> None:
    entry = AuditEntry(at=NINE, actor="x", event="e", about="甲", detail={})
    async with database.writing() as session:
        session.add(entry)

    assert await links(database) == [(1, "甲")]
    assert (await verdict(database)).fault is None


async def test_a_session_that_goes_on_after_its_rollback_chains_what_is_new(
    database: Database,
) -> None:
    async with database.writing() as session:
        await note(session, "甲")
        await session.rollback()
        await note(session, "乙")

    assert await links(database) == [(1, "乙")]
    assert (await verdict(database)).fault is None


@pytest.mark.parametrize(
    "detail",
    [
        {"half": 0.1, "whole": 1.0, "tiny": 5e-324, "large": 1e22, "minus": -0.0},
        {"nothing": None, "not a number": float("nan"), "endless": float("inf")},
        {"number": 2**63 - 1, "below": -(2**63)},
        {"字": "𠮷😀\n\u2028\u0000\\u4e00", "深": [{"乙": 1, "甲": (1, 2)}]},
        {"day": NINE.date(), "moment": NINE, "keys": {2: "b", 10: "a"}},
    ],
    ids=["floats", "no number", "integers", "characters", "kinds"],
)
async def test_whatever_json_may_hold_is_read_as_it_was_chained(
    database: Database, detail: dict[str, object]
) -> None:
    async with database.writing() as session:
        await note(session, "甲乙\t丙", **detail)

    assert (await verdict(database)).fault is None


async def test_a_moment_counts_wherever_it_was_read_off(database: Database) -> None:
    zone = timezone(timedelta(hours=8))
    async with database.writing() as session:
        await audit.record(
            session,
            actor="王丽",
            event="plan.published",
            about="甲",
            at=NINE.astimezone(zone) + timedelta(microseconds=7),
        )

    assert (await verdict(database)).fault is None


async def test_many_writers_make_one_chain(database: Database) -> None:
    async def write(name: int) -> None:
        for round_ in range(10):
            async with database.writing() as session:
                await raise_alarm(session, f"{name}:{round_}", "x", at=NINE)
                async with session.begin_nested():
                    await note(session, f"{name}:{round_}")
                undone = await session.begin_nested()
                await note(session, "undone")
                await undone.rollback()
                await note(session, f"{name}:{round_}", again=True)

    await asyncio.gather(*(write(name) for name in range(8)))

    found = await verdict(database)
    assert (found.count, found.fault) == (160, None)
    chained = sorted(link or 0 for link, _ in await links(database))
    assert chained == list(range(1, 161))


async def test_a_transaction_that_fails_leaves_no_gap(database: Database) -> None:
    async def fail() -> None:
        async with database.writing() as session:
            await note(session, "甲")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    async with database.writing() as session:
        await note(session, "乙")

    assert await links(database) == [(1, "乙")]


async def test_the_latest_entries_can_be_looked_at_alone(database: Database) -> None:
    async with database.writing() as session:
        for number in range(9):
            await note(session, str(number))
    async with database.writing() as session:
        await session.execute(text("UPDATE audit_entry SET actor='x' WHERE link = 2"))

    async with database.reading() as session:
        latest = await audit.verify(session, latest=5)
        wide = await audit.verify(session, latest=8)

    assert (latest.count, latest.fault) == (5, None)
    assert (wide.count, wide.fault, wide.link) == (0, audit.Fault.CHANGED, 2)
