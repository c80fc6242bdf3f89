"""The audit: who did what."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.model.columns import Base, Key, UtcDateTime


class AuditEntry(Base):
    """Who did what and why; rows are added, never changed.

    `link` is its place in the chain, from 1, and `digest` that of the entry together
    with the digest of the one before. Until its transaction commits, `link` is None and
    `digest` the mark by which the transaction knows it for its own.
    """

    __tablename__ = "audit_entry"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    actor: Mapped[str] = mapped_column(Text)
    event: Mapped[str] = mapped_column(Text)
    about: Mapped[str] = mapped_column(Text)
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)
    channel: Mapped[str] = mapped_column(Text, default="", server_default="")
    department: Mapped[str] = mapped_column(Text, default="", server_default="")
    link: Mapped[int | None] = mapped_column(Key, unique=True)
    digest: Mapped[str] = mapped_column(String(64), default="", server_default="")
