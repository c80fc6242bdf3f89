"""The sender of a file hears it if the file could not be kept."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot import audit
from bot.guard import ADVICE
from bot.mail.outbox import issue_notice
from bot.messages import Reply
from bot.model import Evidence, Priority
from bot.reports import filing
from bot.roster.hearers import hearers_of
from handlers.nudging import Nudging, addressed


async def refuse_file(
    session: AsyncSession,
    evidence_id: int,
    nudging: Nudging,
    *,
    why: str,
    at: datetime,
) -> Evidence | None:
    """Note that a file is not kept, and answer the sender at once, where he sent it.

    None if that was done before.
    """
    row = await filing.refuse(session, evidence_id, why=why)
    if row is None:
        return None
    people = await hearers_of(session, [row.department], lanes=[row.channel])
    audience = addressed(one for one in people if one.person_id == row.person_id)
    if audience and row.channel in nudging.lanes:
        await issue_notice(
            session,
            key=f"evidence:{row.id}",
            kind="evidence",
            body=Reply(f"《{row.name}》：{why}"),
            audience=audience,
            by="system",
            at=at,
            write=nudging.write,
            priority=Priority.ANSWER,
        )
    await audit.record(
        session,
        actor="system",
        event="guard.refused" if why == ADVICE else "evidence.refused",
        about=f"evidence:{row.id}",
        at=at,
        why=why,
    )
    return row
