"""Answers that go at once: marked in the transaction that writes them."""

from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime
from typing import Protocol, cast

from sqlalchemy import Table, bindparam, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.mail.calls import Call, Calls
from bot.mail.lanes import LaneHold, LaneLost, await_lane, keep_lane
from bot.mail.ledger import Parcel
from bot.mail.outbox import Text
from bot.mail.pace import Slot
from bot.mail.rows import status_is
from bot.model import Delivery, DeliveryStatus, Priority, UtcDateTime
from bot.model.lists import among_given
from bot.statements import fetch

_TABLE = cast(Table, Delivery.__table__)
_WAITING = DeliveryStatus.WAITING


class Hurry(Protocol):
    """Has answers sent at once that a transaction has put into the outbox."""

    async def __call__(
        self, session: AsyncSession, texts: Sequence[Text], *, at: datetime
    ) -> set[str]:
        """Return the keys of those that need no ring: they go when all is committed."""


Hurrying = Callable[[], AbstractAsyncContextManager[Hurry]]
"""Opens the block around a transaction: what was hurried goes if it ends well."""


async def _hurry_nothing(
    session: AsyncSession, texts: Sequence[Text], *, at: datetime
) -> set[str]:
    return set()


@asynccontextmanager
async def nobody_hurries() -> AsyncIterator[Hurry]:
    """Leave all answers to be found in the outbox."""
    yield _hurry_nothing


class Batch:
    """Answers of one transaction: sent as soon as it is committed, or not at all.

    Each has its place in the pace, and counts as a call under way.
    """

    def __init__(
        self,
        hold: LaneHold,
        calls: Calls,
        texts: Sequence[Text],
        slots: Mapping[str, Slot],
        *,
        now: float,
        on_doubt: Callable[[Sequence[str]], None],
    ) -> None:
        """Take *slots*, by address; *on_doubt* hears what may be marked in vain."""
        self._hold = hold
        self._calls = calls
        to = {text.to.address: text for text in reversed(texts)}  # the first, of two
        self._slots = {f"{to[one].key}:1": (to[one], slots[one]) for one in slots}
        self._now = now
        self._on_doubt = on_doubt
        self._marked: list[Call] = []
        calls.expect(len(self._slots))

    async def mark(self, session: AsyncSession, *, at: datetime) -> set[str]:
        """Mark in the transaction of *session* what may go; returns the keys."""
        if not self._slots:
            return set()
        try:
            ids = await hand_over(session, self._hold, self._slots, now=at)
        except LaneLost:
            ids = {}
        for key, id_ in ids.items():
            text, slot = self._slots.pop(key)
            parcel = _parcel(text, key=key, id_=id_, at=at)
            call = Call(
                parcels=(parcel,),
                slot=slot,
                chosen_at=self._now,
                not_before=self._now,
                handed_at=at,
                is_express=True,
            )
            self._marked.append(call)
        self._give_up()
        return set(ids)

    def go(self) -> None:
        """Send what is marked: that is committed."""
        self._give_up()
        marked, self._marked = self._marked, []
        self._calls.expect(-len(marked))
        for call in marked:
            self._calls.begin(call)

    def drop(self) -> None:
        """Send nothing: the transaction has failed, or nobody knows."""
        self._give_up()
        marked, self._marked = self._marked, []
        for call in marked:
            self._calls.give_up(call.slot)
        if marked:
            self._on_doubt([call.parcel.key for call in marked])

    def _give_up(self) -> None:
        for _, slot in self._slots.values():
            self._calls.give_up(slot)
        self._slots.clear()


def _parcel(text: Text, *, key: str, id_: int, at: datetime) -> Parcel:
    return Parcel(
        id=id_,
        key=key,
        address=text.to.address,
        request=text.requests[0],
        priority=Priority.ANSWER,
        tries=0,
        wanted_at=at,
        handed_at=None,
        expires_at=None,
    )


async def hand_over(
    session: AsyncSession, hold: LaneHold, keys: Collection[str], *, now: datetime
) -> dict[str, int]:
    """Mark answers as handed over from now on; commit, then send them.

    Returns the ids of those that may be sent, by key: not of one whose address has
    another in hand, or an older answer that waits; none while the lane pauses. Raises
    LaneLost.
    """
    if (await keep_lane(session, hold)).stop_all(now):
        return {}
    given = {"keys": list(keys), "its_epoch": hold.epoch, "now": now}
    return dict(await fetch(session, _HAND_OVER, given))


async def take_back(
    session: AsyncSession, hold: LaneHold, keys: Collection[str]
) -> None:
    """Let answers wait that were handed over and never sent. Raises LaneLost.

    The transaction that did it may not have ended yet, for all we know.
    """
    await await_lane(session, hold)
    given = {"keys": list(keys), "its_epoch": hold.epoch}
    await fetch(session, _TAKE_BACK, given)


_other = aliased(Delivery)
_in_hand = select(_other.id).where(
    _other.lane == _TABLE.c.lane,
    status_is(DeliveryStatus.CLAIMED, DeliveryStatus.SENDING, of=_other),
    _other.address == _TABLE.c.address,
)
_older = select(_other.id).where(
    _other.lane == _TABLE.c.lane,
    _other.priority == Priority.ANSWER,
    status_is(_WAITING, of=_other),
    _other.address == _TABLE.c.address,
    _other.id < _TABLE.c.id,
)
_NOW = bindparam("now", type_=UtcDateTime)
_HAND_OVER = (
    update(_TABLE)
    .where(
        among_given(Delivery.key, "keys"),
        status_is(_WAITING),
        ~_in_hand.correlate(_TABLE).exists(),
        ~_older.correlate(_TABLE).exists(),
    )
    .values(
        status=DeliveryStatus.SENDING,
        epoch=bindparam("its_epoch"),
        tries=Delivery.tries + 1,
        handed_at=_NOW,
        unsure_since=func.coalesce(Delivery.unsure_since, _NOW),
    )
    .returning(Delivery.key, Delivery.id)
)
_TAKE_BACK = (
    update(_TABLE)
    .where(
        among_given(Delivery.key, "keys"),
        status_is(DeliveryStatus.SENDING),
        Delivery.epoch == bindparam("its_epoch"),
    )
    .values(status=_WAITING, unsure_since=None)
)
