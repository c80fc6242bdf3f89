"""The roster changes: departments and people come in, a found name is confirmed."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot import audit, roster


async def bring_in(
    session: AsyncSession, rows: roster.Roster, *, by: str, source: str, at: datetime
) -> roster.Imported:
    """Keep the departments and people of a roster file; all of them or none."""
    done = await roster.import_roster(session, rows, by=by)
    await audit.record(
        session, actor=by, event="roster.changed", about=source, at=at, done=str(done)
    )
    return done


async def confirm(session: AsyncSession, name: str, *, by: str, at: datetime) -> None:
    """Confirm a department that a plan brought; raises NotFound."""
    await roster.confirm_department(session, name, by=by)
    await audit.record(
        session, actor=by, event="department.confirmed", about=name, at=at
    )
