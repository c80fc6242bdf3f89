"""Run and stay up: `bot run`, or on PostgreSQL `bot web` and `bot worker`."""

import asyncio
import logging
import os
import signal
import socket
from collections.abc import Callable, Collection, Mapping
from contextlib import ExitStack, suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import urlsplit

import click

from bot.app import App
from bot.commands.door import Command, office_options, run, settings_of
from bot.commands.help_text import ChineseCommand
from bot.database import is_postgres, sqlite_file
from bot.errors import BotError, SettingsError
from bot.messages import Channel
from bot.settings import Settings
from handlers.note_settings import digests_of, note_settings

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from bot.channels.telegram import TelegramChannel
    from bot.web.server import Endpoint

log = logging.getLogger(__name__)

_ALONE = "run"  # who is alone on its file needs no other name
_NAMES = {"run": "全部工作", "web": "接收消息", "worker": "答复、发送和定时任务"}
_NO_SHARING = (
    "SQLite 只能由一个进程使用，bot {part} 要用 PostgreSQL。"
    "请运行 bot run；或把 database.url（或 BOT_DATABASE_URL）改成"
    " postgresql://用户:密码@主机/库名，再运行 bot migrate。"
)
_TRIES, _WAIT = 40, 0.25  # looks, and seconds before each, until we tell of a product
_STOPS = "正在停止：发完手上的消息，最多十秒……"
_STOPS_AT_ONCE = "再次收到停止信号，立即退出。"
_NO_PRODUCT = (
    "目前没有配置聊天产品，只有终端：不接收也不发送消息，"
    "定时任务和健康检查照常运行。在终端里对话：bot chat；"
    "开通聊天产品：在 office.channels 里加上它的名称，见 README。"
)


def _listen_option(command: Command) -> Command:
    """Give a command --listen."""
    return click.option(
        "--listen",
        default="",
        metavar="地址:端口",
        help="健康检查和指标的地址，覆盖配置；端口 0 为任选。",
    )(command)


@click.command("run", cls=ChineseCommand)
@_listen_option
@office_options
def run_all(listen: str, config: Path, database: str) -> None:
    """启动全部工作（一个进程），直到收到停止信号。"""
    _stay_up("run", config=config, database=database, listen=listen)


@click.command("web", cls=ChineseCommand)
@_listen_option
@office_options
def run_web(listen: str, config: Path, database: str) -> None:
    """只接收消息，可以开多个（需要 PostgreSQL）。"""
    _stay_up("web", config=config, database=database, listen=listen)


@click.command("worker", cls=ChineseCommand)
@_listen_option
@office_options
def run_worker(listen: str, config: Path, database: str) -> None:
    """只答复、发送和定时，可以开多个（需要 PostgreSQL）。"""
    _stay_up("worker", config=config, database=database, listen=listen)


def _stay_up(part: str, *, config: Path, database: str, listen: str) -> NoReturn:
    from bot.app.logs import log_as_json

    log_as_json()

    async def work() -> int:
        chosen = settings_of(config, database, listen=listen, speaks=True)
        with ExitStack() as held:
            owner = _right_to_run(part, chosen, held)
            door = held.enter_context(_open_door(chosen.listen))
            stop = asyncio.Event()
            _obey_signals(stop)
            return await _run(
                part, chosen, config=config, owner=owner, door=door, stop=stop
            )

    async def told() -> int:
        try:
            return await work()
        except BotError as error:
            log.critical("cannot go on", extra={"part": part, "why": str(error)})
            raise

    run(told, loop=_fast_loop())


def _right_to_run(part: str, settings: Settings, held: ExitStack) -> str:
    """Take the lock of a SQLite file; return our name as holder of lanes, "" for any.

    Raises StoreError or SettingsError if such a process may not run there.
    """
    from bot.app.lock import only_one_on

    if is_postgres(settings.database_url):
        return ""
    if part != "run":
        raise SettingsError(
            f"bot {part} on SQLite", reply=_NO_SHARING.format(part=part)
        )
    file = sqlite_file(settings.database_url)
    if file:
        held.enter_context(only_one_on(file))
    return _ALONE


async def _note_settings(app: App, config: Path) -> None:
    """Enter in the audit which files of settings are not as at the last start."""
    given = app.settings
    files = {
        "bot.toml": config,
        "nudges.toml": given.nudges,
        "thesaurus.toml": given.thesaurus,
        "departments.toml": given.departments,
    }
    async with app.database.writing() as session:
        await note_settings(session, digests_of(files), at=app.now())


def _open_door(listen: str) -> socket.socket:
    from bot.web.server import listen_on

    return listen_on(listen)


def _load_what_is_slow(now: datetime) -> None:
    """Load holidays, patterns and scorecard while nobody waits: half a second."""
    from bot.reports.calendar import WorkCalendar
    from bot.reports.replies import understand

    calendar = WorkCalendar()
    calendar.missing_years(now.date())
    understand("昨天报了", now=now, calendar=calendar, due_on=None)


