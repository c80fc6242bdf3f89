"""Rows of deliveries, told by their status, and texts that either database takes."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, case, literal_column

from bot.model import Delivery, DeliveryStatus


def status_is(
    *statuses: DeliveryStatus, of: type[Delivery] = Delivery
) -> ColumnElement[bool]:
    """Ask for a status in literal words, as the condition of a partial index needs."""
    words = [literal_column(f"'{status}'", of.status.type) for status in statuses]
    return of.status == words[0] if len(words) == 1 else of.status.in_(words)


def ended_as(status: DeliveryStatus) -> ColumnElement[Any]:
    """Make the status of what ends unsent: UNKNOWN if a try may have been taken."""
    may_have_gone = Delivery.unsure_since.is_not(None)
    return case((may_have_gone, DeliveryStatus.UNKNOWN), else_=status)


IN_HAND = status_is(DeliveryStatus.CLAIMED, DeliveryStatus.SENDING)
"""What a holder has claimed, or is sending; an index serves it within a lane."""


NEVER = datetime(9000, 1, 1, tzinfo=UTC)
"""When what the office holds is due; what was on its way then stays held with it."""


def storable(text: str) -> str:
    """Replace what neither database takes: NUL, and halves of characters."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return whole.replace("\0", "\ufffd")
