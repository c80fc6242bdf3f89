"""The mail: what came in, what goes out, who may send it, and what went wrong."""

from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.messages import Incoming, Reply
from bot.model.columns import Base, Key, UtcDateTime, Values, held_key, words_of


def _only(condition: str) -> dict[str, Any]:
    """Make an index one of the few rows that are still of interest."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


class LetterStatus(StrEnum):
    """Where a message that came in stands."""

    WAITING = "waiting"
    ANSWERED = "answered"
    IGNORED = "ignored"  # edited, or said before: kept, but it does nothing
    DEAD = "dead"  # could not be read, or could not be answered


class Letter(Base):
    """One message that came in, kept before its product hears "received".

    `product_id` is the product's id of the update, unique in its channel. `chat` is
    the conversation, in which letters are answered in the order of `id`. `incoming`
    is None if the update could not be read; `raw` then is its text. Of an answered one
    `raw` is what its answer quoted, until that is entered in the audit.
    """

    __tablename__ = "letter"
    __table_args__ = (
        UniqueConstraint("channel", "product_id"),
        Index(
            "ix_letter_waiting",
            "channel",
            "chat",
            "id",
            **_only("status = 'waiting'"),
        ),
        Index("ix_letter_dead", "id", **_only("status = 'dead'")),
        Index("ix_letter_received_at", "received_at"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    channel: Mapped[str] = mapped_column(String(40))
    product_id: Mapped[str] = mapped_column(Text)
    chat: Mapped[str] = mapped_column(Text)
    incoming: Mapped[Incoming | None] = mapped_column(Values(Incoming | None))
    raw: Mapped[str] = mapped_column(Text, default="")
    status: Mapped[LetterStatus] = mapped_column(words_of(LetterStatus))
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    tries: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(Text, default="")
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Notice(Base):
    """One thing to be told to many; its audience is frozen when it is issued.

    `key` makes it once: a second notice of that key is not issued. `body` is what is
    told, before any product's markup; `audience` the number of its recipients.
    """

    __tablename__ = "notice"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    key: Mapped[str] = mapped_column(Text, unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    body: Mapped[Reply] = mapped_column(Values(Reply))
    audience: Mapped[int]
    issued_by: Mapped[str] = mapped_column(Text)
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Request(Base):
    """The exact words of an API call, without its address; equal ones are kept once."""

    __tablename__ = "request"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    text: Mapped[str] = mapped_column(Text)


class Priority(IntEnum):
    """Who goes first in a lane; an answer has a fast lane of its own."""

    ANSWER = 0
    NUDGE = 10
    NOTICE = 20


class DeliveryStatus(StrEnum):
    """Where a delivery stands; each ends in one of the last five."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class Delivery(Base):
    """One API call: one request to one address, sent once.

    `key` makes it once. `recipient` is who is meant (person:12, or chat:LANE:ADDRESS),
    whatever the lane. `follows` is the part before it of a text in several parts: it
    goes first. It was wanted at `wanted_at`; `due_at` is later after each try that
    failed. `epoch` is that of the lane's holder who has it in hand. `handed_at` is when
    it was last marked SENDING, `settled_at` when the outcome of that was known, or its
    end. `unsure_since` is the first handing over that may have been taken, of those
    whose outcome nobody knows. `batch` is the first of the deliveries that the call of
    then told together, None if it told this one alone. `replaced_by` is the delivery
    through the person's next channel, or of the office's resending. `called_by` is who
    telephoned instead.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        held_key("notice_id", "notice.id"),
        held_key("person_id", "person.id", ondelete="SET NULL"),
        held_key("request_id", "request.id"),
        Index(
            "ix_delivery_waiting",
            "lane",
            "priority",
            "due_at",
            "id",
            **_only("status = 'waiting'"),
        ),
        Index(
            "ix_delivery_in_hand",
            "lane",
            **_only("status IN ('claimed', 'sending')"),
        ),
        Index(
            "ix_delivery_trouble",
            "status",
            **_only("status IN ('failed', 'unknown')"),
        ),
        Index(
            "ix_delivery_expiring",
            "expires_at",
            **_only("status = 'waiting' AND expires_at IS NOT NULL"),
        ),
        Index(
            "ix_delivery_settled",
            "lane",
            "settled_at",
            **_only("settled_at IS NOT NULL"),
        ),
        Index("ix_delivery_recipient", "notice_id", "recipient"),
        Index(
            "ix_delivery_remote",
            "lane",
            "address",
            "remote_id",
            **_only("remote_id <> ''"),
        ),
        Index("ix_delivery_follows", "follows", **_only("follows IS NOT NULL")),
        Index(
            "ix_delivery_replaced_by",
            "replaced_by",
            **_only("replaced_by IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    key: Mapped[str] = mapped_column(Text, unique=True)
    notice_id: Mapped[int | None] = mapped_column(Key)
    person_id: Mapped[int | None] = mapped_column(Key, index=True)
    recipient: Mapped[str] = mapped_column(Text)
    lane: Mapped[str] = mapped_column(String(40))
    address: Mapped[str] = mapped_column(Text)
    request_id: Mapped[int] = mapped_column(Key, index=True)
    priority: Mapped[int]
    follows: Mapped[int | None] = mapped_column(ForeignKey("delivery.id"))
    status: Mapped[DeliveryStatus] = mapped_column(words_of(DeliveryStatus))
    wanted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    epoch: Mapped[int] = mapped_column(default=0)
    tries: Mapped[int] = mapped_column(default=0)
    handed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    unsure_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    batch: Mapped[int | None] = mapped_column(Key)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    remote_id: Mapped[str] = mapped_column(Text, default="")
    error: Mapped[str] = mapped_column(Text, default="")
    replaced_by: Mapped[int | None] = mapped_column(ForeignKey("delivery.id"))
    called_by: Mapped[str] = mapped_column(Text, default="")
    request: Mapped[Request] = relationship(lazy="raise")


class Acknowledgement(Base):
    """That a person received a notice (签收); the first time counts."""

    __tablename__ = "acknowledgement"
    __table_args__ = (UniqueConstraint("notice_id", "person_id"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Lane(Base):
    """The right to send with one credential: one holder at a time.

    Each taking raises `epoch`, and what a holder writes bears its own: so one that
    lost the lane unawares changes nothing any more. `lease_until` is by the store's
    clock; nobody sends through the lane before `not_before`, and before
    `bulk_not_before`, until which the product has limited us, answers alone.
    """

    __tablename__ = "lane"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    owner: Mapped[str] = mapped_column(Text, default="")
    epoch: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    not_before: Mapped[datetime | None] = mapped_column(UtcDateTime)
    bulk_not_before: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Beat(Base):
    """One beat of the clock: when it last came, and what went wrong if it did."""

    __tablename__ = "beat"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    last_at: Mapped[datetime] = mapped_column(UtcDateTime)
    error: Mapped[str] = mapped_column(Text, default="")


class Alarm(Base):
    """Something due that was not done, for the office to know; once while it lasts."""

    __tablename__ = "alarm"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    key: Mapped[str] = mapped_column(Text, unique=True)
    words: Mapped[str] = mapped_column(Text)
    raised_at: Mapped[datetime] = mapped_column(UtcDateTime)
    cleared_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
