"""A beat that lacks something has it made while others write, and beats again."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from bot import audit
from bot.app.beats import Bodies
from bot.database import Database
from bot.errors import NotReady
from bot.mail.beats import last_beats, record_beat
from bot.mail.quoted import Quoted, keep_quoted, note_quoted
from bot.messages import Incoming
from bot.model import Letter, LetterStatus
from handlers.health import Health

NOON = datetime(2026, 12, 21, 4, 0, tzinfo=UTC)
NOT_ASKED = cast(Any, None)


async def healthy() -> Health:
    return Health(beats={}, lanes={}, letters={}, oldest_letter=timedelta(), alarms=())


async def nothing_is_old(session: AsyncSession) -> int:
    return 0


def bodies(database: Database, nudge: Any = NOT_ASKED) -> Bodies:
    return Bodies(
        database=database,
        commits=NOT_ASKED,
        inbox=NOT_ASKED,
        lanes=(),
        owner="a",
        now=lambda: NOON,
        ring=NOT_ASKED,
        health=healthy,
        nudge=nudge,
        housekeep=nothing_is_old,
        collect=NOT_ASKED,
    )


async def beats_kept(database: Database) -> set[str]:
    async with database.reading() as session:
        return set(await last_beats(session))


async def test_while_a_picture_is_drawn_for_a_beat_others_write(
    database: Database,
) -> None:
    drawn: list[str] = []

    async def draw() -> None:
        async with asyncio.timeout(10), database.writing() as session:
            await record_beat(session, "somebody else", at=NOON)
        drawn.append("picture")

    async def nudge(session: AsyncSession) -> int:
        await record_beat(session, "told" if drawn else "half told", at=NOON)
        if not drawn:
            raise NotReady(draw)
        return 0

    await bodies(database, nudge).by_name()["nudge"]()

    assert drawn == ["picture"]
    assert await beats_kept(database) == {"somebody else", "told"}


async def answered(database: Database, *, at: datetime) -> None:
    """Keep a letter whose answer quoted a clause."""
    said = Incoming(channel="telegram", address="7", text="谁", at=at, product_id="1")
    letter = Letter(
        channel="telegram",
        product_id="1",
        chat="7",
        incoming=said,
        status=LetterStatus.ANSWERED,
        received_at=at,
        due_at=at,
        settled_at=at,
    )
    quoted = Quoted(actor="王敏", department="", doc="x", clauses=("二（一）4",))
    async with database.writing() as session:
        session.add(letter)
        await session.flush()
        note_quoted(session, said, quoted)
        await keep_quoted(session)


@pytest.mark.parametrize(
    ("beat", "days"), [("audit", 0), ("housekeep", 0), ("housekeep", 9)]
)
async def test_what_was_answered_is_entered_in_the_audit(
    database: Database, beat: str, days: int
) -> None:
    at = NOON - timedelta(days=days)
    await answered(database, at=at)

    await bodies(database).by_name()[beat]()

    async with database.reading() as session:
        [entry] = await audit.entries(session, limit=9)
        assert (entry.event, entry.at) == ("query.answered", at)
        assert (await audit.verify(session)).count == 1
