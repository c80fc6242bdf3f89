"""What was sent through a lane before we held it, learnt as far back as is needed."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from math import inf

from bot.mail.pace import Pace
from bot.messages import Manners

_IN_ANY_CASE = 60.0  # seconds of former sends that one learns of


class FormerSends:
    """Tells how far to look back, and puts what is found into the pace."""

    def __init__(self, pace: Pace, manners: Manners, *, are_known: bool) -> None:
        """Begin with nothing, or, if they *are_known* to the pace, with all."""
        self._pace = pace
        self._known = inf if are_known else 0.0  # seconds before we came
        limits = (limit.seconds for limit in manners.limits)
        self._least = max([_IN_ANY_CASE, *limits])

    def knows(self, address: str) -> bool:
        """Tell whether there is no more to learn of what went to *address*."""
        return self._pace.looks_back(address) <= self._known

    def since(self, addresses: Iterable[str], *, before: datetime) -> datetime | None:
        """Return from when on, *before* we came, to learn more; None if nowhere."""
        span = max([self._least, *map(self._pace.looks_back, addresses)])
        return before - timedelta(seconds=span) if span > self._known else None

    def learn(
        self,
        sends: Iterable[tuple[Sequence[str], datetime]],
        *,
        since: datetime,
        before: datetime,
        now: datetime,
        moment: float,
    ) -> None:
        """Remember all sends after *since*; *now* is the monotonic second *moment*."""
        is_first = not self._known
        known = before - timedelta(seconds=self._known)
        self._pace.remember(
            (addresses, moment - max(0.0, (now - at).total_seconds()))
            for addresses, at in sends
            if is_first or at < known
        )
        self._known = (before - since).total_seconds()

    def learn_limit(
        self, until: datetime | None, *, now: datetime, moment: float
    ) -> None:
        """Keep to what the product told a former holder, who may be another one."""
        if until and self._known < inf:
            ahead = (until - now).total_seconds()
            self._pace.pause_bulk(now=moment, until=moment + ahead)
