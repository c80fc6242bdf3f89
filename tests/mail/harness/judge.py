"""The judge: holds what the ledger says against what the platform delivered."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.model import Delivery, DeliveryStatus, Letter, LetterStatus, Notice, Request

ENDS = frozenset(
    {
        DeliveryStatus.SENT,
        DeliveryStatus.FAILED,
        DeliveryStatus.UNKNOWN,
        DeliveryStatus.EXPIRED,
        DeliveryStatus.CANCELLED,
    }
)
Message = tuple[str, str, str]
"""Lane, address and request: what makes one message in the harness."""


@dataclass
class Evidence:
    """The rows of the ledger, and the record of the platform."""

    rows: Sequence[Any]
    letters: Sequence[Any]
    audiences: Mapping[int, int]
    record: Mapping[str, Any]


@dataclass
class Verdict:
    """What went wrong, message by message; `complaints` is empty if nothing did."""

    by_status: Counter[DeliveryStatus] = field(default_factory=Counter)
    twice: list[Message] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    false_sent: list[str] = field(default_factory=list)
    unasked: list[Message] = field(default_factory=list)
    out_of_order: list[str] = field(default_factory=list)
    letters: list[str] = field(default_factory=list)
    counts: list[str] = field(default_factory=list)
    unknown: Counter[str] = field(default_factory=Counter)
    unknown_delivered: int = 0
    healed: int = 0
    for_the_office: int = 0

    def complaints(self, *, unknown_at_most: Mapping[str, int]) -> list[str]:
        """List all that is not as promised; *unknown_at_most* is by lane."""
        found = [
            f"{len(items)} {name}: {items[:5]}"
            for name, items in (
                ("delivered twice", self.twice),
                ("lost", self.lost),
                ("marked sent, not delivered", self.false_sent),
                ("delivered, never written", self.unasked),
                ("out of order", self.out_of_order),
                ("letters", self.letters),
                ("counts", self.counts),
            )
            if items
        ]
        for lane, many in self.unknown.items():
            if many > unknown_at_most.get(lane, 0):
                found.append(f"{many} unknown on {lane} > {unknown_at_most.get(lane)}")
        return found

    def __str__(self) -> str:
        statuses = ", ".join(f"{name} {n}" for name, n in self.by_status.items())
        return (
            f"{self.by_status.total()} deliveries ({statuses}): "
            f"{len(self.twice)} twice, {len(self.lost)} lost, "
            f"{len(self.false_sent)} false sent, "
            f"{self.unknown.total()} unknown of which {self.unknown_delivered} "
            f"delivered, {self.healed} copies dropped"
        )


async def gather(session: AsyncSession, record: Mapping[str, Any]) -> Evidence:
    """Read all that the judge needs from the store."""
    rows = await session.execute(
        select(
            *(Delivery.id, Delivery.key, Delivery.lane, Delivery.address),
            *(Delivery.status, Delivery.follows, Delivery.notice_id),
            *(Delivery.recipient, Delivery.expires_at, Request.text),
        ).join(Request, Request.id == Delivery.request_id)
    )
    letters = await session.execute(
        select(Letter.id, Letter.channel, Letter.chat, Letter.status, Letter.product_id)
    )
    audiences = await session.execute(select(Notice.id, Notice.audience))
    found = {row.id: row.audience for row in audiences}
    return Evidence(rows.all(), letters.all(), found, record)


def judge(evidence: Evidence, *, letters_said: int = 0) -> Verdict:
    """Compare ledger and platform when all is quiet."""
    verdict = Verdict()
    delivered: Counter[Message] = Counter()
    for lane, one in evidence.record.items():
        delivered.update((lane, *message[:2]) for message in one["delivered"])
        verdict.healed += len(one["dropped"])
    _judge_rows(verdict, evidence, delivered)
    _judge_order(verdict, evidence)
    _judge_letters(verdict, evidence, letters_said)
    _judge_counts(verdict, evidence)
    return verdict


def _judge_rows(
    verdict: Verdict, evidence: Evidence, delivered: Counter[Message]
) -> None:
    written = set()
    unknown = {row.id for row in evidence.rows if row.status is DeliveryStatus.UNKNOWN}
    for row in evidence.rows:
        message = (row.lane, row.address, row.text)
        assert message not in written, f"two deliveries alike, badly asked: {message}"
        written.add(message)
        arrived = delivered[message] > 0
        verdict.by_status[row.status] += 1
        if row.status is DeliveryStatus.WAITING and row.follows in unknown:
            verdict.for_the_office += 1  # it decides what becomes of the part before
        elif row.status not in ENDS:
            verdict.lost.append(f"{row.key} is {row.status}")
        elif row.status is DeliveryStatus.SENT and not arrived:
            verdict.false_sent.append(row.key)
        elif row.status is DeliveryStatus.UNKNOWN:
            verdict.unknown[row.lane] += 1
            verdict.unknown_delivered += arrived
        elif row.status is not DeliveryStatus.SENT and arrived:
            verdict.counts.append(f"{row.key} is {row.status}, but was delivered")
    verdict.twice = [message for message, many in delivered.items() if many > 1]
    verdict.unasked = [message for message in delivered if message not in written]


def _judge_order(verdict: Verdict, evidence: Evidence) -> None:
    """Parts go out in order, and so do the answers of one chat."""
    when = {
        (lane, address, text): at
        for lane, one in evidence.record.items()
        for address, text, _, at in one["delivered"]
    }
    at_of = {
        row.id: when.get((row.lane, row.address, row.text)) for row in evidence.rows
    }
    answers: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row in sorted(evidence.rows, key=lambda row: int(row.id)):
        before, own = at_of.get(row.follows), at_of[row.id]
        if row.follows and own is not None and (before is None or before > own):
            verdict.out_of_order.append(f"{row.key} before the part before it")
        if row.key.startswith("letter:"):
            answers[row.lane, row.address].append(row.id)
    for chat, ids in answers.items():
        moments = [at for id_ in ids if (at := at_of[id_]) is not None]
        if moments != sorted(moments):
            verdict.out_of_order.append(f"answers in {chat}")


def _judge_letters(verdict: Verdict, evidence: Evidence, said: int) -> None:
    """Each is kept once and answered by exactly one delivery."""
    kept = Counter((row.channel, row.product_id) for row in evidence.letters)
    if len(kept) != said:
        verdict.letters.append(f"{said} said, {len(kept)} kept")
    verdict.letters += [
        f"{one} kept {many} times" for one, many in kept.items() if many > 1
    ]
    answers = Counter(
        row.key.split(":")[1] for row in evidence.rows if row.key.startswith("letter:")
    )
    for letter in evidence.letters:
        if letter.status is not LetterStatus.ANSWERED:
            verdict.letters.append(f"{letter.id} is {letter.status}")
        if answers[str(letter.id)] != 1:
            verdict.letters.append(f"{letter.id}: {answers[str(letter.id)]} answers")


def _judge_counts(verdict: Verdict, evidence: Evidence) -> None:
    """The recipients of each notice add up to its audience."""
    told: dict[int, set[str]] = defaultdict(set)
    for row in evidence.rows:
        if row.notice_id:
            told[row.notice_id].add(row.recipient)
    for notice, audience in evidence.audiences.items():
        if len(told[notice]) != audience:
            verdict.counts.append(
                f"notice {notice}: {len(told[notice])} told of {audience}"
            )


async def unfinished(session: AsyncSession) -> int:
    """Count what is not at its end yet: deliveries and letters.

    A part waits for the office, not for us, while the part before it is unknown.
    """
    before = aliased(Delivery)
    is_open = or_(
        Delivery.status.in_([DeliveryStatus.CLAIMED, DeliveryStatus.SENDING]),
        and_(
            Delivery.status == DeliveryStatus.WAITING,
            or_(before.id.is_(None), before.status != DeliveryStatus.UNKNOWN),
        ),
    )
    deliveries = await session.scalar(
        select(func.count(Delivery.id))
        .join(before, before.id == Delivery.follows, isouter=True)
        .where(is_open)
    )
    letters = await session.scalar(
        select(func.count(Letter.id)).where(Letter.status == LetterStatus.WAITING)
    )
    return (deliveries or 0) + (letters or 0)
