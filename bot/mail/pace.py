"""How fast a product may be spoken to: strict sliding windows; pure, and in memory."""

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import inf

from bot.messages import Limit, Manners

_DRIFT = 1.001  # a window lasts a thousandth longer: the product has another clock
_BURST = 0.2  # the part of a window that may go at once: so lateness is made good
_SPREAD = 60.0  # seconds; in longer windows only `reserve` keeps room for answers
_CAREFUL = 6  # the part of a limit at which answers go on while we are flooded
_SLOWER, _SLOWEST = 2.0, 8.0  # how much slower bulk is after a flood, after several
_RECOVERY = 600.0  # seconds in which it becomes twice as fast again
_MANY = 1024  # addresses, or sends of one address, before it is worth looking for old


class Pace:
    """When the next send through one credential is allowed.

    The product counts a request when it arrives, at some moment between the start and
    the end of our call. So a send takes its place in every window from its start
    until a window's length after its end: however slow the network is, no window of
    the product, wherever it begins, holds more than the limit. Answers go as soon as
    there is room; what is no answer is spread evenly, leaves the reserve free, and so
    never makes an answer wait for a whole window. What goes to an uncounted address
    takes no place. While the product says that we send too much, answers alone go on,
    with care, and bulk goes at half its speed afterwards. All moments are monotonic
    seconds.
    """

    def __init__(self, manners: Manners, *, now: float) -> None:
        """Begin without any memory. Raises ValueError where a reserve is all."""
        self._limits_of = manners.limits_of
        self._shares = manners.shares
        self._is_uncounted = manners.is_uncounted
        self._all = _Track(manners.limits)
        self._of: dict[str, _Track] = {}  # by what addresses share
        self._sharing: dict[str, set[str]] = {}
        self._held: set[str] = set()  # those of them that may have to wait
        self._sweep_at = _MANY
        self._since = now
        self._bulk_waits_until = -inf

    def free_at(self, address: str, *, answer: bool) -> float:
        """Return the first moment at which one more send to *address* may begin.

        A moment that has passed says: at once. Infinite if one under way must end
        before anybody can know.
        """
        own = self.address_free_at(address, answer=answer)
        if self._is_uncounted(address):
            return max(own, self._all.paused_until)
        until = self._bulk_waits_until
        if answer:
            until = min(until, self._all.careful_at())
        return max(own, self._all.free_at(answer), until)

    def address_free_at(self, address: str, *, answer: bool) -> float:
        """Do the same for the limits and the pause of the address alone."""
        track = self._of.get(self._shares(address))
        return max(self._since, track.free_at(answer)) if track else self._since

    def held(self, *, now: float, answer: bool) -> dict[str, float]:
        """List the addresses that must wait by themselves, and until when."""
        until = {one: self.address_free_at(one, answer=False) for one in self._held}
        self._held = {one for one, moment in until.items() if moment > now}
        if answer:  # those wait less, never more
            until = {one: self.address_free_at(one, answer=True) for one in self._held}
        return {
            address: moment
            for one, moment in until.items()
            if moment > now
            for address in self._sharing[one]
        }

    def looks_back(self, address: str) -> float:
        """Return the longest window that counts for *address*, in seconds."""
        if self._is_uncounted(address):
            return 0.0
        limits = (*self._all.limits, *self._limits_of(self._shares(address)))
        return max((limit.seconds for limit in limits), default=0.0) * _DRIFT

    def begin(
        self, address: str, *, answer: bool, now: float, among: Sequence[str] = ()
    ) -> "Slot":
        """Take a place for one send, which must not begin before *now*.

        It counts once for all, and for each address *among* which it goes to *address*.
        Raises ValueError if it is too early.
        """
        if self.free_at(address, answer=answer) > now:
            raise ValueError("a send before its time")
        if self._is_uncounted(address):
            return Slot(answer, ())
        own = {self._shares(one): one for one in (address, *among)}
        tracks = (self._track(one, now) for one in own.values())
        slot = Slot(answer, (self._all, *tracks))
        for track in slot.tracks:
            track.begin(answer=answer, now=now)
        return slot

    def end(self, slot: "Slot", *, now: float) -> None:
        """Say that the send has ended, in whatever way; twice does no harm."""
        for track in slot.tracks:
            track.end(answer=slot.answer, now=now)
        slot.tracks = ()

    def leave(self, slot: "Slot") -> None:
        """Say that an answer did not go: its place is as free as if never taken."""
        for track in slot.tracks:
            track.leave(answer=slot.answer)
        slot.tracks = ()

    def pause(self, address: str | None, *, until: float) -> None:
        """Send nothing before *until*: to *address*, or to anybody if it is None."""
        track = self._all if address is None else self._track(address, self._since)
        track.paused_until = max(track.paused_until, until)

    def pause_bulk(self, *, now: float, until: float) -> None:
        """Send only answers before *until*, and bulk more slowly then."""
        if not self.bulk_waits(now):  # else it is told us once more
            self._all.slow_down(now)
        self._bulk_waits_until = max(self._bulk_waits_until, until)
        self._all.slower_since = self._bulk_waits_until

    def bulk_waits(self, now: float) -> bool:
        """Tell whether only answers are sent."""
        return now < self._bulk_waits_until

    def remember(self, sends: Iterable[tuple[Sequence[str], float]]) -> None:
        """Count what another holder sent: whom each send told, and when it ended."""
        moments: list[float] = []
        ended: dict[str, list[float]] = {}
        shared: dict[str, str] = {}
        for addresses, at in sends:
            if any(map(self._is_uncounted, addresses)):
                continue
            own = {one: self._shares(one) for one in addresses}
            for one in {*own.values()}:
                ended.setdefault(one, []).append(at)
            shared |= own
            moments.append(at)
        for address, one in shared.items():
            track = self._track(address, self._since)
            track.remember(ended.pop(one, []))  # at once: without, it might be swept
        self._all.remember(moments)

    def forget_old(self, now: float) -> None:
        """Drop what no window looks back to; done by itself as addresses are many."""
        self._of = {
            address: track
            for address, track in self._of.items()
            if not track.is_idle(now)
        }
        self._sharing = {one: self._sharing[one] for one in self._of}
        self._held &= self._of.keys()
        self._sweep_at = max(_MANY, 2 * len(self._of))

    def __len__(self) -> int:
        """Count the addresses that are remembered; those that share count as one."""
        return len(self._of)

    def _track(self, address: str, now: float) -> "_Track":
        """Return what an address was sent of late, which may be held from now on."""
        shared = self._shares(address)
        track = self._of.get(shared)
        if track is None:
            if len(self._of) >= self._sweep_at:
                self.forget_old(now)
            track = self._of[shared] = _Track(self._limits_of(shared))
            self._sharing[shared] = set()
        self._sharing[shared].add(address)
        self._held.add(shared)
        return track


