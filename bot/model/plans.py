"""The register: plans and their tasks."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.facts import (
    Contact,
    Doubt,
    Due,
    Duty,
    Measure,
    Owner,
    Passage,
    Section,
    Validity,
)
from bot.model.columns import Base, Key, UtcDateTime, Values, Words, words_of


class PlanStatus(StrEnum):
    """Where a version of a plan stands; only one of a number is IN_FORCE."""

    DRAFT = "draft"
    IN_FORCE = "in_force"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"


class Plan(Base):
    """One version of an implementation plan, with what it says besides its tasks.

    `key` is what stays the same over versions: the 文号, or the title where there is
    none. `declaration` is the reason for which a super admin let a document without
    a mark of openness, or a draft, come into force.
    """

    __tablename__ = "plan"
    __table_args__ = (UniqueConstraint("key", "version"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    key: Mapped[str] = mapped_column(Text, index=True)
    version: Mapped[int]
    status: Mapped[PlanStatus] = mapped_column(words_of(PlanStatus), index=True)
    number: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    plan_title: Mapped[str] = mapped_column(Text)
    issuer: Mapped[str] = mapped_column(Text)
    issue_date: Mapped[date | None]
    open_mark: Mapped[str] = mapped_column(Text)
    draft_marks: Mapped[tuple[str, ...]] = mapped_column(Words)
    contact: Mapped[Contact | None] = mapped_column(Values(Contact | None))
    validity: Mapped[Validity | None] = mapped_column(Values(Validity | None))
    sections: Mapped[tuple[Section, ...]] = mapped_column(Values(tuple[Section, ...]))
    duties: Mapped[tuple[Duty, ...]] = mapped_column(Values(tuple[Duty, ...]))
    targets: Mapped[tuple[Measure, ...]] = mapped_column(Values(tuple[Measure, ...]))
    passages: Mapped[tuple[Passage, ...]] = mapped_column(Values(tuple[Passage, ...]))
    doubts: Mapped[tuple[Doubt, ...]] = mapped_column(Values(tuple[Doubt, ...]))
    source_name: Mapped[str] = mapped_column(Text)
    source_hash: Mapped[str] = mapped_column(String(64))
    declaration: Mapped[str] = mapped_column(Text, default="")
    imported_at: Mapped[datetime] = mapped_column(UtcDateTime)
    signed_by: Mapped[str] = mapped_column(Text, default="")
    signed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    tasks: Mapped[list["Task"]] = relationship(
        back_populates="plan",
        order_by="Task.position",
        cascade="all, delete-orphan",
        lazy="selectin",
    )

    @property
    def name(self) -> str:
        """The name by which people know it: the title of the plan itself."""
        return self.plan_title or self.title or self.source_name


class Task(Base):
    """One task of a plan; `clause` is its place in the document, such as 二（一）4."""

    __tablename__ = "task"
    __table_args__ = (UniqueConstraint("plan_id", "clause"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    plan_id: Mapped[int] = mapped_column(
        ForeignKey("plan.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    clause: Mapped[str] = mapped_column(Text)
    numbered_by_us: Mapped[bool]
    parent: Mapped[str] = mapped_column(Text)
    section_path: Mapped[tuple[str, ...]] = mapped_column(Words)
    title: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    annotation: Mapped[str] = mapped_column(Text)
    owners: Mapped[tuple[Owner, ...]] = mapped_column(Values(tuple[Owner, ...]))
    measures: Mapped[tuple[Measure, ...]] = mapped_column(Values(tuple[Measure, ...]))
    due: Mapped[tuple[Due, ...]] = mapped_column(Values(tuple[Due, ...]))
    places: Mapped[tuple[int, int]] = mapped_column(Values(tuple[int, int]))
    plan: Mapped[Plan] = relationship(back_populates="tasks", lazy="raise")

    @property
    def leads(self) -> tuple[Owner, ...]:
        """Who leads, a collective too; empty where the document names nobody."""
        return tuple(owner for owner in self.owners if owner.leads)
