"""Words that calls have in common, kept and said."""

from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.mail import outbox
from bot.mail.bulk import digest_of, keep_requests
from bot.mail.outbox import Addressee
from bot.model import Priority

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
