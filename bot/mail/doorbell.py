"""Says "look at lane X, at chat Y": the port to the queue, in memory or on PostgreSQL.

A ring is a hint and no more. What is due stands in the tables, and the clock rings
again for whatever is still due: so a lost ring costs a second, a doubled one nothing.
"""

import asyncio
import logging
from collections.abc import (
    AsyncIterator,
    Awaitable,
    Callable,
    Coroutine,
    Iterator,
    Mapping,
)
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import timedelta
from typing import Any, Protocol, Self

from pgqueuer.core.qm import QueueManager
from pgqueuer.models import Job

from bot.errors import BotError, StoreError
from bot.mail.wires import NAMES, RING, MemoryWire, PostgresWire

AT_ONCE = 64
"""How many names one process answers at a time; the others wait in the queue."""

HEARTBEAT = timedelta(seconds=4)
"""After so long without a sign of life, a worker's ring goes to another one."""

_MISSING = "消息队列的表还没有建立，请先运行 bot migrate。"
_POLL = timedelta(seconds=1)  # how often to look for rings of workers that died
_BATCH = 1  # a larger one leaves answered rings in the queue for up to 0.12 s
_GRACE = 1.0  # seconds that answers under way are given when the bell is closed
_LEAVING = 2.0  # seconds in which an answered ring surely has left the queue
_NEXT_TRY = 0.05  # seconds until a name that is leaving it is rung again
_SWEEP = 60.0  # seconds between two cleanings of the queue's log, which only grows
_PAUSES = (0.1, 0.2, 0.5, 1.0, 2.0)  # seconds before each try to connect again

Answer = Callable[[str], Awaitable[None]]

logger = logging.getLogger(__name__)


class Doorbell(Protocol):
    """Carries a name from whoever knows that something is due to whoever does it."""

    async def ring(self, name: str, *, first: bool = False) -> None:
        """Have *name* answered soon, once, by one worker; *first* goes before others.

        While the name waits, more rings are one. While it is answered in this
        process, it is answered once more afterwards; in another, the ring may be
        skipped. Never raises: a ring that is lost is rung again by the clock.
        """

    async def run(self, answer: Answer) -> None:
        """Answer rings until the bell is closed, many names at a time.

        One name is never answered twice at the same time in one process; in two it
        may be. An answer that raises is logged and gone.
        """

    async def close(self) -> None:
        """Take no more rings, let answers end for a second, stop; may be repeated."""


class QueueDoorbell:
    """The bell on PgQueuer: the same code in memory and on PostgreSQL."""

    def __init__(
        self, wire: MemoryWire | PostgresWire, *, heartbeat: timedelta = HEARTBEAT
    ) -> None:
        self._wire = wire
        self._heartbeat = heartbeat
        self._answers = _Answers()
        self._ringing = _Ringing(wire, is_leaving=self._answers.is_leaving)
        self._complaint = ""
        self._over = asyncio.Event()  # of this connection: lost, or closed by us
        self._closing = asyncio.Event()
        self._stopped = asyncio.Event()
        self._stopped.set()

    @classmethod
    def in_memory(cls) -> Self:
        """Make a bell for one process; its rings go when the process goes."""
        return cls(MemoryWire())

    @classmethod
    async def on_postgres(cls, url: str, *, heartbeat: timedelta = HEARTBEAT) -> Self:
        """Make a bell between all processes on the database at *url*.

        Raises StoreError if it cannot be reached or the queue has no tables there.
        A connection that is lost later is made anew.
        """
        wire = PostgresWire(url)
        try:
            await QueueManager(await wire.queries(), NAMES.channel).verify_structure()
        except RuntimeError as error:
            await wire.close()
            raise StoreError(f"the queue's tables: {error}", reply=_MISSING) from error
        return cls(wire, heartbeat=heartbeat)

    async def ring(self, name: str, *, first: bool = False) -> None:
        """Have *name* answered soon; see `Doorbell`."""
        if not self._closing.is_set() and not self._answers.take_again(name):
            await self._ringing.ring(name, first=first)

    async def run(self, answer: Answer) -> None:
        """Answer rings until the bell is closed; see `Doorbell`.

        When the connection is lost, answers under way go on, and it connects again.
        """
        self._stopped.clear()
        self._answers.begin(answer)
        tries = 0
        self._complaint = ""  # the last, which is not repeated at each try
        try:
            while not self._closing.is_set():
                began = self._now()
                await self._listen()
                if self._now() - began > _PAUSES[-1]:  # it went well for a while
                    tries, self._complaint = 0, ""
                await self._pause(_PAUSES[min(tries, len(_PAUSES) - 1)])
                tries += 1
        finally:
            await self._answers.end()
            self._stopped.set()

    def _now(self) -> float:
        return asyncio.get_running_loop().time()

    async def _pause(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._closing.wait(), seconds)

    async def _listen(self) -> None:
        """Answer rings until the connection is lost or the bell is closed."""
        self._over = asyncio.Event()
        reason = "the connection is closed"
        try:
            queries = await self._wire.queries()
            bell = QueueManager(queries, NAMES.channel)
            bell.entrypoint(RING, accepts_context=False)(self._take)
            with _hushed(self._over):
                async with _beside(self._watch(bell)), _beside(_sweep(self._wire)):
                    await self._work(bell)
        except Exception as error:
            reason = str(error)
        finally:
            self._over.set()
        if not self._closing.is_set() and reason != self._complaint:
            self._complaint = reason
            logger.warning("the doorbell lost its queue: %s", reason)

    async def _work(self, bell: QueueManager) -> None:
        """Run PgQueuer; if we are cancelled, have it let go of what is under way."""
        run = bell.run(
            dequeue_timeout=_POLL,
            batch_size=_BATCH,
            max_concurrent_tasks=AT_ONCE,
            heartbeat_timeout=self._heartbeat,
            log_aggregation_interval=timedelta(0),
        )
        task = asyncio.create_task(run)
        try:
            await asyncio.shield(task)
        finally:
            self._over.set()
            bell.shutdown.set()
            await asyncio.wait({task})

    async def _watch(self, bell: QueueManager) -> None:
        """Have PgQueuer end at once; by itself it would notice up to 10 s later."""
        ends = [
            asyncio.ensure_future(self._closing.wait()),
            asyncio.ensure_future(self._wire.lost()),
        ]
        try:
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for end in ends:
                end.cancel()
        self._over.set()
        bell.shutdown.set()

    async def _take(self, job: Job) -> None:
        """Hold a ring while it is answered: if we die, another process gets it.

        When the connection is over we let go of the ring, but not of the answer.
        """
        task = self._answers.start((job.payload or b"").decode())
        over = asyncio.ensure_future(self._over.wait())
        await asyncio.wait({task, over}, return_when=asyncio.FIRST_COMPLETED)
        over.cancel()

    async def close(self) -> None:
        """Take no more rings, let answers end for a second, stop."""
        self._closing.set()
        self._ringing.stop()
        await self._answers.end()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopped.wait(), _GRACE / 2)
        await self._wire.close()


