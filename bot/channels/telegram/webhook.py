"""The door for a webhook: the secret first, then the body, and 200 only when kept."""

import asyncio
import hmac
import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from bot.errors import SettingsError

log = logging.getLogger(__name__)

AcceptBody = Callable[[bytes], Awaitable[None]]
"""Keeps one posted update, or raises if it is not kept."""

Endpoint = Callable[[Request], Awaitable[Response]]

MOST_BYTES = 1024 * 1024
"""Bytes of one update; Telegram's are a few thousand."""

_SLOWEST = 15.0  # seconds for a body to arrive
_HEADER = "x-telegram-bot-api-secret-token"
_SECRET = re.compile("[A-Za-z0-9_-]{1,256}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """Where Telegram posts updates to, and the secret by which we know it.

    Raises SettingsError without a secret, or without an address.
    """

    url: str
    secret: str = field(repr=False)
    connections: int = 40

    def __post_init__(self) -> None:
        """Refuse a door without a lock."""
        check_secret(self.secret)
        if not self.url.startswith(("https://", "http://127.0.0.1:", "http://[::1]:")):
            raise SettingsError("a webhook needs an address that begins with https://")


def check_secret(secret: str) -> None:
    """Raise SettingsError unless it is a secret that Telegram takes."""
    if not _SECRET.fullmatch(secret):
        raise SettingsError(
            "the webhook's secret must be 1 to 256 letters, digits, _ or -",
            reply="Telegram 的 webhook 必须配置密钥（1–256 位字母、数字、_ 或 -）。",
        )


def webhook_endpoint(
    accept: AcceptBody, *, secret: str, most_bytes: int = MOST_BYTES
) -> Endpoint:
    """Make a Starlette handler for POST, that keeps updates by *accept*.

    It answers 403 to whoever lacks the secret, before it reads anything; 413 to a body
    above *most_bytes*; 503 if the update could not be kept, so that it comes again.
    Raises SettingsError without a secret.
    """
    check_secret(secret)
    expected = secret.encode()

    async def receive(request: Request) -> Response:
        given = request.headers.get(_HEADER, "").encode("latin-1", "replace")
        if not hmac.compare_digest(given, expected):
            return Response(status_code=403)
        try:
            async with asyncio.timeout(_SLOWEST):
                body = await _body(request, most_bytes)
        except (TimeoutError, ClientDisconnect):
            return Response(status_code=408)
        if body is None:
            return Response(status_code=413)
        try:
            await accept(body)
        except Exception as error:
            log.warning("an update is not kept: %s", type(error).__name__)
            return Response(status_code=503)
        return Response()

    return receive


async def _body(request: Request, most: int) -> bytes | None:
    """Read a body; None if it is longer than *most*, which it need not admit to."""
    length = request.headers.get("content-length", "0")
    if length.isdecimal() and int(length) > most:
        return None
    pieces, size = [], 0
    async for piece in request.stream():
        size += len(piece)
        if size > most:
            return None
        pieces.append(piece)
    return b"".join(pieces)
