"""What the guard refused or masked: its sender is told, the audit counts it."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot import audit
from bot.guard import ADVICE_ON, is_masked
from bot.messages import Incoming, Reply
from bot.model import Account


async def refusal_of(
    session: AsyncSession, incoming: Incoming, account: Account | None, *, at: datetime
) -> Reply | None:
    """Answer what was refused; None if nothing was. What was masked is counted.

    Nothing of what was said is known here any more.
    """
    if advice := ADVICE_ON.get(incoming.text):
        await _note(session, "guard.refused", incoming, account, at=at)
        return Reply(advice, press=incoming.press)
    if is_masked(incoming.quote):
        await _note(session, "guard.masked", incoming, account, at=at)
    return None


async def _note(
    session: AsyncSession,
    event: str,
    incoming: Incoming,
    account: Account | None,
    *,
    at: datetime,
) -> None:
    person = account.person if account else None
    actor = f"account:{account.id}" if account else "system"
    await audit.record(
        session,
        actor=person.name if person else actor,
        event=event,
        about=f"letter:{incoming.channel}:{incoming.product_id}",
        at=at,
        channel=incoming.channel,
        department=person.department if person else "",
        place=incoming.place,
    )
