"""Collects what many ask for at one moment, and does it in one go."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from bot.errors import StoreError

T = TypeVar("T")
R = TypeVar("R")


class Together(Generic[T, R]):
    """Does one batch after the other; what comes meanwhile makes the next one."""

    def __init__(
        self,
        do: Callable[[Sequence[T]], Awaitable[Sequence[R]]],
        *,
        most: int,
        portion: Callable[[], int] | None = None,
    ) -> None:
        """Do at most *most* at a time by *do*, which returns a result for each.

        They are fewer where *portion* says so, unless many wait: more at a time is
        less work.
        """
        self._do = do
        self._most = most
        self._portion = portion or (lambda: most)
        self._waiting: deque[tuple[T, asyncio.Future[R]]] = deque()
        self._hasty: deque[tuple[T, asyncio.Future[R]]] = deque()
        self._runner: asyncio.Task[None] | None = None

    async def ask(self, one: T, *, first: bool = False) -> R:
        """Return what comes of *one*; raises what comes of it alone, or StoreError.

        Those that are to go *first* overtake the others, and do not wait for them.
        """
        future: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        (self._hasty if first else self._waiting).append((one, future))
        if self._runner is None or self._runner.done():
            self._runner = asyncio.create_task(self._run())
        return await future

    async def _run(self) -> None:
        batch: list[tuple[T, asyncio.Future[R]]] = []
        try:
            while waiting := self._hasty or self._waiting:
                portion = max(self._portion(), len(waiting) // 32)
                count = min(len(waiting), self._most, portion)
                taken = [waiting.popleft() for _ in range(count)]
                batch = [one for one in taken if not one[1].done()]
                if batch:
                    await self._do_all(batch)
        finally:  # cancelled with the loop: nobody waits for ever
            for _, future in (*batch, *self._hasty, *self._waiting):
                future.cancel()
            self._hasty.clear()
            self._waiting.clear()

    async def _do_all(self, batch: Sequence[tuple[T, asyncio.Future[R]]]) -> None:
        try:
            results = await self._do([one for one, _ in batch])
        except Exception as error:
            if len(batch) > 1 and not isinstance(error, StoreError):
                for one in batch:  # one is guilty; alone, each gets its own error
                    await self._do_all([one])
                return
            for _, future in batch:
                if not future.done():
                    future.set_exception(error)
            return
        for (_, future), result in zip(batch, results, strict=True):
            if not future.done():
                future.set_result(result)


class Portion:
    """How many to do at a time, so that a batch seldom lasts longer than it may."""

    def __init__(self, *, seconds: float) -> None:
        """Begin without knowing how long one takes: with few."""
        self._seconds = seconds
        self._each = seconds / 4

    def __call__(self) -> int:
        """Return how many; one at least."""
        return max(1, round(self._seconds / self._each))

    def note(self, count: int, *, took: float) -> None:
        """Learn from a batch of *count* that took so many seconds."""
        self._each = max(1e-6, 0.8 * self._each + 0.2 * took / count)
