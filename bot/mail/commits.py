"""Group commit: all that waits for the disk at one moment shares one transaction."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Any, TypeVar

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import StoreError

T = TypeVar("T")
Work = Callable[[AsyncSession], Awaitable[T]]
Writing = Callable[[], AbstractAsyncContextManager[AsyncSession]]

MOST = 256  # works of one transaction
TRIES = 3  # of a work that clashes with another transaction
_CLASHES = {"40001", "40P01"}  # serialization failure, deadlock


class GroupCommit:
    """Commits what many ask for, one transaction after the other.

    A commit waits for the disk, so one for fifty costs what one for one does.
    """

    def __init__(self, writing: Writing, *, at_once: int = 1) -> None:
        """Have at most *at_once* transactions under way: more than one if the store
        takes them side by side, so that none waits for the end of the one before.
        """
        self._writing = writing
        self._at_once = at_once
        self._waiting: deque[tuple[Work[Any], asyncio.Future[Any]]] = deque()
        self._runners: set[asyncio.Task[None]] = set()

    async def run(self, work: Work[T]) -> T:
        """Do *work* in one transaction with whatever else waits at this moment.

        Returns its result when that is committed; raises what *work* raised, or
        StoreError if the store is gone. *work* may run again, in another transaction,
        if one beside it fails: so it changes nothing but the store. If the caller is
        cancelled, it is open whether *work* is done.
        """
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append((work, future))
        if sum(not runner.done() for runner in self._runners) < self._at_once:
            runner = asyncio.create_task(self._run())
            self._runners.add(runner)
            runner.add_done_callback(self._runners.discard)
        return await future

    async def _run(self) -> None:
        batch: list[tuple[Work[Any], asyncio.Future[Any]]] = []
        try:
            while self._waiting:
                batch = self._next_batch()
                if len(batch) > 1:
                    batch = await self._do_together(batch)
                for work, future in batch:
                    await self._do_alone(work, future)
        except BaseException:  # cancelled with the loop: nobody waits for ever
            for _, future in (*batch, *self._waiting):
                future.cancel()
            self._waiting.clear()
            raise

    def _next_batch(self) -> list[tuple[Work[Any], asyncio.Future[Any]]]:
        count = min(len(self._waiting), MOST)
        batch = [self._waiting.popleft() for _ in range(count)]
        return [(work, future) for work, future in batch if not future.done()]

    async def _do_together(
        self, batch: list[tuple[Work[Any], asyncio.Future[Any]]]
    ) -> list[tuple[Work[Any], asyncio.Future[Any]]]:
        """Do all in one transaction; return them if they must be done one by one."""
        try:
            async with self._writing() as session:
                results = [await work(session) for work, _ in batch]
        except StoreError as error:  # it would fail the next ones just so, and slowly
            for _, future in batch:
                _refuse(future, error)
            return []
        except Exception:  # one of them is guilty; alone, each gets its own error
            return batch
        for (_, future), result in zip(batch, results, strict=True):
            _fulfil(future, result)
        return []

    async def _do_alone(self, work: Work[Any], future: asyncio.Future[Any]) -> None:
        for last in (*[False] * (TRIES - 1), True):
            try:
                async with self._writing() as session:
                    result = await work(session)
            except Exception as error:
                if last or not is_clash(error):
                    return _refuse(future, error)
            else:
                return _fulfil(future, result)


def is_clash(error: Exception) -> bool:
    """Tell whether PostgreSQL undid a transaction only because of another one."""
    cause = error.orig if isinstance(error, DBAPIError) else None
    return getattr(cause, "sqlstate", None) in _CLASHES


def _fulfil(future: asyncio.Future[Any], result: Any) -> None:
    if not future.done():
        future.set_result(result)


def _refuse(future: asyncio.Future[Any], error: Exception) -> None:
    if not future.done():
        future.set_exception(error)