async def _run(
    part: str,
    settings: Settings,
    *,
    config: Path,
    owner: str,
    door: socket.socket,
    stop: asyncio.Event,
) -> int:
    """Work until *stop* is set; returns 0."""
    from bot.app.engine import Engine, Part, doorbell_at
    from bot.web.metrics import Metrics
    from bot.web.server import doors, serve

    async with App.open(settings) as app:
        if Part(part).works:
            await _note_settings(app, config)
            _load_what_is_slow(app.now())
        metrics = Metrics()
        channels = app.message_channels(
            unreadable=lambda **update: engine.keep_unreadable(**update),
            tell=lambda incoming: engine.take(incoming),
        )
        engine = Engine(
            database=app.database,
            doorbell=doorbell_at(settings.database_url),
            channels=channels,
            answer=app.answer_letters,
            clock=app.now,
            part=Part(part),
            owner=owner,
            observe=metrics.observe,
            nudge=app.nudge,
            housekeep=app.housekeep,
            collect=app.collect,
        )
        telegram = _telegram(channels) if Part(part).listens else None
        posts = _webhook(settings, telegram)
        callbacks = _callbacks(settings, channels) if Part(part).listens else {}
        application = doors(engine.health, metrics, posts, callbacks)
        serving = asyncio.create_task(serve(application, door, until=stop))
        serving.add_done_callback(lambda _: stop.set())  # nobody works unseen
        telling = asyncio.create_task(_tell_telegram(telegram)) if telegram else None
        try:
            await engine.run(
                stop, started=lambda: _tell_start(part, app, door, channels)
            )
        finally:
            stop.set()
            if telling:
                telling.cancel()
            await serving
            log.info("stopped", extra={"part": part})
    _say("已停止。")
    return 0


def _telegram(channels: Mapping[str, Channel]) -> "TelegramChannel | None":
    channel = channels.get("telegram")
    if channel is None:
        return None
    from bot.channels.telegram import TelegramChannel

    assert isinstance(channel, TelegramChannel)
    return channel


def _webhook(
    settings: Settings, channel: "TelegramChannel | None"
) -> dict[str, "ASGIApp"]:
    """Return what Telegram posts to, by the path of its address; {} if it does not."""
    if channel is None or channel.polls or settings.telegram is None:
        return {}
    return {urlsplit(settings.telegram.webhook).path: channel.endpoint}


def _callbacks(
    settings: Settings, channels: Mapping[str, Channel]
) -> dict[str, "Endpoint"]:
    """Return what WeCom calls, by the paths of the addresses."""
    from bot.app.products import callback_places

    places = callback_places(settings.wecom)
    return {path: channels[name].endpoint for name, path in places.items()}  # type: ignore[attr-defined]


def _tell_start(
    part: str, app: App, door: socket.socket, channels: Collection[str]
) -> None:
    host, port = door.getsockname()[:2]
    host = f"[{host}]" if ":" in host else host
    store = "PostgreSQL" if is_postgres(app.settings.database_url) else "SQLite"
    names = sorted(channels)
    log.info("started", extra={"part": part, "store": store, "channels": names})
    words = (
        f"bot {part} 已启动（{_NAMES[part]}），数据库 {store}，"
        f"健康检查 http://{host}:{port}/healthz"
    )
    if not names:
        log.warning("no chat product is configured")
        words += f"\n{_NO_PRODUCT}"
    _say(words)


def _say(words: str) -> None:
    """Tell it on the terminal, if anybody still reads that: the work goes on anyway."""
    with suppress(OSError):
        print(words, flush=True)


async def _tell_telegram(channel: "TelegramChannel") -> None:
    """Say, once it is known, as which bot we speak, or what keeps us from it."""
    for _ in range(_TRIES):
        await asyncio.sleep(_WAIT)
        if channel.username or channel.heard_at or channel.trouble:
            break
    if channel.username or channel.heard_at:
        way = "轮询" if channel.polls else "webhook"
        words = f"Telegram 已连上：@{channel.username}，接收方式为{way}。"
    elif channel.trouble:
        from bot.channels.telegram import remedy

        words = f"Telegram 还没有连上，会一直重试：{remedy(channel.trouble)}"
    else:
        words = "Telegram 由另一个进程收取消息，本进程随时接替。"
    _say(words)


def _obey_signals(stop: asyncio.Event) -> None:
    """Stop in order at the first SIGTERM or Ctrl-C, at once at the second."""

    def obey(number: int) -> None:
        again = stop.is_set()
        stop.set()  # first: to speak fails where nobody reads us any more
        _say(_STOPS_AT_ONCE if again else _STOPS)
        if again:
            os._exit(128 + number)

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, obey, number)


def _fast_loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    with suppress(ImportError):
        import uvloop

        return uvloop.new_event_loop
    return None
