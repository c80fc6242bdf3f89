"""A lane on a real store, and a product that does as it is told."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database import Database
from bot.mail import outbox
from bot.mail.commits import GroupCommit, Writing
from bot.mail.lanes import LaneHold, open_lane, take_lane
from bot.mail.outbox import Addressee
from bot.mail.postman import Postman
from bot.messages import Manners, Reply, Take
from bot.model import Delivery, DeliveryStatus, Lane, Priority

NINE = datetime(2026, 6, 16, 1, 0, tzinfo=UTC)

Step = Exception | Callable[[], Awaitable[None]]


@dataclass
class Product:
    """A chat product that does as it is told, and notes what reached it."""

    manners: Manners
    name: str = "telegram"
    tried: list[tuple[str, str]] = field(default_factory=list)
    steps: dict[str, list[Step]] = field(default_factory=dict)
    always: Callable[[], Awaitable[None]] | None = None
    one_more: asyncio.Event = field(default_factory=asyncio.Event)

    def write(
        self, address: str, reply: Reply, *, instead_of: str = ""
    ) -> tuple[str, ...]:
        return (reply.text,)

    async def start(self, take: Take) -> None:
        """Nothing comes in."""

    async def stop(self) -> None:
        """Nothing is open."""

    async def send(self, address: str, request: str) -> str:
        self.tried.append((address, request))
        number = len(self.tried)
        self.one_more.set()
        if self.always:
            await self.always()
        steps = self.steps.get(address, [])
        step = steps.pop(0) if steps else None
        if isinstance(step, Exception):
            raise step
        if step:
            await step()
        return f"remote {number}"

    async def has_tried(self, number: int) -> None:
        while len(self.tried) < number:
            await self.one_more.wait()
            self.one_more.clear()

    @property
    def texts(self) -> list[str]:
        return [text for _, text in self.tried]


async def no_other_way(
    session: AsyncSession, ids: Sequence[int], gone: Sequence[int]
) -> set[str]:
    return set()


class Office:
    """A lane on a real store, with what a test does to it."""

    def __init__(self, database: Database, hold: LaneHold) -> None:
        self.database, self.hold = database, hold
        self.now = NINE
        self.writing: Writing = database.writing
        self._keys = count()

    def postman(self, product: Product, **options: Any) -> Postman:
        options.setdefault("on_failed", no_other_way)
        return Postman(
            channel=product,
            hold=self.hold,
            commits=GroupCommit(self.writing),
            clock=lambda: self.now,
            **{"linger": 0.0, **options},
        )

    async def drain(self, product: Product, **options: Any) -> bool:
        return await self.postman(product, **options).drain()

    async def post(self, address: str, *requests: str, **options: Any) -> list[int]:
        async with self.database.writing() as session:
            return await self._post(session, address, *requests, **options)

    async def post_many(
        self, number: int, *, priority: Priority = Priority.NOTICE
    ) -> None:
        async with self.database.writing() as session:
            for one in range(number):
                to, text = f"chat {one}", f"text {one}"
                await self._post(session, to, text, priority=priority)

    async def _post(
        self,
        session: AsyncSession,
        address: str,
        *requests: str,
        priority: Priority = Priority.NOTICE,
        expires_at: datetime | None = None,
    ) -> list[int]:
        return await outbox.post(
            session,
            key=f"test:{next(self._keys)}",
            to=Addressee(recipient=f"chat:{address}", lane="telegram", address=address),
            requests=requests,
            priority=priority,
            due_at=self.now,
            expires_at=expires_at,
        )

    async def take_again(self) -> None:
        async with self.database.writing() as session:
            hold = await take_lane(session, "telegram", owner="we", now=self.now)
            assert hold
            self.hold = hold

    async def row(self, id: int) -> Delivery:
        async with self.database.reading() as session:
            return (
                await session.scalars(select(Delivery).where(Delivery.id == id))
            ).one()

    async def lane(self) -> Lane:
        async with self.database.reading() as session:
            return (await session.scalars(select(Lane))).one()

    async def counts(self) -> dict[DeliveryStatus, int]:
        async with self.database.reading() as session:
            return Counter(await session.scalars(select(Delivery.status)))

    async def sending(self) -> int:
        return (await self.counts()).get(DeliveryStatus.SENDING, 0)


@asynccontextmanager
async def open_office(database: Database) -> AsyncIterator[Office]:
    """Open a lane that we hold."""
    async with database.writing() as session:
        await open_lane(session, "telegram")
        hold = await take_lane(session, "telegram", owner="we", now=NINE)
        assert hold
    async with asyncio.timeout(60):  # a postman that waits for ever is no hang of CI
        yield Office(database, hold)
