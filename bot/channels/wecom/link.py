"""One connection of the robot: it asks, is answered, hears, and knows when it is dead.

Source: WeCom's page on long connections (101463). Requests are
`{cmd, headers: {req_id}, body}`; what answers them has no `cmd`.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import uuid4

import msgspec
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed
from websockets.protocol import State

from bot.channels.wecom.errors import ApiError
from bot.channels.wecom.plain_json import read_object
from bot.errors import NotSent, Unanswered

log = logging.getLogger(__name__)

Frame = dict[str, Any]
Hear = Callable[[Frame], Awaitable[None]]
"""Hears a message or an event; it must not take long."""

NO_SUCH_REQUEST = 846605
NOT_SUBSCRIBED = frozenset({846609, 846601, 846602})
"""The connection stands, but WeCom no longer counts us as listening."""

_MOST_MISSED = 2  # pongs; then the connection is dead
_LAST = 1.0  # seconds to take in what came before the end
_MOST_LATE = 1000  # requests without an answer that are remembered


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """How a connection is kept, in seconds."""

    ping: float = 30.0  # WeCom drops who is silent for longer
    answer: float = 5.0  # that a request waits for
    quiet: float = 3600.0  # without a word but pongs; then we subscribe anew
    first: float = 1.0  # bound of the pause before we connect again; it doubles
    longest: float = 30.0
    refused: float = 600.0  # before a secret that was refused too often is tried again
    kicked: float = 120.0  # after another took our place; doubles up to `refused`


class End(StrEnum):
    """Why a connection ended."""

    DROPPED = "Dropped: the connection ended"
    DEAF = "Deaf: two pings were not answered"
    UNSUBSCRIBED = "Unsubscribed: WeCom does not count us as listening"
    KICKED = "Kicked: another took our place"
    QUIET = "Quiet: nobody has said anything for long"


class Link:
    """A connection that is open, and has to be subscribed.

    link = Link(connection, hear, rhythm=Rhythm())
    end = await link.live(bot_id=bot_id, secret=secret)   # and meanwhile
    await link.ask("aibot_send_msg", {"chatid": chat, ...})
    """

    def __init__(
        self,
        connection: ClientConnection,
        hear: Hear,
        *,
        rhythm: Rhythm,
        sign: Callable[[], None] = lambda: None,
    ) -> None:
        """Take over *connection*; *hear* is called for what comes in, in its order.

        *sign* is called for whatever comes, be it an answer to a ping.
        """
        self._connection = connection
        self._hear = hear
        self._rhythm = rhythm
        self._sign = sign
        self._waiting: dict[str, asyncio.Future[Frame | None]] = {}
        self._late: deque[str] = deque(maxlen=_MOST_LATE)
        self._over: asyncio.Future[End] = asyncio.get_running_loop().create_future()
        self._is_in_doubt = asyncio.Event()
        self._missed = 0
        self._is_subscribed = False
        self._spoken_at = asyncio.get_running_loop().time()

    @property
    def is_open(self) -> bool:
        """Tell whether one may send: subscribed, and the last ping was answered."""
        stands = self._connection.state is State.OPEN and not self._over.done()
        return stands and self._is_subscribed and not self._missed

    async def live(
        self,
        *,
        bot_id: str,
        secret: str,
        subscribed: Callable[[], None] = lambda: None,
    ) -> End:
        """Subscribe and hear until the connection ends; returns why.

        Raises ApiError if we may not subscribe, Unanswered if nobody says.
        """
        reading = asyncio.create_task(self._read())
        beating = None
        try:
            await self.ask("aibot_subscribe", {"bot_id": bot_id, "secret": secret})
            self._is_subscribed = True
            subscribed()
            beating = asyncio.create_task(self._beat())
            await asyncio.wait([self._over])  # bare, it would be cancelled with us
            return self._over.result()
        finally:
            self.end(End.DROPPED)
            if beating:
                beating.cancel()
            if self._over.result() is End.DEAF:  # nobody is there to say good-bye to
                self._connection.transport.abort()
            await self._connection.close()
            await asyncio.wait([reading], timeout=_LAST)  # what has come is not lost
            reading.cancel()

    def end(self, why: End) -> None:
        """Have the connection ended; the first reason counts."""
        if not self._over.done():
            self._over.set_result(why)

    async def ask(
        self, cmd: str, body: Mapping[str, Any] | None = None, *, req_id: str = ""
    ) -> Frame:
        """Make a request and return its answer.

        With the *req_id* of a message it answers that; requests of one id follow each
        other. Raises ApiError; NotSent if it did not leave us, Unanswered if it did.
        """
        is_answer, req_id = bool(req_id), req_id or uuid4().hex
        while before := self._waiting.get(req_id):
            await asyncio.wait([before])
        if req_id in self._late:  # its answer may come yet, and would be taken for ours
            raise ApiError(NO_SUCH_REQUEST, "a request of this id was not answered")
        if self._over.done() or self._connection.state is not State.OPEN:
            raise NotSent("the connection has ended")
        frame: Frame = {"cmd": cmd, "headers": {"req_id": req_id}}
        if body is not None:
            frame["body"] = body
        answer = await self._exchange(req_id, msgspec.json.encode(frame).decode())
        if answer is None:
            if is_answer:
                self._late.append(req_id)
            self._is_in_doubt.set()
            raise Unanswered("WeCom did not answer")
        code = answer.get("errcode", 0)
        if code in NOT_SUBSCRIBED:
            self.end(End.UNSUBSCRIBED)
        if code != 0:
            code = code if isinstance(code, int) else -1
            raise ApiError(code, str(answer.get("errmsg", "")))
        return answer

    async def _exchange(self, req_id: str, text: str) -> Frame | None:
        """Send a frame and wait for its answer; None if none came."""
        future: asyncio.Future[Frame | None]
        future = asyncio.get_running_loop().create_future()
        self._waiting[req_id] = future
        try:
            async with asyncio.timeout(self._rhythm.answer):
                await self._connection.send(text)
                return await future
        except (ConnectionClosed, OSError) as error:  # TimeoutError is one
            log.info("no answer: %s", type(error).__name__)
            return None
        finally:
            future.cancel()
            del self._waiting[req_id]

    async def _read(self) -> None:
        """Take in all that comes, until nothing comes any more.

        A connection that is closed in order ends without any error.
        """
        try:
            async for text in self._connection:
                await self._take(text)
        except (ConnectionClosed, OSError) as error:
            log.info("the connection ended: %s", type(error).__name__)
        finally:
            self.end(End.DROPPED)
            for future in self._waiting.values():
                if not future.done():
                    future.set_result(None)

    async def _take(self, text: str | bytes) -> None:
        self._sign()
        frame = read_object(text)
        if frame is None:
            log.warning("a frame of %d characters cannot be read", len(text))
        elif frame.get("cmd") and "errcode" not in frame:
            self._spoken_at = asyncio.get_running_loop().time()
            if _kind_of(frame) == "disconnected_event":
                self.end(End.KICKED)
            try:
                await self._hear(frame)
            except Exception:
                log.exception("a frame was not taken")
        else:
            waiting = self._waiting.get(req_id_of(frame))
            if waiting and not waiting.done():
                waiting.set_result(frame)

    async def _beat(self) -> None:
        """Ask for a sign of life: regularly, and at once if there is any doubt.

        A line may stand and answer pings on which WeCom tells us nothing any more.
        """
        loop = asyncio.get_running_loop()
        while self._missed < _MOST_MISSED:
            if loop.time() - self._spoken_at > self._rhythm.quiet:
                return self.end(End.QUIET)
            with suppress(TimeoutError):
                async with asyncio.timeout(0 if self._missed else self._rhythm.ping):
                    await self._is_in_doubt.wait()
            self._is_in_doubt.clear()
            try:
                await self.ask("ping")
            except Unanswered:
                self._missed += 1
                continue
            except NotSent:
                return
            except ApiError as error:
                log.warning("a ping was refused: %s", error)
            self._missed = 0
        self.end(End.DEAF)


def req_id_of(frame: Frame) -> str:
    """Return by what an answer to a frame refers to it; "" if it does not say."""
    headers = frame.get("headers")
    req_id = headers.get("req_id") if isinstance(headers, dict) else None
    return req_id if isinstance(req_id, str) else ""


def _kind_of(frame: Frame) -> str:
    """Return the kind of an event, "" if it is none."""
    body = frame.get("body")
    event = body.get("event") if isinstance(body, dict) else None
    kind = event.get("eventtype") if isinstance(event, dict) else None
    return kind if isinstance(kind, str) else ""
