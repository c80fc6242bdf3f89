"""A line to a web server on which anything may be said, fit for HTTP or not."""

import asyncio
import json
from contextlib import suppress
from typing import Any

from whole_office import SECRET


class RawLine:
    """One connection, kept open as long as the server lets us."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def say(self, request: bytes, *, hang_up: bool = False) -> int:
        """Send bytes; returns the status of the answer, 0 if there was none.

        With *hang_up* the line is cut when they are sent.
        """
        with suppress(OSError, asyncio.IncompleteReadError):
            if self._writer is None:
                self._reader, self._writer = await asyncio.open_connection(
                    "127.0.0.1", self._port
                )
            self._writer.write(request)
            await self._writer.drain()
            if not hang_up:
                return await self._answer(is_head=request.startswith(b"HEAD"))
        self.close()
        return 0

    async def _answer(self, *, is_head: bool) -> int:
        assert self._reader
        async with asyncio.timeout(20):
            head = await self._reader.readuntil(b"\r\n\r\n")
            fields = head.lower().split(b"\r\n")
            length = [one for one in fields if one.startswith(b"content-length:")]
            size = int(length[0].split(b":")[1]) if length and not is_head else 0
            await self._reader.readexactly(size)
        if b"connection: close" in fields:
            self.close()
        return int(head.split(b" ", 2)[1])

    def close(self) -> None:
        if self._writer:
            self._writer.close()
        self._reader = self._writer = None


def posted(
    body: Any,
    *,
    secret: str | None = SECRET,
    method: str = "POST",
    kind: str = "application/json",
    length: int | None = None,
    path: str = "/telegram",
) -> bytes:
    """Write a request as Telegram would, or not quite."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = [f"{method} {path} HTTP/1.1", "Host: office"]
    if secret is not None:
        lines.append(f"X-Telegram-Bot-Api-Secret-Token: {secret}")
    if kind:
        lines.append(f"Content-Type: {kind}")
    lines.append(f"Content-Length: {len(content) if length is None else length}")
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + content
