"""An office that broadcasts: two admins, two departments, and one who is not bound."""

import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from front_door import LANE, OTHER, OWN, FrontDoor, write_words
from report_office import POLICY, ReportOffice
from sqlalchemy import select

from bot.errors import NotReady
from bot.messages import Reply
from bot.model import (
    Broadcast,
    Delivery,
    DeliveryStatus,
    Notice,
    Role,
)
from bot.reports.papers import Papers
from handlers.broadcast_round import broadcast_round
from handlers.nudging import Nudging

ADMIN, SECOND, SUPER, HERS, HIS = "1", "2", "3", "7", "8"
ALL = "通知各单位周五前报科普日活动"


class Recalls:
    """A product that takes back what it sent, for an hour."""

    recalls_for = timedelta(hours=1)
    recalls_for_all = False

    def write_recall(self, remote_id: str) -> str:
        return f"recall {remote_id}"


@dataclass
class Bureau:
    """What its people say and hear; what was sent ends as a test says."""

    door: FrontDoor

    async def says(self, words: str, who: str = ADMIN) -> str:
        return await self.door.says(who, words)

    async def hears(self, words: str, who: str = ADMIN) -> Reply:
        reply = await self.door.hear(self.door.letter(who, words))
        assert reply
        return reply

    async def number(self, words: str = "确认发送", who: str = ADMIN) -> str:
        """Ask for the number by which something is confirmed."""
        told = await self.says(words, who)
        [number] = re.findall(r"确认 (\d{4})", told)
        return str(number)

    async def sends(self, words: str = ALL) -> Broadcast:
        """Draft, confirm and issue a broadcast."""
        await self.says(words)
        await self.says(f"确认 {await self.number()}")
        await self.beats()
        return await self.broadcast()

    async def beats(self, after: timedelta = timedelta(0)) -> int:
        """Let a beat pass; what a report lacks is made first, as the clock does."""
        self.door.now += after
        try:
            async with self.door.session.begin_nested():
                return await self._beats()
        except NotReady as lacking:
            await lacking.make()
        return await self._beats()

    async def _beats(self) -> int:
        assert self.door.nudging
        departments = self.door.desk.departments
        now = self.door.now
        count = await broadcast_round(
            self.door.session, self.door.nudging, departments, now=now
        )
        await self.door.session.flush()
        return count

    async def broadcast(self, number: int = 1) -> Broadcast:
        found = await self.door.session.get(Broadcast, number, populate_existing=True)
        assert found
        return found

    async def deliveries(self, kind: str = "broadcast") -> list[Delivery]:
        query = (
            select(Delivery)
            .outerjoin(Notice, Notice.id == Delivery.notice_id)
            .where(Notice.kind == kind if kind else Delivery.notice_id.is_(None))
            .order_by(Delivery.id)
            .execution_options(populate_existing=True)
        )
        return list(await self.door.session.scalars(query))

    async def arrives(self, *statuses: DeliveryStatus) -> None:
        """Let the deliveries end so, those beyond as sent."""
        rows = await self.deliveries()
        for place, one in enumerate(rows):
            sent = DeliveryStatus.SENT
            one.status = statuses[place] if place < len(statuses) else sent
            one.settled_at = one.handed_at = self.door.now
            one.remote_id = f"m{one.id}"
            one.error = (
                "Forbidden: bot was blocked by the user"
                if one.status is DeliveryStatus.FAILED
                else ""
            )
        await self.door.session.flush()

    async def told(self) -> list[str]:
        """Return what the office was told unasked."""
        query = select(Notice.body).where(Notice.kind == "report")
        return [one.text for one in await self.door.session.scalars(query)]


async def opened(office: ReportOffice, tmp_path: Path) -> Bureau:
    """Let its people be there, and its papers."""
    door = office.door
    door.nudging = Nudging(
        policy=POLICY,
        lanes=(LANE,),
        write=write_words,
        papers=Papers(tmp_path / "out"),
        evidence=tmp_path / "evidence",
        recalling={LANE: Recalls()},
    )
    await door.bound(ADMIN, "李强", "办公室", Role.ADMIN)
    await door.bound(SECOND, "周敏", "办公室", Role.ADMIN)
    await door.bound(SUPER, "管机", "办公室", Role.SUPER)
    await door.bound(HERS, "王敏", OWN)
    await door.bound(HIS, "赵静", OTHER)
    await door.person("钱多", OTHER)
    return Bureau(door)
