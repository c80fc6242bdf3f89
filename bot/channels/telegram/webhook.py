"""The door for a webhook: the secret first, then the body, and 200 only when kept."""

import asyncio
import hmac
import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope, Send

from bot.errors import SettingsError

log = logging.getLogger(__name__)

AcceptBody = Callable[[bytes], Awaitable[None]]
"""Keeps one posted update, or raises if it is not kept."""

MOST_BYTES = 1024 * 1024
"""Bytes of one update; Telegram's are a few thousand."""

_SLOWEST = 15.0  # seconds for a body to arrive
_HEADER = b"x-telegram-bot-api-secret-token"
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


class WebhookDoor:
    """Keeps updates that are posted, by *accept*: an ASGI application for POST.

    It answers 403 to whoever lacks the secret, before it reads anything; 413 to a body
    above *most_bytes*; 503 if the update could not be kept, so that it comes again.
    """

    def __init__(
        self, accept: AcceptBody, *, secret: str, most_bytes: int = MOST_BYTES
    ) -> None:
        """Prepare; raises SettingsError without a secret."""
        check_secret(secret)
        self._accept = accept
        self._secret = secret.encode()
        self._most_bytes = most_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        status = await self._status(dict(scope["headers"]), receive)
        headers = [(b"content-length", b"0")]
        await send(
            {"type": "http.response.start", "status": status, "headers": headers}
        )
        await send({"type": "http.response.body"})

    async def _status(self, headers: Mapping[bytes, bytes], receive: Receive) -> int:
        if not hmac.compare_digest(headers.get(_HEADER, b""), self._secret):
            return 403
        length = headers.get(b"content-length", b"0")
        if length.isdigit() and int(length) > self._most_bytes:
            return 413
        try:
            async with asyncio.timeout(_SLOWEST):
                body = await _body(receive, self._most_bytes)
        except (TimeoutError, ClientDisconnect):
            return 408
        if body is None:
            return 413
        try:
            await self._accept(body)
        except Exception as error:
            log.warning("an update is not kept: %s", type(error).__name__)
            return 503
        return 200


async def _body(receive: Receive, most: int) -> bytes | None:
    """Read a body; None if it is longer than *most*, which it need not admit to."""
    pieces, size, more = [], 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        pieces.append(message.get("body", b""))
        size += len(pieces[-1])
        if size > most:
            return None
        more = message.get("more_body", False)
    return b"".join(pieces)
