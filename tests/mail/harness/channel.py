"""The channel of the harness: speaks HTTP to the fake platform, as an adapter would."""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

import aiohttp

from bot.errors import DeliveryError, NotSent, Refused, StoreError, Unanswered
from bot.messages import Incoming, Manners, Reply, Take

AND = ","  # between the addresses of one message
PART = "\f"  # a reply that holds it is delivered in several parts


class HttpChannel:
    """One lane of the fake platform."""

    def __init__(
        self,
        name: str,
        url: str,
        manners: Manners,
        *,
        clock: Callable[[], datetime],
        timeout: float,
        listens: bool,
    ) -> None:
        self.name = name
        self.manners = manners
        self._url = f"{url}/{name}"
        self._clock = clock
        self._timeout = timeout
        self._listens = listens
        self._session: aiohttp.ClientSession | None = None
        self._listening: asyncio.Task[None] | None = None

    def write(
        self, address: str, reply: Reply, *, instead_of: str = ""
    ) -> tuple[str, ...]:
        """Put each part into a request of its own."""
        return tuple(reply.text.split(PART))

    async def start(self, take: Take) -> None:
        """Ask for what people said, and confirm what was stored."""
        if self._listens and not self._listening:
            self._listening = asyncio.create_task(self._listen(take))

    async def send(self, address: str, request: str) -> str:
        """Send one message; tell apart what the platform took, refused, or neither."""
        return await self._call(address, request)

    async def _call(self, to: str, request: str) -> str:
        try:
            async with self._open().post(
                f"{self._url}/send", data=f"{to}\n{request}".encode()
            ) as answer:
                return self._read(answer.status, await answer.read())
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise NotSent(f"no connection: {type(error).__name__}") from error
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise Unanswered(f"no answer: {type(error).__name__}") from error

    def _read(self, status: int, body: bytes) -> str:
        if status == 200:
            return str(_value(body)["id"])
        if status == 429:
            words = _value(body)
            raise NotSent(
                "too many requests",
                retry_after=words["retry_after"],
                everywhere=words.get("everywhere", False),
            )
        if status == 403:
            raise Refused("the chat is closed", gone=True)
        raise Unanswered(f"status {status}, {len(body)} bytes")

    async def _listen(self, take: Take) -> None:
        while True:
            try:
                async with self._open().get(f"{self._url}/updates") as answer:
                    updates = _value(await answer.read())
                for number, chat, text in updates:
                    await take(self._incoming(number, chat, text))
                    await self._confirm(number)
            except (aiohttp.ClientError, OSError, TimeoutError, StoreError):
                await asyncio.sleep(0.1)  # not confirmed, so it will be told again

    def _incoming(self, number: int, chat: str, text: str) -> Incoming:
        return Incoming(
            channel=self.name,
            address=chat,
            text=text,
            at=self._clock(),
            product_id=str(number),
        )

    async def _confirm(self, number: int) -> None:
        async with self._open().post(f"{self._url}/confirm", json={"upto": number}):
            pass

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(total=self._timeout),
                connector=aiohttp.TCPConnector(limit=0),
            )
        return self._session

    async def stop(self) -> None:
        """Stop listening and close all lines."""
        if self._listening:
            self._listening.cancel()
            with suppress(asyncio.CancelledError):
                await self._listening
            self._listening = None
        if self._session:
            await self._session.close()
            self._session = None


class HttpCrowd(HttpChannel):
    """A lane of which one call may tell many the same."""

    most_at_once = 1

    async def send_many(
        self, addresses: Sequence[str], request: str
    ) -> Mapping[str, str | DeliveryError]:
        """Send one message to all; the platform takes or refuses it as a whole."""
        assert 1 < len(addresses) <= self.most_at_once
        return dict.fromkeys(addresses, await self._call(AND.join(addresses), request))


def _value(body: bytes) -> Any:
    return json.loads(body)
