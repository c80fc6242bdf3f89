"""The nouns as mapped tables."""

from bot.model.audit import AuditEntry
from bot.model.columns import Base, UtcDateTime, Values
from bot.model.mail import (
    Acknowledgement,
    Alarm,
    Beat,
    Delivery,
    DeliveryStatus,
    Lane,
    Letter,
    LetterStatus,
    Notice,
    Priority,
    Request,
)
from bot.model.people import (
    Account,
    BindingCode,
    Chat,
    Department,
    Person,
    Purpose,
    Role,
    Talk,
)
from bot.model.plans import Plan, PlanStatus, Task

__all__ = [
    "Account",
    "Acknowledgement",
    "Alarm",
    "AuditEntry",
    "Base",
    "Beat",
    "BindingCode",
    "Chat",
    "Delivery",
    "DeliveryStatus",
    "Department",
    "Lane",
    "Letter",
    "LetterStatus",
    "Notice",
    "Person",
    "Plan",
    "PlanStatus",
    "Priority",
    "Purpose",
    "Request",
    "Role",
    "Talk",
    "Task",
    "UtcDateTime",
    "Values",
]
