"""What became of a broadcast: whom it reached, whom not and why, and who received it.

What is counted here adds up to all who were meant, at any moment.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import roster
from bot.mail.results import Result, left_in, receipts_of, results_of, sent_since
from bot.model import Broadcast, DeliveryStatus, Person
from bot.model.lists import among
from handlers.explained import explained

STATUS_WORDS = {
    DeliveryStatus.SENT: "已送达",
    DeliveryStatus.WAITING: "待发",
    DeliveryStatus.FAILED: "失败",
    DeliveryStatus.UNKNOWN: "结果不明",
    DeliveryStatus.EXPIRED: "过期未发",
    DeliveryStatus.CANCELLED: "已取消",
}
UNREACHED = "需电话"
_LATELY = timedelta(seconds=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One who was meant; `result` is in words, `lane` "" for whom nothing reached."""

    department: str
    name: str
    phone: str
    lane: str
    result: str
    why: str
    at: datetime | None
    receipt_at: datetime | None
    called_by: str
    person_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a broadcast stands: one row for each who was meant.

    `others_received` are receipts of those who read it in a group. `seconds_left` is
    by the pace of the last minute, None where that is not known.
    """

    broadcast: Broadcast
    rows: Sequence[Row]
    others_received: int
    seconds_left: float | None

    @property
    def counts(self) -> Counter[str]:
        """Count those who were meant by the words of what became of it."""
        return Counter(row.result for row in self.rows)

    @property
    def received(self) -> int:
        """Count who of them acknowledged it."""
        return sum(row.receipt_at is not None for row in self.rows)

    @property
    def without_receipt(self) -> list[Row]:
        """List the people whom it reached and who did not acknowledge it."""
        reached = STATUS_WORDS[DeliveryStatus.SENT]
        return [
            row
            for row in self.rows
            if row.person_id and row.result == reached and row.receipt_at is None
        ]

    @property
    def lanes(self) -> dict[str, tuple[int, int]]:
        """Tell by lane how many it has reached, and how many go through it."""
        reached = STATUS_WORDS[DeliveryStatus.SENT]
        found: dict[str, tuple[int, int]] = {}
        for row in self.rows:
            if row.lane:
                done, all_ = found.get(row.lane, (0, 0))
                found[row.lane] = done + (row.result == reached), all_ + 1
        return found


async def outcome_of(
    session: AsyncSession, broadcast: Broadcast, *, at: datetime
) -> Outcome:
    """Find out how a broadcast stands that was issued."""
    assert broadcast.notice_id, "it was issued"
    results = await results_of(session, broadcast.notice_id)
    receipts = await receipts_of(session, broadcast.notice_id)
    ids = [one.person_id for one in results] + [
        one.person_id for one in broadcast.missing
    ]
    people = await _people(session, [id_ for id_ in ids if id_])
    titles = {chat.recipient: chat.title for chat in await roster.chats(session)}
    rows = [_row(one, people, receipts, titles) for one in results]
    meant = {row.person_id for row in rows if row.person_id}
    for missing in broadcast.missing:
        person = people.get(missing.person_id or 0)
        rows.append(
            Row(
                department=missing.department,
                name=person.name if person else "",
                phone=person.phone if person else "",
                lane="",
                result=UNREACHED,
                why=missing.why,
                at=None,
                receipt_at=None,
                called_by="",
                person_id=missing.person_id,
            )
        )
    return Outcome(
        broadcast=broadcast,
        rows=rows,
        others_received=len(receipts.keys() - meant),
        seconds_left=await _seconds_left(session, broadcast.notice_id, at=at),
    )


async def _people(session: AsyncSession, ids: Sequence[int]) -> dict[int, Person]:
    found = await session.scalars(select(Person).where(among(Person.id, ids)))
    return {one.id: one for one in found}


def _row(
    one: Result,
    people: dict[int, Person],
    receipts: dict[int, datetime],
    titles: dict[str, str],
) -> Row:
    person = people.get(one.person_id or 0)
    title = titles.get(one.now_called) or one.recipient.rpartition(":")[2]
    name = person.name if person else f"群“{title}”"
    if one.recipient.startswith("person:") and person is None:
        name = "已删除的人员"
    is_good = one.status in (DeliveryStatus.SENT, DeliveryStatus.WAITING)
    return Row(
        department=person.department if person else "",
        name=name,
        phone=person.phone if person else "",
        lane=one.lane,
        result=STATUS_WORDS[one.status],
        why="" if is_good else explained(one.error),
        at=one.settled_at,
        receipt_at=receipts.get(one.person_id or 0),
        called_by=one.called_by,
        person_id=one.person_id,
    )


async def _seconds_left(
    session: AsyncSession, notice_id: int, *, at: datetime
) -> float | None:
    """Reckon how long the slowest lane takes at the pace of the last minute."""
    left = await left_in(session, notice_id)
    lately = await sent_since(session, notice_id, since=at - _LATELY)
    if not left or not all(lately.get(lane) for lane in left):
        return None if left else 0.0
    return max(left[lane] * _LATELY.total_seconds() / lately[lane] for lane in left)
