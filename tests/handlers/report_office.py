"""An office with a duty, departments and their liaisons, on a clock that we set."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from front_door import LANE, OWN, FrontDoor, write_words
from sqlalchemy import select

from bot.messages import Reply
from bot.model import (
    Basis,
    Chat,
    Delivery,
    DeliveryStatus,
    Notice,
    Person,
    Report,
    ReportDuty,
    Role,
    Submission,
    SubmissionState,
)
from bot.reports.duties import Terms, confirm_duty, open_reports
from bot.reports.policy import SHANGHAI, load_policy
from handlers.nudge import nudge_round
from handlers.nudging import Nudging

POLICY = load_policy(Path(__file__).parents[2] / "config" / "nudges.toml")
NUDGING = Nudging(policy=POLICY, lanes=(LANE,), write=write_words)
DUE_ON = date(2026, 12, 30)


def at(month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    """Return a moment of 2026 in the office's zone."""
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


def terms(what: str = "全年落实情况", **changes: Any) -> Terms:
    values: dict[str, Any] = {
        "key": f"澄政字〔2026〕18号|四（三）|{what}",
        "basis": Basis.DOCUMENT,
        "plan_key": "澄政字〔2026〕18号",
        "number": "澄政字〔2026〕18号",
        "clause": "四（三）",
        "text": "各成员单位于每年12月30日前将全年落实情况报送办公室。",
        "who": (OWN,),
        "what": what,
        "to": "办公室",
        "month": 12,
        "day_of_month": 30,
    }
    return Terms(**values | changes)


@dataclass
class ReportOffice:
    """The reception, the round, and what went out."""

    door: FrontDoor
    nudging: Nudging = NUDGING
    sent: dict[str, int] = field(default_factory=dict)

    async def duty(
        self, *departments: str, first: date = date(2026, 11, 1), **changes: Any
    ) -> Report:
        """Confirm a duty of the departments and open its reports; returns the next."""
        duty = await confirm_duty(
            self.door.session,
            terms(**changes),
            first=first,
            by="李主任",
            at=at(11, 1),
        )
        return await self.open(duty, *departments)

    async def open(self, duty: ReportDuty, *departments: str) -> Report:
        opened = await open_reports(
            self.door.session,
            [duty],
            lambda _: departments or (OWN,),
            today=date(2026, 11, 1),
            at=at(11, 1),
        )
        return opened[0]

    async def group(self, address: str = "-1001", department: str = OWN) -> None:
        chat = Chat(
            channel=LANE,
            address=address,
            department=department,
            registered_at=at(11, 1),
        )
        self.door.session.add(chat)
        await self.door.session.flush()

    async def round(self, now: datetime) -> None:
        """Make the round until nothing is due; what is in the outbox arrives."""
        self.door.now = now
        while await nudge_round(self.door.session, self.nudging, now=now):
            pass
        await self.door.session.flush()
        for known in list(self.door.session):
            if isinstance(known, Submission):  # the round writes past the session
                await self.door.session.refresh(known)

    async def goes_out(self) -> None:
        """Let all that waits arrive, as message "m" and its number."""
        waiting = Delivery.status == DeliveryStatus.WAITING
        for one in await self.door.session.scalars(select(Delivery).where(waiting)):
            one.status, one.remote_id = DeliveryStatus.SENT, f"m{one.id}"
        await self.door.session.flush()

    async def deliveries(self, *, to: str = "") -> Sequence[Delivery]:
        query = select(Delivery).where(Delivery.notice_id.is_not(None))
        if to:
            query = query.where(Delivery.address == to)
        return (await self.door.session.scalars(query.order_by(Delivery.id))).all()

    async def told(self, *, to: str = "") -> list[Reply]:
        """List the words of the notices that are not cancelled, in their order."""
        bodies = []
        for one in await self.deliveries(to=to):
            if one.status is not DeliveryStatus.CANCELLED:
                notice = await self.door.session.get(Notice, one.notice_id)
                assert notice
                bodies.append(notice.body)
        return bodies

    async def last_message(self, *, to: str) -> str:
        return (await self.deliveries(to=to))[-1].remote_id

    async def state(self, department: str = OWN) -> SubmissionState:
        return (await self.submission(department)).state

    async def submission(self, department: str = OWN) -> Submission:
        query = select(Submission).where(Submission.department == department)
        found = await self.door.session.scalars(query.order_by(Submission.id.desc()))
        return found.unique().first() or Submission()

    async def liaison(
        self, who: str = "7", name: str = "王敏", department: str = OWN
    ) -> Person:
        return await self.door.bound(who, name, department)

    async def admin(self, who: str = "1") -> Person:
        return await self.door.bound(who, "李主任", "县科协", Role.ADMIN)

    async def walk(self, first: datetime, days: int) -> list[datetime]:
        """Make a round each half hour; returns when something was sent."""
        moments: list[datetime] = []
        for step in range(days * 48):
            now = first + timedelta(minutes=30 * step)
            before = len(await self.deliveries())
            await self.round(now)
            moments += [now] * (len(await self.deliveries()) > before)
        return moments
