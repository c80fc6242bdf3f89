"""Faults seeded on purpose, to see that the judge finds what they do.

Each is a mistake that such a program could well have, put in from outside.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from math import inf
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.mail import lanes, ledger
from bot.mail.lanes import LaneHold
from bot.mail.postman import Postman
from bot.model import Delivery, DeliveryStatus, Lane
from harness.points import replace_everywhere

_UNSYNCED = {"synchronize_session": False}


def seed(name: str) -> None:
    """Put the fault *name* into this process; "" for none."""
    if name:
        FAULTS[name]()


def _send_again_what_a_dead_holder_was_sending() -> None:
    """As a plain job queue does: the lease has ended, so the job is done anew."""
    original = ledger.recover

    async def recover(session: AsyncSession, hold: LaneHold, **options: Any) -> Any:
        await session.execute(
            update(Delivery)
            .where(Delivery.lane == hold.lane, Delivery.epoch < hold.epoch)
            .where(Delivery.status == DeliveryStatus.SENDING)
            .values(status=DeliveryStatus.WAITING, unsure_since=None)
            .execution_options(**_UNSYNCED)
        )
        return await original(session, hold, **options)

    replace_everywhere(original, recover)


def _acknowledge_before_the_send() -> None:
    """What is marked as being sent is SENT already."""
    original = ledger.mark_sending

    async def mark_sending(
        session: AsyncSession,
        hold: LaneHold,
        ids: Collection[int],
        *,
        now: datetime,
        **more: Any,
    ) -> set[int]:
        marked = await original(session, hold, ids, now=now, **more)
        await session.execute(
            update(Delivery)
            .where(Delivery.id.in_(marked))
            .values(status=DeliveryStatus.SENT, settled_at=now)
            .execution_options(**_UNSYNCED)
        )
        return marked

    replace_everywhere(original, mark_sending)


def _look_at_no_epoch() -> None:
    """Who once claimed a row believes that it is still his, whatever happened."""

    async def keep_lane(session: AsyncSession, hold: LaneHold) -> lanes.Pauses:
        pauses = select(Lane.not_before, Lane.bulk_not_before)
        found = await session.execute(pauses.where(Lane.name == hold.lane))
        return lanes.Pauses(*found.one())

    renew = lanes.renew_lane

    async def renew_lane(session: AsyncSession, hold: LaneHold, **options: Any) -> bool:
        await renew(session, hold, **options)
        return True

    async def lane_is_ours(session: AsyncSession, hold: LaneHold) -> bool:
        return True

    async def mark_sending(
        session: AsyncSession,
        hold: LaneHold,
        ids: Collection[int],
        *,
        now: datetime,
        **more: Any,
    ) -> set[int]:
        await session.execute(
            update(Delivery)
            .where(Delivery.id.in_(ids))
            .values(status=DeliveryStatus.SENDING, epoch=hold.epoch, handed_at=now)
            .execution_options(**_UNSYNCED)
        )
        return set(ids)

    replace_everywhere(lanes.keep_lane, keep_lane)
    replace_everywhere(lanes.lane_is_ours, lane_is_ours)
    replace_everywhere(lanes.renew_lane, renew_lane)
    replace_everywhere(ledger.mark_sending, mark_sending)
    _look_at_no_watch()


def _look_at_no_watch() -> None:
    """The postman also watches his lease on his own clock: that must not save him."""

    def end(postman: Any) -> float:
        return inf

    def note(postman: Any, moment: float) -> None:
        postman.noted = moment

    def renewal(postman: Any) -> float:
        moment: float = postman.noted - postman._lease.total_seconds() * 2 / 3
        return moment

    patched: Any = Postman
    patched._lease_until = property(end, note)
    patched._renewal_at = property(renewal)


FAULTS: Mapping[str, Callable[[], None]] = {
    "lease ends, send again": _send_again_what_a_dead_holder_was_sending,
    "acknowledge before send": _acknowledge_before_the_send,
    "no epoch": _look_at_no_epoch,
}
