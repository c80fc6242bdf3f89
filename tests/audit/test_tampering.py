"""Whatever is done to the audit behind our back is found, at its first entry."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from bot import audit
from bot.audit import Fault
from bot.database import Database

NINE = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
MANY = 6


@pytest.fixture
async def chained(database: Database) -> Database:
    """Give an office with six entries, numbered from 1."""
    for number in range(1, MANY + 1):
        async with database.writing() as session:
            await audit.record(
                session,
                actor=f"王丽{number}",
                event="plan.published",
                about=f"plan:{number}",
                at=NINE,
                channel=f"c{number}",
                department=f"单位{number}",
                number=number,
            )
    return database


async def tamper(database: Database, *statements: str) -> None:
    async with database.writing() as session:
        for statement in statements:
            await session.execute(text(statement))


async def enter_one(database: Database) -> None:
    async with database.writing() as session:
        await audit.record(session, actor="王", event="e", about="x", at=NINE)


async def verdict(database: Database, against: str = "") -> audit.Verdict:
    async with database.reading() as session:
        return await audit.verify(session, against=against)


@pytest.mark.parametrize(
    "change",
    [
        "actor = '别人'",
        "event = 'plan.withdrawn'",
        "about = 'plan:9'",
        "at = '2026-11-23 01:00:00.000001+00:00'",
        "channel = ''",
        "department = '别的单位'",
        "detail = '{\"number\": 4}'",
        "detail = '{\"number\": 3.0}'",
        "digest = ''",
        "digest = '" + "0" * 64 + "'",
        "id = 300",
    ],
)
async def test_a_changed_column_is_found(chained: Database, change: str) -> None:
    if chained.writers == 1:  # SQLite keeps moments without their zone
        change = change.replace("+00:00", "")
    await tamper(chained, f"UPDATE audit_entry SET {change} WHERE link = 3")

    found = await verdict(chained)

    assert (found.count, found.fault, found.link) == (2, Fault.CHANGED, 3)


@pytest.mark.parametrize(
    ("statements", "fault", "link"),
    [
        (["DELETE FROM audit_entry WHERE link = 1"], Fault.MISSING, 2),
        (["DELETE FROM audit_entry WHERE link = 4"], Fault.MISSING, 5),
        (["UPDATE audit_entry SET link = 30 WHERE link = 3"], Fault.MISSING, 4),
        (["UPDATE audit_entry SET link = NULL WHERE link = 3"], Fault.MISSING, 4),
        (
            [
                "DELETE FROM audit_entry WHERE link = 3",
                "UPDATE audit_entry SET link = link - 1 WHERE link = 4",
                "UPDATE audit_entry SET link = link - 1 WHERE link = 5",
                "UPDATE audit_entry SET link = link - 1 WHERE link = 6",
            ],
            Fault.CHANGED,
            3,
        ),
        (
            [
                "UPDATE audit_entry SET link = 99 WHERE link = 2",
                "UPDATE audit_entry SET link = 2 WHERE link = 5",
                "UPDATE audit_entry SET link = 5 WHERE link = 99",
            ],
            Fault.CHANGED,
            2,
        ),
        (
            [
                "UPDATE audit_entry SET actor = (SELECT o.actor FROM audit_entry o"
                " WHERE o.link = 7 - audit_entry.link) WHERE link IN (3, 4)"
            ],
            Fault.CHANGED,
            3,
        ),
        (
            [
                "UPDATE audit_entry SET link = link + 100 WHERE link > 3",
                "UPDATE audit_entry SET link = link - 99 WHERE link > 3",
                "INSERT INTO audit_entry (id, at, actor, event, about, detail, channel,"
                " department, link, digest) SELECT 99, at, 'x', event, about, detail,"
                " channel, department, 4, digest FROM audit_entry WHERE link = 3",
            ],
            Fault.CHANGED,
            4,
        ),
    ],
    ids=[
        "first deleted",
        "one in the middle deleted",
        "link changed",
        "link taken away",
        "deleted and closed up",
        "two places exchanged",
        "two contents exchanged",
        "inserted",
    ],
)
async def test_a_chain_that_was_taken_apart_is_found(
    chained: Database, statements: list[str], fault: Fault, link: int
) -> None:
    await tamper(chained, *statements)

    found = await verdict(chained)

    assert (found.fault, found.link) == (fault, link)
    assert found.count == link - (1 if fault is Fault.CHANGED else 2)


async def test_an_entry_beside_the_chain_is_found(chained: Database) -> None:
    await tamper(
        chained,
        "INSERT INTO audit_entry (id, at, actor, event, about, detail)"
        " SELECT 99, at, 'x', event, about, detail FROM audit_entry WHERE link = 3",
    )

    found = await verdict(chained)

    assert (found.count, found.fault, found.id) == (MANY, Fault.OUTSIDE, 99)


FORGED = (
    "INSERT INTO audit_entry (id, at, actor, event, about, detail)"
    " SELECT 99, at, 'forger', event, about, detail FROM audit_entry WHERE link = 3"
)


@pytest.mark.parametrize(
    ("statement", "count", "id_"),
    [
        (
            "UPDATE audit_entry SET actor='forger', link=NULL, digest='' WHERE id=6",
            5,
            6,
        ),
        ("UPDATE audit_entry SET actor = 'forger', link = NULL WHERE id = 6", 5, 6),
        ("UPDATE audit_entry SET link = NULL, digest = ''", 0, 1),
        (FORGED, 6, 99),
    ],
    ids=["last, bare", "last, with its digest", "all", "inserted"],
)
async def test_what_is_outside_stays_there_whatever_is_entered_later(
    chained: Database, statement: str, count: int, id_: int
) -> None:
    await tamper(chained, statement)
    for _ in range(2):
        await enter_one(chained)

    found = await verdict(chained)

    assert (found.count, found.fault, found.id) == (count + 2, Fault.OUTSIDE, id_)


async def test_what_is_forged_in_a_transaction_of_ours_stays_outside(
    chained: Database,
) -> None:
    async with chained.writing() as session:
        await audit.record(session, actor="王", event="e", about="x", at=NINE)
        await session.execute(text(FORGED))
    await enter_one(chained)

    found = await verdict(chained)

    assert (found.count, found.fault, found.id) == (MANY + 2, Fault.OUTSIDE, 99)


@pytest.mark.parametrize("length", [64, 12])
async def test_a_tail_that_was_cut_off_is_found_by_a_head_of_before(
    chained: Database, length: int
) -> None:
    before = (await verdict(chained)).head[:length]
    assert (await verdict(chained, against=before)).fault is None
    await tamper(chained, "DELETE FROM audit_entry WHERE link > 4")

    assert (await verdict(chained)).fault is None
    assert (await verdict(chained, against=before)).fault is Fault.CUT


async def test_an_earlier_head_stays_in_the_chain_that_grows(chained: Database) -> None:
    before = (await verdict(chained)).head
    await enter_one(chained)

    found = await verdict(chained, against=before.upper())

    assert (found.count, found.fault) == (MANY + 1, None)


@pytest.mark.parametrize(
    "change", ["at = 'neulich'", "detail = '{'", "detail = ''", "at = 5"]
)
async def test_what_cannot_be_read_is_found(chained: Database, change: str) -> None:
    if chained.writers > 1:
        pytest.skip("PostgreSQL takes nothing of another kind")
    await tamper(chained, f"UPDATE audit_entry SET {change} WHERE link = 3")

    found = await verdict(chained)

    assert (found.count, found.fault, found.link) == (2, Fault.UNREADABLE, 3)
