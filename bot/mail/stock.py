"""The claimed deliveries that wait for their turn, and when to look for more."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from math import inf

from bot.mail.calls import Call
from bot.mail.errands import Look
from bot.mail.ledger import Parcel
from bot.mail.pace import Pace, Slot
from bot.messages import Manners
from bot.model import Priority

_WINDOWS = 3  # deliveries to have at hand, in windows of calls under way
_LOOK = 0.1  # seconds between two looks for what is due, when nobody wakes us
_LOOK_FOR_ANSWERS = 0.05
_FAR = 1.0  # seconds after which a delivery is put back instead


class Stock:
    """What a postman has at hand, answers first; all moments are monotonic seconds."""

    def __init__(self, manners: Manners, pace: Pace, *, at_once: int = 1) -> None:
        """Begin empty; one call may tell *at_once* addresses the same."""
        self._pace = pace
        self._at_once = at_once
        self._window = manners.in_flight
        self._answers = manners.in_flight + manners.answers_in_flight
        self._parcels: list[Parcel] = []
        self._look_at = self._look_for_answers_at = -inf

    def __len__(self) -> int:
        """Count what is at hand."""
        return len(self._parcels)

    @property
    def expects_more(self) -> bool:
        """Tell whether more is likely to be due than was claimed."""
        return bool(self._parcels) or self._look_at == -inf

    def look_at_once(self, *, answers: bool = True) -> None:
        """Say that something may have become due, perhaps *answers* too."""
        self._look_at = -inf
        if answers:
            self._look_for_answers_at = -inf

    def looks(self, now: float, *, bulk: bool) -> tuple[Look, ...]:
        """Return the looks that are due; without *bulk*, for answers alone.

        What goes to an address that must wait stays where it is; an answer waits less.
        """
        looks = []
        room = max(_WINDOWS * self._window - len(self._parcels), self._at_once)
        if bulk and self._look_at <= now and self._is_low():
            busy = tuple(self._pace.held(now=now, answer=False))
            looks.append(Look(limit=room, busy=busy))
        if self._look_for_answers_at <= now:
            busy = tuple(self._pace.held(now=now, answer=True))
            if not looks or looks[0].busy != busy:
                look = Look(limit=self._answers, busy=busy, answers_only=True)
                looks.insert(0, look)
        return tuple(looks)

    def add(
        self,
        look: Look,
        parcels: Sequence[Parcel],
        *,
        now: float,
        gone: Collection[int] = (),
    ) -> None:
        """Add what was found; fewer than asked for say that no more is due.

        Those of *gone* are at hand no more: they were sent at once.
        """
        self._parcels.extend(one for one in parcels if one.id not in gone)
        self._parcels.sort(key=lambda parcel: parcel.priority)
        is_all = len(parcels) < look.limit
        self._look_for_answers_at = now + _LOOK_FOR_ANSWERS if is_all else -inf
        if not look.answers_only:
            self._look_at = now + _LOOK if is_all else -inf

    def choose(
        self, now: float, *, at: datetime, lead: float, under_way: int, bulk: bool
    ) -> list[Call]:
        """Take out what may be sent within *lead* seconds, each with its place.

        At most a window of them is under way, some more if they are answers.
        """
        calls = self._place(
            self._parcels, now, at=at, lead=lead, under_way=under_way, bulk=bulk
        )
        self._drop(parcel.id for call in calls for parcel in call.parcels)
        return calls

    def hurry(
        self,
        parcels: Iterable[Parcel],
        now: float,
        *,
        at: datetime,
        lead: float,
        under_way: int,
    ) -> list[Call]:
        """Do the same for answers that are being claimed, and are not at hand yet."""
        answers = [parcel for parcel in parcels if is_answer(parcel)]
        return self._place(
            answers, now, at=at, lead=lead, under_way=under_way, bulk=False
        )

    def reserve(
        self, addresses: Iterable[str], now: float, *, under_way: int
    ) -> dict[str, Slot]:
        """Take places for answers that go at once and are nowhere yet, by address."""
        slots: dict[str, Slot] = {}
        for address in addresses:
            if under_way + len(slots) >= self._answers:
                break
            if address in slots or self._pace.free_at(address, answer=True) > now:
                continue
            slots[address] = self._pace.begin(address, answer=True, now=now)
        return slots

    def _place(
        self,
        parcels: Iterable[Parcel],
        now: float,
        *,
        at: datetime,
        lead: float,
        under_way: int,
        bulk: bool,
    ) -> list[Call]:
        calls: list[Call] = []
        for batch in self._batches(parcels):
            answer = is_answer(batch[0])
            room = (self._answers if answer else self._window) - under_way - len(calls)
            if room <= 0 or not (bulk or answer):
                continue
            free = {one: self._free_at(one, now) for one in batch}
            ready = [one for one in batch if free[one] <= now + lead]
            if ready:
                moment = max(free[one] for one in ready)
                call = self._call(ready, answer=answer, moment=moment, now=now, at=at)
                calls.append(call)
        return calls

    def _batches(self, parcels: Iterable[Parcel]) -> Iterable[list[Parcel]]:
        """Put together what goes by one call, in the order in which the first goes.

        Answers go alone; of what may have been taken, only what went together before.
        """
        if self._at_once == 1:
            return ([parcel] for parcel in parcels)
        alike: dict[tuple[object, ...], list[Parcel]] = {}
        for one in parcels:
            is_alone = is_answer(one) or (one.handed_at and not one.told)
            key = one.request, one.handed_at, one.told[:1], is_alone and one.id
            alike.setdefault(key, []).append(one)
        return (
            found[start : start + self._at_once]
            for found in alike.values()
            for start in range(0, len(found), self._at_once)
        )

    def _free_at(self, parcel: Parcel, now: float) -> float:
        free = self._pace.free_at(parcel.address, answer=is_answer(parcel))
        return max(now, free)

    def _call(
        self,
        parcels: Sequence[Parcel],
        *,
        answer: bool,
        moment: float,
        now: float,
        at: datetime,
    ) -> Call:
        """Make the call of *parcels*, with a place for all whom it tells."""
        told = parcels[0].told or [one.address for one in parcels]
        address = parcels[0].address
        slot = self._pace.begin(address, answer=answer, now=moment, among=told)
        return Call(
            parcels=tuple(sorted(parcels, key=lambda parcel: parcel.id)),
            slot=slot,
            chosen_at=now,
            not_before=moment,
            handed_at=at,
        )

    def put_back(self, now: float, *, at: datetime) -> tuple[tuple[Parcel, float], ...]:
        """Take out what need not stay at hand, with the seconds that it must wait.

        That is what has expired at the time *at*, and what goes to an address that
        must wait longer by itself; the others would wait with it. While only answers
        are sent, it is all the rest.
        """
        back = []
        answers_only = self._pace.bulk_waits(now)
        for parcel in self._parcels:
            is_late = parcel.expires_at is not None and parcel.expires_at <= at
            free = self._pace.address_free_at(parcel.address, answer=is_answer(parcel))
            is_far = now + _FAR < free < inf
            if is_late or is_far or (answers_only and not is_answer(parcel)):
                back.append((parcel, free - now if is_far and not is_late else 0.0))
        self._drop(parcel.id for parcel, _ in back)
        return tuple(back)

    def next_moment(self, *, lead: float, under_way: int, bulk: bool) -> float:
        """Return when there may be something to choose or to look for."""
        moments = [self._look_for_answers_at]
        if bulk and self._is_low():
            moments.append(self._look_at)
        for parcel in self._parcels:
            answer = is_answer(parcel)
            if under_way < (self._answers if answer else self._window):
                if bulk or answer:
                    free = self._pace.free_at(parcel.address, answer=answer)
                    moments.append(free - lead)
        return min(moments)

    def _is_low(self) -> bool:
        return len(self._parcels) < self._window

    def _drop(self, ids: Iterable[int]) -> None:
        gone = set(ids)
        if gone:
            self._parcels = [one for one in self._parcels if one.id not in gone]


def is_answer(parcel: Parcel) -> bool:
    """Tell whether somebody asked and waits for it."""
    return parcel.priority == Priority.ANSWER
