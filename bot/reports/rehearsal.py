"""What a rehearsal finds: every message, who hears how many, and a line to sign."""

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

_DAYS = "一二三四五六日"
_KINDS = {"nudge": "催报", "office": "告知办公室", "draft": "致领导草稿（待同意）"}
_SIGNATURE = (
    "审核意见：＿＿＿＿＿＿＿＿　签字：＿＿＿＿＿＿＿＿　日期：＿＿＿＿＿＿＿＿"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message of the list; `about` names reports and steps, `text` is all of it.

    `recipient` is as in Delivery (person:12, chat:LANE:ADDRESS), `receiver` and
    `department` are what people call it.
    """

    at: datetime
    recipient: str
    receiver: str
    department: str
    channel: str
    kind: str
    about: str
    text: str

    @property
    def row(self) -> tuple[str, ...]:
        """The message as the list has it, in the order of `HEADS`."""
        when = f"{self.at:%Y-%m-%d}（周{_DAYS[self.at.weekday()]}）{self.at:%H:%M}"
        kind = _KINDS.get(self.kind, self.kind)
        return when, self.department, self.receiver, self.channel, kind, self.about


HEADS = ("时间", "单位", "接收人", "渠道", "类别", "事项")
COUNT_HEADS = ("单位", "接收人", "条数", "一天最多")


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many messages somebody hears in all, and at most on one day."""

    department: str
    receiver: str
    total: int
    most_a_day: int

    @property
    def row(self) -> tuple[str, ...]:
        """The count as the list has it, in the order of `COUNT_HEADS`."""
        return self.department, self.receiver, f"{self.total}", f"{self.most_a_day}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """All that would be sent from *first* to *last*, both included, in its order.

    `unheard` are departments that owe a report and have nobody to be told; `warnings`
    what is not certain of the calendar.
    """

    first: date
    last: date
    seed: int | None
    reports: tuple[str, ...]
    messages: tuple[Message, ...]
    unheard: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    def counts(self) -> list[Count]:
        """Count the messages of each recipient, by department and name."""
        days: dict[tuple[str, str, str], dict[date, int]] = defaultdict(dict)
        for one in self.messages:
            of_one = days[one.department, one.receiver, one.recipient]
            of_one[one.at.date()] = of_one.get(one.at.date(), 0) + 1
        return [
            Count(
                department=department,
                receiver=receiver,
                total=sum(of_one.values()),
                most_a_day=max(of_one.values()),
            )
            for (department, receiver, _), of_one in sorted(days.items())
        ]

    @property
    def fingerprint(self) -> str:
        """A few letters that are the same for the same list, and for no other."""
        told = hashlib.sha256()
        for one in self.messages:
            told.update("\x1f".join((*one.row, one.text, "\x1e")).encode())
        return told.hexdigest()[:16]

    def heading(self) -> list[str]:
        """Say what was rehearsed, and what is not certain."""
        nobody = "假定各单位都不回应（条数最多的情形）"
        answers = nobody if self.seed is None else f"按种子 {self.seed} 模拟各单位回应"
        lines = [
            f"催报演练：{self.first}至{self.last}，{answers}。",
            f"报送 {len(self.reports)} 项，消息 {len(self.messages)} 条。",
            *(f"　{report}" for report in self.reports),
        ]
        if self.unheard:
            lines.append(f"没有联络员、无人接收的单位：{'、'.join(self.unheard)}。")
        return [*lines, *self.warnings]

    def closing(self) -> list[str]:
        """Give the line to sign, and what ties it to this list."""
        return [f"清单校验码：{self.fingerprint}（清单相同，校验码相同）", _SIGNATURE]


class Reaction(StrEnum):
    """What a simulated department does on a day."""

    NOTHING = "nothing"
    ACKNOWLEDGE = "acknowledge"
    PROMISE = "promise"
    CLAIM = "claim"


_HABITS = ((5, Reaction.ACKNOWLEDGE), (8, Reaction.PROMISE), (18, Reaction.CLAIM))
"""Of a hundred working days with an open report: up to which one does what."""


def reaction(seed: int, *, department: str, report: str, day: date) -> Reaction:
    """Tell what a department does about a report on a day: by a hash, not by chance."""
    said = f"{seed}|{department}|{report}|{day}".encode()
    roll = int.from_bytes(hashlib.blake2s(said, digest_size=4).digest()) % 100
    return next((what for below, what in _HABITS if roll < below), Reaction.NOTHING)
