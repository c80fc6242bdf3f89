"""Drains a lane: claims, marks, sends, records; a window that is refilled."""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Iterable, Sequence, Set
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from math import inf
from typing import TypeVar

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import StoreError
from bot.mail import ledger
from bot.mail.calls import Call, Calls
from bot.mail.commits import GroupCommit
from bot.mail.errands import Choose, Done, Errand, Fallback, mark_none, run_errand
from bot.mail.express import Batch
from bot.mail.former import FormerSends
from bot.mail.lanes import LEASE, LaneHold, LaneLost, Pauses, keep_lane, renew_lane
from bot.mail.ledger import Outcome, Parcel
from bot.mail.outbox import Text
from bot.mail.pace import Pace, Slot
from bot.mail.stock import Stock, is_answer
from bot.mail.verdicts import Verdict, judge_all, keep_to, never_sent, too_late
from bot.messages import Batching, Channel

log = logging.getLogger(__name__)

T = TypeVar("T")
Ring = Callable[[str], Awaitable[None]]
Observe = Callable[[Outcome, float], None]

PATIENCE = 60.0  # seconds that a call may last
LINGER = 0.2  # seconds that one stays when nothing is due
FINISH = 7.0  # seconds that calls under way get when one is to stop

_SOON = 20  # times as long as one lingers, one stays for an address that must wait
_RETRY = 0.25  # seconds between two tries while the store is away
_LONGEST_LEAD = 0.1  # seconds that one may mark before the pace lets go


async def _nobody(lane: str) -> None:
    pass


