"""WeCom's REST interface: JSON over httpx, a token renewed once, penalties kept."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, TypeVar

import httpx

from bot.channels.wecom.errors import (
    A_MINUTE,
    AN_HOUR,
    ApiError,
    Kind,
    NoAnswer,
    NotReached,
    delivery_error,
)
from bot.channels.wecom.secrecy import silence
from bot.channels.wecom.tokens import Token, Tokens, TokenStore
from bot.channels.wecom.transport import Transport
from bot.errors import NotSent, Refused

T = TypeVar("T")

BASE_URL = "https://qyapi.weixin.qq.com"

MOST_IN = 20 * 1024 * 1024
"""Bytes of a file, coming in or going out."""

_MOST_ANSWER = 4 * 1024 * 1024  # bytes of an answer that is no file
PATIENCE = 20.0
"""Seconds that WeCom gets to answer."""

_REACHED = 5.0  # seconds to reach the server
_UPLOAD = httpx.Timeout(55.0, connect=_REACHED, pool=_REACHED)
_AGAIN = timedelta(minutes=5)  # after a penalty; who goes too far then stays out longer
_JSON = {"Content-Type": "application/json"}
_NOT_REACHED = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
    httpx.InvalidURL,
    httpx.ProxyError,
)

Files = Mapping[str, tuple[str, bytes, str]]
"""Parts of an upload: field -> name, content, media type."""


class Client:
    """One HTTP client, opened when it is first used, and again after it was closed."""

    def __init__(
        self,
        base_url: str = BASE_URL,
        *,
        connections: int = 32,
        patience: float = PATIENCE,
    ) -> None:
        """Prepare to call paths below *base_url*, and to wait *patience* seconds."""
        silence()
        self._base_url = base_url.rstrip("/")
        self._timeout = httpx.Timeout(patience, connect=_REACHED, pool=_REACHED)
        self._connections = connections
        self._http: Transport | None = None

    async def ask(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str],
        body: Mapping[str, Any] | None = None,
        files: Files | None = None,
    ) -> dict[str, Any]:
        """Make one call; returns the answer whose errcode is 0.

        Raises ApiError, NotReached or NoAnswer; none quotes address or body.
        """
        answer, content = await self._exchange(
            method, path, params=params, body=body, files=files, most=_MOST_ANSWER
        )
        return _read(answer, content)

    async def download(
        self, path: str, *, params: Mapping[str, str]
    ) -> tuple[bytes, str]:
        """Return a file and its name, "" if it has none; raises as `ask`, and Refused.

        What is refused comes as JSON in place of the file.
        """
        answer, content = await self._exchange("GET", path, params=params, most=MOST_IN)
        name = _file_name(answer.headers.get("content-disposition", ""))
        kind = answer.headers.get("content-type", "")
        if answer.status_code != 200 or (not name and "json" in kind):
            _read(answer, content)
        return content, name

    async def close(self) -> None:
        """Close all connections; safe to call twice."""
        http, self._http = self._http, None
        if http:
            await http.aclose()

    async def _exchange(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str],
        most: int,
        body: Mapping[str, Any] | None = None,
        files: Files | None = None,
    ) -> tuple[httpx.Response, bytes]:
        if self._http is None:
            self._http = Transport(connections=self._connections)
        timeout = _UPLOAD if files else self._timeout
        try:
            # Without a client of httpx: there are no cookies, redirects or logins, and
            # to ask for them takes as long as all the rest.
            request = httpx.Request(
                method,
                f"{self._base_url}{path}",
                params=dict(params),
                content=_encoded(body) if body is not None else None,
                files=dict(files) if files else None,
                headers=_JSON if body is not None else None,
                extensions={"timeout": timeout.as_dict()},
            )
            answer = await self._http.handle_async_request(request)
            try:
                return answer, await _content(answer, most)
            finally:
                await answer.aclose()
        except _NOT_REACHED as error:
            failure: Exception = NotReached(type(error).__name__)
        except (httpx.HTTPError, httpx.StreamError, OSError) as error:
            failure = NoAnswer(type(error).__name__)
        raise failure  # here, so that it drags no address along


class Api:
    """The calls of one app, each with its token.

    A token that WeCom does not take is renewed once, and the call made once more: the
    first was certainly not taken. A path that WeCom was asked for too often is let
    alone for a minute; if that happens again, for an hour.
    """

    def __init__(
        self,
        *,
        corp_id: str,
        secret: str,
        name: str,
        clock: Callable[[], datetime],
        base_url: str = BASE_URL,
        store: TokenStore | None = None,
        patience: float = PATIENCE,
    ) -> None:
        """Prepare to call; *name* tells this app's token from others of the corp."""
        self._client = Client(base_url, patience=patience)
        self._corp_id, self._secret, self._clock = corp_id, secret, clock
        self._closed_until: dict[str, datetime] = {}
        self._trouble = ""
        self.tokens = Tokens(
            self._fetch_token, key=f"{corp_id}:{name}", clock=clock, store=store
        )

    def __repr__(self) -> str:
        """Say what it is, without secret or token."""
        return "Api()"

    @property
    def trouble(self) -> str:
        """Say what keeps the whole app from working; "" if nothing is known."""
        return self.tokens.trouble or self._trouble

    async def post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Call with JSON; returns what WeCom answers.

        Raises ApiError, NotReached, NoAnswer, or NotSent where it was not even tried.
        """

        async def call(token: str) -> dict[str, Any]:
            return await self._client.ask(
                "POST", path, params={"access_token": token}, body=body
            )

        return await self._with_token(path, call)

    async def get(self, path: str, **params: str) -> dict[str, Any]:
        """Ask for something; raises as `post`."""

        async def call(token: str) -> dict[str, Any]:
            given = {"access_token": token} | params
            return await self._client.ask("GET", path, params=given)

        return await self._with_token(path, call)

    async def upload(self, *, kind: str, name: str, content: bytes) -> str:
        """Hand a file over (kind: image, voice, video, file); returns its media id.

        That is good for three days. Raises as `post`.
        """
        part = (name, content, "application/octet-stream")

        async def call(token: str) -> dict[str, Any]:
            given = {"access_token": token, "type": kind}
            return await self._client.ask(
                "POST", "/cgi-bin/media/upload", params=given, files={"media": part}
            )

        answer = await self._with_token("/cgi-bin/media/upload", call)
        return str(answer.get("media_id") or "")

    async def download(self, media_id: str) -> bytes:
        """Return a file of at most 20 MB; raises as `post`, Refused if it is larger."""

        async def call(token: str) -> bytes:
            given = {"access_token": token, "media_id": media_id}
            content, _ = await self._client.download("/cgi-bin/media/get", params=given)
            return content

        return await self._with_token("/cgi-bin/media/get", call)

    async def close(self) -> None:
        """Close all connections; safe to call twice, and to call again after it."""
        self.tokens.stop()
        await self._client.close()

    async def _with_token(self, path: str, call: Callable[[str], Awaitable[T]]) -> T:
        self._refuse_while_closed(path)
        token = await self.tokens.get()
        try:
            try:
                answer = await call(token)
            except ApiError as error:
                if error.kind is not Kind.TOKEN:
                    raise
                answer = await call(await self.tokens.renew(token))
        except ApiError as error:
            self._note(path, error)
            raise
        self._trouble = ""
        return answer

    def _note(self, path: str, error: ApiError) -> None:
        if error.kind is Kind.TOO_OFTEN:
            until = self._closed_until.get(path)
            again = until is not None and self._clock() - until < _AGAIN
            seconds = AN_HOUR if again else A_MINUTE
            self._closed_until[path] = self._clock() + timedelta(seconds=seconds)
        if error.kind in (Kind.TOKEN, Kind.STOPPED):
            self._trouble = str(delivery_error(error))

    def _refuse_while_closed(self, path: str) -> None:
        until = self._closed_until.get(path)
        if until and until > self._clock():
            left = (until - self._clock()).total_seconds()
            words = f"{path} was called too often"
            raise NotSent(words, retry_after=left, everywhere=True)

    async def _fetch_token(self) -> Token:
        given = {"corpid": self._corp_id, "corpsecret": self._secret}
        asked_at = self._clock()
        answer = await self._client.ask("GET", "/cgi-bin/gettoken", params=given)
        value, seconds = answer.get("access_token"), answer.get("expires_in")
        if not isinstance(value, str) or not value or not isinstance(seconds, int):
            raise NoAnswer("gettoken brought no token")
        return Token(value=value, expires_at=asked_at + timedelta(seconds=seconds))


def _encoded(body: Mapping[str, Any]) -> bytes:
    """Write JSON; equal bodies are equal bytes, or copies would not be dropped."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "replace")


