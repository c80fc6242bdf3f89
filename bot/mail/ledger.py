"""What the postman writes of his deliveries, under a hold and fenced by its epoch."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import (
    Boolean,
    Table,
    and_,
    bindparam,
    case,
    func,
    literal,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession

from bot.mail.copies import told_together
from bot.mail.lanes import LaneHold, keep_lane, lane_is_ours
from bot.mail.order import choose_due
from bot.mail.parts import cancel_rest
from bot.mail.rows import IN_HAND, NEVER, ended_as, status_is, storable
from bot.model import Delivery, DeliveryStatus, Priority, Request, UtcDateTime
from bot.model.columns import Key
from bot.model.lists import among, among_given
from bot.statements import execute_many, fetch

MARGIN = timedelta(seconds=60)
"""How long before its end a product's dropping of copies is no longer relied upon."""

HOLDER_LOST = "its sender was gone before an answer came"
_LONGEST_ERROR = 500  # characters
_OUTCOMES = frozenset(
    {
        DeliveryStatus.SENT,
        DeliveryStatus.FAILED,
        DeliveryStatus.UNKNOWN,
        DeliveryStatus.WAITING,
    }
)
_WAITING = status_is(DeliveryStatus.WAITING)
_CLAIMED = status_is(DeliveryStatus.CLAIMED)
_SENDING = status_is(DeliveryStatus.SENDING)
_PLAIN = {"synchronize_session": False}  # rows only, no objects of a session


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A claimed delivery, with all that its sending needs.

    `tries` are those before this one. `handed_at` is the first handing over that may
    have been taken, None if certainly none was: a product that drops copies counts
    from there, and once it has stopped to, sending it may double it: let it be UNKNOWN.
    It was wanted at `wanted_at`, before any try. If the call of then told several
    together, `told` are their addresses in their order: a copy has the same.
    """

    id: int
    key: str
    address: str
    request: str
    priority: int
    tries: int
    wanted_at: datetime
    handed_at: datetime | None
    expires_at: datetime | None
    told: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a sending: SENT, FAILED, UNKNOWN, or WAITING for another try.

    `due_at` is that of the next try. `not_taken` says that this one certainly was not
    taken; otherwise the product may know the request from now on.
    """

    id: int
    status: DeliveryStatus
    remote_id: str = ""
    error: str = ""
    due_at: datetime | None = None
    not_taken: bool = False


async def claim(
    session: AsyncSession,
    hold: LaneHold,
    *,
    now: datetime,
    limit: int,
    busy: Collection[str] = (),
    answers_only: bool = False,
) -> list[Parcel]:
    """Take what is due and goes first: by priority, then by `due_at`.

    At most one an address, the oldest, and none of an address that is *busy* or has
    another in hand; none whose part before it is not sent. Empty while the lane
    pauses; answers alone while its bulk does. Commit before sending: a claim that is
    rolled back is no claim. Raises LaneLost.
    """
    pauses = await keep_lane(session, hold)
    if limit < 1 or pauses.stop_all(now):
        return []
    answers_only = answers_only or pauses.stop_bulk(now)
    ids = await choose_due(
        session,
        hold.lane,
        now=now,
        limit=limit,
        busy=busy,
        priorities=[Priority.ANSWER] if answers_only else sorted(Priority),
    )
    return await _take(session, hold, ids) if ids else []


async def _take(
    session: AsyncSession, hold: LaneHold, ids: Sequence[int]
) -> list[Parcel]:
    """Mark them CLAIMED; what somebody else is changing now stays for the next time."""
    taken = [
        dict(zip(_TAKEN, row, strict=True))
        for row in await fetch(session, _TAKE, {"ids": ids, "its_epoch": hold.epoch})
    ]
    copies = [row for row in taken if row["handed_at"]]
    told = await told_together(session, {row["batch"] for row in copies} - {None})
    for row in taken:
        del row["batch"]
    parcels = {row["id"]: Parcel(**row, told=told.get(row["id"], ())) for row in taken}
    return [parcels[id_] for id_ in ids if id_ in parcels]


