"""Takes updates in: each is kept before Telegram hears of it, or told as unreadable."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Protocol

import msgspec
from msgspec.structs import replace

from bot.channels.telegram.commands import decides_for_group
from bot.channels.telegram.objects import Me
from bot.channels.telegram.presses import Presses
from bot.channels.telegram.updates import press_of, read_update
from bot.channels.telegram.wire import read_json
from bot.errors import StoreError
from bot.messages import Incoming, Place, Take

log = logging.getLogger(__name__)

_SOON = 3.0  # seconds that Telegram has to say who is an administrator
_PAUSE = 0.2  # seconds before what was not taken is tried again


class KeepUnreadable(Protocol):
    """Keeps an update that could not be read or taken; as `Inbox.keep_unreadable`."""

    async def __call__(
        self, *, channel: str, product_id: str, raw: str, error: str
    ) -> object:
        """Return when it is kept; raises StoreError if it is not."""


async def log_unreadable(
    *, channel: str, product_id: str, raw: str, error: str
) -> None:
    """Keep nothing, and say so: for a channel that stands alone."""
    log.error("update %s of %s is lost: %s", product_id, channel, error)


IsAdmin = Callable[[str, str], Awaitable[bool | None]]
"""(group, person) -> whether the person administers it, None if nobody knows."""


async def _nobody_knows(group: str, person: str) -> bool | None:
    return None


class Intake:
    """The one way in, for polling and webhook."""

    def __init__(
        self,
        *,
        channel: str,
        me: Me,
        take: Take,
        unreadable: KeepUnreadable,
        presses: Presses,
        clock: Callable[[], datetime],
        is_admin: IsAdmin = _nobody_knows,
    ) -> None:
        """Hand what is said to *take*, and what cannot be read to *unreadable*."""
        self._is_admin = is_admin
        self._channel = channel
        self._me = me
        self._take = take
        self._unreadable = unreadable
        self._presses = presses
        self._clock = clock

    async def accept(self, raw: object) -> None:
        """Take one update in; it may be confirmed when this returns.

        Raises StoreError, or whatever `unreadable` raises, if it is not kept.
        """
        try:
            incoming = read_update(
                raw, me=self._me, channel=self._channel, now=self._clock()
            )
            if incoming:
                await self._take_twice(await self._with_rights(incoming))
        except StoreError:
            raise
        except Exception as error:  # not the store: it would fail again for ever
            log.warning("update %s: %s", _id_of(raw), type(error).__name__)
            await self._keep_unreadable(raw, error)
        self._presses.came(press_of(raw))

    async def _with_rights(self, incoming: Incoming) -> Incoming:
        """Note whether he who decides for a group may: it is asked at that moment."""
        if incoming.place is not Place.GROUP or not incoming.address:
            return incoming
        if incoming.edited or not decides_for_group(incoming.text):
            return incoming
        try:
            async with asyncio.timeout(_SOON):  # others wait to be kept meanwhile
                is_admin = await self._is_admin(incoming.group, incoming.address)
        except Exception as error:
            log.warning("update %s: %s", incoming.product_id, type(error).__name__)
            return incoming
        return replace(incoming, by_group_admin=is_admin)

    async def _take_twice(self, incoming: Incoming) -> None:
        """Hand over a message; a second time if it was not the store that failed."""
        try:
            await self._take(incoming)
        except StoreError:
            raise
        except Exception:
            log.exception("update %s was not taken", incoming.product_id)
            await asyncio.sleep(_PAUSE)
            await self._take(incoming)

    async def accept_body(self, body: bytes) -> None:
        """Take in one update as it was posted; raises as `accept` does."""
        try:
            raw = read_json(body)
        except ValueError as error:
            return await self._keep_unreadable(body.decode("utf-8", "replace"), error)
        await self.accept(raw)

    async def _keep_unreadable(self, raw: object, error: Exception) -> None:
        await self._unreadable(
            channel=self._channel,
            product_id="",  # its text tells: numbers may begin anew
            raw=raw if isinstance(raw, str) else _text_of(raw),
            error=f"{type(error).__name__}: {error}"[:500],
        )


def _id_of(raw: object) -> str:
    number = raw.get("update_id") if isinstance(raw, dict) else None
    return str(number) if isinstance(number, int) else ""


def _text_of(raw: object) -> str:
    try:
        return msgspec.json.encode(raw).decode()
    except (msgspec.EncodeError, TypeError, UnicodeError):
        return repr(raw)
