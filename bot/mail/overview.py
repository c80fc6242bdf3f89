"""The mail as the office sees it: what goes well, and what it must decide."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from re import fullmatch
from typing import Any

from sqlalchemy import ColumnElement, case, exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import NotFound
from bot.mail.depth import lane_depths, oldest_due
from bot.mail.parts import cancel_rest
from bot.mail.rows import status_is
from bot.model import (
    Acknowledgement,
    Delivery,
    DeliveryStatus,
    Letter,
    LetterStatus,
    Person,
)

_TROUBLE = status_is(DeliveryStatus.FAILED, DeliveryStatus.UNKNOWN)  # has an index
_UNKNOWN = _TROUBLE & status_is(DeliveryStatus.UNKNOWN)
_FAILED = _TROUBLE & status_is(DeliveryStatus.FAILED)
_OPEN = Delivery.replaced_by.is_(None)
_UNCALLED = Delivery.called_by == ""
_HAS_SAID = exists().where(
    Acknowledgement.notice_id == Delivery.notice_id,
    Acknowledgement.person_id == Delivery.person_id,
)
_TO_CALL = Delivery.notice_id.is_not(None) & ~_HAS_SAID

# Of a recipient with several parts the first of these counts.
_ORDER = (
    DeliveryStatus.UNKNOWN,
    DeliveryStatus.FAILED,
    DeliveryStatus.WAITING,
    DeliveryStatus.EXPIRED,
    DeliveryStatus.CANCELLED,
    DeliveryStatus.SENT,
)
_COUNTS_AS = {
    DeliveryStatus.CLAIMED: DeliveryStatus.WAITING,
    DeliveryStatus.SENDING: DeliveryStatus.WAITING,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneSummary:
    """How much stands in a lane, and since when the oldest is due that may go.

    `failed` and `unknown` are those that nobody has dealt with.
    """

    lane: str
    waiting: int
    in_hand: int
    failed: int
    unknown: int
    oldest_due_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """Somebody whom a notice did not reach through any channel; to be telephoned."""

    delivery_id: int
    notice_id: int
    recipient: str
    lane: str
    error: str
    failed_at: datetime
    name: str
    department: str
    phone: str


async def counts(
    session: AsyncSession, notice_id: int | None = None
) -> dict[DeliveryStatus, int]:
    """Count the deliveries of each status, of all or of one notice.

    They add up to all that was ever posted, what was sent again included.
    """
    query = select(Delivery.status, func.count()).group_by(Delivery.status)
    if notice_id is not None:
        query = query.where(Delivery.notice_id == notice_id)
    found = {status: count for status, count in await session.execute(query)}
    return {status: found.get(status, 0) for status in DeliveryStatus}


async def progress(session: AsyncSession, notice_id: int) -> dict[str, int]:
    """Count the recipients of a notice: waiting, sent, failed, unknown, and so on.

    They add up to its audience. One whom it reached by a second channel, or when it
    was sent again, counts by that; one of several parts by the worst of them.
    """
    rank = {
        status: _ORDER.index(_COUNTS_AS.get(status, status))
        for status in DeliveryStatus
    }
    each = (
        select(func.min(case(rank, value=Delivery.status)).label("rank"))
        .where(Delivery.notice_id == notice_id, _OPEN)
        .group_by(Delivery.recipient)
        .subquery()
    )
    query = select(each.c.rank, func.count()).group_by(each.c.rank)
    found = {rank: count for rank, count in await session.execute(query)}
    return {str(status): found.get(rank, 0) for rank, status in enumerate(_ORDER)}


async def waiting_summary(session: AsyncSession, now: datetime) -> list[LaneSummary]:
    """Tell how each lane stands in which anything is not over, by name."""
    depths, oldest = await lane_depths(session), await oldest_due(session, now=now)
    in_hand = (DeliveryStatus.CLAIMED, DeliveryStatus.SENDING)
    return [
        LaneSummary(
            lane=lane,
            waiting=depth.get(DeliveryStatus.WAITING, 0),
            in_hand=sum(depth.get(status, 0) for status in in_hand),
            failed=depth.get(DeliveryStatus.FAILED, 0),
            unknown=depth.get(DeliveryStatus.UNKNOWN, 0),
            oldest_due_at=oldest.get(lane),
        )
        for lane, depth in sorted(depths.items())
    ]


async def unknown(session: AsyncSession, limit: int) -> Sequence[Delivery]:
    """List deliveries of which nobody knows whether they arrived, oldest first.

    The office decides: `resend` or `drop`; what was sent again is not among them.
    """
    return await _first(session, limit, _UNKNOWN, _OPEN)


async def failed(session: AsyncSession, limit: int) -> Sequence[Delivery]:
    """List deliveries that failed and were not made good in any way, oldest first.

    Those on the call list are not among them.
    """
    return await _first(session, limit, _FAILED, _OPEN, _UNCALLED, ~_TO_CALL)


async def _first(
    session: AsyncSession, limit: int, *conditions: ColumnElement[bool]
) -> Sequence[Delivery]:
    query = select(Delivery).where(*conditions).order_by(Delivery.id).limit(limit)
    return (await session.scalars(query)).all()


async def dead_letters(session: AsyncSession, limit: int) -> Sequence[Letter]:
    """List the letters that could not be read or answered, oldest first."""
    dead = select(Letter).where(Letter.status == LetterStatus.DEAD)
    return (await session.scalars(dead.order_by(Letter.id).limit(limit))).all()


async def call_list(session: AsyncSession) -> list[Missed]:
    """List whom notices did not reach and nobody has called, oldest first.

    Whoever acknowledged the notice all the same is not among them.
    """
    query = (
        select(
            Delivery.id.label("delivery_id"),
            *(Delivery.notice_id, Delivery.recipient, Delivery.lane, Delivery.error),
            Delivery.settled_at.label("failed_at"),
            *_words_of_person("name", "department", "phone"),
        )
        .outerjoin(Person, Person.id == Delivery.person_id)
        .where(_FAILED, _OPEN, _UNCALLED, _TO_CALL)
        .order_by(Delivery.id)
    )
    return [Missed(**row) for row in (await session.execute(query)).mappings()]


def _words_of_person(*names: str) -> list[ColumnElement[Any]]:
    return [func.coalesce(getattr(Person, name), "").label(name) for name in names]


async def mark_called(session: AsyncSession, delivery_id: int, *, by: str) -> None:
    """Record that *by* telephoned instead of a delivery that failed.

    Raises NotFound if it did not fail, was made good, or somebody called before.
    """
    call = update(Delivery).where(_FAILED, _OPEN, _UNCALLED).values(called_by=by)
    await _change(session, delivery_id, call)


async def mark_arrived(session: AsyncSession, delivery_id: int, at: datetime) -> None:
    """Record that an UNKNOWN delivery arrived: there is a proof, as a pressed button.

    Raises NotFound if it is not UNKNOWN.
    """
    arrived = update(Delivery).where(_UNKNOWN)
    arrived = arrived.values(status=DeliveryStatus.SENT, settled_at=at)
    await _change(session, delivery_id, arrived)


async def drop(
    session: AsyncSession, delivery_id: int, *, by: str, at: datetime
) -> None:
    """Leave an UNKNOWN delivery at that: it, and what was to follow it, is CANCELLED.

    Raises NotFound if it is not UNKNOWN, or was sent again.
    """
    end = update(Delivery).where(_UNKNOWN, _OPEN)
    end = end.values(
        status=DeliveryStatus.CANCELLED, settled_at=at, error=f"由{by}决定不再发"
    )
    await _change(session, delivery_id, end)
    await cancel_rest(session, [delivery_id], at=at)


async def _change(session: AsyncSession, delivery_id: int, change: Any) -> None:
    change = change.where(Delivery.id == delivery_id).returning(Delivery.id)
    change = change.execution_options(synchronize_session="fetch")
    if (await session.execute(change)).first() is None:
        raise _no_such(delivery_id)


async def resend(
    session: AsyncSession, delivery_id: int, *, by: str, at: datetime
) -> int:
    """Send an UNKNOWN or FAILED delivery once more, as a new one; return its id.

    What was to follow it follows the new one, even if it was cancelled with it. An
    expiry that has passed no longer counts. Raises NotFound if it is neither UNKNOWN
    nor FAILED, or was made good already.
    """
    query = select(Delivery).where(
        Delivery.id == delivery_id,
        _TROUBLE,
        _OPEN,
    )
    old = (await session.scalars(_fresh(query))).one_or_none()
    if old is None:
        raise _no_such(delivery_id)
    old.error = f"{old.error}（由{by}决定再发一次）"
    new = first = await _copy(session, old, follows=old.follows, at=at)
    while part := await _part_after(session, old):
        if part.status is DeliveryStatus.WAITING:
            part.follows = new.id
            break
        old, new = part, await _copy(session, part, follows=new.id, at=at)
    await session.flush()
    return first.id


async def _part_after(session: AsyncSession, delivery: Delivery) -> Delivery | None:
    """Return the part that waits for this one, or was cancelled because of it."""
    query = select(Delivery).where(
        Delivery.follows == delivery.id,
        status_is(DeliveryStatus.WAITING, DeliveryStatus.CANCELLED),
        _OPEN,
    )
    return (await session.scalars(_fresh(query))).one_or_none()


async def _copy(
    session: AsyncSession, old: Delivery, *, follows: int | None, at: datetime
) -> Delivery:
    is_late = old.expires_at is not None and old.expires_at <= at
    new = Delivery(
        key=_next_key(old.key),
        notice_id=old.notice_id,
        person_id=old.person_id,
        recipient=old.recipient,
        lane=old.lane,
        address=old.address,
        request_id=old.request_id,
        priority=old.priority,
        follows=follows,
        status=DeliveryStatus.WAITING,
        wanted_at=at,
        due_at=at,
        expires_at=None if is_late else old.expires_at,
    )
    session.add(new)
    await session.flush()
    old.replaced_by = new.id
    await session.flush()
    return new


def _fresh(query: Any) -> Any:
    return query.with_for_update().execution_options(populate_existing=True)


def _next_key(key: str) -> str:
    """Return KEY!1 after KEY, and KEY!3 after KEY!2."""
    counted = fullmatch(r"(.*)!(\d+)", key)
    return f"{counted[1]}!{int(counted[2]) + 1}" if counted else f"{key}!1"


async def revive(session: AsyncSession, letter_id: int, at: datetime) -> None:
    """Let a dead letter be answered after all. Raises NotFound.

    One that could not be read stays dead: there is nothing to answer.
    """
    letter = await _dead_letter(session, letter_id)
    if letter.incoming is None:
        raise NotFound(
            f"letter {letter_id} is unreadable",
            reply=f"第{letter_id}号来信无法读出，不能重新处理，请看原文。",
        )
    letter.status, letter.due_at = LetterStatus.WAITING, at
    letter.tries, letter.error, letter.settled_at = 0, "", None
    await session.flush()


async def dismiss(session: AsyncSession, letter_id: int, at: datetime) -> None:
    """Leave a dead letter at that, whether it could be read or not. Raises NotFound."""
    letter = await _dead_letter(session, letter_id)
    letter.status, letter.settled_at = LetterStatus.IGNORED, at
    await session.flush()


async def _dead_letter(session: AsyncSession, letter_id: int) -> Letter:
    letter = await session.get(
        Letter, letter_id, populate_existing=True, with_for_update=True
    )
    if letter is None or letter.status is not LetterStatus.DEAD:
        raise NotFound(
            f"dead letter {letter_id}", reply=f"没有第{letter_id}号未处理的来信。"
        )
    return letter


def _no_such(delivery_id: int) -> NotFound:
    return NotFound(
        f"delivery {delivery_id} is not to be decided upon",
        reply=f"第{delivery_id}号发送不在待处理之列，可能已经处理过。",
    )
