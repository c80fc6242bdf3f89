"""The round of nudges is made part by part, and in two halves where many are due."""

import asyncio
from datetime import UTC, datetime

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from bot.app.parts import nudge_in_parts
from bot.database import Database
from bot.errors import StoreError
from bot.mail.beats import last_beats, record_beat
from handlers.nudge import BATCH

NOON = datetime(2026, 12, 21, 4, 0, tzinfo=UTC)


class Rounds:
    """Parts that have so many due, and keep in the store that they were made."""

    def __init__(self, *due: int) -> None:
        self.left = {None: [*due], 0: [5], 1: [7, 8]}

    async def part(self, session: AsyncSession, half: int | None = None) -> int:
        left = self.left[half]
        count = left.pop(0) if left else 0
        await record_beat(session, f"{half} {count}", at=NOON)
        return count


@pytest.mark.parametrize("due", [(1, 2), (BATCH - 1,)])
async def test_few_are_worked_off_one_part_after_the_other(
    database: Database, due: tuple[int, ...]
) -> None:
    rounds = Rounds(*due)

    assert await nudge_in_parts(database, rounds.part) == sum(due)

    assert rounds.left[0]
    assert rounds.left[1]


async def test_many_are_worked_off_in_halves_where_two_may_write(
    database: Database,
) -> None:
    rounds = Rounds(BATCH, 3)
    halves = 5 + 7 + 8 if database.writers > 1 else 0

    assert await nudge_in_parts(database, rounds.part) == BATCH + 3 + halves

    async with database.reading() as session:
        made = set(await last_beats(session))
    assert ({"0 5", "1 7", "1 8"} <= made) == (database.writers > 1)


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_the_error_of_a_half_is_that_of_the_round(database: Database) -> None:
    rounds = Rounds(BATCH)

    async def part(session: AsyncSession, half: int | None = None) -> int:
        if half == 1:
            raise StoreError("the disk is full")
        return await rounds.part(session, half)

    with pytest.raises(StoreError, match="the disk is full"):
        await nudge_in_parts(database, part)


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_between_halves_that_never_end_the_whole_is_looked_at(
    database: Database,
) -> None:
    whole = [0, BATCH, BATCH]

    async def part(session: AsyncSession, half: int | None = None) -> int:
        return whole.pop() if half is None else 1

    async with asyncio.timeout(30):
        await nudge_in_parts(database, part)

    assert whole == []
