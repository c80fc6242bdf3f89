"""The roster: departments, people, their accounts, group chats and binding codes."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from msgspec import Struct
from sqlalchemy import ForeignKey, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.model.columns import Base, Key, UtcDateTime, Values, Words, words_of


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
    """Somebody whom the office knows.

    `is_deputy` is one whom a nudge reaches only if the liaison never reacted. `hours`
    (morning, afternoon) and `main_channel` are what the person asked for, else "".
    Who has left since `left_at` hears nothing more; of whom `erased_at` is set, nothing
    is kept but what he is named by in the audit, and `erased_as`, by which a roster
    that names him again is told.
    """

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    department: Mapped[str] = mapped_column(Text, index=True)
    role: Mapped[Role] = mapped_column(words_of(Role))
    phone: Mapped[str] = mapped_column(Text, default="")
    is_deputy: Mapped[bool] = mapped_column(default=False, server_default=false())
    hours: Mapped[str] = mapped_column(String(12), default="", server_default="")
    main_channel: Mapped[str] = mapped_column(String(40), default="", server_default="")
    left_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    erased_as: Mapped[str] = mapped_column(String(64), default="", server_default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """The last answer of a direct chat, so that 有用 and 有误 have a meaning.

    `letter` is the product's id of the question, "" where it is kept nowhere. `doc` and
    `clauses` are what was quoted, "" and none if nothing was.
    """

    question: str
    letter: str = ""
    doc: str = ""
    clauses: tuple[str, ...] = ()
    is_found: bool = True


class Talk(Struct, frozen=True, kw_only=True):
    """What a conversation is about, so that 第二个 and 那谁牵头 have a meaning.

    `asked` is the question that made the list shown (`shown`: task ids in its order,
    `page` from 0), `task_id` the task last spoken of, `offered` the question that a
    plain 是 would ask, `text_page` the page of its wording. `shown_in` is the letter
    (the product's id) of which the answer shows the list as it is now. `choices` is
    what a number says in the next letter alone, and if it `asks_yes` a plain 是 says
    the first of them.
    """

    asked: str = ""
    shown: tuple[int, ...] = ()
    page: int = 0
    task_id: int | None = None
    text_page: int = 0
    offered: str = ""
    shown_in: str = ""
    choices: tuple[str, ...] = ()
    asks_yes: bool = False
    answered: Answered | None = None


class Account(Base):
    """One address of a person in one channel, with what is being talked about.

    `closed_at` is when its product said that it takes nothing from us any more; a sign
    of life clears it. `guesses` are the wrong binding codes up to `guessed_at`.
    """

    __tablename__ = "account"
    __table_args__ = (UniqueConstraint("channel", "address"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    channel: Mapped[str] = mapped_column(String(20))
    address: Mapped[str] = mapped_column(Text)
    person_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    talk: Mapped[Talk] = mapped_column(Values(Talk), default=Talk)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    guesses: Mapped[int] = mapped_column(default=0, server_default="0")
    guessed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    person: Mapped[Person | None] = relationship(lazy="joined")


class Chat(Base):
    """A group in which the bot was seen.

    It is told notices once it is registered: those of `department`, or, if that is "",
    what all departments may hear. `closed_at` is when the bot could speak there no
    longer. `title` is what its members call it; all of them share one talk. Notices go
    to the part of it of which `topic` is the number, "" for the whole. What its own
    lane cannot tell it goes to `fallback` (LANE:ADDRESS), "" if there is none.
    """

    __tablename__ = "chat"
    __table_args__ = (UniqueConstraint("channel", "address"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    channel: Mapped[str] = mapped_column(String(40))
    address: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text, default="")
    department: Mapped[str] = mapped_column(Text, default="")
    registered_by: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL")
    )
    registered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    talk: Mapped[Talk] = mapped_column(Values(Talk), default=Talk)
    fallback: Mapped[str] = mapped_column(Text, default="", server_default="")
    topic: Mapped[str] = mapped_column(Text, default="", server_default="")

    @property
    def recipient(self) -> str:
        """Name it as deliveries do."""
        return f"chat:{self.channel}:{self.address}"

    @property
    def told_at(self) -> str:
        """Return the address to which notices go: of the group, or of its topic."""
        return f"{self.address}/{self.topic}" if self.topic else self.address


class Purpose(StrEnum):
    """What a binding code is for."""

    PERSON = "person"
    GROUP = "group"


class BindingCode(Base):
    """A code, and a link that carries a longer one, of which either is used once.

    Only digests are kept. One for a person binds whoever says it to `person_id`, as
    long as that is of `department` and `role`; one for a group registers, by the hand
    of `person_id`, a group of `department`. `told_in` names the letter (channel:id of
    the product) of which the answer tells it, until that is blotted out.
    """

    __tablename__ = "binding_code"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    code_digest: Mapped[str] = mapped_column(String(64), unique=True)
    link_digest: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[Purpose] = mapped_column(words_of(Purpose))
    person_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    department: Mapped[str] = mapped_column(Text)
    role: Mapped[Role] = mapped_column(words_of(Role))
    told_in: Mapped[str] = mapped_column(Text, default="")
    issued_by: Mapped[str] = mapped_column(Text)
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    used_by_account: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="SET NULL")
    )


class HandoverState(StrEnum):
    """What the office said to a handover that was asked for."""

    ASKED = "asked"
    APPROVED = "approved"  # until the successor is bound
    REFUSED = "refused"
    DONE = "done"


class Handover(Base):
    """That a person hands his work to another one, as he asked and as was decided.

    `successor` is the name as it was said, "" if none was; `successor_id` who it is on
    the roster, once that is known. Until that one is bound he himself is told
    everything. With `as_deputy` he stays, and only names somebody beside him.
    """

    __tablename__ = "handover"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    person_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    department: Mapped[str] = mapped_column(Text)
    successor: Mapped[str] = mapped_column(Text, default="")
    successor_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    as_deputy: Mapped[bool] = mapped_column(default=False)
    words: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[HandoverState] = mapped_column(words_of(HandoverState))
    decided_by: Mapped[str] = mapped_column(Text, default="")
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
