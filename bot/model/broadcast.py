"""Broadcasts: what the office tells many, from the draft to the last receipt."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.messages import Attachment
from bot.model.columns import Base, Key, UtcDateTime, Values, words_of

_UNDER_WAY = "ended_at IS NULL AND state <> 'draft'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Whom a broadcast is for: the union of what is named here.

    `task_id` means its departments, `report_id` those who have not handed it in, and
    `chats` the ids of groups. `confirmed` are all whom that meant when it was
    confirmed, to be sent later: it goes to those whom it means then.
    """

    everyone: bool = False
    departments: tuple[str, ...] = ()
    task_id: int | None = None
    report_id: int | None = None
    chats: tuple[int, ...] = ()
    confirmed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """Somebody who was meant and cannot be reached; None: the department has nobody."""

    person_id: int | None
    department: str
    why: str


class BroadcastState(StrEnum):
    """Where a broadcast stands; each ends in one of the last three."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"  # confirmed; goes out at `send_at`
    SENDING = "sending"
    PAUSED = "paused"
    DONE = "done"
    CANCELLED = "cancelled"
    RECALLED = "recalled"


class Broadcast(Base):
    """What an admin tells many; nothing goes out before it is confirmed by a number.

    `notice_id` is what it became: its audience is frozen then, and `missing` are those
    of it whom nothing reached. `send_at` is None for at once. Of one that was cancelled
    or recalled, something may be under way until `ended_at`.
    """

    __tablename__ = "broadcast"
    __table_args__ = (
        Index(
            "ix_broadcast_under_way",
            "state",
            sqlite_where=text(_UNDER_WAY),
            postgresql_where=text(_UNDER_WAY),
        ),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    attachments: Mapped[tuple[Attachment, ...]] = mapped_column(
        Values(tuple[Attachment, ...])
    )
    scope: Mapped[Scope] = mapped_column(Values(Scope))
    wants_receipt: Mapped[bool]
    send_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    state: Mapped[BroadcastState] = mapped_column(words_of(BroadcastState))
    drafter_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    drafted_by: Mapped[str] = mapped_column(Text)
    drafted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_by: Mapped[str] = mapped_column(Text, default="")
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    notice_id: Mapped[int | None] = mapped_column(ForeignKey("notice.id"), unique=True)
    missing: Mapped[tuple[Missing, ...]] = mapped_column(
        Values(tuple[Missing, ...]), default=()
    )
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
