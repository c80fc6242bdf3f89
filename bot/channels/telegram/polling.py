"""Asks for updates, and moves on only when each of them is kept."""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from telegram.error import Conflict, EndPointNotFound, Forbidden, InvalidToken

from bot.channels.telegram.errors import REST
from bot.channels.telegram.transport import Flooded

log = logging.getLogger(__name__)

Fetch = Callable[[int | None], Awaitable[list[Any]]]
"""Asks for updates from a number on, None for all that were not confirmed."""

Accept = Callable[[Any], Awaitable[None]]
"""Keeps one update, or raises if it is not kept."""

_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 30.0  # seconds, doubling while nothing works
_RENEW_AFTER = 3  # failures in a row; then the connection itself is doubted
_FORGET_AFTER = 86400.0  # seconds without an update; their numbers may begin anew

_KINDS = ("message", "edited_message", "my_chat_member")


class Poller:
    """A long poll after the other, for ever; nothing but `cancel` ends it.

    What goes wrong is in `trouble`, "" if the last poll was answered and all that it
    brought was kept.
    """

    def __init__(
        self,
        fetch: Fetch,
        accept: Accept,
        *,
        renew: Callable[[], Awaitable[None]],
        heard: Callable[[], None],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        """Poll by *fetch*; *heard* is told of each answer, *renew* opens a new line."""
        self._fetch = fetch
        self._accept = accept
        self._renew = renew
        self._heard = heard
        self._sleep = sleep
        self._chance = chance
        self._offset: int | None = None
        self._failures = 0
        self._last_update = 0.0
        self.trouble = ""

    async def run(self) -> None:
        """Poll until cancelled."""
        while True:
            try:
                pause = await self._poll()
            except Exception as error:  # whatever it was, we go on listening
                pause = self._after_error(error)
            if pause:
                await self._sleep(pause)
                if self._failures and self._failures % _RENEW_AFTER == 0:
                    await self._renew()

    async def _poll(self) -> float:
        """Ask once and keep what comes; returns how many seconds to wait then."""
        updates = await self._fetch(self._offset)
        self._heard()
        now = asyncio.get_running_loop().time()
        if updates:
            self._last_update = now
        elif now - self._last_update > _FORGET_AFTER:
            self._offset = None
        if await self._keep(updates):
            self._failures, self.trouble = 0, ""
            return 0.0
        self.trouble = "what came in could not be kept"
        return self._back_off()

    async def _keep(self, updates: list[Any]) -> bool:
        """Keep a batch, each chat's in its order; False if some are to come again."""
        chats: dict[object, list[Any]] = {}
        for update in sorted(updates, key=_number):
            chats.setdefault(_chat_of(update), []).append(update)
        lost = await asyncio.gather(*map(self._keep_in_order, chats.values()))
        kept = [_number(one) for one in updates if _number(one) >= 0]
        missing = [one for one in lost if one is not None]
        if missing:
            self._offset = min(missing)
        elif kept:
            self._offset = max(kept) + 1
        return not missing and bool(kept or not updates)

    async def _keep_in_order(self, updates: Iterable[Any]) -> int | None:
        """Keep updates one by one; the number of the first that is not, else None."""
        for update in updates:
            try:
                await self._accept(update)
            except Exception as error:
                log.warning("update %s is not kept: %s", _number(update), error)
                return max(0, _number(update))
        return None

    def _after_error(self, error: Exception) -> float:
        self.trouble = type(error).__name__
        log.warning("getUpdates: %s: %s", type(error).__name__, str(error)[:200])
        if isinstance(error, Flooded):
            return error.seconds
        if isinstance(error, Conflict):
            log.error("another process asks with our token, or a webhook is set")
        pause = self._back_off()
        is_refused = isinstance(error, InvalidToken | EndPointNotFound | Forbidden)
        return REST if is_refused else pause

    def _back_off(self) -> float:
        self._failures += 1
        bound = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2.0 ** min(self._failures - 1, 10))
        return bound * (0.5 + 0.5 * self._chance())


def _number(update: Any) -> int:
    """Return the number of an update; -1 if it has none, and cannot be confirmed."""
    number = update.get("update_id") if isinstance(update, dict) else None
    return number if isinstance(number, int) else -1


def _chat_of(update: Any) -> object:
    """Return what tells conversations apart; a wrong guess costs only time."""
    try:
        press = update.get("callback_query")
        inner = press or next(update[kind] for kind in _KINDS if kind in update)
        chat = (inner.get("message") or inner if press else inner)["chat"]
        return int(chat["id"])
    except (AttributeError, KeyError, StopIteration, TypeError, ValueError):
        return None