class _Ringing:
    """Puts names into the queue, all that are rung at one moment at once."""

    def __init__(
        self, wire: MemoryWire | PostgresWire, *, is_leaving: Callable[[str], bool]
    ) -> None:
        self._wire = wire
        self._is_leaving = is_leaving
        self._rung: dict[str, bool] = {}
        self._busy = asyncio.Lock()
        self._skipped: dict[str, bool] = {}
        self._later: asyncio.Task[None] | None = None

    async def ring(self, name: str, *, first: bool) -> None:
        self._rung[name] = first or self._rung.get(name, False)
        async with self._busy:
            rung, self._rung = self._rung, {}
            if rung:  # else the one before took ours along
                self._ring_again(await self._put(rung))

    async def _put(self, rung: Mapping[str, bool]) -> dict[str, bool]:
        """Put the names into the queue; return those that were in it already."""
        try:
            queries = await self._wire.queries()
            ids = await queries.enqueue(
                [RING] * len(rung),
                [name.encode() for name in rung],
                [int(first) for first in rung.values()],
                dedupe_key=list(rung),
                on_conflict="skip",
            )
        except Exception as error:
            logger.info("%d rings are lost: %s", len(rung), error)
            return {}
        named = zip(rung, ids, strict=True)
        return {name: rung[name] for name, key in named if key is None}

    def _ring_again(self, skipped: Mapping[str, bool]) -> None:
        """Ring again shortly what was taken for a ring that is answered already."""
        leaving = {name: skipped[name] for name in skipped if self._is_leaving(name)}
        self._skipped |= leaving
        if self._skipped and (self._later is None or self._later.done()):
            self._later = asyncio.create_task(self._ring_skipped())

    async def _ring_skipped(self) -> None:
        while self._skipped:
            await asyncio.sleep(_NEXT_TRY)
            skipped, self._skipped = self._skipped, {}
            self._ring_again(await self._put(skipped))

    def stop(self) -> None:
        if self._later is not None:
            self._later.cancel()


class _Answers:
    """The answers under way in this process, one a name."""

    def __init__(self) -> None:
        self._answer: Answer | None = None
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()
        self._leaving: set[str] = set()

    def begin(self, answer: Answer) -> None:
        self._answer = answer

    def take_again(self, name: str) -> bool:
        """Note that a name is to be answered once more; False if it is not now."""
        if name not in self._tasks:
            return False
        self._again.add(name)
        return True

    def start(self, name: str) -> asyncio.Task[None]:
        """Answer a name; if it is being answered, once more afterwards."""
        if not self.take_again(name):
            self._tasks[name] = asyncio.create_task(self._work(name))
        return self._tasks[name]

    async def _work(self, name: str) -> None:
        try:
            await self._try(name)
            while name in self._again:
                self._again.discard(name)
                await self._try(name)
        finally:
            self._again.discard(name)
            self._leaving.add(name)
            loop = asyncio.get_running_loop()
            loop.call_later(_LEAVING, self._leaving.discard, name)
            del self._tasks[name]

    def is_leaving(self, name: str) -> bool:
        """Tell whether an answered ring may still be in the queue."""
        return name in self._leaving

    async def _try(self, name: str) -> None:
        assert self._answer is not None
        try:
            await self._answer(name)
        except BotError as error:
            logger.warning("%s was not answered: %s", name, error)
        except Exception:
            logger.exception("%s was not answered", name)

    async def end(self) -> None:
        """Let the answers end for a moment, then cut them off."""
        self._again.clear()
        tasks = set(self._tasks.values())
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=_GRACE)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late, timeout=_GRACE / 4)


@contextmanager
def _hushed(over: asyncio.Event) -> Iterator[None]:
    """Keep PgQueuer to one line a complaint, and to none when its line is cut."""

    def hush(record: logging.LogRecord) -> bool:
        if record.exc_info and record.exc_info[1]:
            record.msg, record.args = f"{record.getMessage()}: {record.exc_info[1]}", ()
        record.exc_info = None
        return not over.is_set()

    theirs = logging.getLogger("pgqueuer")
    theirs.addFilter(hush)
    try:
        yield
    finally:
        theirs.removeFilter(hush)


@asynccontextmanager
async def _beside(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Do *work* at the side until the block ends."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait({task})


async def _sweep(wire: MemoryWire | PostgresWire) -> None:
    while True:
        await asyncio.sleep(_SWEEP)
        with suppress(Exception):  # another process may be at it
            await wire.sweep()
