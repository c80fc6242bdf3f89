"""The nouns as mapped tables."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

import msgspec
from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Dialect,
    Enum,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from bot.facts import (
    Contact,
    Doubt,
    Due,
    Duty,
    Measure,
    Owner,
    OwnerRole,
    Passage,
    Section,
    Validity,
)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, stored as UTC; SQLite alone would give it back naive."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(
        self, value: datetime | None, dialect: Dialect
    ) -> datetime | None:
        """Refuse a naive moment, bring any other to UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone")
        return value.astimezone(UTC)

    def process_result_value(
        self, value: datetime | None, dialect: Dialect
    ) -> datetime | None:
        """Give back an aware moment in UTC on either database."""
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=UTC)


class Values(TypeDecorator[Any]):
    """A value of `bot.facts`, or a tuple of them, kept as JSON."""

    impl = JSON
    cache_ok = True

    def __init__(self, type_: Any) -> None:
        super().__init__()
        self.type_ = type_

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """Turn the value into plain lists and dicts."""
        return msgspec.to_builtins(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """Build the value again; raises msgspec.ValidationError if it is not ours."""
        return msgspec.convert(value, self.type_)


def _words_of(kind: type[StrEnum]) -> Enum:
    """Keep the word of a member in a plain column, and give back the member."""
    return Enum(
        kind,
        native_enum=False,
        length=12,
        values_callable=lambda members: [member.value for member in members],
    )


Key = BigInteger().with_variant(Integer, "sqlite")
Words = Values(tuple[str, ...])


class Base(DeclarativeBase):
    """All tables; constraints are named, so that they can be changed on SQLite too.

    What people or documents write is Text: PostgreSQL alone would enforce a length.
    """

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


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
    status: Mapped[PlanStatus] = mapped_column(_words_of(PlanStatus), index=True)
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
        """The lead departments; empty where the document names none."""
        return tuple(owner for owner in self.owners if owner.role is OwnerRole.LEAD)


class Department(Base):
    """A department or collective that the office keeps, beside data/departments.toml.

    `proposed` rows come from a published plan and wait for a person to confirm them.
    `members` are names, of a collective alone.
    """

    __tablename__ = "department"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    name: Mapped[str] = mapped_column(Text, unique=True)
    short_names: Mapped[tuple[str, ...]] = mapped_column(Words)
    former_names: Mapped[tuple[str, ...]] = mapped_column(Words)
    members: Mapped[tuple[str, ...]] = mapped_column(Words)
    collective: Mapped[bool]
    proposed: Mapped[bool]
    confirmed_by: Mapped[str] = mapped_column(Text, default="")


class Role(StrEnum):
    """What a person may do; each includes those before it."""

    STRANGER = "stranger"
    LIAISON = "liaison"
    HEAD = "head"
    ADMIN = "admin"
    SUPER = "super"


class Person(Base):
    """Somebody whom the office knows."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    department: Mapped[str] = mapped_column(Text, index=True)
    role: Mapped[Role] = mapped_column(_words_of(Role))
    phone: Mapped[str] = mapped_column(Text, default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """What a conversation is about, so that 第二个 and 那谁牵头 have a meaning.

    `asked` is the question that made the list shown (`shown`: task ids in its order,
    `page` from 0), `task_id` the task last spoken of, `offered` the question that a
    plain 是 would ask, `text_page` the page of its wording.
    """

    asked: str = ""
    shown: tuple[int, ...] = ()
    page: int = 0
    task_id: int | None = None
    text_page: int = 0
    offered: str = ""


class Account(Base):
    """One address of a person in one channel, with what is being talked about."""

    __tablename__ = "account"
    __table_args__ = (UniqueConstraint("channel", "address"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    channel: Mapped[str] = mapped_column(String(20))
    address: Mapped[str] = mapped_column(Text)
    person_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    talk: Mapped[Talk] = mapped_column(Values(Talk), default=Talk)
    person: Mapped[Person | None] = relationship(lazy="joined")


class AuditEntry(Base):
    """Who did what and why; rows are added, never changed."""

    __tablename__ = "audit_entry"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    actor: Mapped[str] = mapped_column(Text)
    event: Mapped[str] = mapped_column(Text)
    about: Mapped[str] = mapped_column(Text)
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)
