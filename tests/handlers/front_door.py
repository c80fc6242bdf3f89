"""People who write to the office from accounts and groups, as the tests tell it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import roster
from bot.errors import NotReady
from bot.guard import guarded
from bot.mail import outbox
from bot.messages import Event, Incoming, Place, Reply
from bot.model import (
    AuditEntry,
    Chat,
    Delivery,
    DeliveryStatus,
    Notice,
    Person,
    Role,
)
from bot.roster import Issued
from handlers import invite, reception
from handlers.desk import Desk
from handlers.nudging import Nudging

NINE = datetime(2026, 11, 23, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
LANE = "telegram"
GROUP = "-1001"
OWN, OTHER = "县应急管理局", "县教育和体育局"


def write_words(lane: str, address: str, reply: Reply) -> tuple[str, ...]:
    """Write a reply as a request that says what it says."""
    return (f"{lane}: {reply.text}",)


@dataclass
class FrontDoor:
    """The reception, open; `now` goes on by a second with each letter."""

    session: AsyncSession
    desk: Desk
    now: datetime = NINE
    button_words: Callable[[str, str, str], str] = reception._no_words
    nudging: Nudging | None = None
    _ids: Any = field(default_factory=count)

    async def hear(self, incoming: Incoming) -> Reply | None:
        """Hear a letter; what its answer lacks is made first, as the inbox does."""
        self.now += timedelta(seconds=1)
        try:
            async with self.session.begin_nested():
                return await self.hears_once(incoming)
        except NotReady as lacking:
            await lacking.make()
        return await self.hears_once(incoming)

    async def hears_once(self, incoming: Incoming) -> Reply | None:
        """Hear a letter; raises NotReady where its answer lacks something."""
        account = None
        if incoming.address:
            account = await roster.account_for(
                self.session, channel=incoming.channel, address=incoming.address
            )
        reply = await reception.receive(
            self.session,
            guarded(incoming),
            account,
            desk=self.desk,
            departments=self.desk.departments,
            at=self.now,
            button_words=self.button_words,
            nudging=self.nudging,
        )
        await self.session.flush()
        return reply

    def letter(self, who: str, words: str, **more: Any) -> Incoming:
        if chat := more.get("chat", ""):
            more.setdefault("place", Place.GROUP if chat < "0" else Place.DIRECT)
        return Incoming(
            channel=LANE,
            address=who,
            text=words,
            at=self.now,
            product_id=str(next(self._ids)),
            **more,
        )

    async def says(self, who: str, words: str, **more: Any) -> str:
        """Return the words that are said back, "" for none."""
        reply = await self.hear(self.letter(who, words, **more))
        return reply.text if reply else ""

    async def says_in_group(
        self, who: str, words: str, *, is_admin: bool | None = None, chat: str = GROUP
    ) -> str:
        return await self.says(who, words, chat=chat, by_group_admin=is_admin)

    async def happens(
        self, event: Event, *, who: str = "", text: str = "", **more: Any
    ) -> Reply | None:
        place = Place.GROUP if more.get("chat") else Place.DIRECT
        return await self.hear(self.letter(who, text, event=event, place=place, **more))

    async def person(
        self, name: str, department: str = OWN, role: Role = Role.LIAISON
    ) -> Person:
        person = Person(name=name, department=department, role=role)
        self.session.add(person)
        await self.session.flush()
        return person

    async def bound(
        self, who: str, name: str, department: str = OWN, role: Role = Role.LIAISON
    ) -> Person:
        """Bind an account to somebody new."""
        person = await self.person(name, department, role)
        account = await roster.account_for(self.session, channel=LANE, address=who)
        await roster.bind_account(self.session, account, person)
        return person

    async def code_for(self, person: Person) -> Issued:
        return await invite.invite(self.session, person, by="李主任", at=self.now)

    async def whose(self, who: str) -> str:
        """Return the name of the person of an account, "" for nobody."""
        account = await roster.account_for(self.session, channel=LANE, address=who)
        await self.session.refresh(account)
        return account.person.name if account.person else ""

    async def events(self) -> list[str]:
        query = select(AuditEntry.event).order_by(AuditEntry.id)
        return list(await self.session.scalars(query))

    async def chat(self, address: str = GROUP) -> Chat | None:
        return await roster.chat_at(self.session, channel=LANE, address=address)

    async def tell(
        self,
        address: str,
        *,
        to: Person | None = None,
        key: str = "n",
        text: str = "请按时报送",
        remote_id: str = "77",
    ) -> Notice:
        """Issue a notice and let it arrive as message *remote_id*."""
        who = f"person:{to.id}" if to else f"chat:{LANE}:{address}"
        notice = await outbox.issue_notice(
            self.session,
            key=key,
            kind="nudge",
            body=Reply(text),
            audience=[
                outbox.Addressee(
                    recipient=who,
                    lane=LANE,
                    address=address,
                    person_id=to.id if to else None,
                )
            ],
            by="李主任",
            at=self.now,
            write=write_words,
        )
        assert notice
        query = select(Delivery).where(Delivery.notice_id == notice.id)
        delivery = (await self.session.scalars(query)).one()
        delivery.status, delivery.remote_id = DeliveryStatus.SENT, remote_id
        await self.session.flush()
        return notice
