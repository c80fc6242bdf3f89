"""Who may do what one alone can do at a time: those in haste before the others."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

_ROUNDS = 8
"""Rounds of the loop in which what came in by the wire gets to ask for its turn."""

_IN_A_ROW = 2
"""Turns of those in haste after which one of the others has his."""


class Turns:
    """Lets one in after the other, as they came; whoever is in haste goes first."""

    def __init__(self) -> None:
        """Begin with nobody inside."""
        self._is_taken = False
        self._in_a_row = 0
        self._hasty: deque[asyncio.Future[None]] = deque()
        self._others: deque[asyncio.Future[None]] = deque()

    @asynccontextmanager
    async def turn(self, *, first: bool, within: float) -> AsyncIterator[None]:
        """Wait for a turn, and have it inside.

        Raises TimeoutError if it does not come *within* so many seconds.
        """
        await self._take(first=first, within=within)
        try:
            yield
        finally:
            self._pass_on()

    async def _take(self, *, first: bool, within: float) -> None:
        if not self._is_taken:
            self._is_taken = True
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        (self._hasty if first else self._others).append(turn)
        try:
            async with asyncio.timeout(within):
                await turn
        except BaseException:
            if turn.done() and not turn.cancelled():  # it came, and is not wanted
                self._pass_on()
            raise

    def _pass_on(self, rounds: int = _ROUNDS) -> None:
        """Give the turn away; to the others only if nobody in haste comes meanwhile.

        Those may keep the loop to themselves for milliseconds: so whoever has just
        ended, or come in by the wire, gets a few rounds of it before. But where those
        in haste never end, every third turn is for the others.
        """
        if self._in_a_row < _IN_A_ROW or not self._others:
            if _given(self._hasty):
                self._in_a_row += 1
                return
            if self._others and rounds:
                asyncio.get_running_loop().call_soon(self._pass_on, rounds - 1)
                return
        self._in_a_row = 0
        if not _given(self._others) and not _given(self._hasty):
            self._is_taken = False


def _given(waiting: deque[asyncio.Future[None]]) -> bool:
    """Give the turn to the first who still wants it; False if there is none."""
    while waiting:
        turn = waiting.popleft()
        if not turn.done():
            turn.set_result(None)
            return True
    return False
