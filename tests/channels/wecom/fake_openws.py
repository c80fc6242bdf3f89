"""The platform's `openws` in the tests: one robot's long connection, and its troubles.

async with FakeOpenws().running() as openws:
    ... client of openws.url with BOT_ID and BOT_SECRET
    await openws.subscribed()
    said = await openws.say("ZhangSan", openws.at("我的任务"), chat="wrGroup1")
assert openws.texts_in("wrGroup1") == [...]
"""

import asyncio
import json
from collections import defaultdict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from aibot_said import BOT_ID, BOT_NAME, Body, Sayings
from openws_faults import Fault, Frame, Said
from openws_media import MediaHost
from openws_posts import Posts
from openws_replies import Replies
from openws_uploads import Uploads
from platform_clock import PlatformClock
from platform_refusal import Refusal
from qyapi_calls import Post
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

BOT_SECRET = "bot-secret-of-the-tests-0123456789abcdefghi"


class Socket:
    """One connection: is it subscribed, is it frozen, when was it last heard."""

    def __init__(self, number: int, line: ServerConnection, at: datetime) -> None:
        self.number, self.line, self.heard_at = number, line, at
        self.is_subscribed = self.is_frozen = False

    async def send(self, frame: Any) -> bool:
        """Send a frame, or raw text; returns whether the socket took it."""
        if self.is_frozen:
            return False
        text = frame if isinstance(frame, str) else json.dumps(frame)
        try:
            await self.line.send(text)
        except ConnectionClosed:
            return False
        return True

    def freeze(self) -> None:
        """Go half-open: neither read nor write any more, and do not close."""
        self.is_frozen = True
        self.line.transport.pause_reading()

    def abort(self) -> None:
        self.line.transport.abort()


