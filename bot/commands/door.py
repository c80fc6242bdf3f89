"""The door of every command: settings, the open office, errors turned to words."""

import asyncio
import logging
import os
import select
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, NoReturn

import click

from bot.app import App
from bot.database import sqlite_file
from bot.driver_errors import system_reason
from bot.errors import BotError, StoreError
from bot.settings import Settings

Command = Callable[..., Any]
FILE = click.Path(path_type=Path, readable=False)
_NO_STORE = (
    "还没有数据库：{file} 不存在。首次使用请先导入方案（bot import 文件），"
    "或运行 bot migrate；已经用过的，请核对 database.url 或 --database 的路径。"
)
_NO_NAME = "请用 --name 写明由谁办理，记入操作日志，例如：--name 李主任"
_UNREAD = 128 + 13  # as the shell tells of whoever ends by SIGPIPE

log = logging.getLogger(__name__)


def office_options(command: Command) -> Command:
    """Give a command --config and --database: every command takes them."""
    command = click.option(
        "--database", default="", metavar="URL", help="数据库地址，覆盖配置。"
    )(command)
    return click.option(
        "--config",
        type=FILE,
        default=Path("config/bot.toml"),
        metavar="FILE",
        help="配置文件。",
    )(command)


def as_department(command: Command) -> Command:
    """Give a command --as."""
    return click.option(
        "--as", "department", default="", metavar="单位", help="以哪个单位的身份提问。"
    )(command)


def misused(words: str) -> NoReturn:
    """Tell what is wrong with the call, and leave with exit status 2."""
    complain(words)
    raise SystemExit(2)


def signed(name: str) -> str:
    """Return who does it, as the audit names them; nobody changes things unnamed."""
    return name.strip() or misused(_NO_NAME)


def named(name: str) -> str:
    """Return who does it; where a script may, the audit tells of the terminal."""
    return name.strip() or "终端"


def complain(words: str) -> None:
    """Tell the person at the terminal what went wrong."""
    print(words, file=sys.stderr)


def save(file: Path, content: bytes) -> None:
    """Write a file that was asked for; raises StoreError with what to look at."""
    try:
        file.write_bytes(content)
    except OSError as error:
        words = f"{file} 写不进去：{system_reason(error)}。"
        raise StoreError(f"{file}: {error}", reply=words) from error


def settings_of(
    config: Path, database: str, *, listen: str = "", speaks: bool = False
) -> Settings:
    """Read the settings; raises SettingsError.

    Only a command that *speaks* to the chat products needs their secrets.
    """
    return Settings.load(
        config,
        os.environ,
        database=database or None,
        listen=listen or None,
        speaks=speaks,
    )


def run(
    work: Callable[[], Awaitable[int]],
    *,
    loop: Callable[[], asyncio.AbstractEventLoop] | None = None,
) -> NoReturn:
    """Do *work* and leave with its exit status; our errors are told in Chinese.

    *loop* makes the event loop, where it should not be the usual one.
    """
    try:
        with asyncio.Runner(loop_factory=loop) as runner:
            status = runner.run(_awaited(work))
    except BotError as error:
        log.debug("%s: %s", type(error).__name__, error)
        complain(error.reply)
        status = 1
    except KeyboardInterrupt:
        complain("已中断，未完成的步骤没有保存。")
        status = 130
    except Exception as error:
        if isinstance(error, BrokenPipeError) and not _is_read():
            raise SystemExit(_UNREAD) from error
        log.exception("a command failed")
        complain(f"{BotError.reply}程序出错，请把以上日志交给管理员。")
        status = 1
    raise SystemExit(status)


def _is_read() -> bool:
    """Tell whether anybody still reads what we print: `bot mail | head` does not."""
    broken = select.poll()
    broken.register(sys.stdout, 0)
    if not broken.poll(0):
        return True
    # What Python still wants to write when it ends must not fail again.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return False


async def _awaited(work: Callable[[], Awaitable[int]]) -> int:
    return await work()


def in_office(
    work: Callable[[App], Awaitable[int]],
    *,
    config: Path,
    database: str,
    begins: bool = False,
) -> NoReturn:
    """Open the office, do *work* in it, close it, leave with the exit status.

    Only a command by which an office *begins* lays out a database where there is none.
    """

    async def inside() -> int:
        settings = settings_of(config, database)
        if not begins:
            _refuse_without_store(settings.database_url)
        async with App.open(settings) as app:
            return await work(app)

    run(inside)


def _refuse_without_store(url: str) -> None:
    """Raise StoreError if the SQLite file is not there: a path may be mistyped."""
    file = sqlite_file(url)
    if file and not file.exists():
        raise StoreError("there is no such file", reply=_NO_STORE.format(file=file))
