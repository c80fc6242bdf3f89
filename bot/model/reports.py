"""Reports: what is to be handed in, how each department stands, and who was nudged."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Date, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.model.columns import (
    Base,
    Key,
    UtcDateTime,
    Values,
    Words,
    held_key,
    words_of,
)


class Basis(StrEnum):
    """Whence a date comes: each nudge says so."""

    DOCUMENT = "document"  # 文件规定
    OFFICE = "office"  # 办公室通知


class ReportDuty(Base):
    """A duty to report that the office has confirmed; nothing is nudged without one.

    `plan_key` is that of the plan whose clause it is, "" if the office entered it;
    `number` and `clause` are 文号 and 四（三）, or an office's own notice and "".
    `who` are the obligors as written, `exempt` departments that need not report, `what`
    is handed in, `to` whom. Due every year on `month` and `day_of_month`, or once on
    `day`; due dates lie within `first` and `last`. `text` is the sentence, word for
    word.
    """

    __tablename__ = "duty"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    key: Mapped[str] = mapped_column(Text, unique=True)
    basis: Mapped[Basis] = mapped_column(words_of(Basis))
    plan_key: Mapped[str] = mapped_column(Text, index=True)
    number: Mapped[str] = mapped_column(Text)
    clause: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    who: Mapped[tuple[str, ...]] = mapped_column(Words)
    exempt: Mapped[tuple[str, ...]] = mapped_column(Words)
    what: Mapped[str] = mapped_column(Text)
    to: Mapped[str] = mapped_column(Text)
    month: Mapped[int | None]
    day_of_month: Mapped[int | None]
    day: Mapped[date | None]
    first: Mapped[date]
    last: Mapped[date | None]
    confirmed_by: Mapped[str] = mapped_column(Text)
    confirmed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Report(Base):
    """One due date of a duty: what all its obligors hand in by that day.

    `due_on` is the day that the document names, included; it never changes. `title`
    is what people call it: 2026年全年落实情况.
    """

    __tablename__ = "report"
    __table_args__ = (UniqueConstraint("duty_id", "due_on"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    duty_id: Mapped[int] = mapped_column(ForeignKey("duty.id"), index=True)
    due_on: Mapped[date] = mapped_column(Date)
    title: Mapped[str] = mapped_column(Text)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    duty: Mapped[ReportDuty] = relationship(lazy="joined")

    @property
    def code(self) -> str:
        """The short code that is printed in each nudge, so that a quote can be told."""
        return f"#R{self.id}"


class SubmissionState(StrEnum):
    """Where a department stands with a report; overdue is a matter of the date."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"  # 收到
    PROMISED = "promised"  # 约定日期
    CLAIMED = "claimed"  # 已报待核
    NIL_CLAIMED = "nil_claimed"  # 零报告，待核
    ACCEPTED = "accepted"  # 已核收
    NIL = "nil"  # 零报告，已核收
    RETURNED = "returned"  # 退回
    EXTENDED = "extended"  # 延期内
    EXEMPT = "exempt"  # 免报
    DISPUTED = "disputed"  # 有异议，暂停


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """All of a submission that a word of somebody may change, so that it is undone.

    `promised_on` is the day that the department named, `agreed_on` the later date to
    which the office has extended it, `asked_on` the one that waits for its decision.
    """

    state: SubmissionState = SubmissionState.OPEN
    acknowledged_at: datetime | None = None
    promised_on: date | None = None
    asked_on: date | None = None
    agreed_on: date | None = None
    reason: str = ""


