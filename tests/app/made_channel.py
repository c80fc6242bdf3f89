"""A chat product of our own, which remembers what it sent."""

import asyncio
from datetime import UTC, datetime

from bot.errors import NotSent
from bot.messages import Incoming, Manners, Reply, Take


class MadeChannel:
    """Sends into a list; each send takes *seconds*, and may fail first."""

    def __init__(
        self,
        name: str = "made",
        *,
        seconds: float = 0.0,
        manners: Manners | None = None,
    ) -> None:
        self.name = name
        self.manners = manners or Manners()
        self.sent: list[tuple[str, str]] = []
        self.under_way = 0
        self.errors: list[Exception] = []
        self._seconds = seconds
        self._take: Take | None = None
        self._number = 0
        self._changed = asyncio.Condition()

    def write(
        self, address: str, reply: Reply, *, instead_of: str = ""
    ) -> tuple[str, ...]:
        return (reply.text,)

    async def start(self, take: Take) -> None:
        self._take = take

    async def send(self, address: str, request: str) -> str:
        await self._count(+1)
        try:
            await asyncio.sleep(self._seconds)
            if self.errors:
                raise self.errors.pop(0)
            self.sent.append((address, request))
        finally:
            await self._count(-1)
        return str(len(self.sent))

    async def _count(self, change: int) -> None:
        async with self._changed:
            self.under_way += change
            self._changed.notify_all()

    async def stop(self) -> None:
        self._take = None

    @property
    def is_listening(self) -> bool:
        return self._take is not None

    async def hear(self, text: str, *, address: str = "4711") -> None:
        """Bring a letter in, and return when it is confirmed."""
        self._number += 1
        assert self._take
        await self._take(
            Incoming(
                channel=self.name,
                address=address,
                text=text,
                at=datetime.now(UTC),
                product_id=f"{self.name}-{self._number}",
            )
        )

    async def wait_for(self, count: int) -> None:
        """Wait until so many were sent."""
        async with asyncio.timeout(20), self._changed:
            await self._changed.wait_for(lambda: len(self.sent) >= count)

    async def wait_until_under_way(self, count: int) -> None:
        """Wait until so many sends have begun and not ended."""
        async with asyncio.timeout(20), self._changed:
            await self._changed.wait_for(lambda: self.under_way >= count)


class MadeRobot(MadeChannel):
    """A channel that sends through its connection, which is up or not."""

    def __init__(self, *, is_connected: bool = True) -> None:
        super().__init__()
        self.is_connected = is_connected
        self.tries = 0

    @property
    def can_send(self) -> bool:
        return self.is_connected and self.is_listening

    async def send(self, address: str, request: str) -> str:
        self.tries += 1
        if not self.can_send:
            raise NotSent("there is no connection")
        return await super().send(address, request)
