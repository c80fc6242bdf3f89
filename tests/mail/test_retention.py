"""Words of calls go when nobody uses them."""

from orphans import orphans
from sqlalchemy import select
from words_of_calls import NOON, WORDS, keep, say

from bot.database import Database
from bot.mail.retention import forget_letters
from bot.model import Request


async def words_after_the_night(database: Database) -> list[str]:
    async with database.writing() as session:
        await forget_letters(session, before=NOON, limit=100)
    async with database.reading() as session:
        assert await orphans(session) == {}
        return list(await session.scalars(select(Request.text)))


async def test_words_that_nobody_uses_go(database: Database) -> None:
    async with database.writing() as session:
        await keep(session)

    assert await words_after_the_night(database) == []


async def test_words_that_a_delivery_uses_stay(database: Database) -> None:
    async with database.writing() as session:
        await say(session)

    assert await words_after_the_night(database) == [WORDS]
