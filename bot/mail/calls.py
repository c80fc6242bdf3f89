"""The calls under way through one channel, each in its place in the pace."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from bot.errors import DeliveryError, NotSent, Unanswered
from bot.mail.ledger import Parcel
from bot.mail.pace import Pace, Slot
from bot.messages import Batching, Channel

log = logging.getLogger(__name__)

Ended = str | BaseException | Mapping[str, str | DeliveryError]


@dataclass(slots=True, eq=False, kw_only=True)
class Call:
    """One API call: chosen at a place in the pace, then marked, then made.

    It delivers `parcels`, in the order of their ids: several where one call tells many
    the same. `chosen_at` and `not_before` are the monotonic seconds at and for which
    the place was taken; `handed_at` is when the delivery was marked. `ended` is the
    product's id or the error, once it has ended, for all or by address, and `took` how
    many seconds it lasted. One that *is_express* was not claimed before.
    """

    parcels: tuple[Parcel, ...]
    slot: Slot
    chosen_at: float
    not_before: float
    handed_at: datetime
    is_express: bool = False
    began: float = 0.0
    took: float = 0.0
    ended: Ended = ""

    @property
    def parcel(self) -> Parcel:
        """Return the only parcel, or the first."""
        return self.parcels[0]

    @property
    def is_batch(self) -> bool:
        """Tell whether it tells several, and is no copy of a call before it."""
        return len(self.parcels) > 1 and not self.parcel.told

    @property
    def ids(self) -> tuple[int, ...]:
        """Return the ids of its deliveries."""
        return tuple(one.id for one in self.parcels)

    @property
    def addresses(self) -> tuple[str, ...]:
        """Return whom it tells: a copy tells all that the call before it told."""
        return self.parcel.told or tuple(one.address for one in self.parcels)

    def end_of(self, parcel: Parcel) -> str | BaseException:
        """Return what came of one of its parcels."""
        if isinstance(self.ended, Mapping):
            return self.ended.get(parcel.address, Unanswered("nothing was said of it"))
        return self.ended


class Calls:
    """Makes calls, and keeps those that have ended until they are asked for."""

    def __init__(
        self,
        channel: Channel,
        pace: Pace,
        *,
        patience: float,
        may_send: Callable[[], bool],
        on_end: Callable[[], None],
    ) -> None:
        """A call that lasts longer than *patience* seconds counts as unanswered."""
        self._channel = channel
        self._pace = pace
        self._patience = patience
        self._may_send = may_send
        self._on_end = on_end
        self._under_way: dict[Call, asyncio.Task[None]] = {}
        self._ended: list[Call] = []
        self._expected = 0
        self._none_expected = asyncio.Event()
        self._none_expected.set()
        self._is_cut_off = False

    def __len__(self) -> int:
        """Count the calls under way, and those that are expected."""
        return len(self._under_way) + self._expected

    @property
    def unheard(self) -> int:
        """Count the calls that have ended since the last time."""
        return len(self._ended)

    @property
    def are_over(self) -> bool:
        """Tell whether none is under way, and none has ended unheard."""
        return not len(self) and not self._ended

    def expect(self, count: int) -> None:
        """Say that so many more will begin, or not, when a transaction has ended."""
        self._expected += count
        if self._expected:
            self._none_expected.clear()
        else:
            self._none_expected.set()
            self._on_end()

    def give_up(self, slot: Slot) -> None:
        """Say that an answer that was expected does not begin: its place is free."""
        self._pace.leave(slot)
        self.expect(-1)

    def open(self) -> None:
        """Let calls begin, after they were cut off."""
        self._is_cut_off = False

    def any_from_before(self, moment: float) -> bool:
        """Tell whether one is under way that was chosen before a monotonic second."""
        return any(call.chosen_at < moment for call in self._under_way)

    def take_ended(self) -> list[Call]:
        """Return the calls that have ended since the last time."""
        ended, self._ended = self._ended, []
        return ended

    def begin(self, call: Call, *, refusal: DeliveryError | None = None) -> None:
        """Make a call that is marked; with a *refusal* it ends so, and is not made."""
        call.began = asyncio.get_running_loop().time()
        if self._is_cut_off:  # nobody waits for its end: the next holder puts it right
            self._pace.end(call.slot, now=call.began)
            return
        if refusal:
            self._end(call, refusal)
            return
        task = asyncio.create_task(self._make(call))
        self._under_way[call] = task

    async def finish(self, *, within: float) -> None:
        """Wait for calls under way or expected; after *within* seconds cut them off."""
        until = asyncio.get_running_loop().time() + within
        with suppress(TimeoutError):
            async with asyncio.timeout_at(until):
                await self._none_expected.wait()
                if self._under_way:
                    await asyncio.wait(self._under_way.values())
        await self.cut_off()

    async def cut_off(self) -> None:
        """End all calls at once; whether those under way arrived nobody knows."""
        self._is_cut_off = True
        tasks = list(self._under_way.values())
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)
        for call in list(self._under_way):  # a task that was cancelled before it ran
            self._end(call, NotSent("cut off before it began"))

    async def _make(self, call: Call) -> None:
        ended: Ended = Unanswered("cut off")
        try:
            ended = await self._send(call)
        except TimeoutError as error:
            ended = error
        except DeliveryError as error:
            ended = error
        except Exception as error:
            log.exception("delivery %s: the channel failed", call.parcel.id)
            ended = error
        finally:
            self._end(call, ended)

    async def _send(self, call: Call) -> Ended:
        loop = asyncio.get_running_loop()
        if call.not_before > call.began:
            await asyncio.sleep(call.not_before - call.began)
            call.began = loop.time()
        if not self._may_send():
            raise NotSent("the lease had run out")
        async with asyncio.timeout(self._patience):
            return await self._tell(call.addresses, call.parcel.request)

    async def _tell(self, addresses: Sequence[str], request: str) -> Ended:
        if len(addresses) == 1:
            return await self._channel.send(addresses[0], request)
        assert isinstance(self._channel, Batching)
        return await self._channel.send_many(addresses, request)

    def _end(self, call: Call, ended: Ended) -> None:
        now = asyncio.get_running_loop().time()
        call.ended, call.took = ended, now - call.began
        self._pace.end(call.slot, now=now)
        self._under_way.pop(call, None)
        self._ended.append(call)
        self._on_end()
