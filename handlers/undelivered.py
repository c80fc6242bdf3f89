"""What did not go as it should, and what a named person decides about it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.functions import coalesce

from bot import audit
from bot.errors import NotFound
from bot.mail import overview
from bot.mail.alarms import alarms
from bot.mail.depth import letter_counts
from bot.mail.overview import LaneSummary, Missed
from bot.model import (
    Account,
    Alarm,
    Chat,
    Delivery,
    Letter,
    LetterStatus,
    Person,
    Request,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MailReport:
    """What waits, failed or is unknown, at one moment.

    The lists hold the oldest; the counts are of all. `failed` are those that are on
    no call list: answers, and what went to groups. `named` says whom the unknown and
    the failed are for, by their ids, where the office knows it.
    """

    lanes: Sequence[LaneSummary]
    unknown: Sequence[Delivery]
    unknown_count: int
    failed: Sequence[Delivery]
    failed_count: int
    call_list: Sequence[Missed]
    dead: Sequence[Letter]
    dead_count: int
    alarms: Sequence[Alarm]
    named: Mapping[int, str]


async def report(session: AsyncSession, *, now: datetime, limit: int) -> MailReport:
    """Look into the mail; each list holds at most *limit*, but for the call list."""
    lanes = await overview.waiting_summary(session, now)
    missed = await overview.call_list(session)
    failed = await overview.failed(session, limit)
    unknown = await overview.unknown(session, limit)
    letters = await letter_counts(session)
    return MailReport(
        lanes=lanes,
        unknown=unknown,
        unknown_count=sum(lane.unknown for lane in lanes),
        failed=failed,
        failed_count=sum(lane.failed for lane in lanes) - len(missed),
        call_list=missed,
        dead=await overview.dead_letters(session, limit),
        dead_count=letters.get(LetterStatus.DEAD, 0),
        alarms=await alarms(session),
        named=await names(session, [*unknown, *failed]),
    )


async def names(
    session: AsyncSession, deliveries: Collection[Delivery]
) -> dict[int, str]:
    """Say by its id whom each is for: department and name, or what a group is called.

    An answer is for an account, which may be bound to somebody. What is for nobody
    that the office knows is left out.
    """
    query = (
        select(Delivery.id, Person.department, Person.name, Chat.title)
        .outerjoin(Account, _is_its)
        .outerjoin(Chat, _is_told)
        .outerjoin(Person, Person.id == coalesce(Delivery.person_id, Account.person_id))
        .where(Delivery.id.in_([one.id for one in deliveries]))
    )
    told = {
        id_: f"{department or ''} {name or ''}".strip()
        or (f"群“{title}”" if title else "")
        for id_, department, name, title in await session.execute(query)
    }
    return {id_: words for id_, words in told.items() if words}


_is_its = and_(Account.channel == Delivery.lane, Account.address == Delivery.address)
_is_told = "chat:" + Chat.channel + ":" + Chat.address == Delivery.recipient


async def words_sent(session: AsyncSession, delivery_id: int) -> tuple[Delivery, str]:
    """Return a delivery and the exact words of its request; raises NotFound."""
    query = (
        select(Delivery, Request.text)
        .join(Request, Request.id == Delivery.request_id)
        .where(Delivery.id == delivery_id)
    )
    found = (await session.execute(query)).first()
    if found is None:
        words = f"没有第{delivery_id}号发送。"
        raise NotFound(f"no delivery {delivery_id}", reply=words)
    return found[0], found[1]


async def letter_of(session: AsyncSession, letter_id: int) -> Letter:
    """Return a letter; raises NotFound."""
    letter = await session.get(Letter, letter_id)
    if letter is None:
        words = f"没有第{letter_id}号来信。"
        raise NotFound(f"no letter {letter_id}", reply=words)
    return letter


async def resend(
    session: AsyncSession, delivery_id: int, *, by: str, at: datetime
) -> int:
    """Send an unknown or failed delivery once more; returns the new one's id.

    Raises NotFound if there is nothing to decide about it any more.
    """
    new = await overview.resend(session, delivery_id, by=by, at=at)
    await _record(session, "delivery.resent", delivery_id, by=by, at=at, new=new)
    return new


async def drop(
    session: AsyncSession, delivery_id: int, *, by: str, at: datetime
) -> None:
    """Leave an unknown delivery at that; raises NotFound."""
    await overview.drop(session, delivery_id, by=by, at=at)
    await _record(session, "delivery.dropped", delivery_id, by=by, at=at)


async def call(
    session: AsyncSession, delivery_id: int, *, by: str, at: datetime
) -> None:
    """Record that *by* telephoned instead of a failed delivery; raises NotFound."""
    await overview.mark_called(session, delivery_id, by=by)
    await _record(session, "delivery.called", delivery_id, by=by, at=at)


async def revive(
    session: AsyncSession, letter_id: int, *, by: str, at: datetime
) -> None:
    """Have a dead letter answered after all; raises NotFound."""
    await overview.revive(session, letter_id, at=at)
    about = f"letter:{letter_id}"
    await audit.record(session, actor=by, event="letter.revived", about=about, at=at)


async def dismiss(
    session: AsyncSession, letter_id: int, *, by: str, at: datetime
) -> None:
    """Leave a dead letter at that, readable or not; raises NotFound."""
    await overview.dismiss(session, letter_id, at=at)
    about = f"letter:{letter_id}"
    await audit.record(session, actor=by, event="letter.dismissed", about=about, at=at)


async def _record(
    session: AsyncSession,
    event: str,
    delivery_id: int,
    *,
    by: str,
    at: datetime,
    **detail: Any,
) -> None:
    about = f"delivery:{delivery_id}"
    await audit.record(session, actor=by, event=event, about=about, at=at, **detail)
