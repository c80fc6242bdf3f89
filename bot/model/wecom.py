"""What the processes of one office share of WeCom: its token, and the cards sent."""

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.model.columns import Base, UtcDateTime, Words


class WecomToken(Base):
    """The access token of an app, so that one process fetches it for all.

    It is a secret for two hours, and may stand here as `sealed`: only whoever has the
    secret of the app, by which he could fetch one himself, can open it. So backups and
    copies give nothing away.
    """

    __tablename__ = "wecom_token"

    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    sealed: Mapped[str] = mapped_column(Text)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


class WecomCard(Base):
    """A card that the app sent: what WeCom knows it by, and to whom it went.

    `response_code` is good for one update, within 72 hours; "" once it is used up.
    """

    __tablename__ = "wecom_card"

    task_id: Mapped[str] = mapped_column(String(128), primary_key=True)
    message_id: Mapped[str] = mapped_column(Text)
    response_code: Mapped[str] = mapped_column(Text)
    addresses: Mapped[tuple[str, ...]] = mapped_column(Words)
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
