"""The clock: a few fixed beats, kept in no memory; what is due stands in the tables."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta, tzinfo

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from bot.errors import StoreError
from bot.mail.beats import PERIODS

log = logging.getLogger(__name__)

Body = Callable[[], Awaitable[None]]
Record = Callable[[str, str], Awaitable[None]]

_RECORD_EVERY = 4.0  # seconds; a beat each second need not be written each second
_LOOK_EVERY = 5.0
_FINISH = 1.0  # seconds that beats under way get when the clock is stopped
_NIGHT = (3, 7)  # off the full hour, at which the products are busiest


class Clock:
    """Calls each body in its period; a body that raises is recorded, and comes again.

    *record* keeps (name, error) in the store. Several clocks may beat on one store:
    the bodies are such that twice does no more than once.
    """

    def __init__(
        self, bodies: Mapping[str, Body], *, zone: tzinfo | None, record: Record
    ) -> None:
        self._bodies = bodies
        self._zone = zone
        self._record = record
        self._scheduler = AsyncIOScheduler(timezone=zone)
        self._last: dict[str, float] = {}
        self._recorded: dict[str, tuple[float, str]] = {}
        self._watch: asyncio.Task[None] | None = None
        self._under_way: set[asyncio.Task[None]] = set()

    def start(self, *, late: frozenset[str] = frozenset()) -> None:
        """Begin to beat; those of *late* come at once, for they were missed."""
        began = _monotonic()
        for name in self._bodies:
            self._last[name] = began
            soon = {"next_run_time": datetime.now(UTC)} if name in late else {}
            self._scheduler.add_job(
                self._beat,
                _trigger(name, zone=self._zone),
                args=(name,),
                id=name,
                coalesce=True,
                max_instances=1,
                misfire_grace_time=None,
                **soon,
            )
        self._scheduler.start()
        self._watch = asyncio.create_task(self._watch_the_time())

    async def stop(self) -> None:
        """Begin no beat any more; those under way get a second to end."""
        if not self._scheduler.running:
            return
        self._scheduler.pause()
        if self._watch:
            self._watch.cancel()
        if self._under_way:
            _, late = await asyncio.wait(self._under_way, timeout=_FINISH)
            for task in late:
                task.cancel()
        self._scheduler.shutdown(wait=False)

    def ages(self) -> dict[str, timedelta]:
        """Tell how long ago each beat was done and kept, or the clock was started."""
        now = _monotonic()
        return {name: timedelta(seconds=now - at) for name, at in self._last.items()}

    async def _beat(self, name: str) -> None:
        """Do a beat in a task of its own: nobody cuts it off before we do."""
        task = asyncio.create_task(self._work(name))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        await asyncio.wait({task})

    async def _work(self, name: str) -> None:
        error = ""
        try:
            await self._bodies[name]()
        except StoreError as failure:  # told in one line: it may go on for a while
            error = str(failure)
            log.error("beat failed", extra={"beat": name, "error": error})
        except Exception as failure:
            error = f"{type(failure).__name__}: {failure}"
            log.exception("beat failed", extra={"beat": name})
        if await self._keep(name, error):
            self._last[name] = _monotonic()

    async def _keep(self, name: str, error: str) -> bool:
        """Record a beat, unless the same was recorded a moment ago.

        False if it cannot be: where nothing can be written, no beat was any good.
        """
        at, known = self._recorded.get(name, (float("-inf"), ""))
        if error == known and _monotonic() - at < _RECORD_EVERY:
            return True
        try:
            await self._record(name, error)
        except Exception as failure:
            log.error("beat not recorded", extra={"beat": name, "error": str(failure)})
            return False
        self._recorded[name] = _monotonic(), error
        return True

    async def _watch_the_time(self) -> None:
        """Call in the beats that lie far ahead because the clock was set back."""
        while True:
            await asyncio.sleep(_LOOK_EVERY)
            for job in self._scheduler.get_jobs():
                ahead = job.next_run_time - datetime.now(UTC)
                if ahead > PERIODS[job.id] + timedelta(seconds=_LOOK_EVERY):
                    log.warning("the clock was set back", extra={"beat": job.id})
                    job.modify(next_run_time=datetime.now(UTC))


def _trigger(name: str, *, zone: tzinfo | None) -> BaseTrigger:
    period = PERIODS[name]
    if period >= timedelta(days=1):
        hour, minute = _NIGHT
        return CronTrigger(hour=hour, minute=minute, timezone=zone)
    return IntervalTrigger(seconds=int(period.total_seconds()), timezone=zone)


def _monotonic() -> float:
    return asyncio.get_running_loop().time()
