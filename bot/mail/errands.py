"""What a postman has written into the store by one transaction."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.mail import ledger
from bot.mail.commits import is_clash
from bot.mail.express import take_back
from bot.mail.lanes import LaneHold, LaneLost, pause_lane, renew_lane
from bot.mail.ledger import Parcel
from bot.mail.verdicts import Verdict
from bot.model import DeliveryStatus

log = logging.getLogger(__name__)

Fallback = Callable[[AsyncSession, Sequence[int], Sequence[int]], Awaitable[set[str]]]
"""Looks after deliveries that FAILED, in their transaction; returns lanes to ring.

It gets all of them, and those of them whose addresses are gone.
"""

Choose = Callable[[Sequence[Parcel]], Sequence[int]]
"""Chooses of what was claimed what is marked at once; may be asked again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A look for at most *limit* deliveries that are due, to addresses not *busy*."""

    limit: int
    busy: tuple[str, ...] = ()
    answers_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """All that has come up in a lane since the transaction before.

    In this order: the lease is renewed (None: not now), ended sendings are recorded,
    answers that were marked and never sent taken back (by key), claimed deliveries
    given back (those of an address are not tried before the seconds beside it), others
    marked as being sent (those of `batches` by one call each), more claimed, and of
    these some marked as well. `ended_at` is by the clock that all holders have in
    common.
    """

    renew: timedelta | None = None
    verdicts: tuple[Verdict, ...] = ()
    ended_at: datetime | None = None
    take_back: tuple[str, ...] = ()
    put_back: tuple[tuple[Parcel, float], ...] = ()
    put_back_all: bool = False
    marks: tuple[int, ...] = ()
    batches: tuple[tuple[int, ...], ...] = ()
    looks: tuple[Look, ...] = ()

    def __bool__(self) -> bool:
        """Tell whether there is anything to do."""
        return bool(
            self.renew
            or self.verdicts
            or self.take_back
            or self.put_back
            or self.put_back_all
            or self.marks
            or self.batches
            or self.looks
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What came of an errand: what may be sent, what was claimed at each look."""

    marked: frozenset[int]
    claimed: tuple[tuple[Parcel, ...], ...]
    lanes: frozenset[str]


def mark_none(claimed: Sequence[Parcel]) -> Sequence[int]:
    """Leave what was claimed to a later transaction."""
    return ()


async def run_errand(
    session: AsyncSession,
    hold: LaneHold,
    errand: Errand,
    *,
    now: datetime,
    on_failed: Fallback,
    choose: Choose,
) -> Done:
    """Do it all in the transaction of *session*; may be repeated. Raises LaneLost."""
    if errand.renew and not await renew_lane(
        session, hold, now=now, lease=errand.renew
    ):
        raise LaneLost(f"lane {hold.lane} was taken after epoch {hold.epoch}")
    lanes = await _record(session, hold, errand, now, on_failed)
    if errand.take_back:
        await take_back(session, hold, errand.take_back)
    await _put_back(session, hold, errand, now)
    marked: set[int] = set()
    if errand.marks:
        marked = await ledger.mark_sending(session, hold, errand.marks, now=now)
    for batch in errand.batches:
        marked |= await ledger.mark_sending(
            session, hold, batch, now=now, together=True
        )
    claimed = [
        await ledger.claim(
            session,
            hold,
            now=now,
            limit=look.limit,
            busy=look.busy,
            answers_only=look.answers_only,
        )
        for look in errand.looks
    ]
    if hurried := choose([parcel for found in claimed for parcel in found]):
        marked |= await ledger.mark_sending(session, hold, hurried, now=now)
    return Done(
        marked=frozenset(marked),
        claimed=tuple(map(tuple, claimed)),
        lanes=frozenset(lanes),
    )


async def _record(
    session: AsyncSession,
    hold: LaneHold,
    errand: Errand,
    now: datetime,
    on_failed: Fallback,
) -> set[str]:
    if not errand.verdicts:
        return set()
    outcomes = [verdict.outcome for verdict in errand.verdicts]
    await ledger.settle(session, hold, outcomes, now=errand.ended_at or now)
    await _pause(session, hold, errand.verdicts, now)
    failed = [one.id for one in outcomes if one.status is DeliveryStatus.FAILED]
    gone = [verdict.outcome.id for verdict in errand.verdicts if verdict.gone]
    return await _fall_back(session, failed, gone, on_failed) if failed else set()


async def _pause(
    session: AsyncSession, hold: LaneHold, verdicts: Sequence[Verdict], now: datetime
) -> None:
    held: dict[datetime, list[str]] = {}
    whole: list[datetime] = []
    bulk: list[datetime] = []
    for verdict in verdicts:
        if not verdict.pause:
            continue
        # To the very moment of the next try: or what follows would overtake it.
        until = verdict.outcome.due_at or now + timedelta(seconds=verdict.pause)
        if verdict.flooded:
            bulk.append(until)
        if verdict.address is None:
            whole.append(until)
        else:
            held.setdefault(until, []).append(verdict.address)
    if whole:
        await pause_lane(session, hold, until=max(whole))
    if bulk:
        await pause_lane(session, hold, until=max(bulk), bulk=True)
    for until, addresses in held.items():
        await ledger.hold_back(session, hold, addresses=addresses, until=until)


async def _fall_back(
    session: AsyncSession, failed: list[int], gone: list[int], on_failed: Fallback
) -> set[str]:
    """Let the use case look for another way; if it cannot, the failure stands.

    Raises what another transaction is guilty of: then all of ours is done again.
    """
    try:
        async with session.begin_nested():
            return await on_failed(session, failed, gone)
    except Exception as error:
        if is_clash(error):
            raise
        log.exception("no other way was found for the deliveries %s", failed)
        return set()


async def _put_back(
    session: AsyncSession, hold: LaneHold, errand: Errand, now: datetime
) -> None:
    if errand.put_back_all:
        await ledger.give_back(session, hold)
    elif errand.put_back:
        ids = [parcel.id for parcel, _ in errand.put_back]
        await ledger.give_back(session, hold, ids)
    for parcel, wait in errand.put_back:
        if wait > 0:  # all of that address, or later ones would overtake it
            until = now + timedelta(seconds=wait)
            addresses = [parcel.address]
            await ledger.hold_back(session, hold, addresses=addresses, until=until)
