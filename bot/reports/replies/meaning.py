"""What a reply may mean, and all that is read off its words."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Label(StrEnum):
    """What the person said about the report, as the issue names it."""

    RECEIVED = "received"
    CLAIMED = "claimed"
    NOT_YET = "not_yet"
    PROMISE = "promise"
    EXTENSION = "extension"
    NIL = "nil"
    DISPUTE = "dispute"
    PARTIAL = "partial"
    HANDOVER = "handover"
    QUESTION = "question"
    WITHDRAW = "withdraw"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """What a reply was understood to say.

    A promise names its day, or at least its week (下周交), and that is not after the
    due date: a later one is an extension, however it is worded (1月6日交) and also
    when the due date is past, and 马上报 is not_yet.

    `day` is the promised or asked day, None if none was named; `handed_in_on` the past
    day that a claim names (昨天). `code` is "#R12" where the words or their quote name
    it, `via` how it was handed in (邮箱), `reason` why it is late or disputed, `name`
    the successor of a handover, "" where nothing is said.

    Where something sounds like a claim, but no words vouch that it is one of this
    department and this report, the label is other and it is not `sure`; nor is a label
    that leads by little. `ask` is then what to ask back, in Chinese, and else "". What
    is not about reporting at all (谢谢) is surely other. `score` is the lead of the
    label, in points.
    """

    label: Label
    day: date | None = None
    handed_in_on: date | None = None
    code: str = ""
    via: str = ""
    reason: str = ""
    name: str = ""
    sure: bool = True
    score: int = 0
    ask: str = ""
