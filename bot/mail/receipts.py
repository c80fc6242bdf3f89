"""Those who have not acknowledged a notice are nudged; what they say counts for it."""

import re
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from bot.model import Notice

_KEY = re.compile(r"receipt:(?P<notice>\d+):\S+")


def receipt_key(notice_id: int, *, day: date) -> str:
    """Return the key of the nudge for receipts of a notice on a day."""
    return f"receipt:{notice_id}:{day.isoformat()}"


async def asked_about(session: AsyncSession, notice: Notice) -> Notice | None:
    """Return the notice of which a nudge asks for the receipt; None if it is none."""
    found = _KEY.fullmatch(notice.key)
    return await session.get(Notice, int(found["notice"])) if found else None
