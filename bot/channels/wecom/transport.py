"""How httpx reaches WeCom: through aiohttp's connections, at a third of the cost."""

from collections.abc import AsyncIterator
from io import BytesIO
from typing import Any

import aiohttp
import httpx
from yarl import URL

_CHUNK = 64 * 1024  # bytes


class Transport(httpx.AsyncBaseTransport):
    """Makes requests that httpx has written; opened when it is first used."""

    def __init__(self, *, connections: int) -> None:
        """Prepare to hold so many connections open."""
        self._connections = connections
        self._session: aiohttp.ClientSession | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Make a request; raises errors of httpx alone, which quote nothing."""
        failure: Exception
        try:
            answer = await self._request(request)
        except aiohttp.ConnectionTimeoutError:
            failure = httpx.ConnectTimeout("connect")
        except (aiohttp.ClientConnectorError, aiohttp.InvalidURL):
            failure = httpx.ConnectError("connect")
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            failure = httpx.ReadError(type(error).__name__)
        else:
            return httpx.Response(
                answer.status, headers=answer.raw_headers, stream=_Body(answer)
            )
        raise failure

    async def aclose(self) -> None:
        """Close all connections; safe to call twice."""
        session, self._session = self._session, None
        if session:
            await session.close()

    async def _request(self, request: httpx.Request) -> aiohttp.ClientResponse:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections),
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                trust_env=False,
            )
        return await self._session.request(
            request.method,
            URL(str(request.url), encoded=True),
            headers=request.headers.multi_items(),
            data=_data(await request.aread()),
            timeout=_timeout(request.extensions.get("timeout") or {}),
            allow_redirects=False,
        )


class _Body(httpx.AsyncByteStream):
    """The content of an answer, as it comes."""

    def __init__(self, answer: aiohttp.ClientResponse) -> None:
        self._answer = answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for piece in self._answer.content.iter_chunked(_CHUNK):
                yield piece
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            kind = type(error).__name__
        else:
            return
        raise httpx.ReadError(kind)

    async def aclose(self) -> None:
        self._answer.release()


def _data(body: bytes) -> bytes | BytesIO | None:
    """Return what aiohttp sends; a large body in pieces, as it would block the loop."""
    return BytesIO(body) if len(body) > _CHUNK else body or None


def _timeout(given: dict[str, Any]) -> aiohttp.ClientTimeout:
    connect = given.get("connect")
    pool = given.get("pool")
    return aiohttp.ClientTimeout(
        total=None,
        connect=connect + pool if connect and pool else None,
        sock_connect=connect,
        sock_read=given.get("read"),
    )