# Statements that are run all the time are built once: that takes longer than they do.
_TABLE = cast(Table, Delivery.__table__)
_FREE = (
    select(Delivery.id)
    .where(among_given(Delivery.id, "ids"), _WAITING)
    .with_for_update(skip_locked=True)
)
_TEXT = select(Request.text).where(Request.id == _TABLE.c.request_id)
_TAKE = (
    update(_TABLE)
    .where(_TABLE.c.id.in_(_FREE))
    .values(status=DeliveryStatus.CLAIMED, epoch=bindparam("its_epoch"))
    .returning(
        *(_TABLE.c.id, _TABLE.c.key, _TABLE.c.address, _TABLE.c.priority),
        *(_TABLE.c.tries, _TABLE.c.wanted_at, _TABLE.c.expires_at),
        *(_TABLE.c.unsure_since.label("handed_at"), _TABLE.c.batch),
        _TEXT.correlate(_TABLE).scalar_subquery().label("request"),
    )
)
_TAKEN = (
    "id key address priority tries wanted_at expires_at handed_at batch request"
).split()


async def mark_sending(
    session: AsyncSession,
    hold: LaneHold,
    ids: Collection[int],
    *,
    now: datetime,
    together: bool = False,
) -> set[int]:
    """Mark claimed deliveries as handed over from now on; commit, then send them.

    Those that one call tells *together* it tells in the order of their ids; a copy of
    a call stays the copy that it is. Returns those that may be sent: the others have
    expired, or were cancelled or taken away in the meantime. Raises LaneLost.
    """
    await keep_lane(session, hold)
    given: dict[str, Any] = {"ids": list(ids), "its_epoch": hold.epoch, "now": now}
    given["its_batch"] = min(ids, default=None) if together else None
    return {id_ for (id_,) in await fetch(session, _MARK, given)}


_NOW = bindparam("now", type_=UtcDateTime)
_MARK = (
    update(_TABLE)
    .where(
        among_given(Delivery.id, "ids"),
        Delivery.epoch == bindparam("its_epoch"),
        _CLAIMED,
        or_(Delivery.expires_at.is_(None), Delivery.expires_at > _NOW),
    )
    .values(
        status=DeliveryStatus.SENDING,
        tries=Delivery.tries + 1,
        handed_at=_NOW,
        unsure_since=func.coalesce(Delivery.unsure_since, _NOW),
        batch=case(
            (Delivery.unsure_since.is_(None), bindparam("its_batch", type_=Key)),
            else_=Delivery.batch,
        ),
    )
    .returning(Delivery.id)
)


async def settle(
    session: AsyncSession,
    hold: LaneHold,
    outcomes: Sequence[Outcome],
    *,
    now: datetime,
) -> None:
    """Write down what became of deliveries that were marked SENDING under this hold.

    Of a text whose part failed, the parts that have not gone yet are CANCELLED. Doing
    it twice changes nothing. Raises LaneLost.
    """
    await keep_lane(session, hold)
    if not outcomes:
        return
    rows = [_settling(outcome, hold, now) for outcome in outcomes]
    await execute_many(session, _SETTLE, rows)
    failed = [o.id for o in outcomes if o.status is DeliveryStatus.FAILED]
    if failed:
        await cancel_rest(session, failed, at=now)


def _settling(outcome: Outcome, hold: LaneHold, now: datetime) -> dict[str, Any]:
    if outcome.status not in _OUTCOMES:
        raise ValueError(f"{outcome.status} is no outcome of a sending")
    return {
        "its_id": outcome.id,
        "its_epoch": hold.epoch,
        "not_taken": outcome.not_taken,
        "next_due_at": outcome.due_at,
        "new_status": outcome.status,
        "new_remote_id": storable(outcome.remote_id),
        "new_error": storable(outcome.error[:_LONGEST_ERROR]),
        "now": now,
    }


# Of several handings over the first unsure one counts; one that was certainly not
# taken is taken back, unless an unsure one was before it.
_was_first = Delivery.unsure_since == Delivery.handed_at
_SETTLE = (
    update(_TABLE)
    .where(
        Delivery.id == bindparam("its_id"),
        Delivery.epoch == bindparam("its_epoch"),
        _SENDING,
    )
    .values(
        status=bindparam("new_status"),
        remote_id=bindparam("new_remote_id"),
        error=bindparam("new_error"),
        settled_at=bindparam("now"),
        due_at=case(
            (Delivery.due_at == NEVER, Delivery.due_at),
            else_=func.coalesce(
                bindparam("next_due_at", type_=UtcDateTime), Delivery.due_at
            ),
        ),
        unsure_since=case(
            (and_(bindparam("not_taken", type_=Boolean), _was_first), null()),
            else_=Delivery.unsure_since,
        ),
    )
)


