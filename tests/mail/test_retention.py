"""Words of calls go when nobody uses them."""

from datetime import UTC, datetime

from orphans import orphans
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database import Database
from bot.mail import outbox
from bot.mail.bulk import digest_of, keep_requests
from bot.mail.outbox import Addressee
from bot.mail.retention import forget_letters
from bot.model import Priority, Request

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
WORDS = "请按时报送"
HIM = Addressee(recipient="chat:telegram:7", lane="telegram", address="7")


async def keep(session: AsyncSession) -> None:
    await keep_requests(session, {digest_of(WORDS): WORDS})


async def say(session: AsyncSession) -> None:
    await outbox.post(
        session,
        key="k",
        to=HIM,
        requests=[WORDS],
        priority=Priority.NOTICE,
        due_at=NOON,
    )


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
