"""Feedback: what people say of answers, and what the office makes of it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.model.columns import Base, Key, UtcDateTime, Words, words_of


class FeedbackKind(StrEnum):
    """What was said of an answer, or that there was none."""

    USEFUL = "useful"
    WRONG = "wrong"
    UNANSWERED = "unanswered"


class FeedbackState(StrEnum):
    """What the office made of it."""

    OPEN = "open"
    THESAURUS = "thesaurus"
    GOLDEN = "golden"
    DISMISSED = "dismissed"


class Feedback(Base):
    """A question and what was thought of its answer; equal ones are counted.

    `key` makes it once: kind, question and plan. `plan_key` and `clauses` are what the
    answer quoted, "" and none if there was no answer. `words` is what was said to be
    wrong. Who said it is kept in the audit alone.
    """

    __tablename__ = "feedback"
    __table_args__ = (
        Index(
            "ix_feedback_open",
            "last_at",
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    key: Mapped[str] = mapped_column(Text, unique=True)
    kind: Mapped[FeedbackKind] = mapped_column(words_of(FeedbackKind))
    question: Mapped[str] = mapped_column(Text)
    plan_key: Mapped[str] = mapped_column(Text, default="")
    clauses: Mapped[tuple[str, ...]] = mapped_column(Words, default=())
    words: Mapped[str] = mapped_column(Text, default="")
    times: Mapped[int] = mapped_column(default=1)
    first_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[FeedbackState] = mapped_column(words_of(FeedbackState))
    settled_by: Mapped[str] = mapped_column(Text, default="")
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ThesaurusLine(Base):
    """What people say and what documents say for it, beside config/thesaurus.toml."""

    __tablename__ = "thesaurus_line"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    said: Mapped[str] = mapped_column(Text, unique=True)
    means: Mapped[tuple[str, ...]] = mapped_column(Words)
    added_by: Mapped[str] = mapped_column(Text)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    feedback_id: Mapped[int | None] = mapped_column(ForeignKey("feedback.id"))


class GoldenQuestion(Base):
    """A question of which the office knows the right answer: the clauses it quotes.

    It is asked again when a plan is to be published; `department` is the asker's.
    """

    __tablename__ = "golden_question"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    key: Mapped[str] = mapped_column(Text, unique=True)
    question: Mapped[str] = mapped_column(Text)
    department: Mapped[str] = mapped_column(Text, default="")
    plan_key: Mapped[str] = mapped_column(Text)
    clauses: Mapped[tuple[str, ...]] = mapped_column(Words)
    added_by: Mapped[str] = mapped_column(Text)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    feedback_id: Mapped[int | None] = mapped_column(ForeignKey("feedback.id"))
