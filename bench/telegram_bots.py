"""One of the bots that are measured, as a process of its own.

python -m bench.telegram_bots {ptb,aiogram,ours} BASE PORT [DATABASE]

It calls the Bot API at BASE and hears at PORT; ours polls where that is 0. It says
"ready" when it can be asked. With BENCH_PROFILE=FILE it is profiled.
"""

import asyncio
import cProfile
import os
import sys
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import uvicorn
import uvloop
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bench.telegram_load import HOOK, SECRET, TOKEN

ROOT = Path(__file__).parent.parent
AT_ONCE = 256


async def ptb(base: str, port: int, database: str, stop: asyncio.Event) -> None:
    """Echo by python-telegram-bot as its documentation has it for a webhook."""
    from telegram import Update
    from telegram.ext import Application, MessageHandler, filters

    async def echo(update: Update, context: object) -> None:
        assert update.message
        await update.message.reply_text(update.message.text or "")

    async def receive(request: Request) -> Response:
        update = Update.de_json(await request.json(), application.bot)
        await application.update_queue.put(update)
        return Response()

    application = (
        Application.builder()
        .token(TOKEN)
        .base_url(f"{base}/bot")
        .updater(None)
        .job_queue(None)
        .concurrent_updates(AT_ONCE)
        .build()
    )
    application.add_handler(MessageHandler(filters.TEXT, echo))
    async with application:
        await application.start()
        await _listen(receive, port, stop)
        await application.stop()


async def aiogram(base: str, port: int, database: str, stop: asyncio.Event) -> None:
    """Echo by aiogram, on its own web server, handling in the background."""
    from aiogram import Bot, Dispatcher
    from aiogram.client.session.aiohttp import AiohttpSession
    from aiogram.client.telegram import TelegramAPIServer
    from aiogram.types import Message
    from aiogram.webhook.aiohttp_server import SimpleRequestHandler
    from aiohttp import web

    async def echo(message: Message) -> None:
        await message.answer(message.text or "")

    dispatcher = Dispatcher()
    dispatcher.message.register(echo)
    session = AiohttpSession(api=TelegramAPIServer.from_base(base))
    handler = SimpleRequestHandler(
        dispatcher, Bot(TOKEN, session=session), handle_in_background=True
    )
    application = web.Application()
    handler.register(application, path=HOOK)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    print("ready", flush=True)
    await stop.wait()


async def ours(base: str, port: int, database: str, stop: asyncio.Event) -> None:
    """Answer as an office does, but without Telegram's limits."""
    from bot.app import App
    from bot.app.engine import Engine, doorbell_at
    from bot.channels.telegram.channel import MANNERS, TelegramChannel
    from bot.channels.telegram.webhook import Webhook
    from bot.settings import Settings
    from bot.web.metrics import Metrics
    from bot.web.server import doors, listen_on, serve

    metrics = Metrics()
    settings = Settings.load(ROOT / "config" / "bot.toml", {}, database=database)
    async with App.open(settings) as app:
        await app.refresh()
        hook = Webhook(url=f"http://127.0.0.1:{port}{HOOK}", secret=SECRET)
        channel = TelegramChannel(
            token=TOKEN,
            clock=app.now,
            base_url=f"{base}/bot",
            webhook=hook if port else None,
            manners=replace(MANNERS, limits=(), limits_of=lambda address: ()),
        )
        engine = Engine(
            database=app.database,
            doorbell=doorbell_at(settings.database_url),
            channels={channel.name: channel},
            answer=app.answer_letters,
            clock=app.now,
            observe=metrics.observe,
        )
        await engine.start()
        posts = {HOOK: channel.endpoint} if port else {}
        application = doors(engine.health, metrics, posts)
        door = listen_on(f"127.0.0.1:{port}")
        while not channel.username:  # noqa: ASYNC110 - until then it keeps nothing
            await asyncio.sleep(0.01)
        print("ready", flush=True)
        await serve(application, door, until=stop)
        await engine.stop()


async def _listen(
    endpoint: Callable[[Request], Awaitable[Response]], port: int, stop: asyncio.Event
) -> None:
    """Serve an endpoint by Starlette, and say so; until we shall stop."""
    config = uvicorn.Config(
        Starlette(routes=[Route(HOOK, endpoint, methods=["POST"])]),
        port=port,
        log_config=None,
        access_log=False,
        lifespan="off",
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - it tells nobody
        await asyncio.sleep(0.01)
    print("ready", flush=True)
    await stop.wait()
    server.should_exit = True
    await serving


BOTS = {"ptb": ptb, "aiogram": aiogram, "ours": ours}


async def _work(name: str, base: str, port: int, database: str) -> None:
    """Work until nobody holds our standard input any more."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def end() -> None:
        loop.remove_reader(sys.stdin)
        stop.set()

    loop.add_reader(sys.stdin, end)
    await BOTS[name](base, port, database, stop)


def main() -> None:
    """Be the bot that the words name."""
    name, base, port, database = [*sys.argv[1:], ""][:4]
    profiler = cProfile.Profile() if "BENCH_PROFILE" in os.environ else None
    if profiler:
        profiler.enable()
    uvloop.run(_work(name, base, int(port), database))
    if profiler:
        profiler.disable()
        profiler.dump_stats(os.environ["BENCH_PROFILE"])


if __name__ == "__main__":
    main()
