"""What a postman asks all the time looks at few rows, however many there are."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from letterbox import LANE, NINE, hold, put
from sqlalchemy import Connection, event
from sqlalchemy.ext.asyncio import AsyncSession

from bot.mail import ledger, outbox, overview, told
from bot.mail.ledger import Outcome
from bot.model import DeliveryStatus

FEW = ("json_each", "anon", "ix_delivery_in_hand")
"""What holds few rows: a list that was given, what was found, what is in hand."""


@pytest.fixture
async def plans(session: AsyncSession) -> AsyncIterator[list[str]]:
    """Collect how SQLite goes about each statement; PostgreSQL decides by the rows."""
    if session.get_bind().dialect.name != "sqlite":
        pytest.skip("SQLite alone tells a plan that does not depend on the rows")
    found: list[str] = []
    connection = (await session.connection()).sync_connection
    assert connection

    def explain(
        connection: Connection, cursor: Any, statement: str, *rest: Any
    ) -> None:
        if statement.startswith(("SELECT", "UPDATE", "WITH")):
            parameters, _, many = rest
            cursor.execute(
                f"EXPLAIN QUERY PLAN {statement}", parameters[0] if many else parameters
            )
            found.extend(row[-1] for row in cursor.fetchall())

    event.listen(connection, "before_cursor_execute", explain)
    yield found
    event.remove(connection, "before_cursor_execute", explain)


def scans(plans: list[str]) -> set[str]:
    """Name what is read from end to end."""
    return {
        step
        for step in plans
        if step.startswith("SCAN") and not any(name in step for name in FEW)
    }


async def test_a_postman_reads_no_table_from_end_to_end(
    session: AsyncSession, plans: list[str]
) -> None:
    held = await hold(session)
    await put(session, "a", requests=("甲", "乙"))
    parcels = await ledger.claim(session, held, now=NINE, limit=9, busy=["9"])
    ids = [parcel.id for parcel in parcels]
    await ledger.mark_sending(session, held, ids, now=NINE)
    outcome = Outcome(id=ids[0], status=DeliveryStatus.FAILED)
    await ledger.settle(session, held, [outcome], now=NINE)
    await ledger.give_back(session, held, ids)
    await ledger.hold_back(session, held, addresses=["1"], until=NINE)
    await ledger.recover(session, held, now=NINE, drops_copies_for=NINE - NINE)
    await ledger.expire(session, now=NINE)
    await ledger.recent_sends(session, LANE, since=NINE)

    assert len(plans) > 20
    assert scans(plans) == set()


async def test_the_office_reads_no_table_from_end_to_end(
    session: AsyncSession, plans: list[str]
) -> None:
    await outbox.cancel(session, notice_id=1, recipient="chat:1", at=NINE)
    await overview.progress(session, 1)
    await overview.unknown(session, 9)
    await overview.failed(session, 9)
    await overview.call_list(session)

    assert plans
    assert scans(plans) == set()


async def test_a_press_reads_no_table_from_end_to_end(
    session: AsyncSession, plans: list[str]
) -> None:
    at: Any = {"lane": LANE, "addresses": ["-1/42", "-1"], "remote_id": "77"}
    await told.delivery_at(session, **at)
    await told.requests_at(session, **at)
    await told.newest_unacknowledged(session, person_id=1)
    await told.first_acknowledged(session, notice_id=1, department="县科协")
    await told.move_waiting(session, lane=LANE, old="-1", new="-2")

    assert plans
    assert scans(plans) == set()
    assert any("ix_delivery_remote" in step for step in plans)
