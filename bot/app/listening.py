"""Listens to the channels: to one that polls, in one process at a time."""

import asyncio
import logging
from collections.abc import Callable, Collection, Coroutine, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, repeat

from bot.mail.commits import Writing
from bot.mail.hearing import listening_lane, record_hearing
from bot.mail.lanes import (
    LaneHold,
    open_lane,
    release_lane,
    renew_lane,
    take_lane,
)
from bot.messages import Channel, Hearing, Take

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=6)
"""How long the right to poll stays with a process that says nothing."""

_RENEW = 2.0  # seconds; also how often the others ask whether it is their turn
_RECORD = 5.0  # seconds between two notes of how well we hear
_START = 1.0  # seconds that we wait for channels to listen before we say "started"
_LETTING_GO = 1.0  # seconds for the store to take the right back
_PAUSES = (1.0, 5.0, 15.0, 60.0)  # seconds before we try again to listen


@dataclass(frozen=True, kw_only=True)
class Listener:
    """Who listens: the name under which it holds lanes, its store and its clock.

    Whoever *is_alone* on its store polls without asking for the right to.
    """

    owner: str
    is_alone: bool
    writing: Writing
    clock: Callable[[], datetime]


class Ears:
    """All the listening of one process.

    A channel behind a webhook is listened to by every process, for each may be called.
    One that polls is heard by whoever holds its lane "listen:NAME"; when that one dies
    another has it within eight seconds.
    """

    def __init__(self, channels: Mapping[str, Channel], us: Listener) -> None:
        self._channels = channels
        self._us = us
        self._tasks: set[asyncio.Task[None]] = set()
        self._heard_here: dict[str, datetime] = {}  # and since when we listen to it

    @property
    def names(self) -> tuple[str, ...]:
        """Name the channels that tell how well they hear, here or elsewhere."""
        return tuple(
            name
            for name, channel in self._channels.items()
            if isinstance(channel, Hearing)
        )

    async def start(self, take: Take, *, among: Collection[str] | None = None) -> None:
        """Begin to listen, to those *among* them if given; waits a second at most."""
        among = self._channels if among is None else among
        begun = [self._begin(name, take) for name in self._channels if name in among]
        if self.names:
            self._spawn(self._record())
        if begun:
            await asyncio.wait(begun, timeout=_START)

    async def stop(self) -> None:
        """Ask for nothing any more, and hand the right to do so on."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _begin(self, name: str, take: Take) -> asyncio.Future[None]:
        """Listen to a channel; returns what is done once it was tried."""
        tried: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        channel = self._channels[name]
        if self._us.is_alone or not (isinstance(channel, Hearing) and channel.polls):
            self._spawn(self._listen(name, take, tried))
        else:
            self._spawn(self._listen_in_turn(name, channel, take, tried))
        return tried

    async def _listen(
        self, name: str, take: Take, tried: asyncio.Future[None] | None = None
    ) -> None:
        """Listen to one channel; if it cannot, the others go on, and it tries again."""
        for pause in chain(_PAUSES, repeat(_PAUSES[-1])):
            try:
                await self._channels[name].start(take)
            except Exception:
                log.exception("cannot listen", extra={"channel": name})
            else:
                self._heard_here[name] = self._us.clock()
                return
            finally:
                _done(tried)
            await asyncio.sleep(pause)

    async def _listen_in_turn(
        self, name: str, channel: Hearing, take: Take, tried: asyncio.Future[None]
    ) -> None:
        """Listen while the right to do so is ours, and ask for it while it is not."""
        while True:
            began = _monotonic()
            hold = await self._ask_for(name)
            if hold:
                try:
                    await self._listen(name, take, tried)
                    log.info("listening", extra={"channel": name})
                    await self._keep(hold, until=began + LEASE.total_seconds())
                finally:
                    self._heard_here.pop(name, None)
                    await channel.rest()
                    await self._release(hold)
                log.warning("listening no more", extra={"channel": name})
            _done(tried)
            await asyncio.sleep(_RENEW)

    async def _ask_for(self, name: str) -> LaneHold | None:
        lane = listening_lane(name)
        try:
            async with self._us.writing() as session:
                await open_lane(session, lane)
                return await take_lane(
                    session,
                    lane,
                    owner=self._us.owner,
                    now=self._us.clock(),
                    lease=LEASE,
                )
        except Exception as error:
            log.error("cannot ask", extra={"lane": lane, "why": str(error)})
            return None

    async def _keep(self, hold: LaneHold, *, until: float) -> None:
        """Renew the right; return when it is another's, or was not renewed in time."""
        while _monotonic() < until:
            await asyncio.sleep(_RENEW)
            began = _monotonic()
            try:
                async with asyncio.timeout_at(until):
                    if not await self._renew(hold):
                        return
                    until = began + LEASE.total_seconds()
            except Exception as error:
                log.error("not renewed", extra={"lane": hold.lane, "why": str(error)})

    async def _renew(self, hold: LaneHold) -> bool:
        async with self._us.writing() as session:
            return await renew_lane(session, hold, now=self._us.clock(), lease=LEASE)

    async def _release(self, hold: LaneHold) -> None:
        try:
            async with asyncio.timeout(_LETTING_GO), self._us.writing() as session:
                await release_lane(session, hold)
        except Exception as error:
            log.warning("not handed on", extra={"lane": hold.lane, "why": str(error)})

    async def _record(self) -> None:
        """Note again and again how well this process hears."""
        while True:
            await asyncio.sleep(_RECORD)
            for name, since in list(self._heard_here.items()):
                channel = self._channels[name]
                if isinstance(channel, Hearing):
                    await self._note(name, channel, since)

    async def _note(self, name: str, channel: Hearing, since: datetime) -> None:
        """Note one; behind a webhook silence is no sign, as long as all is well."""
        now, trouble = self._us.clock(), channel.trouble
        heard = channel.heard_at
        if not channel.polls and not trouble:
            heard = now
        try:
            async with self._us.writing() as session:
                await record_hearing(
                    session, name, heard_at=heard, since=since, trouble=trouble
                )
        except Exception as error:
            log.error("hearing not noted", extra={"channel": name, "why": str(error)})

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _done(tried: asyncio.Future[None] | None) -> None:
    if tried and not tried.done():
        tried.set_result(None)


def _monotonic() -> float:
    return asyncio.get_running_loop().time()
