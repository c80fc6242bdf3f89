"""How requests reach Telegram: aiohttp, behind python-telegram-bot's BaseRequest."""

from io import BytesIO
from typing import Any

import aiohttp
import msgspec
from telegram.error import (
    BadRequest,
    EndPointNotFound,
    NetworkError,
    TelegramError,
    TimedOut,
)
from telegram.request import BaseRequest, RequestData

from bot.channels.telegram.secrecy import hide_in_bytes
from bot.channels.telegram.wire import read_json

MOST_BYTES = 21 * 1024 * 1024
"""How much of an answer is read; Telegram gives files of up to 20 MB."""

CONNECT = 5.0  # seconds to reach the server, or the proxy
READ = 20.0  # seconds until an answer begins, and between two of its pieces
WRITE = 5.0  # seconds more to hand a request over
UPLOAD = 120.0  # the same with a file

_HEADERS_OF_JSON = {"Content-Type": "application/json"}
_FLOOD = 5.0  # seconds, where Telegram says "too many" and not for how long
_KNOWN = frozenset({400, 401, 403, 409})  # that python-telegram-bot tells apart
_OF_ANY_SERVER = frozenset({404, 413})  # else a proxy or a mirror, which knows no chat


class NotReached(NetworkError):
    """Telegram was never reached: the request certainly was not taken."""

    __slots__ = ()


class Flooded(NetworkError):
    """There were too many requests; `seconds` is how long Telegram asks us to wait.

    Instead of RetryAfter, which warns of its own future whenever it is made.
    """

    __slots__ = ("seconds",)

    def __init__(self, seconds: float) -> None:
        super().__init__(f"too many requests, wait {seconds:g} s")
        self.seconds = seconds


class Transport(BaseRequest):
    """Calls the Bot API through aiohttp, about four times as cheaply as httpx does.

    Nothing that it raises quotes the address of a request, which holds the token.
    """

    def __init__(
        self,
        *,
        token: str,
        proxy: str | None = None,
        connections: int = 64,
        read_timeout: float = READ,
    ) -> None:
        """Prepare to call; *proxy* is "http://user:password@host:port" or None.

        Raises ValueError for another kind of proxy, without quoting it.
        """
        if proxy and not proxy.startswith(("http://", "https://")):
            raise ValueError("a proxy must begin with http:// or https://")
        self._token = token
        self._proxy = proxy or None
        self._connections = connections
        self._read_timeout = read_timeout
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Return how many seconds an answer is waited for if a call does not say."""
        return self._read_timeout

    async def initialize(self) -> None:
        """Open the connections; doing it twice changes nothing."""
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
            )

    async def shutdown(self) -> None:
        """Close all connections; safe to call twice, and to open again after it."""
        session, self._session = self._session, None
        if session:
            await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Make one request; returns the status and the body.

        Raises NotReached if it was never handed over, TimedOut or another
        NetworkError if nobody can know, Flooded if there were too many.
        """
        has_files = bool(request_data and request_data.contains_files)
        limits = aiohttp.ClientTimeout(
            total=None,
            connect=_either(connect_timeout, CONNECT) + _either(pool_timeout, CONNECT),
            sock_connect=_either(connect_timeout, CONNECT),
            sock_read=_either(read_timeout, self._read_timeout)
            + _either(write_timeout, UPLOAD if has_files else WRITE),
        )
        failure: TelegramError
        try:
            status, body = await self._call(url, method, request_data, limits)
        except Exception as error:  # its words may quote the address: keep its kind
            failure = _failure(error)
        else:
            body = hide_in_bytes(body, self._token)
            _refuse_by_status(status, body)
            return status, body
        raise failure  # here, so that it drags no context along

    async def _call(
        self,
        url: str,
        method: str,
        data: RequestData | None,
        limits: aiohttp.ClientTimeout,
    ) -> tuple[int, bytes]:
        if self._session is None or self._session.closed:
            await self.initialize()
        assert self._session
        answer = await self._session.request(
            method,
            url,
            data=_body(data),
            headers=_HEADERS_OF_JSON if data and not data.contains_files else None,
            timeout=limits,
            proxy=self._proxy,
            allow_redirects=False,
        )
        try:
            return answer.status, await _read(answer)
        except BaseException:
            answer.close()  # one that was read to its end has let its connection go
            raise

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Read an answer; raises TelegramError if it is no object, quoting nothing."""
        try:
            answer = read_json(payload)
        except ValueError:
            answer = None
        if isinstance(answer, dict):
            return answer
        raise TelegramError("the server's answer is no JSON object")


async def _read(answer: aiohttp.ClientResponse) -> bytes:
    """Read a body, but no more than a file may have."""
    pieces, size = [], 0
    async for piece in answer.content.iter_any():
        size += len(piece)
        if size > MOST_BYTES:
            raise NetworkError("the server's answer is too long")
        pieces.append(piece)
    return b"".join(pieces)


def _body(data: RequestData | None) -> aiohttp.FormData | bytes | None:
    """Write down a request: as JSON, as a form only where files go along."""
    if data is None:
        return None
    if not data.contains_files:
        return msgspec.json.encode(data.parameters)
    form = aiohttp.FormData(data.json_parameters, quote_fields=False)
    for field, (name, content, kind) in data.multipart_data.items():
        # As a file: a large one written in one piece would hold everybody up.
        file = BytesIO(content) if isinstance(content, bytes) else content
        form.add_field(field, file, filename=name, content_type=kind)
    return form


def _either(given: Any, usual: float) -> float:
    """Return a time-out as given, or the usual one; None means no bound: an hour."""
    if given is None:
        return 3600.0
    return float(given) if isinstance(given, int | float) else usual


def _failure(error: Exception) -> TelegramError:
    """Tell what an error of aiohttp means, in the words of python-telegram-bot."""
    kind = type(error).__name__
    if isinstance(error, TelegramError):
        return error
    if isinstance(
        error,
        aiohttp.ClientConnectorError  # no name, no server, no certificate
        | aiohttp.ConnectionTimeoutError
        | aiohttp.ClientHttpProxyError
        | aiohttp.InvalidURL,
    ):
        return NotReached(f"the server was not reached: {kind}")
    if isinstance(error, TimeoutError):
        return TimedOut(f"no answer in time: {kind}")
    return NetworkError(f"no answer: {kind}")


def _refuse_by_status(status: int, body: bytes) -> None:
    """Raise what python-telegram-bot would tell less exactly from the status alone."""
    if status < 400:
        return
    said = _said(body)
    seconds = _seconds_to_wait(said)
    if status == 429 or seconds:
        raise Flooded(seconds or _FLOOD)
    if status < 500 and status not in _OF_ANY_SERVER and "ok" not in said:
        raise NotReached(f"another server refused it with status {status}")
    if status == 404:  # python-telegram-bot takes it for a wrong token, as it is 401
        raise EndPointNotFound("not found (404)")
    if status < 500 and status not in _KNOWN:
        raise BadRequest(f"refused with status {status}")


def _said(body: bytes) -> dict[str, Any]:
    """Return what an answer says, {} if it is none of the Bot API's form."""
    try:
        return Transport.parse_json_payload(body)
    except TelegramError:
        return {}


def _seconds_to_wait(said: dict[str, Any]) -> float:
    """Return what an answer asks us to wait, 0 if it does not say."""
    try:
        return max(0.0, float(said["parameters"]["retry_after"]))
    except (KeyError, TypeError, ValueError):
        return 0.0
