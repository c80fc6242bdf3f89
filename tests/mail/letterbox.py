"""Short ways to say what the tests of the mail say often."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.mail import lanes, ledger, outbox
from bot.messages import Reply
from bot.model import Delivery, DeliveryStatus, Priority

NINE = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
LANE = "telegram"


def to(address: str, *, lane: str = LANE) -> outbox.Addressee:
    return outbox.Addressee(recipient=f"chat:{address}", lane=lane, address=address)


def write_once(lane: str, address: str, reply: Reply) -> tuple[str, ...]:
    return (reply.text,)


def write_lines(lane: str, address: str, reply: Reply) -> tuple[str, ...]:
    return tuple(reply.text.split("\n"))


async def put(
    session: AsyncSession,
    key: str,
    *,
    address: str = "1",
    lane: str = LANE,
    requests: Sequence[str] = ("您好",),
    priority: Priority = Priority.NOTICE,
    due_at: datetime = NINE,
    expires_at: datetime | None = None,
    notice_id: int | None = None,
) -> list[int]:
    return await outbox.post(
        session,
        key=key,
        to=to(address, lane=lane),
        requests=requests,
        priority=priority,
        due_at=due_at,
        expires_at=expires_at,
        notice_id=notice_id,
    )


async def hold(
    session: AsyncSession, *, owner: str = "a", lane: str = LANE, now: datetime = NINE
) -> lanes.LaneHold:
    """Take a lane, which must be free."""
    await lanes.open_lane(session, lane)
    taken = await lanes.take_lane(session, lane, owner=owner, now=now)
    assert taken
    return taken


async def claimed_keys(
    session: AsyncSession,
    holder: lanes.LaneHold,
    *,
    now: datetime = NINE,
    limit: int = 100,
    **options: Any,
) -> list[str]:
    parcels = await ledger.claim(session, holder, now=now, limit=limit, **options)
    return [parcel.key for parcel in parcels]


async def send_out(
    session: AsyncSession, holder: lanes.LaneHold, *, now: datetime = NINE
) -> set[int]:
    """Claim all that may go, and mark it as being sent."""
    parcels = await ledger.claim(session, holder, now=now, limit=100)
    ids = [parcel.id for parcel in parcels]
    return await ledger.mark_sending(session, holder, ids, now=now)


async def settle_all(
    session: AsyncSession,
    holder: lanes.LaneHold,
    ids: Sequence[int] | set[int],
    status: DeliveryStatus,
    *,
    now: datetime = NINE,
    **fields: Any,
) -> None:
    outcomes = [ledger.Outcome(id=id_, status=status, **fields) for id_ in ids]
    await ledger.settle(session, holder, outcomes, now=now)


async def statuses(session: AsyncSession) -> dict[str, str]:
    """Tell the status of each delivery, by key."""
    rows = await session.execute(select(Delivery.key, Delivery.status))
    return {key: str(status) for key, status in rows.all()}


async def the(session: AsyncSession, key: str) -> Delivery:
    """Look a delivery up, as the store has it now."""
    query = select(Delivery).where(Delivery.key == key)
    fresh = query.execution_options(populate_existing=True)
    return (await session.scalars(fresh)).one()