async def give_back(
    session: AsyncSession, hold: LaneHold, ids: Collection[int] | None = None
) -> None:
    """Let claimed deliveries wait again, all of the hold's or *ids*.

    Does nothing if the lane is another's by now: then they are, too.
    """
    if not await lane_is_ours(session, hold):
        return
    back = update(Delivery).where(
        Delivery.lane == hold.lane, IN_HAND, _CLAIMED, Delivery.epoch == hold.epoch
    )
    if ids is not None:
        back = back.where(among(Delivery.id, ids))
    await session.execute(
        back.values(status=DeliveryStatus.WAITING).execution_options(**_PLAIN)
    )


async def hold_back(
    session: AsyncSession,
    hold: LaneHold,
    *,
    addresses: Collection[str],
    until: datetime,
) -> None:
    """Let nothing go to *addresses* before *until*: their product asked for a pause.

    Does nothing if the lane is another's by now.
    """
    if not await lane_is_ours(session, hold):
        return
    await session.execute(
        update(Delivery)
        .where(
            Delivery.lane == hold.lane,
            Delivery.priority.in_(sorted(Priority)),  # so that the index serves
            Delivery.due_at < until,
            among(Delivery.address, addresses),
            _WAITING,
        )
        .values(due_at=until)
        .execution_options(**_PLAIN)
    )


async def recover(
    session: AsyncSession,
    hold: LaneHold,
    *,
    now: datetime,
    drops_copies_for: timedelta,
    at: datetime | None = None,
) -> Counter[DeliveryStatus]:
    """Put in order what former holders of the lane left in hand; count what it became.

    What was only claimed waits again: no byte of it has left. Of what was being sent
    nobody knows: it is UNKNOWN, or waits if the product still drops a copy. It ended
    *at*, by the clock that all holders have in common, *now* if that is None. Call it
    in the transaction that takes the lane, and then again. Raises LaneLost.
    """
    await keep_lane(session, hold)
    drops_copies = and_(
        Delivery.unsure_since > now - drops_copies_for + MARGIN,
        Delivery.unsure_since <= now,  # else the clock was set back: for how long?
    )
    is_unknown = and_(_SENDING, or_(Delivery.unsure_since.is_(None), ~drops_copies))
    put = (
        update(Delivery)
        .where(Delivery.lane == hold.lane, IN_HAND, Delivery.epoch < hold.epoch)
        .values(
            status=case(
                (is_unknown, DeliveryStatus.UNKNOWN), else_=DeliveryStatus.WAITING
            ),
            settled_at=case(
                (_SENDING, literal(at or now, UtcDateTime)), else_=Delivery.settled_at
            ),
            error=case((_SENDING, HOLDER_LOST), else_=Delivery.error),
        )
        .returning(Delivery.status)
        .execution_options(**_PLAIN)
    )
    return Counter(await session.scalars(put))


async def expire(session: AsyncSession, *, now: datetime) -> int:
    """End what is too late and is not being sent; returns how many.

    It is EXPIRED, or UNKNOWN if a try before may have been taken.
    On PostgreSQL what somebody else is changing now stays for the next time.
    """
    count = 0
    for condition in (
        and_(_WAITING, Delivery.expires_at.is_not(None)),
        and_(IN_HAND, _CLAIMED),
    ):
        late = (
            select(Delivery.id)
            .where(condition, Delivery.expires_at <= now)
            .with_for_update(skip_locked=True)
        )
        end = (
            update(Delivery)
            .where(Delivery.id.in_(late))
            .values(status=ended_as(DeliveryStatus.EXPIRED), settled_at=now)
            .returning(Delivery.id)
            .execution_options(**_PLAIN)
        )
        count += len((await session.scalars(end)).all())
    return count


async def recent_sends(
    session: AsyncSession, lane: str, *, since: datetime
) -> list[tuple[Sequence[str], datetime]]:
    """List the calls that may have been taken since *since*: whom each told, and when.

    The time is that of the answer, or when none was to come any more; of a sending
    that is under way its beginning. A pace begins with them after a change of holder.
    """
    call = func.coalesce(Delivery.batch, Delivery.id)
    ended = select(call, Delivery.settled_at, Delivery.address).where(
        Delivery.lane == lane,
        Delivery.settled_at >= since,
        Delivery.unsure_since.is_not(None),
        ~_SENDING,
    )
    under_way = select(call, Delivery.handed_at, Delivery.address).where(
        Delivery.lane == lane, IN_HAND, _SENDING
    )
    calls: dict[tuple[int, Any], list[str]] = {}
    for query in (ended, under_way):
        for id_, at, address in await session.execute(query):
            calls.setdefault((id_, at), []).append(address)
    return [(addresses, at) for (_, at), addresses in calls.items()]
