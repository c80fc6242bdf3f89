"""Those who have not acknowledged a notice are nudged; what they say counts for it."""

import re
from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.model import Notice

_KEY = re.compile(r"receipt:(?P<notice>\d+):\S+")


def receipt_key(notice_id: int, *, day: date) -> str:
    """Return the key of the nudge for receipts of a notice on a day."""
    return f"receipt:{notice_id}:{day.isoformat()}"


async def nudges_for(session: AsyncSession, notice_id: int) -> Sequence[int]:
    """List the ids of the nudges that ask for receipts of a notice."""
    query = select(Notice.id).where(Notice.key.startswith(f"receipt:{notice_id}:"))
    return (await session.scalars(query.order_by(Notice.id))).all()


async def asked_about(session: AsyncSession, notice: Notice) -> Notice | None:
    """Return the notice of which a nudge asks for the receipt; None if it is none."""
    found = _KEY.fullmatch(notice.key)
    return await session.get(Notice, int(found["notice"])) if found else None
