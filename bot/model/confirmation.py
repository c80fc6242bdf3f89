"""Numbers that wait to be said back, before what is dangerous is done."""

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.model.columns import Base, UtcDateTime


class Confirmation(Base):
    """What somebody is to confirm by a number; one at a time, and gone once used.

    `holder` is whose word counts (account:12). `what` is to be done, `about` which
    thing (broadcast:5), `digest` tells of how exactly. `wrong` numbers were said so
    far.
    """

    __tablename__ = "confirmation"

    holder: Mapped[str] = mapped_column(Text, primary_key=True)
    what: Mapped[str] = mapped_column(String(40))
    about: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    number: Mapped[str] = mapped_column(String(12))
    wrong: Mapped[int]
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
