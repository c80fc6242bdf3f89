"""A beat that lacks something has it made while others write, and beats again."""

import asyncio
from datetime import UTC, datetime
from typing import Any, cast

from sqlalchemy.ext.asyncio import AsyncSession

from bot.app.beats import Bodies
from bot.database import Database
from bot.errors import NotReady
from bot.mail.beats import last_beats, record_beat

NOON = datetime(2026, 12, 21, 4, 0, tzinfo=UTC)
NOT_ASKED = cast(Any, None)


def bodies(database: Database, nudge: Any) -> Bodies:
    return Bodies(
        database=database,
        commits=NOT_ASKED,
        inbox=NOT_ASKED,
        lanes=(),
        owner="a",
        now=lambda: NOON,
        ring=NOT_ASKED,
        health=NOT_ASKED,
        nudge=nudge,
        housekeep=NOT_ASKED,
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
