"""One lane a credential, one holder a lane: lease and epoch."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, bindparam, func, literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import SessionTransaction

from bot.errors import BotError
from bot.model import Lane, UtcDateTime
from bot.model.new_rows import insert_new
from bot.statements import fetch

Clock = Callable[[], datetime]

LEASE = timedelta(seconds=15)
"""How long a lane stays with a holder that says nothing."""


@dataclass(frozen=True, slots=True)
class LaneHold:
    """That a lane was taken, as the *epoch*-th time; over once somebody takes it."""

    lane: str
    epoch: int


class LaneLost(BotError):
    """Somebody else has taken the lane; what this holder has in hand is theirs."""


async def open_lane(session: AsyncSession, name: str) -> None:
    """Make the lane *name* known; does nothing if it is."""
    await session.execute(insert_new(session, Lane).values(name=name))


async def take_lane(
    session: AsyncSession,
    name: str,
    *,
    owner: str,
    now: datetime,
    lease: timedelta = LEASE,
) -> LaneHold | None:
    """Take a lane that is free, whose lease has ended, or that *owner* held before.

    Each taking raises the epoch, *owner*'s own too: so nobody may take a lane that he
    is using. Returns None if another holds it, or if no lane is *name*. Leases are
    timed by the store's clock on PostgreSQL, since hosts differ; *now* is for SQLite.
    """
    _forget(session, name)
    is_free = or_(Lane.owner.in_(("", owner)), lease_has_ended(session, now))
    end = _end(session, now, lease)
    take = (
        update(Lane)
        .where(Lane.name == name, is_free)
        .values(owner=owner, epoch=Lane.epoch + 1, lease_until=end)
        .returning(Lane.epoch)
        .execution_options(synchronize_session=False)
    )
    epoch = (await session.execute(take)).scalar()
    return None if epoch is None else LaneHold(name, epoch)


async def renew_lane(
    session: AsyncSession, hold: LaneHold, *, now: datetime, lease: timedelta = LEASE
) -> bool:
    """Begin the lease anew; False if the lane is another's by now."""
    renew = (
        update(Lane)
        .where(*_ours(hold))
        .values(lease_until=_end(session, now, lease))
        .returning(Lane.epoch)
        .execution_options(synchronize_session=False)
    )
    return (await session.execute(renew)).scalar() is not None


async def release_lane(session: AsyncSession, hold: LaneHold) -> None:
    """Hand the lane back; does nothing if it is another's by now."""
    await session.execute(
        update(Lane)
        .where(*_ours(hold))
        .values(owner="", lease_until=None)
        .execution_options(synchronize_session=False)
    )


@dataclass(frozen=True, slots=True)
class Pauses:
    """Until when nothing goes through a lane, and until when no bulk does."""

    whole: datetime | None = None
    bulk: datetime | None = None

    def stop_all(self, now: datetime) -> bool:
        """Tell whether nothing may go."""
        return self.whole is not None and self.whole > now

    def stop_bulk(self, now: datetime) -> bool:
        """Tell whether answers may go at most."""
        return self.bulk is not None and self.bulk > now


async def pause_lane(
    session: AsyncSession, hold: LaneHold, *, until: datetime, bulk: bool = False
) -> None:
    """Let nobody send through the lane before *until*, unless it pauses longer.

    With *bulk* answers go on. Does nothing if the lane is another's by now.
    """
    _forget(session, hold.lane)
    end = Lane.bulk_not_before if bulk else Lane.not_before
    await session.execute(
        update(Lane)
        .where(*_ours(hold), or_(end.is_(None), end < until))
        .values({end: until})
        .execution_options(synchronize_session=False)
    )


async def lane_is_ours(session: AsyncSession, hold: LaneHold) -> bool:
    """Tell whether the lane is ours, and keep it so until this transaction ends.

    On PostgreSQL whoever wants to take it waits for that.
    """
    ours = select(Lane.epoch).where(*_ours(hold)).with_for_update(read=True)
    return (await session.execute(ours)).scalar() is not None


async def keep_lane(session: AsyncSession, hold: LaneHold) -> Pauses:
    """Do the same, and return the pauses of the lane. Raises LaneLost.

    What is kept so is asked for once a transaction.
    """
    transaction = session.sync_session.get_transaction()
    kept = session.info.get(hold)
    if kept is None or kept.transaction is not transaction:
        given = {"lane": hold.lane, "its_epoch": hold.epoch}
        rows = await fetch(session, _KEEP, given)
        if not rows:
            raise LaneLost(f"lane {hold.lane} was taken after epoch {hold.epoch}")
        kept = session.info[hold] = _Kept(
            session.sync_session.get_transaction(), Pauses(*rows[0])
        )
    pauses: Pauses = kept.pauses
    return pauses


@dataclass(frozen=True, slots=True)
class _Kept:
    """That a transaction has made sure of a lane until its end."""

    transaction: SessionTransaction | None
    pauses: Pauses


_KEEP = (
    select(Lane.not_before, Lane.bulk_not_before)
    .where(Lane.name == bindparam("lane"), Lane.epoch == bindparam("its_epoch"))
    .with_for_update(read=True)
)


async def await_lane(session: AsyncSession, hold: LaneHold) -> None:
    """Do as `keep_lane` when no other transaction keeps the lane any more.

    What they have written shows from then on, even of one whose end nobody heard of.
    """
    ours = select(Lane.epoch).where(*_ours(hold)).with_for_update()
    if (await session.execute(ours)).scalar() is None:
        raise LaneLost(f"lane {hold.lane} was taken after epoch {hold.epoch}")


def lease_has_ended(session: AsyncSession, now: datetime) -> ColumnElement[bool]:
    """Make the condition that nobody holds a `Lane`, by the clock of its leases."""
    return or_(Lane.lease_until.is_(None), Lane.lease_until <= _clock(session, now))


async def store_clock(session: AsyncSession, clock: Clock) -> Clock:
    """Return a clock that all holders of a lane have in common, on whatever host.

    On PostgreSQL it is the store's, read once and carried on by our monotonic seconds;
    else it is *clock*. By it one tells the other when a send ended.
    """
    if session.get_bind().dialect.name != "postgresql":
        return clock
    there: datetime = (await session.execute(_NOW)).scalar_one()
    seconds = asyncio.get_running_loop().time
    since = seconds()
    return lambda: there + timedelta(seconds=seconds() - since)


_NOW = select(func.clock_timestamp(type_=UtcDateTime))


def _forget(session: AsyncSession, lane: str) -> None:
    """Make sure anew after a change by this very transaction."""
    for hold in [one for one in session.info if isinstance(one, LaneHold)]:
        if hold.lane == lane:
            del session.info[hold]


def _ours(hold: LaneHold) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return Lane.name == hold.lane, Lane.epoch == hold.epoch


def _clock(session: AsyncSession, now: datetime) -> ColumnElement[datetime]:
    if session.get_bind().dialect.name == "postgresql":
        return func.clock_timestamp(type_=UtcDateTime)
    return literal(now, UtcDateTime)


def _end(
    session: AsyncSession, now: datetime, lease: timedelta
) -> ColumnElement[datetime]:
    if session.get_bind().dialect.name == "postgresql":
        return func.clock_timestamp(type_=UtcDateTime) + literal(lease)
    return literal(now + lease, UtcDateTime)
