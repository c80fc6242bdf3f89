"""The round of nudges, a part at a time, so that nobody waits long for the store."""

from asyncio import TaskGroup
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncSession

from bot.database import Database
from bot.errors import NotReady
from bot.reports.halves import HALVES
from handlers.nudge import BATCH

_IN_A_ROW = 6
"""Parts of a half before the whole is looked at again: there broadcasts begin."""


class NudgeRound(Protocol):
    """Makes a part of a round, or of that of half of the departments."""

    async def __call__(self, session: AsyncSession, half: int | None = None) -> int:
        """Return how many were due; 0 when all is done."""


async def nudge_in_parts(
    database: Database, nudge: NudgeRound, *, many: int = BATCH
) -> int:
    """Make a round, each part in a transaction of its own; returns how many were due.

    Where two may write side by side and a part had *many* due, both halves are worked
    at once: the store writes the one while we make the rows of the other.
    """
    total = 0
    while count := await _part(database, nudge, None):
        total += count
        if count >= many and database.writers > 1:
            total += await _both_halves(database, nudge)
    return total


async def _both_halves(database: Database, nudge: NudgeRound) -> int:
    """Work at both halves; if one fails the other stops, and its error is raised."""
    try:
        async with TaskGroup() as group:
            tasks = [
                group.create_task(_some_of(database, nudge, half)) for half in HALVES
            ]
    except ExceptionGroup as failed:
        raise failed.exceptions[0] from failed
    return sum(task.result() for task in tasks)


async def _some_of(database: Database, nudge: NudgeRound, half: int) -> int:
    total = 0
    for _ in range(_IN_A_ROW):
        count = await _part(database, nudge, half)
        if not count:
            break
        total += count
    return total


async def _part(database: Database, nudge: NudgeRound, half: int | None) -> int:
    while True:
        try:
            async with database.writing() as session:
                return await (nudge(session) if half is None else nudge(session, half))
        except NotReady as lacking:
            await lacking.make()