class FakeOpenws:
    """One robot on the platform; everything it received, said and posted."""

    def __init__(
        self, *, clock: PlatformClock | None = None, secret: str = BOT_SECRET
    ) -> None:
        self.clock = clock or PlatformClock()
        self.bot_id, self.secret, self.name = BOT_ID, secret, BOT_NAME
        self.url = ""
        self.sayings = Sayings(self.bot_id, self.clock)
        self.frames: list[Frame] = []
        self.said: list[Said] = []
        self.unheard: list[str] = []
        self.sockets: list[Socket] = []
        self.is_mute = False  # no pongs
        self.refuses_handshakes = False
        self.board = Posts(self.bot_id, self.clock)
        self.uploads = Uploads(self.clock)
        self.replies = Replies(self.board, self.uploads, self.clock)
        self.media = MediaHost(self.clock)
        self._commands = {**self.replies.commands, **self.uploads.commands}
        self._faults: dict[str, deque[Fault]] = defaultdict(deque)
        self._numbers = count(1)
        self._changed = asyncio.Condition()
        self._late: set[asyncio.Task[None]] = set()

    # what the tests ask

    @property
    def live(self) -> Socket | None:
        """Give the socket that is subscribed, the platform thinks."""
        return next((one for one in self.sockets if one.is_subscribed), None)

    @property
    def posts(self) -> list[Post]:
        return self.board.posts

    def posts_in(self, chat: str) -> list[Post]:
        return [post for post in self.posts if post.to == chat]

    def texts_in(self, chat: str) -> list[str]:
        return [post.text for post in self.posts_in(chat)]

    def of(self, cmd: str) -> list[Frame]:
        return [frame for frame in self.frames if frame.cmd == cmd]

    async def subscribed(self, *, times: int = 1, within: float = 5.0) -> Socket:
        """Wait until the robot has been subscribed so often and is so now."""
        async with asyncio.timeout(within), self._changed:
            await self._changed.wait_for(lambda: self._is_subscribed(times))
        assert self.live
        return self.live

    async def heard(self, cmd: str, *, times: int = 1, within: float = 5.0) -> Frame:
        """Wait until a command has come so often; returns the last of them."""
        async with asyncio.timeout(within), self._changed:
            await self._changed.wait_for(lambda: self._has_done(cmd, times))
        return self.of(cmd)[times - 1]

    # what people do

    def at(self, words: str) -> str:
        return f"@{self.name} {words}"

    async def say(
        self, who: str, words: str, *, chat: str = "", quote: Body | None = None
    ) -> Said | None:
        """Say something; in a group the robot hears only what names it (else None)."""
        names_us = f"@{self.name}" in words or f"＠{self.name}" in words
        if chat and not names_us:
            self.unheard.append(words)
            return None
        return await self.tell(self.sayings.text(who, words, chat=chat, quote=quote))

    async def click(
        self, who: str, key: str, *, task_id: str, chat: str = "", **more: Any
    ) -> Said:
        return await self.tell(
            self.sayings.click(who, key, task_id=task_id, chat=chat, **more)
        )

    async def enter(self, who: str) -> Said:
        return await self.tell(self.sayings.event(who, "enter_chat"))

    async def tell(self, body: Body) -> Said:
        """Send a callback to the live socket; nobody there: it is never sent again."""
        req_id = f"req-{next(self._numbers):08}"
        said = Said(req_id, body, self.clock(), False)
        self.replies.await_answer(req_id, body)
        self.board.meet(body)
        await self._send_said(said)
        self.said.append(said)
        return said

    async def repeat(self, said: Said) -> None:
        """Send a callback once more, with the same ids."""
        await self._send_said(said)

    # what goes wrong

    def expect(self, cmd: str, *faults: Fault) -> None:
        """Let the next frames of a command meet with trouble."""
        self._faults[cmd].extend(faults)

    async def close(self, code: int = 1000) -> None:
        """Close the live socket as a platform does that restarts."""
        await self._live().line.close(code)

    def abort(self) -> None:
        self._live().abort()

    def freeze(self) -> None:
        """Make the live socket half-open; the platform goes on believing in it."""
        self._live().freeze()

    def forget_subscription(self) -> None:
        """Leave the socket open and yet not subscribed: 846609 from now on."""
        self._live().is_subscribed = False

    async def send_raw(self, text: str) -> None:
        """Put a frame on the line that is no object, or no JSON."""
        await self._live().send(text)

    async def drop_silent(self, *, after: float = 90.0) -> int:
        """Drop the sockets that were not heard for *after* seconds; how many."""
        edge = self.clock() - timedelta(seconds=after)
        silent = [one for one in self.sockets if one.heard_at < edge]
        for socket in silent:
            socket.abort()
        return len(silent)

    def _live(self) -> Socket:
        assert self.live, "no robot is subscribed"
        return self.live

    # the server

    @asynccontextmanager
    async def running(self) -> AsyncIterator["FakeOpenws"]:
        options: dict[str, Any] = {"ping_interval": None, "close_timeout": 0.2}
        async with serve(
            self._serve, "127.0.0.1", 0, process_request=self._greet, **options
        ) as server:
            host, port = next(iter(server.sockets)).getsockname()[:2]
            self.url = f"ws://{host}:{port}"
            self.media.base_url = f"http://{host}:{port}"
            try:
                yield self
            finally:
                self._end()

    def _end(self) -> None:
        for task in self._late:
            task.cancel()
        for socket in self.sockets:
            socket.abort()

    def _greet(self, line: ServerConnection, request: Request) -> Response | None:
        if request.path.startswith("/media/"):
            return self.media.respond(request.path)
        if self.refuses_handshakes:
            return line.respond(503, "busy\n")
        return None

    async def _serve(self, line: ServerConnection) -> None:
        socket = Socket(next(self._numbers), line, self.clock())
        self.sockets.append(socket)
        try:
            async for text in line:
                await self._receive(socket, text)
        except ConnectionClosed:
            pass
        finally:
            self.sockets.remove(socket)

    async def _receive(self, socket: Socket, text: str | bytes) -> None:
        socket.heard_at = self.clock()
        data = json.loads(text)
        frame = Frame(
            cmd=data["cmd"],
            req_id=data["headers"]["req_id"],
            body=data.get("body") or {},
            socket=socket.number,
            at=self.clock(),
        )
        self.frames.append(frame)
        waiting = self._faults[frame.cmd]
        fault = waiting.popleft() if waiting else Fault()
        if not fault.delay:
            await self._work(socket, frame, fault)
            return
        task = asyncio.create_task(self._work(socket, frame, fault))
        self._late.add(task)
        task.add_done_callback(self._late.discard)

    async def _work(self, socket: Socket, frame: Frame, fault: Fault) -> None:
        """Do what a frame asks, if its fault lets it, and acknowledge it."""
        if fault.delay:
            await self.clock.sleep(fault.delay)
        try:
            if fault.errcode is not None:
                raise Refusal(fault.errcode)
            answer = await self._act(socket, frame) if fault.takes else {}
        except Refusal as refusal:
            answer = refusal.answer
        frame.errcode = answer.get("errcode", 0)
        if not await _strike(socket, fault) and not self._keeps_mum(frame, fault):
            await socket.send(_ack(frame, answer))
        async with self._changed:
            self._changed.notify_all()

    def _keeps_mum(self, frame: Frame, fault: Fault) -> bool:
        return fault.is_silent or (frame.cmd == "ping" and self.is_mute)

    async def _act(self, socket: Socket, frame: Frame) -> dict[str, Any]:
        if frame.cmd == "ping":
            return {}
        if frame.cmd == "aibot_subscribe":
            await self._subscribe(socket, frame.body)
            return {}
        if not socket.is_subscribed:
            raise Refusal(846609)
        if frame.cmd not in self._commands:
            raise Refusal(40058, f"cmd {frame.cmd}")
        return self._commands[frame.cmd](frame)

    async def _subscribe(self, socket: Socket, body: Body) -> None:
        if body.get("bot_id") != self.bot_id or body.get("secret") != self.secret:
            raise Refusal(853000)
        before = self.live
        socket.is_subscribed = True
        if before and before is not socket:
            await self._kick(before)

    async def _kick(self, socket: Socket) -> None:
        """Tell the holder before that it is none any more, and close its line."""
        socket.is_subscribed = False
        event = {"eventtype": "disconnected_event", "disconnected_event": {}}
        body = {
            "msgid": self.sayings.new_msgid(),
            "create_time": self.clock.seconds,
            "aibotid": self.bot_id,
            "msgtype": "event",
            "event": event,
        }
        await socket.send(_callback(f"req-{next(self._numbers):08}", body))
        if not socket.is_frozen:
            await socket.line.close(1000)

    async def _send_said(self, said: Said) -> None:
        if self.live:
            reached = await self.live.send(_callback(said.req_id, said.body))
            said.reached = said.reached or reached

    def _is_subscribed(self, times: int) -> bool:
        done = [one for one in self.of("aibot_subscribe") if one.errcode == 0]
        return self.live is not None and len(done) >= times

    def _has_done(self, cmd: str, times: int) -> bool:
        done = [one for one in self.of(cmd) if one.errcode is not None]
        return len(done) >= times


def _callback(req_id: str, body: Body) -> dict[str, Any]:
    kind = "event" if body["msgtype"] == "event" else "msg"
    headers = {"req_id": req_id}
    return {"cmd": f"aibot_{kind}_callback", "headers": headers, "body": body}


def _ack(frame: Frame, answer: dict[str, Any]) -> dict[str, Any]:
    """Make an acknowledgement: it has no cmd, and a body only if there is one."""
    ack: dict[str, Any] = {"headers": {"req_id": frame.req_id}}
    ack["errcode"] = answer.pop("errcode", 0)
    ack["errmsg"] = answer.pop("errmsg", "ok")
    return {**ack, "body": answer} if answer else ack


async def _strike(socket: Socket, fault: Fault) -> bool:
    """Let a fault act on the line; returns whether the ack is gone with it."""
    if fault.raw is not None:
        await socket.send(fault.raw)
    if fault.close is not None:
        await socket.line.close(fault.close)
    if fault.is_abort:
        socket.abort()
    if fault.is_freeze:
        socket.freeze()
    return fault.close is not None or fault.is_abort or fault.is_freeze
