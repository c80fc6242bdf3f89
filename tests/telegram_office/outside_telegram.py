"""lo-bot-api-emulator, which others wrote, with a proxy in front.

The proxy adds what the emulator does not model (a username), keeps the texts, of which
its journal keeps none, and can lose what is said through it.
"""

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import said
from aiohttp import web
from fake_api import TOKEN, Call

emulation = pytest.importorskip(
    "lo_bot_api_emulator", reason="lo-bot-api-emulator judges us; not installed"
)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class OutsideTelegram:
    """The emulator on a port of its own; `calls` are what the bot said."""

    def __init__(self, journal: Path) -> None:
        self.emulator = emulation.LoBotApiEmulator(
            journal=journal, allow_insecure_loopback_webhooks=True
        )
        self.calls: list[Call] = []
        self.base_url = ""
        self._journal = journal
        self._told: list[dict[str, Any]] = []

    async def open(self) -> web.AppRunner:
        app = self.emulator.app()
        app.middlewares.append(self._proxy)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.base_url = f"http://127.0.0.1:{runner.addresses[0][1]}/bot"
        return runner

    @web.middleware
    async def _proxy(
        self, request: web.Request, handler: Handler
    ) -> web.StreamResponse:
        method = request.path.rpartition("/")[2]
        if request.content_type == "application/json" and method != "getUpdates":
            self.calls.append(Call(method, await request.json(), {}))
        answer = await handler(request)
        if method == "getMe" and isinstance(answer, web.Response):
            body = json.loads(answer.body)  # type: ignore[arg-type]
            body["result"] |= {"username": said.BOT["username"]}
            return web.json_response(body)
        return answer

    async def tell(self, *updates: dict[str, Any]) -> None:
        """Let things happen, each with a number of the emulator's own."""
        for update in updates:
            told = {key: value for key, value in update.items() if key != "update_id"}
            number = await self.emulator.enqueue_update(told, token=TOKEN)
            self._told.append(told | {"update_id": number})

    async def tell_again(self) -> None:
        """Tell all of it once more, as Telegram does to whom it did not hear."""
        queue = self._queue
        async with queue.condition:
            queue.updates[:0] = self._told
            queue.condition.notify_all()
        await self.deliver()

    async def deliver(self) -> None:
        """Post to the webhook what it did not take before."""
        await self.emulator.deliver_updates(token=TOKEN)

    @property
    def _queue(self) -> Any:
        return self.emulator._update_queues._state(TOKEN)

    @property
    def pending(self) -> int:
        """Count what was not confirmed."""
        return len(self._queue.updates)

    def of(self, method: str) -> list[Call]:
        return [call for call in self.calls if call.method == method]

    @property
    def texts(self) -> list[str]:
        return [call.text for call in self.of("sendMessage")]

    def must_be_content(self, *methods: str) -> None:
        """Have the emulator judge everything that it was asked for.

        It may have refused only a poll beside a poll, and been at a closed door.
        """
        verdict = emulation.verdict(
            self._journal,
            require_methods=methods,
            allowed_refusals=("getUpdates:409", "webhook:0"),
        )
        assert verdict["ok"], verdict