async def _content(answer: httpx.Response, most: int) -> bytes:
    """Read a body; raises Refused if it is larger than *most*."""
    pieces, size = [], 0
    async for piece in answer.aiter_bytes():
        size += len(piece)
        if size > most:
            raise Refused("the answer is larger than we take")
        pieces.append(piece)
    return b"".join(pieces)


def _read(answer: httpx.Response, content: bytes) -> dict[str, Any]:
    """Read an answer of WeCom's; HTTP is 200 for its own refusals, too."""
    status = answer.status_code
    if status >= 500:
        raise NoAnswer(f"HTTP {status}")
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or status != 200:
        if 400 <= status < 500:  # somebody on the way, or a wrong address
            raise NotReached(f"HTTP {status}")
        raise NoAnswer("no JSON")
    code = found.get("errcode", 0)
    if not isinstance(code, int):
        raise NoAnswer("errcode is no number")
    if code:
        raise ApiError(code, str(found.get("errmsg", "")))
    return found


def _file_name(disposition: str) -> str:
    _, found, rest = disposition.partition("filename=")
    return rest.strip().strip('"').partition('"')[0] if found else ""


async def read_file(path: str) -> bytes:
    """Read a file that is to go out; raises Refused if it is gone or too large."""
    try:
        return await asyncio.to_thread(_read_file, path)
    except OSError as error:
        kind = type(error).__name__
    raise Refused(f"the file cannot be read: {kind}")


def _read_file(path: str) -> bytes:
    with open(path, "rb") as file:
        content = file.read(MOST_IN + 1)
    if len(content) > MOST_IN:
        raise Refused("the file is larger than 20 MB")
    return content
