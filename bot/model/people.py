"""The roster: departments, people and their accounts."""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.model.columns import Base, Key, Values, Words, words_of


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
    role: Mapped[Role] = mapped_column(words_of(Role))
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