@dataclass(slots=True, eq=False)
class Slot:
    """The place of one send in the windows, from its beginning to its end."""

    answer: bool
    tracks: tuple["_Track", ...]


class _Track:
    """What one credential, or one address, was sent of late.

    `ends` are the moments at which sends ended, rising; `bulk` are those of them that
    are no answers, kept apart where a reserve asks for it. `even` is when the spread
    lets the next of these go; `slower` is how much further apart they are than usual,
    less and less from `slower_since` on.
    """

    __slots__ = (
        *("bulk", "ends", "even", "limits", "longest", "paused_until"),
        *("slower", "slower_since", "spread"),
    )

    def __init__(self, limits: tuple[Limit, ...]) -> None:
        for limit in limits:
            if not 0 <= limit.reserve < limit.count:
                raise ValueError(f"{limit} leaves nothing to what is no answer")
        self.limits = limits
        self.longest = max((one.seconds for one in limits), default=0.0) * _DRIFT
        self.spread = _widest_gap(limits)
        self.ends = _Window()
        self.bulk = _Window() if any(one.reserve for one in limits) else None
        self.even = self.paused_until = -inf
        self.slower, self.slower_since = 1.0, -inf

    def free_at(self, answer: bool) -> float:
        """Return the first moment at which no limit is against one more send."""
        at = self.paused_until
        for limit in self.limits:
            length = limit.seconds * _DRIFT
            at = max(at, self.ends.free_at(limit.count, length))
            if self.bulk and not answer and limit.reserve:
                room = limit.count - limit.reserve
                at = max(at, self.bulk.free_at(room, length))
        return at if answer else max(at, self.even)

    def careful_at(self) -> float:
        """Return the first moment at which fewer than a part of a limit are in it."""
        return max(
            (
                self.ends.free_at(max(1, one.count // _CAREFUL), one.seconds * _DRIFT)
                for one in self.limits
            ),
            default=-inf,
        )

    def slow_down(self, now: float) -> None:
        """Spread bulk twice as far apart as it is now."""
        self.slower = min(_SLOWEST, self._slower_at(now) * _SLOWER)

    def _slower_at(self, now: float) -> float:
        past = max(0.0, now - self.slower_since) / _RECOVERY
        return max(1.0, self.slower / float(2.0 ** min(past, _SLOWEST)))

    def begin(self, *, answer: bool, now: float) -> None:
        """Count a send that is under way from now on."""
        for window in self._windows(answer):
            window.flying += 1
        if not answer:
            self._step(now)

    def end(self, *, answer: bool, now: float) -> None:
        """Count it as ended."""
        for window in self._windows(answer):
            window.flying -= 1
            if self.limits:
                window.add(now, since=now - self.longest)

    def leave(self, *, answer: bool) -> None:
        """Count it no more."""
        for window in self._windows(answer):
            window.flying -= 1

    def remember(self, moments: list[float]) -> None:
        """Count sends of which it is not known whether they were answers."""
        if self.limits:
            for window in self._windows(answer=False):
                window.merge(moments)
        for at in sorted(moments):
            self._step(at)

    def is_idle(self, now: float) -> bool:
        """Tell whether forgetting it would change nothing."""
        last = self.ends.last + self.longest  # past which the spread is, too
        busy = self.ends.flying or max(last, self.paused_until) > now
        return not busy

    def _windows(self, answer: bool) -> tuple["_Window", ...]:
        if answer or self.bulk is None:
            return (self.ends,)
        return (self.ends, self.bulk)

    def _step(self, now: float) -> None:
        gap, slack = self.spread
        if gap:
            self.even = max(self.even, now - slack) + gap * self._slower_at(now)


class _Window:
    """Sends under way, and the moments at which those before ended, rising."""

    __slots__ = ("_ends", "_trim_at", "flying")

    def __init__(self) -> None:
        self._ends = array("d")
        self._trim_at = _MANY
        self.flying = 0

    @property
    def last(self) -> float:
        """Return when the last one ended."""
        return self._ends[-1] if self._ends else -inf

    def free_at(self, count: int, length: float) -> float:
        """Return when fewer than *count* lie within *length* seconds."""
        room = count - self.flying
        if room <= 0:
            return inf
        return self._ends[-room] + length if len(self._ends) >= room else -inf

    def add(self, at: float, *, since: float) -> None:
        """Add one that ended now; those that ended before *since* may go."""
        self._ends.append(max(at, self.last))
        if len(self._ends) >= self._trim_at:
            del self._ends[: bisect_right(self._ends, since)]
            self._trim_at = max(_MANY, 2 * len(self._ends))

    def merge(self, moments: list[float]) -> None:
        """Add those of another holder, in any order."""
        self._ends = array("d", sorted([*self._ends, *moments]))


@lru_cache(maxsize=64)  # the limits of most addresses are the same
def _widest_gap(limits: tuple[Limit, ...]) -> tuple[float, float]:
    """Return how far apart sends are spread, and how far they may be behind that."""
    gaps = [
        (one.seconds / (one.count - one.reserve), one.seconds * _BURST)
        for one in limits
        if one.seconds <= _SPREAD
    ]
    return max(gaps, default=(0.0, 0.0))
