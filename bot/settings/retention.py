"""How long what is kept: days by kind, within bounds; 0 is for good."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self

from bot.settings.keys import Key


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """Days for which each kind is kept after it is over; 0 is for good.

    What is open or waits for somebody's decision stays whatever its age, and so does
    the audit.
    """

    letters: int = 400
    notices: int = 1095
    evidence: int = 1095
    feedback: int = 400
    alarms: int = 400
    codes: int = 30
    accounts: int = 400
    people: int = 365

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Self:
        """Take the values of the form, by the names of its keys."""
        return cls(**{name: values[f"retention.{name}"] for name in _BOUNDS})

    def before(self, kind: str, now: datetime) -> datetime | None:
        """Return the moment before which a kind is kept no longer; None for good."""
        days: int = getattr(self, kind)
        return now - timedelta(days=days) if days else None


_BOUNDS = {
    "letters": (30, 3650, "来信和答复"),
    "notices": (365, 7300, "通知、催报、投递和签收"),
    "evidence": (365, 7300, "报送的附件，从截止日起"),
    "feedback": (30, 3650, "处理过的反馈"),
    "alarms": (30, 3650, "解除了的告警"),
    "codes": (1, 365, "用过和过期的绑定码"),
    "accounts": (90, 3650, "收不到消息的账号"),
    "people": (30, 3650, "离开人员的电话"),
}
"""Fewest and most days, and what is kept."""


def _days(low: int, high: int) -> Any:
    def read(value: Any) -> int:
        if type(value) is not int or not (value == 0 or low <= value <= high):
            raise ValueError
        return value

    return read


KEYS = {
    f"retention.{name}": Key(
        meaning=f"{what}保留的天数：{low} 至 {high} 的整数，0 为永久保留",
        example=f"{name} = {getattr(Retention(), name)}",
        read=_days(low, high),
        default=getattr(Retention(), name),
    )
    for name, (low, high, what) in _BOUNDS.items()
}
