"""The platform's REST API in the tests, written from its documentation.

corp = Corp()
corp.add("ZhangSan")
async with FakeQyapi(corp).running() as qyapi:
    ... client of qyapi.base_url ("http://127.0.0.1:PORT"), paths /cgi-bin/...
assert qyapi.texts_to("zhangsan") == ["您好"]
"""

import asyncio
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from platform_clock import PlatformClock
from platform_corp import App, Corp
from platform_rates import HOUR, MINUTE, Penalties
from platform_refusal import Refusal
from qyapi_appchat import AppChats
from qyapi_calls import Call, Post, Trouble
from qyapi_directory import Directory
from qyapi_media import Media
from qyapi_messages import Messages
from qyapi_responses import Responses
from qyapi_tokens import Tokens
from qyapi_webhook import Webhooks

Answer = dict[str, Any] | web.StreamResponse
OpenRoute = Callable[[Call], Awaitable[Answer]]
AppRoute = Callable[[Call, App], Awaitable[Answer]]

BASE = "/cgi-bin/"


class FakeQyapi:
    """One corporation's `qyapi`: who was given what, what was dropped, every call."""

    def __init__(
        self, corp: Corp | None = None, *, clock: PlatformClock | None = None
    ) -> None:
        self.corp = corp or Corp()
        self.clock = clock or PlatformClock()
        self.base_url = ""
        self.caller_ip = "127.0.0.1"
        self.calls: list[Call] = []
        self.tokens = Tokens(self.corp, self.clock)
        self.media = Media(self.clock)
        self.messages = Messages(self.corp, self.clock, self.media)
        self.appchats = AppChats(self.corp, self.clock, self.media)
        self.webhooks = Webhooks(self.corp, self.clock)
        self.responses = Responses(self.clock)
        self.directory = Directory(self.corp)
        self.api_rate = Penalties((10_000, MINUTE), (150_000, HOUR))
        self._troubles: dict[str, deque[Trouble]] = defaultdict(deque)
        rooms = (self.messages, self.appchats, self.directory, self.media)
        self._app_routes: dict[str, AppRoute] = {}
        for room in rooms:
            self._app_routes |= room.routes
        self._open_routes: dict[str, OpenRoute] = {
            **self.tokens.routes,
            **self.webhooks.routes,
            **self.responses.routes,
        }

    # what the tests ask and set

    def expect(self, path: str, *troubles: Trouble) -> None:
        """Let the next calls of a path ("message/send") go wrong."""
        self._troubles[path].extend(troubles)

    def of(self, path: str) -> list[Call]:
        return [call for call in self.calls if call.path == path]

    @property
    def posts(self) -> list[Post]:
        """Everything that somebody was given, in order within each way of sending."""
        return [
            *self.messages.posts,
            *self.appchats.posts,
            *self.webhooks.posts,
            *self.responses.posts,
        ]

    @property
    def dropped(self) -> list[Post]:
        """What was taken with errcode 0 and yet reached nobody."""
        return [*self.messages.dropped, *self.appchats.dropped]

    def posts_to(self, to: str) -> list[Post]:
        """List what a member (any case) or a chat was given and still sees."""
        wanted = (to, to.lower())
        return [one for one in self.posts if one.to in wanted and not one.recalled]

    def texts_to(self, to: str) -> list[str]:
        return [post.text for post in self.posts_to(to)]

    # the server

    def app(self) -> web.Application:
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_route("*", BASE + "{path:.+}", self._handle)
        return app

    @asynccontextmanager
    async def running(self) -> AsyncIterator["FakeQyapi"]:
        runner = web.AppRunner(self.app(), access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        self.base_url = f"http://{host}:{port}"
        self.responses.base_url = self.base_url
        try:
            yield self
        finally:
            await runner.cleanup()

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        call = await _read(request, self.clock)
        self.calls.append(call)
        waiting = self._troubles[call.path]
        trouble = waiting.popleft() if waiting else None
        if trouble and trouble.delay:
            await asyncio.sleep(trouble.delay)
        if trouble and not trouble.takes and not _is_only_late(trouble):
            return await _fail(request, call, trouble)
        answer = await self._answer(call)
        if trouble and trouble.takes:
            return await _fail(request, call, trouble)
        if isinstance(answer, web.StreamResponse):
            return answer
        call.answer = answer
        return web.json_response(answer)

    async def _answer(self, call: Call) -> Answer:
        try:
            answer = await self._route(call)
        except Refusal as refusal:
            return refusal.answer
        if isinstance(answer, web.StreamResponse):
            return answer
        return {"errcode": 0, "errmsg": "ok", **answer}

    async def _route(self, call: Call) -> Answer:
        if call.path in self._open_routes:
            return await self._open_routes[call.path](call)
        if call.path not in self._app_routes:
            raise web.HTTPNotFound
        app = self.tokens.app_of(call.query.get("access_token", ""))
        self._check_caller(app)
        if not self.api_rate.allow(call.path, now=self.clock()):
            raise Refusal(45009)
        return await self._app_routes[call.path](call, app)

    def _check_caller(self, app: App) -> None:
        if app.trusted_ips is not None and self.caller_ip not in app.trusted_ips:
            hint = f"not allow to access from your ip, from ip: {self.caller_ip}"
            raise Refusal(60020, f"{hint}, more info at the error page")


async def _read(request: web.Request, clock: PlatformClock) -> Call:
    path = request.match_info["path"]
    call = Call(path, dict(request.query), b"", clock())
    if request.content_type.startswith("multipart/"):
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                call.files[name] = (value.filename, value.file.read())
    else:
        call.raw = await request.read()
    return call


def _is_only_late(trouble: Trouble) -> bool:
    return trouble == Trouble(delay=trouble.delay)


async def _fail(
    request: web.Request, call: Call, trouble: Trouble
) -> web.StreamResponse:
    if trouble.hangs:
        await asyncio.sleep(3600)
    if trouble.cut:
        assert request.transport
        request.transport.abort()
    if trouble.raw is not None or trouble.status != 200:
        return web.Response(status=trouble.status, body=trouble.raw or b"")
    call.answer = Refusal(trouble.errcode).answer
    return web.json_response(call.answer)
