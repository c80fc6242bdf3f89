"""Product ids that begin anew: a letter that bears the one of another is none."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta

from msgspec.structs import replace
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.messages import Incoming
from bot.model import Letter

_REPEATED = timedelta(days=2)
"""So long at most a product repeats what was not confirmed; Telegram does for a day."""


async def known_otherwise(
    reading: Callable[[], AbstractAsyncContextManager[AsyncSession]],
    incoming: Incoming,
    *,
    now: datetime,
) -> Incoming | None:
    """Return a letter under an id of its own if another thing has the one it bears.

    None if it is a copy of what is kept.
    """
    if not incoming.mark:
        return None
    query = select(Letter).where(
        Letter.channel == incoming.channel, Letter.product_id == incoming.product_id
    )
    async with reading() as session:
        kept = (await session.scalars(query)).first()
    if kept and kept.incoming and kept.incoming.mark:
        is_copy = kept.incoming.mark == incoming.mark
    else:
        is_copy = bool(kept and now - kept.received_at <= _REPEATED)
    if is_copy:
        return None
    return replace(incoming, product_id=f"{incoming.product_id}:{incoming.mark}")
