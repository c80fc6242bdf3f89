"""What was sent taken back from people's devices, by a delivery of its own."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.mail.bulk import Part, digest_of, insert_parts, keep_requests
from bot.mail.results import recipient_in
from bot.mail.rows import status_is
from bot.messages import Recalling
from bot.model import Delivery, DeliveryStatus, Priority
from bot.model.lists import among

_CHUNK = 2000
_UNDER_WAY = frozenset(
    {DeliveryStatus.WAITING, DeliveryStatus.CLAIMED, DeliveryStatus.SENDING}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recalled:
    """How many recipients a notice was taken back from, wholly, or not."""

    done: int = 0
    under_way: int = 0
    failed: int = 0  # too old, refused, or of a product that cannot


async def recall(
    session: AsyncSession,
    notice_id: int,
    *,
    ways: Mapping[str, Recalling],
    at: datetime,
) -> int:
    """Take back what of a notice was sent and can be; returns how many calls are new.

    Doing it again recalls what has been sent since.
    """
    calls = {}
    for one in await _sent(session, notice_id, ways):
        way = ways.get(one.lane)
        if one.recall or not (way and one.handed_at and one.remote_id):
            continue
        if at - one.handed_at < way.recalls_for and one.key not in calls:
            calls[one.key] = (one, way.write_recall(one.remote_id))
    await _post(session, list(calls.values()), at=at)
    return len(calls)


async def recalled(
    session: AsyncSession, notice_id: int, *, ways: Mapping[str, Recalling]
) -> Recalled:
    """Count the recipients whom something of a notice had reached."""
    worst: dict[str, str] = {}
    order = ("done", "under_way", "failed")
    for one in await _sent(session, notice_id, ways):
        state = "failed"
        if one.recall is DeliveryStatus.SENT:
            state = "done"
        elif one.recall in _UNDER_WAY:
            state = "under_way"
        before = worst.get(one.recipient, "done")
        worst[one.recipient] = max(before, state, key=order.index)
    states = list(worst.values())
    return Recalled(**{name: states.count(name) for name in order})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sent:
    """A delivery that arrived; `key` is that of its recall, `recall` how that stands.

    Those that one recall takes back have one key.
    """

    key: str
    recipient: str
    lane: str
    address: str
    remote_id: str
    handed_at: datetime | None
    recall: DeliveryStatus | None = None


async def _sent(
    session: AsyncSession, notice_id: int, ways: Mapping[str, Recalling]
) -> list[_Sent]:
    shared = {lane for lane, way in ways.items() if way.recalls_for_all}
    first: dict[tuple[str, str], int] = {}
    query = (
        select(
            *(Delivery.id, Delivery.key, Delivery.lane, Delivery.address),
            *(Delivery.remote_id, Delivery.handed_at),
        )
        .where(Delivery.notice_id == notice_id, status_is(DeliveryStatus.SENT))
        .order_by(Delivery.id)
    )
    found = []
    for id_, key, lane, address, remote_id, handed_at in await session.execute(query):
        is_shared = lane in shared and remote_id != ""
        its = first.setdefault((lane, remote_id), id_) if is_shared else id_
        found.append(
            _Sent(
                key=f"recall:{its}:1",
                recipient=recipient_in(key),
                lane=lane,
                address=address,
                remote_id=remote_id,
                handed_at=handed_at,
            )
        )
    known = await _recalls(session, list({one.key: None for one in found}))
    return [replace(one, recall=known.get(one.key)) for one in found]


async def _recalls(session: AsyncSession, keys: list[str]) -> dict[str, DeliveryStatus]:
    known: dict[str, DeliveryStatus] = {}
    for start in range(0, len(keys), _CHUNK):
        some = keys[start : start + _CHUNK]
        query = select(Delivery.key, Delivery.status).where(among(Delivery.key, some))
        known |= {key: status for key, status in await session.execute(query)}
    return known


async def _post(
    session: AsyncSession, calls: list[tuple[_Sent, str]], *, at: datetime
) -> None:
    for start in range(0, len(calls), _CHUNK):
        some = calls[start : start + _CHUNK]
        kept = await keep_requests(session, {digest_of(text): text for _, text in some})
        await insert_parts(
            session,
            [_part(one, kept[digest_of(text)]) for one, text in some],
            notice_id=None,
            priority=Priority.NUDGE,
            due_at=at,
            expires_at=None,
        )


def _part(one: _Sent, request_id: int) -> Part:
    who: tuple[Any, ...] = (one.recipient, None, one.lane, one.address)
    return (one.key, *who, request_id, None, None)
