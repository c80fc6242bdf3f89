"""What the doors for callbacks share: who is let in, and how the others are refused."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime

from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response

from bot.channels.wecom.crypto import NotGenuine, Seal

log = logging.getLogger(__name__)

Endpoint = Callable[[Request], Awaitable[Response]]

MOST_BYTES = 64 * 1024
"""Bytes of one callback."""

_SLOWEST = 4.0  # seconds for a body to arrive: after five nobody waits any more


class Refusal(Exception):
    """A callback is answered with `status`; says why in a word that quotes nothing."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


def guarded(work: Endpoint) -> Endpoint:
    """Make a handler that raises nothing: each refusal is one line in the log.

    403 to what is not genuine, 408 to what is too slow, 503 to what was not kept.
    """

    async def receive(request: Request) -> Response:
        try:
            return await work(request)
        except Refusal as error:
            return _refused(error.status, str(error))
        except NotGenuine as error:
            return _refused(403, str(error))
        except (TimeoutError, ClientDisconnect):
            return _refused(408, "too slow")
        except Exception as error:
            return _refused(503, f"not kept: {type(error).__name__}")

    return receive


def verified(request: Request, seal: Seal, *, now: datetime) -> Response:
    """Show that we have the keys: WeCom asks so when the address is saved."""
    echo = request.query_params.get("echostr", "").replace(" ", "+")
    return PlainTextResponse(opened(request, echo, seal, now=now))


def opened(request: Request, encrypt: str, seal: Seal, *, now: datetime) -> str:
    """Return what was encrypted for us. Raises NotGenuine."""
    query = request.query_params
    return seal.open(
        encrypt,
        signature=query.get("msg_signature", ""),
        timestamp=query.get("timestamp", ""),
        nonce=query.get("nonce", ""),
        now=now,
    )


async def posted(request: Request) -> bytes:
    """Read a body. Raises Refusal if it is too large, which it need not admit to."""
    length = request.headers.get("content-length", "0")
    if length.isdecimal() and int(length) > MOST_BYTES:
        raise Refusal(413, "size")
    pieces, size = [], 0
    async with asyncio.timeout(_SLOWEST):
        async for piece in request.stream():
            size += len(piece)
            if size > MOST_BYTES:
                raise Refusal(413, "size")
            pieces.append(piece)
    return b"".join(pieces)


def _refused(status: int, why: str) -> Response:
    log.warning("a callback is refused with %d: %s", status, why)
    return Response(status_code=status)
