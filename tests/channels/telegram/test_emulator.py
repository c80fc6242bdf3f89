"""End to end against lo-bot-api-emulator, which others wrote, behind a thin proxy.

The proxy adds what the emulator does not model: a username, the topic of an answer;
and it keeps the texts, of which the emulator's own journal keeps none.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
import said
import uvicorn
from aiohttp import web
from fake_api import TOKEN
from starlette.applications import Starlette
from starlette.routing import Route
from taking import NOON, Taken, until

from bot.channels.telegram import TelegramChannel, Webhook
from bot.messages import Attachment, Button, Incoming, Place, Reply

emulation = pytest.importorskip(
    "lo_bot_api_emulator", reason="lo-bot-api-emulator judges us; not installed"
)
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:websockets")


class Stage:
    """The emulator, its proxy, and a bot that answers each message by `answer`."""

    def __init__(self, journal: Path) -> None:
        self.emulator = emulation.LoBotApiEmulator(
            journal=journal, allow_insecure_loopback_webhooks=True
        )
        self.texts: list[str] = []
        self.taken = Taken()
        self.base_url = ""
        self.journal = journal
        self.channel: TelegramChannel
        self.answer: Callable[[Incoming], Reply] = lambda one: Reply(
            f"听到：{one.text}"
        )

    @web.middleware
    async def proxy(self, request: web.Request, handler: Any) -> web.StreamResponse:
        if request.content_type == "application/json":
            fields = await request.json()
            if "text" in fields:
                self.texts.append(str(fields["text"]))
        answer = await handler(request)
        if request.path.endswith("/getMe"):
            body = json.loads(answer.body)
            body["result"] |= {"username": said.BOT["username"]}
            return web.json_response(body)
        return answer

    async def take(self, incoming: Incoming) -> None:
        """Keep a message, and answer it beside, as the outbox does."""
        await self.taken.take(incoming)
        reply = self.answer(incoming)
        to = incoming.conversation
        for request in self.channel.write(to, reply):
            await self.channel.send(to, request)

    async def tell(self, update: dict[str, Any]) -> None:
        told = {key: value for key, value in update.items() if key != "update_id"}
        await self.emulator.enqueue_update(told, token=TOKEN)

    def verdict(self, *methods: str) -> dict[str, Any]:
        return emulation.verdict(self.journal, require_methods=methods)


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    stage = Stage(tmp_path / "journal.jsonl")
    app = stage.emulator.app()
    app.middlewares.append(stage.proxy)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    stage.base_url = f"http://127.0.0.1:{runner.addresses[0][1]}/bot"
    yield stage
    await stage.channel.stop()
    await runner.cleanup()


@pytest.fixture
async def door() -> AsyncIterator[tuple[int, Callable[[Any], None]]]:
    """Give a port with a web server, and a way to put a handler behind /tg."""
    app = Starlette()
    server = uvicorn.Server(
        uvicorn.Config(app, port=0, log_config=None, lifespan="off", ws="none")
    )
    serving = asyncio.create_task(server.serve())
    await until(lambda: server.started)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield port, lambda one: app.routes.append(Route("/tg", one, methods=["POST"]))
    server.should_exit = True
    await serving


@pytest.fixture(params=["polling", "webhook"])
async def listening(request: pytest.FixtureRequest, stage: Stage, door: Any) -> Stage:
    """Give the stage with its channel listening, in both ways."""
    port, put_behind = door
    url = f"http://127.0.0.1:{port}/tg"
    webhook = Webhook(url=url, secret="geheim") if request.param == "webhook" else None
    stage.channel = TelegramChannel(
        token=TOKEN,
        clock=lambda: NOON,
        base_url=stage.base_url,
        webhook=webhook,
        unreadable=stage.taken.keep_unreadable,
        poll_seconds=1,
    )
    if webhook:
        put_behind(stage.channel.endpoint)
    await stage.channel.start(stage.take)
    methods = stage.emulator.requests
    await until(lambda: [one["method"] for one in methods].count("setMyCommands") == 3)
    return stage


async def test_a_private_question_is_answered(listening: Stage) -> None:
    await listening.tell(said.said("我们负责哪些任务 <&>"))
    await until(lambda: listening.texts)

    assert listening.texts == ["听到：我们负责哪些任务 &lt;&amp;&gt;"]
    assert listening.verdict("sendMessage")["ok"]


async def test_a_group_is_answered_where_it_is_addressed(listening: Stage) -> None:
    await listening.tell(said.said("闲聊", chat=said.GROUP))
    await listening.tell(said.said("/tasks@plan_test_bot", chat=said.GROUP))
    await listening.tell(said.answer_to_bot("已报", chat=said.GROUP))
    await until(lambda: len(listening.texts) == 2)

    assert listening.texts == ["听到：我们负责哪些任务", "听到：已报"]
    assert {one.place for one in listening.taken.letters} == {Place.GROUP}
    assert listening.verdict("sendMessage")["ok"]


async def test_a_press_is_answered_and_its_message_edited(listening: Stage) -> None:
    listening.answer = lambda one: Reply(
        "已记。", instead_of=one.about, press=one.press, aside="已记"
    )
    await listening.tell(said.pressed("=已报送", about=5, chat=said.GROUP))
    await until(lambda: len(listening.texts) == 2)

    methods = [one["method"] for one in listening.emulator.requests]
    assert methods.count("answerCallbackQuery") == 1
    assert methods.count("editMessageText") == 1
    assert [one.text for one in listening.taken.letters] == ["已报送"]
    assert listening.verdict("answerCallbackQuery", "editMessageText")["ok"]


async def test_files_and_long_texts_with_buttons_go_out(
    listening: Stage, tmp_path: Path
) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"\x00content")
    buttons = tuple(Button(f"选项{n}", "字" * n) for n in range(1, 60))
    files = (
        Attachment(name="年报.docx", at=str(file)),
        Attachment(name="图.png", at=str(file), is_picture=True),
    )
    listening.answer = lambda one: Reply(
        "甲乙丙😀，" * 2000, buttons, attachments=files
    )
    await listening.tell(said.said("全部"))
    await until(lambda: len(listening.emulator.assets) == 2)

    assert len(listening.texts) == 3
    assert {one["data"] for one in listening.emulator.assets.values()} == {
        b"\x00content"
    }
    assert listening.verdict("sendDocument", "sendPhoto")["ok"]


async def test_what_is_not_kept_comes_again(listening: Stage) -> None:
    listening.taken.fails += [OSError("bug"), OSError("bug")]
    broken = listening.taken.keep_unreadable
    refusals = [OSError("no store either")]

    async def keep(**values: str) -> None:
        if refusals:
            raise refusals.pop()
        await broken(**values)

    listening.channel._listener._intake._unreadable = keep
    await listening.tell(said.said("你好"))
    await listening.emulator.deliver_updates(token=TOKEN)
    await until(lambda: listening.taken.texts == ["你好"])
    if listening.channel._webhook is None:
        await until(lambda: not listening.channel.trouble)

    info = listening.emulator._update_queues.info(TOKEN)
    assert info["pending_update_count"] in (0, 1)
    assert listening.taken.unreadable == []


async def test_a_second_bot_with_our_token_is_noticed(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    settings = {"token": TOKEN, "clock": lambda: NOON, "base_url": stage.base_url}
    stage.channel = TelegramChannel(**settings, poll_seconds=5)
    other = TelegramChannel(**settings, poll_seconds=5)
    await stage.channel.start(stage.take)
    await until(lambda: stage.channel._listener._poller)
    await asyncio.sleep(0.2)
    await other.start(stage.take)
    await until(lambda: "Conflict" in other.trouble)
    await other.stop()

    await stage.tell(said.said("你好"))
    await until(lambda: stage.texts)
    assert "another process asks with our token" in caplog.text
