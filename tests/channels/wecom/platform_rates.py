"""How often the platform lets itself be called: sliding windows and penalties."""

from collections import defaultdict, deque
from collections.abc import Hashable
from datetime import datetime, timedelta

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


class Windows:
    """Counts what happened under a key within each of several spans."""

    def __init__(self, *limits: tuple[int, timedelta]) -> None:
        self.limits = limits
        self._taken: dict[Hashable, deque[datetime]] = defaultdict(deque)

    def exceeded(self, key: Hashable, *, now: datetime) -> timedelta | None:
        """Return the span whose limit is reached, the shortest first, or None."""
        taken = self._taken[key]
        longest = max(span for _, span in self.limits)
        while taken and taken[0] <= now - longest:
            taken.popleft()
        for limit, span in sorted(self.limits, key=lambda one: one[1]):
            if len(taken) >= limit and taken[-limit] > now - span:
                return span
        return None

    def take(self, key: Hashable, *, now: datetime, times: int = 1) -> bool:
        """Count one more if no limit is reached; returns whether it was counted.

        Where each person counts, it counts as many *times*.
        """
        if self.exceeded(key, now=now):
            return False
        self._taken[key].extend([now] * times)
        return True


class Penalties:
    """Windows that punish: who goes beyond one is shut out for as long as it spans."""

    def __init__(self, *limits: tuple[int, timedelta]) -> None:
        self.windows = Windows(*limits)
        self._until: dict[Hashable, datetime] = {}

    def allow(self, key: Hashable, *, now: datetime) -> bool:
        """Count one call; returns whether it may go on."""
        if now < self._until.get(key, now):
            return False
        span = self.windows.exceeded(key, now=now)
        if span is None:
            return self.windows.take(key, now=now)
        self._until[key] = _next_midnight(now) if span >= DAY else now + span
        return False


def _next_midnight(now: datetime) -> datetime:
    """Return the end of the corporation's day, in Shanghai."""
    east = timedelta(hours=8)
    return (now + east).replace(hour=0, minute=0, second=0, microsecond=0) + DAY - east
