"""What the office should know of its own keeping: who backed up, who restored."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot import audit


async def record_backup(
    session: AsyncSession, name: str, *, digest: str, by: str, at: datetime
) -> None:
    """Enter in the audit that a backup was written to the file *name*."""
    await audit.record(
        session, actor=by, event="office.backed_up", about=name, at=at, digest=digest
    )


async def record_restore(
    session: AsyncSession,
    name: str,
    *,
    digest: str,
    by: str,
    at: datetime,
    doubtful: int,
    carried: int,
) -> None:
    """Enter that the office now is what the backup *name* held.

    *doubtful* is how many deliveries are unknown since, *carried* how many came over
    from the office that was there.
    """
    await audit.record(
        session,
        actor=by,
        event="office.restored",
        about=name,
        at=at,
        digest=digest,
        doubtful=doubtful,
        carried=carried,
    )
