"""What a postman asks all the time looks at few rows, however many there are."""

import sqlite3
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest
from letterbox import LANE, NINE, hold, put
from sqlalchemy.ext.asyncio import AsyncSession

from bot.mail import express, ledger, letters, outbox, overview, told
from bot.mail.ledger import Outcome
from bot.model import Delivery, DeliveryStatus, Letter, LetterStatus, Priority

FEW = ("json_each", "anon", "ix_delivery_in_hand")
"""What holds few rows: a list that was given, what was found, what is in hand."""


class Explaining:
    """A connection of sqlite3 that tells how SQLite goes about each statement."""

    def __init__(self, line: sqlite3.Connection) -> None:
        self.plans: list[str] = []
        self._line = line

    def execute(self, statement: str, parameters: Any = ()) -> sqlite3.Cursor:
        self._explain(statement, parameters)
        return self._line.execute(statement, parameters)

    def executemany(self, statement: str, rows: Sequence[Any]) -> sqlite3.Cursor:
        self._explain(statement, rows[0])
        return self._line.executemany(statement, rows)

    def _explain(self, statement: str, parameters: Any) -> None:
        if statement.startswith(("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")):
            found = self._line.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            self.plans += [row[-1] for row in found]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._line, name)


@pytest.fixture
async def plans(session: AsyncSession) -> AsyncIterator[list[str]]:
    """Collect how SQLite goes about each statement; PostgreSQL decides by the rows.

    That is heard at the driver, where the statements of the short way pass, too.
    """
    if session.get_bind().dialect.name != "sqlite":
        pytest.skip("SQLite alone tells a plan that does not depend on the rows")
    connection: Any = (await session.connection()).sync_connection
    line = connection.connection.driver_connection
    plain = line._connection
    line._connection = explaining = Explaining(plain)
    yield explaining.plans
    line._connection = plain


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


async def test_an_answer_reads_no_table_from_end_to_end(
    session: AsyncSession, plans: list[str]
) -> None:
    held = await hold(session)
    (id_,) = await put(session, "a", priority=Priority.ANSWER)
    answer = (await session.get_one(Delivery, id_)).key
    kept = Letter(channel=LANE, product_id="1", chat="1", incoming=None)
    kept.status, kept.received_at, kept.due_at = LetterStatus.WAITING, NINE, NINE
    session.add(kept)
    (letter,) = await letters.oldest_of(session, [(LANE, "1")])
    await letters.begin_first_tries(session, [letter], due_at=NINE)
    await letters.in_hand(session, letter.id, tries=1)
    assert await letters.mark_answered(session, [letter.id], tries=1, at=NINE)
    assert await express.hand_over(session, held, [answer], now=NINE)
    await express.take_back(session, held, [answer])

    assert scans(plans) == set()
    assert any("USING INDEX" in step for step in plans)


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
    await told.move_waiting(session, lane=LANE, old="-1", new="-2", message="7")

    assert plans
    assert scans(plans) == set()
    assert any("ix_delivery_remote" in step for step in plans)