class Postman:
    """Sends what is due in one lane, as its holder.

    One transaction at a time does all that has come up meanwhile: it records the
    calls that have ended, marks as many as may begin now, and claims the next; the
    lanes of a process share it. Calls begin when it is committed, and go on beside it.
    """

    def __init__(
        self,
        *,
        channel: Channel,
        hold: LaneHold,
        commits: GroupCommit,
        clock: Callable[[], datetime],
        stamp: Callable[[], datetime] | None = None,
        on_failed: Fallback,
        ring: Ring = _nobody,
        observe: Observe = lambda outcome, seconds: None,
        pace: Pace | None = None,
        chance: Callable[[], float] = random.random,
        lease: timedelta = LEASE,
        patience: float = PATIENCE,
        linger: float = LINGER,
    ) -> None:
        """Prepare to drain the lane of *hold*, which was taken for *lease*.

        *pace* is that of this process's last hold, if nobody held the lane since; else
        None: then it is read from the store. *stamp* is the clock that all holders have
        in common, None if that is *clock*. *ring* is told the lanes to which failed
        deliveries went, *observe* each outcome and how many seconds its call lasted.
        """
        self._time = asyncio.get_running_loop().time
        self._hold, self._commits, self._clock = hold, commits, clock
        self._on_failed, self._ring, self._observe = on_failed, ring, observe
        self._stamp = stamp or clock
        self._chance, self._lease, self._linger = chance, lease, linger
        self._manners = channel.manners
        at_once = channel.most_at_once if isinstance(channel, Batching) else 1
        self._opened_at = self._stamp()
        self.pace = pace or Pace(channel.manners, now=self._time())
        self._former = FormerSends(
            self.pace, channel.manners, are_known=pace is not None
        )
        self._empty_stock = partial(Stock, self._manners, self.pace, at_once=at_once)
        self._stock = self._empty_stock()
        self._verdicts: list[Verdict] = []
        self._woken, self._done = asyncio.Event(), asyncio.Event()
        self._done.set()
        self._lease_until = self._time() + lease.total_seconds()
        self._until = self._idle_until = inf
        self._lead = 0.0  # seconds that a transaction may last, of late
        self._woken_at = -inf
        self._is_paused = self._is_stopping = self._is_unsure = False
        self._is_open = False  # for answers that go at once
        self._in_doubt: list[str] = []  # keys of such, marked and never sent
        self._marking = 0  # calls that the transaction under way marks
        self._calls = Calls(
            channel,
            self.pace,
            patience=patience,
            may_send=lambda: self._time() < self._lease_until,
            on_end=self._woken.set,
        )

    async def drain(self, *, until: float | None = None) -> bool:
        """Send until nothing is due; returns whether more is.

        From the monotonic second *until* on only answers are sent, and those only
        while a call from before is under way. Raises LaneLost as soon as the lane is
        another's or the lease may have ended, StoreError if the store stays away.
        """
        self._until = inf if until is None else until
        self._is_paused = False
        self._stock = self._empty_stock()
        self._done.clear()
        self._calls.open()
        try:
            await self._open()
            self._is_open = True
            while self._goes_on(self._time()):
                if not await self._round():
                    await self._rest()
            self._is_open = False
            await self._close()
        except (LaneLost, StoreError, DBAPIError):
            self._is_open = False
            await self._calls.finish(within=FINISH)
            await self._record_late()
            raise
        finally:
            self._is_open = False
            await self._calls.cut_off()
            self._done.set()
        return self._stock.expects_more and not self._is_paused

    def wake(self) -> None:
        """Look at once: something new is due."""
        self._woken_at = self._time()
        self._stock.look_at_once()
        self._woken.set()

    def reserve(self, texts: Sequence[Text]) -> Batch:
        """Take places for answers that a transaction posts, to go when it is committed.

        Those of which we know all former sends, as far as there is room.
        """
        now, slots = self._time(), dict[str, Slot]()
        if self._is_open and now < min(self._until, self._lease_until):
            in_hand = len(self._calls) + self._calls.unheard + self._marking
            slots = self._stock.reserve(
                filter(self._former.knows, (text.to.address for text in texts)),
                now,
                under_way=in_hand + len(self._verdicts),
            )
        return Batch(
            self._hold, self._calls, texts, slots, now=now, on_doubt=self._doubt
        )

    def _doubt(self, keys: Sequence[str]) -> None:
        self._in_doubt.extend(keys)
        self.wake()

    async def stop(self) -> None:
        """Begin no call any more; returns when `drain` has put all in order.

        Calls under way get 7 seconds to end; what is only claimed waits again.
        """
        self._is_stopping, self._is_open = True, False
        self._woken.set()
        await self._done.wait()

    async def _open(self) -> None:
        """Put in order what others left, and learn what they sent of late."""
        self._opened_at = at = self._stamp()
        now = self._clock()

        async def take_over(session: AsyncSession) -> Pauses:
            if not await renew_lane(session, self._hold, now=now, lease=self._lease):
                raise LaneLost(f"lane {self._hold.lane} was taken before we began")
            copies = self._manners.drops_copies_for
            await ledger.recover(
                session, self._hold, now=now, at=at, drops_copies_for=copies
            )
            return await keep_lane(session, self._hold)

        began = self._time()
        pauses, _ = await self._transact(take_over)
        self._former.learn_limit(pauses.bulk, now=now, moment=began)
        self._lease_until = began + self._lease.total_seconds()
        await self._look_back([])
        self._idle_until = self._time() + self._linger

    async def _look_back(self, parcels: Iterable[Parcel]) -> None:
        """Learn of former sends, as far back as an address has a window."""
        before, addresses = self._opened_at, (parcel.address for parcel in parcels)
        since = self._former.since(addresses, before=before)
        if since is None:
            return
        sends, _ = await self._transact(
            partial(ledger.recent_sends, lane=self._hold.lane, since=since)
        )
        self._former.learn(
            sends, since=since, before=before, now=self._stamp(), moment=self._time()
        )

    def _goes_on(self, now: float) -> bool:
        if self._is_stopping or self._is_paused:
            return False
        if now >= self._until:
            return self._calls.any_from_before(self._until)
        if self._stock.expects_more or self._verdicts or self._in_doubt:
            return True
        if not self._calls.are_over:
            return True
        if now < self._idle_until:
            return True
        held = self.pace.held(now=now, answer=False).values()
        return min(held, default=inf) <= now + _SOON * self._linger

    async def _round(self) -> bool:
        """Plan a transaction, have it done, and begin the calls that it marked.

        Returns False if there was nothing to do.
        """
        began, at = self._time(), self._clock()
        self._judge_ended()
        bulk = began < self._until
        put_back = self._stock.put_back(began, at=at)
        calls = self._stock.choose(
            began, at=at, lead=self._lead, under_way=len(self._calls), bulk=bulk
        )
        errand = Errand(
            renew=self._lease if began >= self._renewal_at else None,
            verdicts=tuple(self._verdicts),
            ended_at=self._stamp(),
            take_back=tuple(self._in_doubt),
            put_back=put_back,
            put_back_all=self._is_unsure,
            marks=tuple(id_ for call in calls if not call.is_batch for id_ in call.ids),
            batches=tuple(call.ids for call in calls if call.is_batch),
            looks=self._stock.looks(began, bulk=bulk),
        )
        if errand:
            await self._carry_out(errand, calls, at=at)
            took = self._time() - began
            self._lead = min(_LONGEST_LEAD, max(took, 0.8 * self._lead + 0.2 * took))
        return bool(errand)

    @property
    def _renewal_at(self) -> float:
        return self._lease_until - self._lease.total_seconds() * 2 / 3

    def _judge_ended(self) -> None:
        """Turn the calls that have ended into verdicts, and keep to their pauses."""
        now, moment = self._clock(), self._time()
        ended = self._calls.take_ended()
        for call in ended:
            verdicts = judge_all(
                call,
                now=now,
                drops_copies_for=self._manners.drops_copies_for,
                chance=self._chance,
            )
            for verdict in verdicts:
                self._observe(verdict.outcome, call.took)
                self._verdicts.append(verdict)
                self._is_paused |= keep_to(self.pace, verdict, now=moment)
        # For what waited for these. What came by express has nothing behind it, unless
        # we were told so.
        ended = [
            one for one in ended if not one.is_express or one.began <= self._woken_at
        ]
        if ended:
            answers = any(is_answer(call.parcel) for call in ended)
            self._stock.look_at_once(answers=answers)

    async def _carry_out(
        self, errand: Errand, calls: Sequence[Call], *, at: datetime
    ) -> None:
        began = self._time()
        hurried: list[Call] = []
        undone: list[Call] = []

        def hurry(claimed: Sequence[Parcel]) -> list[int]:
            self._forget(hurried)  # the transaction is being done again
            undone.extend(hurried)
            # What ends meanwhile is SENDING in the store until the next transaction.
            under_way = len(self._calls) + self._calls.unheard + len(calls)
            hurried[:] = self._hurry(claimed, under_way=under_way, at=at)
            self._marking = len(calls) + len(hurried)
            return [call.parcel.id for call in hurried]

        self._marking = len(calls)
        try:
            work = self._work(errand, at=at, choose=hurry)
            done, is_sure = await self._transact(work)
        except BaseException:
            self._forget((*calls, *hurried))
            raise
        finally:
            self._marking = 0
        if errand.renew:
            self._lease_until = began + errand.renew.total_seconds()
        self._verdicts.clear()
        del self._in_doubt[: len(errand.take_back)]
        for call in (*calls, *hurried):
            self._begin(call, marked=done.marked, is_sure=is_sure)
        gone = {id_ for call in hurried for id_ in call.ids}
        for call in undone:
            if call.parcel.id not in gone:
                self._begin(call, marked=frozenset(), is_sure=False)
        moment = self._time()
        for look, parcels in zip(errand.looks, done.claimed, strict=True):
            self._stock.add(look, parcels, now=moment, gone=gone)
        self._is_unsure = not is_sure
        if self._is_unsure:  # an earlier try may have claimed others: begin anew
            self._stock = self._empty_stock()
        if errand.verdicts or calls or any(done.claimed):
            self._idle_until = moment + self._linger
        await self._look_back(parcel for found in done.claimed for parcel in found)
        await self._ring_all(done.lanes)

    def _hurry(
        self, claimed: Sequence[Parcel], *, under_way: int, at: datetime
    ) -> list[Call]:
        """Choose answers that go at once: somebody waits for them.

        Not those to addresses of which we may have more to learn.
        """
        known = [one for one in claimed if self._former.knows(one.address)]
        return self._stock.hurry(
            known, self._time(), at=at, lead=self._lead, under_way=under_way
        )

    def _forget(self, calls: Iterable[Call]) -> None:
        for call in calls:
            self.pace.end(call.slot, now=self._time())

    def _begin(self, call: Call, *, marked: Set[int], is_sure: bool) -> None:
        """Make a call of what is committed as marked; give its place up if nothing is.

        Of a try that is not sure, one before it may have marked the rest.
        """
        rest = [one for one in call.parcels if one.id not in marked]
        if not is_sure:
            now = self._clock()
            self._verdicts.extend(never_sent(one, now=now) for one in rest)
        if len(rest) == len(call.parcels):
            self._forget([call])
            return
        call.parcels = tuple(one for one in call.parcels if one.id in marked)
        copies = self._manners.drops_copies_for
        refusal = too_late(call.parcel, now=self._clock(), drops_copies_for=copies)
        self._calls.begin(call, refusal=refusal)

    async def _ring_all(self, lanes: Iterable[str]) -> None:
        for lane in lanes:
            if lane == self._hold.lane:
                self.wake()
                continue
            try:
                await self._ring(lane)
            except Exception:  # the clock will ring it a little later
                log.exception("lane %s could not be rung", lane)

    async def _rest(self) -> None:
        """Wait until a call ends, somebody wakes us, or a moment comes."""
        self._woken.clear()
        now = self._time()
        bulk = now < self._until
        moment = self._stock.next_moment(
            lead=self._lead, under_way=len(self._calls), bulk=bulk
        )
        moment = min(moment, self._renewal_at, self._until if bulk else inf)
        with suppress(TimeoutError):
            async with asyncio.timeout(max(0.0, moment - now)):
                await self._woken.wait()

    async def _close(self) -> None:
        """Let calls end, write down what came of them, and put the rest back."""
        await self._calls.finish(within=FINISH)
        self._judge_ended()
        await self._carry_out(self._last_errand(), [], at=self._clock())

    def _last_errand(self) -> Errand:
        return Errand(
            verdicts=tuple(self._verdicts),
            ended_at=self._stamp(),
            take_back=tuple(self._in_doubt),
            put_back_all=True,
        )

    async def _record_late(self) -> None:
        """Write down what is known all the same, if nobody took the lane meanwhile.

        The lease is over, but the epoch tells: else the next holder could only call
        unknown what we know was sent.
        """
        self._judge_ended()
        errand = self._last_errand()
        with suppress(LaneLost, StoreError, DBAPIError):
            await self._commits.run(self._work(errand, at=self._clock()))

    def _work(
        self, errand: Errand, *, at: datetime, choose: Choose = mark_none
    ) -> Callable[[AsyncSession], Awaitable[Done]]:
        return partial(
            run_errand,
            hold=self._hold,
            errand=errand,
            now=at,
            on_failed=self._on_failed,
            choose=choose,
        )

    async def _transact(
        self, work: Callable[[AsyncSession], Awaitable[T]]
    ) -> tuple[T, bool]:
        """Do *work* in one transaction, again and again while the store is away.

        Returns its result, and whether the first try did it; else a try before may
        have done it too. Raises StoreError after that, LaneLost if it is too late.
        """
        is_first = True
        while True:
            if self._time() >= self._lease_until:
                raise LaneLost(f"the lease of lane {self._hold.lane} may have ended")
            try:
                return await self._commits.run(work), is_first
            except (StoreError, DBAPIError) as error:
                is_first = False
                log.warning("lane %s: %s", self._hold.lane, error)
                last = self._time() + _RETRY >= self._lease_until or self._is_stopping
                if last:
                    raise
                await asyncio.sleep(_RETRY)
