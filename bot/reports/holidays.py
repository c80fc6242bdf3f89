"""The office's own table of rest days and shifted working days, kept in the store."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.model import CalendarDay
from bot.reports.calendar import WorkCalendar
from bot.reports.holiday_notice import NoticeDay


async def calendar_kept(session: AsyncSession) -> WorkCalendar:
    """Return the calendar with the office's table; the same one while that is equal."""
    query = select(CalendarDay.day, CalendarDay.is_working).order_by(CalendarDay.day)
    return _calendar(tuple((day, works) for day, works in await session.execute(query)))


@lru_cache(maxsize=2)
def _calendar(days: tuple[tuple[date, bool], ...]) -> WorkCalendar:
    return WorkCalendar(dict(days))


async def keep_days(
    session: AsyncSession,
    days: Sequence[NoticeDay],
    *,
    source: str,
    by: str,
    at: datetime,
) -> None:
    """Enter days in the office's table, in place of what it says of them."""
    for one in days:
        await session.merge(
            CalendarDay(
                day=one.day,
                is_working=one.is_working,
                name=one.name,
                source=source,
                entered_by=by,
                entered_at=at,
            )
        )
    await session.flush()
