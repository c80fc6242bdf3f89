"""What the end of a call means for its delivery, and for those after it; pure."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.errors import DeliveryError, NotSent, Refused, Unanswered
from bot.mail.calls import Call
from bot.mail.ledger import MARGIN, Outcome, Parcel
from bot.mail.pace import Pace
from bot.model import DeliveryStatus

MOST_TRIES = 20
LONGEST_TRY = timedelta(hours=24)
LONGEST_WAIT = 600.0  # seconds between two tries
LONGEST_PAUSE = 86400.0  # seconds that a product's word is taken for

Chance = Callable[[], float]  # from 0 to 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What became of a sending; what follows waits for *pause* seconds.

    That is what goes to the same *address*, or, if it is None, through the lane. Where
    the lane is *flooded*, all of it waits that is no answer. An address that is *gone*
    takes nothing from us any more.
    """

    outcome: Outcome
    address: str | None = None
    pause: float = 0.0
    flooded: bool = False
    gone: bool = False


def keep_to(pace: Pace, verdict: Verdict, *, now: float) -> bool:
    """Have the pace wait as a verdict says; True if nothing goes through the lane."""
    until = now + verdict.pause
    if verdict.pause:
        pace.pause(verdict.address, until=until)
    if verdict.pause and verdict.flooded:
        pace.pause_bulk(now=now, until=until)
    return bool(verdict.pause) and verdict.address is None


def judge_all(
    call: Call, *, now: datetime, drops_copies_for: timedelta, chance: Chance
) -> list[Verdict]:
    """Tell what follows for each parcel of a call that has ended.

    Those that went together wait together, or they could not go together again.
    """
    same = chance()
    return [
        judge(
            parcel,
            call.end_of(parcel),
            handed_at=call.handed_at,
            now=now,
            drops_copies_for=drops_copies_for,
            chance=lambda: same,
        )
        for parcel in call.parcels
    ]


def judge(
    parcel: Parcel,
    ended: str | BaseException,
    *,
    handed_at: datetime,
    now: datetime,
    drops_copies_for: timedelta,
    chance: Chance,
) -> Verdict:
    """Tell what follows from the end of a call: the product's id, or an error.

    *handed_at* is when this sending was handed over. Whatever is neither an id nor an
    error of which the channel knows the meaning may have arrived.
    """
    if isinstance(ended, str):
        return _sent(parcel, ended)
    if isinstance(ended, NotSent):
        return _not_taken(parcel, ended, now=now, chance=chance)
    if isinstance(ended, Refused):
        over = _over(parcel, DeliveryStatus.FAILED, ended, not_taken=True)
        return replace(over, gone=ended.gone)
    wait = _back_off(parcel.tries + 1, chance)
    due_at = now + timedelta(seconds=wait)
    may_go_again = parcel.tries + 1 < MOST_TRIES and is_dropped_twice(
        parcel.handed_at or handed_at, now=due_at, drops_copies_for=drops_copies_for
    )
    if may_go_again:
        return _again(parcel, ended, wait=wait, due_at=due_at, not_taken=False)
    return _over(parcel, DeliveryStatus.UNKNOWN, ended)


def is_dropped_twice(
    first: datetime, *, now: datetime, drops_copies_for: timedelta
) -> bool:
    """Tell whether the product still drops a copy of what was handed over *first*.

    What seems to lie ahead of us does not: the clock was set back, who knows how far.
    """
    return first <= now < first + drops_copies_for - MARGIN


def too_late(
    parcel: Parcel, *, now: datetime, drops_copies_for: timedelta
) -> Unanswered | None:
    """Refuse a copy that the product would no longer drop; None for what may go."""
    if parcel.handed_at is None or is_dropped_twice(
        parcel.handed_at, now=now, drops_copies_for=drops_copies_for
    ):
        return None
    return Unanswered("a copy would no longer be dropped")


def never_sent(parcel: Parcel, *, now: datetime) -> Verdict:
    """Undo a marking that no sending followed: it is due at once."""
    outcome = Outcome(
        id=parcel.id, status=DeliveryStatus.WAITING, due_at=now, not_taken=True
    )
    return Verdict(outcome=outcome, address=parcel.address)


def _sent(parcel: Parcel, remote_id: str) -> Verdict:
    outcome = Outcome(id=parcel.id, status=DeliveryStatus.SENT, remote_id=remote_id)
    return Verdict(outcome=outcome, address=parcel.address)


def _over(
    parcel: Parcel,
    status: DeliveryStatus,
    error: BaseException,
    *,
    not_taken: bool = False,
) -> Verdict:
    outcome = Outcome(
        id=parcel.id, status=status, error=_words(error), not_taken=not_taken
    )
    return Verdict(outcome=outcome, address=parcel.address)


def _not_taken(
    parcel: Parcel, error: NotSent, *, now: datetime, chance: Chance
) -> Verdict:
    """Try again later: when the product says, or after a while that grows.

    A failure of the whole credential does not count against the delivery, which ends
    only when it is too old.
    """
    is_its_own = not (error.everywhere or error.flooded)
    is_used_up = parcel.tries + 1 >= MOST_TRIES and is_its_own
    if is_used_up or now - parcel.wanted_at >= LONGEST_TRY:
        return _over(parcel, DeliveryStatus.FAILED, error, not_taken=True)
    wait = _back_off(parcel.tries + 1, chance)
    if error.retry_after is not None and error.retry_after >= 0:
        wait = min(error.retry_after, LONGEST_PAUSE)
    due_at = now + timedelta(seconds=wait)
    again = _again(parcel, error, wait=wait, due_at=due_at, not_taken=True)
    address = None if error.everywhere else parcel.address
    return replace(again, address=address, flooded=error.flooded)


def _again(
    parcel: Parcel,
    error: BaseException,
    *,
    wait: float,
    due_at: datetime,
    not_taken: bool,
) -> Verdict:
    outcome = Outcome(
        id=parcel.id,
        status=DeliveryStatus.WAITING,
        error=_words(error),
        due_at=due_at,
        not_taken=not_taken,
    )
    return Verdict(outcome=outcome, address=parcel.address, pause=wait)


def _back_off(tries: int, chance: Chance) -> float:
    """Return 1 second to 10 minutes, at random below a bound that doubles."""
    bound = min(LONGEST_WAIT, 2.0 ** min(tries, 10))
    return 1.0 + chance() * (bound - 1.0)


def _words(error: BaseException) -> str:
    """Put an error into words; of a strange one only its kind, as it may quote us."""
    name = type(error).__name__
    return f"{name}: {error}" if isinstance(error, DeliveryError) else name
