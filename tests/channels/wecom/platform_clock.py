"""The platform's clock in the tests: hours pass in a moment."""

import asyncio
import heapq
from datetime import UTC, datetime, timedelta
from itertools import count

NINE = datetime(2026, 6, 16, 1, 0, tzinfo=UTC)  # 9:00 in Shanghai


class PlatformClock:
    """Tells the time when called; goes on only by `advance`, and wakes its sleepers."""

    def __init__(self, start: datetime = NINE) -> None:
        self.now = start
        self._sleepers: list[tuple[datetime, int, asyncio.Future[None]]] = []
        self._numbers = count()

    def __call__(self) -> datetime:
        return self.now

    @property
    def seconds(self) -> int:
        """Give the time as the platform writes it: whole seconds since 1970, UTC."""
        return int(self.now.timestamp())

    async def sleep(self, seconds: float) -> None:
        """Wait until *seconds* have passed on this clock."""
        woken = asyncio.get_running_loop().create_future()
        due = self.now + timedelta(seconds=seconds)
        heapq.heappush(self._sleepers, (due, next(self._numbers), woken))
        await woken

    async def advance(self, seconds: float) -> None:
        """Let *seconds* pass; each sleeper wakes at its own moment, in order."""
        end = self.now + timedelta(seconds=seconds)
        await _let_others_run()
        while self._sleepers and self._sleepers[0][0] <= end:
            due, _, woken = heapq.heappop(self._sleepers)
            if woken.done():  # its task was cancelled
                continue
            self.now = max(self.now, due)
            woken.set_result(None)
            await _let_others_run()
        self.now = end
        await _let_others_run()


class OfficeClock(PlatformClock):
    """Goes on as time does, from whatever moment it is set to."""

    def __init__(self, start: datetime) -> None:
        self._shift = timedelta(0)
        super().__init__(start)

    @property
    def now(self) -> datetime:  # type: ignore[override]
        return datetime.now(UTC) + self._shift

    @now.setter
    def now(self, moment: datetime) -> None:
        self._shift = moment - datetime.now(UTC)


async def _let_others_run() -> None:
    for _ in range(10):
        await asyncio.sleep(0)
