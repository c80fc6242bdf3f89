"""The beats of the clock: how often each comes, and when it last came."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from bot.model import Beat

PERIODS: Mapping[str, timedelta] = MappingProxyType(
    {
        "ring": timedelta(seconds=1),  # something is due: wake whoever does it
        "recover": timedelta(seconds=15),  # what a dead holder left in hand
        "expire": timedelta(minutes=1),
        "audit": timedelta(minutes=1),
        "nudge": timedelta(seconds=10),
        "fetch": timedelta(seconds=5),  # files that came in; some products soon forget
        "housekeep": timedelta(days=1),
    }
)
"""Every beat with the span between two of them."""

_PATIENCE = 3  # periods that may pass before a beat counts as late
_LEAST = timedelta(seconds=10)  # a busy machine may skip a few of the short ones


def is_late(name: str, age: timedelta) -> bool:
    """Tell whether a beat should have come again since *age* ago."""
    return age > max(PERIODS[name] * _PATIENCE, _LEAST)


async def record_beat(
    session: AsyncSession, name: str, *, at: datetime, error: str = ""
) -> None:
    """Keep when a beat came, and what went wrong in it; an older one is replaced."""
    values = {"name": name, "last_at": at, "error": error}
    dialect = session.get_bind().dialect.name
    insert = (sqlite if dialect == "sqlite" else postgresql).insert(Beat)
    await session.execute(
        insert.values(values).on_conflict_do_update(
            index_elements=["name"], set_={"last_at": at, "error": error}
        )
    )


async def last_beats(session: AsyncSession) -> dict[str, Beat]:
    """Return the beats that have come at least once, by name."""
    return {beat.name: beat for beat in await session.scalars(select(Beat))}
