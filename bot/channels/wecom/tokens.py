"""Access tokens: fetched once, however many wait for one, and shared by processes."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from bot.channels.wecom.errors import STOPPED, ApiError, Kind, delivery_error
from bot.errors import NotSent

log = logging.getLogger(__name__)

EARLY = timedelta(minutes=5)
"""How long before its end a token is not used any more."""

_SAME = timedelta(minutes=1)  # in which a token that fails is fetched anew only once


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """An access token, and until when it is good."""

    value: str = field(repr=False)
    expires_at: datetime


class TokenStore(Protocol):
    """Where the processes of one office keep a token, so that one fetches for all.

    *key* names corporation and app, and holds nothing of the secret.
    """

    async def load(self, key: str) -> Token | None:
        """Return what was kept last, None if nothing was."""

    async def save(self, key: str, token: Token) -> None:
        """Keep a token in place of the one before."""

    def turn(self, key: str) -> AbstractAsyncContextManager[None]:
        """Wait until no other process fetches, and let none begin inside."""


class InMemory:
    """A TokenStore for a process that is alone."""

    def __init__(self) -> None:
        """Begin empty."""
        self._tokens: dict[str, Token] = {}

    async def load(self, key: str) -> Token | None:
        """Return what was kept last."""
        return self._tokens.get(key)

    async def save(self, key: str, token: Token) -> None:
        """Keep a token."""
        self._tokens[key] = token

    @asynccontextmanager
    async def turn(self, key: str) -> AsyncIterator[None]:
        """Let in at once: there is nobody else."""
        yield


class Tokens:
    """The token of one app.

    Whoever asks while one is fetched waits for that one, and shares its failure too.
    After a refusal that only an administrator can mend nothing is fetched for ten
    minutes: two thousand vain calls an hour would lock the app out.
    """

    def __init__(
        self,
        fetch: Callable[[], Awaitable[Token]],
        *,
        key: str,
        clock: Callable[[], datetime],
        store: TokenStore | None = None,
    ) -> None:
        """Prepare; *fetch* asks WeCom, and raises ApiError, NotReached or NoAnswer."""
        self._fetch, self._key, self._clock = fetch, key, clock
        self._store = store or InMemory()
        self._token: Token | None = None
        self._flight: asyncio.Task[Token] | None = None
        self._renewed: tuple[str, datetime] | None = None
        self._stopped: tuple[str, datetime] | None = None
        self._fetched_at: datetime | None = None

    @property
    def trouble(self) -> str:
        """Say what keeps us from having a token; "" if nothing is known."""
        return self._stopped[0] if self._stopped else ""

    async def get(self) -> str:
        """Return a token that is good for five minutes more; raises NotSent."""
        token = self._token
        if token and self._is_good(token):
            return token.value
        return (await self._shared(failing="")).value

    async def renew(self, failing: str) -> str:
        """Return another token than the one that WeCom did not take; raises NotSent.

        It is fetched only if ours still is the failing one. The failing one comes back
        if WeCom, asked a minute ago, knew no other.
        """
        token = self._token
        if token and token.value != failing and self._is_good(token):
            return token.value
        if token and self._renewed and self._renewed[0] == failing:
            if self._clock() - self._renewed[1] < _SAME:
                return token.value
        return (await self._shared(failing=failing)).value

    async def _shared(self, *, failing: str) -> Token:
        self._refuse_while_stopped()
        if self._flight is None:
            self._flight = asyncio.create_task(self._obtain(failing))
            self._flight.add_done_callback(self._landed)
        flight = self._flight
        try:
            return await asyncio.shield(flight)
        except asyncio.CancelledError:
            if not flight.cancelled():  # it is us who are to stop
                raise
            failure: Exception = NotSent("stopped while a token was fetched")
        except Exception as error:
            failure = delivery_error(error)
        raise _not_sent(failure)

    def stop(self) -> None:
        """Fetch nothing any more, until somebody asks again; safe to call twice."""
        if self._flight:
            self._flight.cancel()

    def _landed(self, flight: asyncio.Task[Token]) -> None:
        self._flight = None
        if not flight.cancelled():
            flight.exception()  # it is told to those who wait, if anybody still does

    async def _obtain(self, failing: str) -> Token:
        """Take the token that another process fetched, or fetch one for all."""
        async with self._store.turn(self._key):
            kept = await self._store.load(self._key)
            if kept and kept.value != failing and self._is_good(kept):
                self._token = kept
                return kept
            try:
                token = await self._fetch()
            except ApiError as error:
                self._note_refusal(error)
                raise
            await self._save(token)
        self._token, self._stopped = token, None
        self._fetched_at = self._clock()
        if failing:
            self._renewed = (failing, self._clock())
        return token

    async def _save(self, token: Token) -> None:
        try:
            await self._store.save(self._key, token)
        except Exception as error:  # others fetch one of their own then
            log.warning("a token is not shared: %s", type(error).__name__)

    def _note_refusal(self, error: ApiError) -> None:
        if error.kind in (Kind.TOKEN, Kind.STOPPED):
            self._stopped = (str(delivery_error(error)), self._clock())

    def _refuse_while_stopped(self) -> None:
        if self._stopped:
            words, since = self._stopped
            left = STOPPED - (self._clock() - since).total_seconds()
            if left > 0:
                raise NotSent(words, retry_after=left, everywhere=True)

    def _is_good(self, token: Token) -> bool:
        """Tell whether it need not be fetched anew.

        Near its end WeCom may give the same one again: it is not asked all the time.
        """
        now = self._clock()
        if now < token.expires_at - EARLY:
            return True
        just_fetched = self._fetched_at and now - self._fetched_at < _SAME
        return bool(just_fetched) and now < token.expires_at


def _not_sent(failure: Exception) -> NotSent:
    """Say that nothing was sent, as there was no token to send it with."""
    if isinstance(failure, NotSent):
        return failure
    return NotSent(f"no token: {failure}", everywhere=True)
