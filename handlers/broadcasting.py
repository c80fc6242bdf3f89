"""What it takes to broadcast: whose hand it is, and what it works with."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot import audit
from bot.departments import Departments
from bot.errors import BotError
from bot.model import Broadcast, Plan
from handlers.act import Doing
from handlers.confirm import holder_of
from handlers.nudging import Nudging


class Unclear(BotError):
    """What the admin wants cannot be done so; `reply` says what to say instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """Somebody of the office at work, in a chat or at the command line.

    `by` is the name that the audit tells, `holder` whose number counts, `person_id`
    None at the command line. `at` bears the office's zone, `letter` is what was said.
    """

    session: AsyncSession
    nudging: Nudging
    departments: Departments
    plans: Sequence[Plan]
    by: str
    holder: str
    at: datetime
    person_id: int | None = None
    channel: str = ""
    letter: str = ""

    async def record(self, event: str, broadcast: Broadcast, **detail: Any) -> None:
        """Tell the audit what was done to a broadcast."""
        await audit.record(
            self.session,
            actor=self.by,
            event=event,
            about=f"broadcast:{broadcast.id}",
            at=self.at,
            channel=self.channel,
            **detail,
        )


def hand_of(doing: Doing) -> Hand:
    """Return the hand of who speaks; raises Unclear where nothing can be sent."""
    if doing.nudging is None or doing.person is None:
        raise Unclear("no channels", reply="现在没有可用的发送渠道，请检查配置。")
    return Hand(
        session=doing.session,
        nudging=doing.nudging,
        departments=doing.departments,
        plans=doing.plans,
        by=doing.person.name,
        holder=holder_of(doing.account.id),
        person_id=doing.person.id,
        channel=doing.account.channel,
        at=doing.at,
        letter=doing.letter,
    )
