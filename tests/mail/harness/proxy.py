"""A TCP proxy that stands between us and the platform and cuts what it is told to."""

import asyncio
import re
from collections import Counter
from contextlib import suppress
from enum import StrEnum
from typing import Self


class Cut(StrEnum):
    """What befalls the next exchanges through the proxy."""

    NOTHING = "nothing"
    REFUSE = "refuse"  # nobody listens at the port
    ACCEPT_AND_CLOSE = "accept and close"
    DELAY = "delay"
    BEFORE_REQUEST = "before request"  # closed when the first byte of it comes
    AFTER_REQUEST = "after request"  # it is passed on, and the line is cut at once
    BEFORE_ANSWER = "before answer"  # the answer has come, and is not passed on


class Proxy:
    """Passes connections on to *port*; what is set in `cut` befalls them."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.port = 0
        self.delay = 0.05
        self.cut = Cut.NOTHING
        self.cuts: Counter[Cut] = Counter()

    async def __aenter__(self) -> Self:
        await self._listen()
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._shut()

    async def set(self, cut: Cut) -> None:
        """Let *cut* befall all exchanges from now on; open lines are closed."""
        await self._shut()
        self.cut = cut
        if cut is not Cut.REFUSE:
            await self._listen()

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(
            self._serve, "127.0.0.1", self.port, reuse_address=True
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def _shut(self) -> None:
        if self._server:
            self._server.close()
        for task in [*self._tasks]:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._server = None

    async def _serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        task = asyncio.current_task()
        assert task
        self._tasks.add(task)
        try:
            await self._pass(reader, writer)
        except (OSError, asyncio.CancelledError):
            pass  # the line was cut: by the other side, or by us
        finally:
            self._tasks.discard(task)
            _hang_up(writer)

    async def _pass(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        if self.cut is Cut.ACCEPT_AND_CLOSE:
            self.cuts[self.cut] += 1
            return
        theirs, ours = await asyncio.open_connection("127.0.0.1", self._target)
        try:
            while request := await _message(reader):
                if self.cut is Cut.DELAY:
                    await asyncio.sleep(self.delay)
                if self._cuts(Cut.BEFORE_REQUEST):
                    return
                ours.write(request)
                await ours.drain()
                if self._cuts(Cut.AFTER_REQUEST):
                    await theirs.read(1)  # a platform that lost its client goes on
                    return
                answer = await _message(theirs)
                if not answer or self._cuts(Cut.BEFORE_ANSWER):
                    return
                writer.write(answer)
                await writer.drain()
        finally:
            _hang_up(ours)

    def _cuts(self, cut: Cut) -> bool:
        if self.cut is not cut:
            return False
        self.cuts[cut] += 1
        return True


async def _message(reader: asyncio.StreamReader) -> bytes:
    """Read one HTTP message; empty if the line is closed before it is whole."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"(?i)content-length: *(\d+)", head)
        return head + await reader.readexactly(int(length[1]) if length else 0)
    except asyncio.IncompleteReadError:
        return b""


def _hang_up(writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        writer.transport.abort()
