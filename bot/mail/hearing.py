"""How well the channels hear: when each was last heard, whoever listens to it."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.mail.beats import record_beat
from bot.model import Beat

DEAF_AFTER = timedelta(minutes=2)
"""How long a channel may hear nothing; a long poll is answered every half minute."""

_PREFIX = "listen:"


def listening_lane(channel: str) -> str:
    """Name the lane that whoever polls a channel holds; it bears no deliveries."""
    return _PREFIX + channel


def is_mere_turn(lane: str) -> bool:
    """Tell whether a lane only says whose turn it is: to listen, or to do other things.

    Channels have no colon in their names.
    """
    return ":" in lane


async def record_hearing(
    session: AsyncSession,
    channel: str,
    *,
    heard_at: datetime | None,
    since: datetime,
    trouble: str,
) -> None:
    """Keep when a channel was last heard, and what is wrong.

    Where it was not heard since we listen, what was known before stays; *since*, when
    we began to, stands for what was never known.
    """
    name = listening_lane(channel)
    known = await session.get(Beat, name)
    at = heard_at or (known.last_at if known else since)
    await record_beat(session, name, at=at, error=trouble)


async def last_hearing(
    session: AsyncSession, channels: Collection[str]
) -> Mapping[str, Beat]:
    """Return for each channel when it was last heard; nothing if it never was."""
    names = {listening_lane(channel): channel for channel in channels}
    beats = await session.scalars(select(Beat).where(Beat.name.in_(names)))
    return {names[beat.name]: beat for beat in beats}