class Submission(Base):
    """How one department stands with one report.

    `state` is that of `standing`, for the sake of queries. `step` is the last step of
    the ladder that was reached, in working days left (-3: three overdue), `next_at`
    when the next one is, None if none is. `nudged_before` and `nudged_after` count the
    messages up to the due date and after it. `reacted_at` is the last word of anybody
    of the department about it.
    """

    __tablename__ = "submission"
    __table_args__ = (
        UniqueConstraint("report_id", "department"),
        Index(
            "ix_submission_next_at",
            "next_at",
            sqlite_where=text("next_at IS NOT NULL"),
            postgresql_where=text("next_at IS NOT NULL"),
        ),
        Index("ix_submission_department", "department"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"))
    department: Mapped[str] = mapped_column(Text)
    state: Mapped[SubmissionState] = mapped_column(words_of(SubmissionState))
    standing: Mapped[Standing] = mapped_column(Values(Standing), default=Standing)
    step: Mapped[int | None]
    next_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    nudged_before: Mapped[int] = mapped_column(default=0)
    nudged_after: Mapped[int] = mapped_column(default=0)
    reacted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    report: Mapped[Report] = relationship(lazy="joined")


class SubmissionEntry(Base):
    """One change of a submission: by whom, when, through what, in which words.

    `what` is a word such as claimed, promised, accepted, undone; `before` and `after`
    are how the department stood. `letter` is CHANNEL:ID of the message that said it,
    "" if none did. Rows are only ever added.
    """

    __tablename__ = "submission_entry"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), index=True)
    what: Mapped[str] = mapped_column(String(20))
    person_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL")
    )
    by: Mapped[str] = mapped_column(Text)
    channel: Mapped[str] = mapped_column(String(40), default="")
    letter: Mapped[str] = mapped_column(Text, default="")
    words: Mapped[str] = mapped_column(Text, default="")
    before: Mapped[Standing] = mapped_column(Values(Standing))
    after: Mapped[Standing] = mapped_column(Values(Standing))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Nudge(Base):
    """That somebody was nudged on a day: a person or a group once a day, never twice.

    `recipient` is as in Delivery (person:12, chat:LANE:ADDRESS), `on` a day of the
    office's zone.
    """

    __tablename__ = "nudge"
    __table_args__ = (
        UniqueConstraint("recipient", "on"),
        held_key("notice_id", "notice.id"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    recipient: Mapped[str] = mapped_column(Text)
    on: Mapped[date] = mapped_column(Date)
    notice_id: Mapped[int | None] = mapped_column(Key)


class NudgeItem(Base):
    """A report that a nudge speaks of, and the step of the ladder for which it does."""

    __tablename__ = "nudge_item"
    __table_args__ = (UniqueConstraint("notice_id", "report_id"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"))
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), index=True)
    step: Mapped[int]


class DraftState(StrEnum):
    """What became of a draft to a leader."""

    DRAFT = "draft"
    APPROVED = "approved"
    DROPPED = "dropped"


class LeaderDraft(Base):
    """Words to a department head that go out only if somebody of the office says so."""

    __tablename__ = "leader_draft"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), unique=True)
    text: Mapped[str] = mapped_column(Text)
    state: Mapped[DraftState] = mapped_column(words_of(DraftState))
    drafted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by: Mapped[str] = mapped_column(Text, default="")
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    notice_id: Mapped[int | None] = mapped_column(ForeignKey("notice.id"))


class Evidence(Base):
    """A file that was handed in; its content lies beside the database, by its digest.

    `size` is in bytes, `digest` SHA-256 in hex. `submission_id` is None while it is
    only kept (仅留存). Until it has been fetched from its channel, by `reference`,
    `digest` and `refusal` are "" and `fetch_at` is when that is tried next; `refusal`
    is what the sender was told if it was not kept.
    """

    __tablename__ = "evidence"
    __table_args__ = (
        Index(
            "ix_evidence_fetch_at",
            "fetch_at",
            sqlite_where=text("fetch_at IS NOT NULL"),
            postgresql_where=text("fetch_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    submission_id: Mapped[int | None] = mapped_column(
        ForeignKey("submission.id"), index=True
    )
    person_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL")
    )
    department: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    size: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64), index=True, default="")
    letter: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    channel: Mapped[str] = mapped_column(String(40), default="")
    reference: Mapped[str] = mapped_column(Text, default="")
    refusal: Mapped[str] = mapped_column(Text, default="")
    fetch_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    fetched_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class CalendarDay(Base):
    """A day off, or a shifted working day, as the office entered it from the notice."""

    __tablename__ = "calendar_day"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    is_working: Mapped[bool]
    name: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text)
    entered_by: Mapped[str] = mapped_column(Text)
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)
