"""One look at the store for all who ask at the same moment."""

import asyncio
from collections.abc import Awaitable, Callable

from handlers.health import Health

Look = Callable[[], Awaitable[Health]]

FRESH = 2.0
"""Seconds for which a look, or its failure, is told to everybody who asks."""


class SharedLook:
    """Looks at most once at a time, and once in two seconds, however many ask.

    A look counts rows: who asks a hundred times a second shall cost the store no more.
    """

    def __init__(self, look: Look) -> None:
        self._look = look
        self._task: asyncio.Task[Health] | None = None
        self._ended = 0.0

    async def __call__(self) -> Health:
        """Return what is known, or look; raises what looking raised."""
        now = asyncio.get_running_loop().time()
        if self._task is None or (self._task.done() and now >= self._ended + FRESH):
            self._task = asyncio.create_task(self._once())
            self._task.add_done_callback(_heard)
        return await asyncio.shield(self._task)

    async def _once(self) -> Health:
        try:
            return await self._look()
        finally:
            self._ended = asyncio.get_running_loop().time()


def _heard(task: asyncio.Task[Health]) -> None:
    """Take note of an error for which nobody has waited long enough."""
    if not task.cancelled():
        task.exception()
