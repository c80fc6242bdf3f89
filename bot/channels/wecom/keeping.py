"""Keeps what was heard: each conversation in its order, until the store has it.

A long connection brings nothing twice: what the store does not take at once is tried
again for as long as the process lives.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from itertools import chain, repeat
from typing import Protocol

from bot.errors import StoreError
from bot.messages import Incoming, Take

log = logging.getLogger(__name__)

_MOST = 1000  # messages that wait for the store; then nothing more is read
_PAUSES = (0.1, 0.2, 0.5, 1.0, 2.0)  # seconds between two tries


class KeepUnreadable(Protocol):
    """Keeps what could not be read or taken; as `Inbox.keep_unreadable`."""

    async def __call__(
        self, *, channel: str, product_id: str, raw: str, error: str
    ) -> object:
        """Return when it is kept; raises StoreError if it is not."""


async def log_unreadable(
    *, channel: str, product_id: str, raw: str, error: str
) -> None:
    """Keep nothing, and say so: for a channel that stands alone."""
    log.error("message %s of %s is lost: %s", product_id, channel, error)


class Keeper:
    """Hands messages over, those of one conversation one after the other."""

    def __init__(self, take: Take, unreadable: KeepUnreadable, *, channel: str) -> None:
        """Hand what was said to *take*, and what cannot be taken to *unreadable*."""
        self._take = take
        self._unreadable = unreadable
        self._channel = channel
        self._room = asyncio.Semaphore(_MOST)
        self._last: dict[str, asyncio.Task[None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.trouble = ""

    async def put(self, incoming: Incoming) -> None:
        """Have a message kept; returns at once, unless too many wait."""
        await self._go(incoming.conversation, lambda: self._keep(incoming))

    async def put_unreadable(self, raw: str, error: Exception) -> None:
        """Have kept, for the office, what could not be read."""
        await self._go("", lambda: self._keep_unreadable("", raw, error))

    async def settle(self, *, within: float) -> None:
        """Wait for some seconds until all is kept, and give up the rest."""
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=within)
            for task in late:
                log.error("a message is lost: the store did not take it in time")
                task.cancel()

    async def _go(self, conversation: str, work: Callable[[], Awaitable[None]]) -> None:
        await self._room.acquire()
        before = self._last.get(conversation)
        task = asyncio.create_task(self._follow(before, work))
        self._last[conversation] = task
        self._tasks.add(task)
        task.add_done_callback(lambda done: self._end(conversation, done))

    async def _follow(
        self, before: asyncio.Task[None] | None, work: Callable[[], Awaitable[None]]
    ) -> None:
        if before:
            await asyncio.wait([before])
        await work()

    def _end(self, conversation: str, task: asyncio.Task[None]) -> None:
        self._room.release()
        self._tasks.discard(task)
        if self._last.get(conversation) is task:
            del self._last[conversation]

    async def _keep(self, incoming: Incoming) -> None:
        """Try until the store has it; twice if it is not the store that fails."""
        failures = 0
        for pause in chain(_PAUSES, repeat(_PAUSES[-1])):
            try:
                await self._take(incoming)
            except StoreError as error:
                self._note(error)
            except Exception as error:
                log.exception("message %s was not taken", incoming.product_id)
                failures += 1
                if failures > 1:
                    raw = repr(incoming)
                    return await self._keep_unreadable(incoming.product_id, raw, error)
            else:
                self.trouble = ""
                return
            await asyncio.sleep(pause)

    async def _keep_unreadable(self, product_id: str, raw: str, why: Exception) -> None:
        for pause in chain(_PAUSES, repeat(_PAUSES[-1])):
            try:
                await self._unreadable(
                    channel=self._channel,
                    product_id=product_id,
                    raw=raw,
                    error=f"{type(why).__name__}: {why}"[:500],
                )
            except StoreError as error:
                self._note(error)
            except Exception:
                log.exception("message %s is lost", product_id)
                return
            else:
                self.trouble = ""
                return
            await asyncio.sleep(pause)

    def _note(self, error: Exception) -> None:
        self.trouble = f"StoreError: what came in could not be kept: {error}"
        log.warning("%s", self.trouble)
