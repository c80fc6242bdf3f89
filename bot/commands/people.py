"""`bot invite`: who is bound by which code."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import click

from bot.app import App
from bot.app.products import make_telegram
from bot.commands.door import complain, in_office, named, office_options
from bot.commands.help_text import ChineseCommand
from bot.errors import DeliveryError
from bot.model import Person
from bot.roster import Issued
from bot.settings import TelegramSettings
from handlers.invite import find_invited, invite, revoke, told_code

_PATIENCE = 5.0  # seconds that Telegram has to say what the bot is called
_NO_LINK = "（现在问不到 Telegram 机器人的用户名，没有链接：转发绑定码即可。）"


@click.command("invite", cls=ChineseCommand)
@click.argument("name", metavar="姓名")
@click.option(
    "--department", default="", metavar="单位", help="有同名人员时写明单位全称。"
)
@click.option("--revoke", "takes_back", is_flag=True, help="作废还没有用的绑定码。")
@click.option("--name", "by", default="", metavar="姓名", help="由谁发放，记入日志。")
@office_options
def invite_person(
    name: str, department: str, takes_back: bool, by: str, config: Path, database: str
) -> None:
    """发放绑定码：本人私聊机器人发送后，账号即归到通讯录里的这个人。"""
    actor = named(by)

    async def work(app: App) -> int:
        at = app.now()
        words = f"{name.strip()} {department.strip()}"
        async with app.database.writing() as session:
            person = await find_invited(session, words, departments=app.departments)
            if takes_back:
                done = await revoke(session, person, by=actor, at=at)
            else:
                issued = await invite(session, person, by=actor, at=at)
        if takes_back:
            return _tell_taken_back(person, done)
        return await _tell_code(app, person, issued)

    in_office(work, config=config, database=database)


def _tell_taken_back(person: Person, done: bool) -> int:
    if done:
        print(f"{person.department} {person.name}的绑定码已作废。")
    else:
        complain(f"{person.department} {person.name}没有未用的绑定码。")
    return int(not done)


async def _tell_code(app: App, person: Person, issued: Issued) -> int:
    print(told_code(person, issued, at=app.now()))
    if app.settings.telegram:
        link = await _link_of(app.settings.telegram, issued.link, clock=app.now)
        print(f"Telegram 链接（点开后按“开始”即绑定）：{link}" if link else _NO_LINK)
    return 0


async def _link_of(
    settings: TelegramSettings, payload: str, *, clock: Callable[[], datetime]
) -> str:
    """Return the link that carries a code; "" if Telegram does not name the bot."""
    channel = make_telegram(settings, clock=clock)
    try:
        async with asyncio.timeout(_PATIENCE):
            return await channel.deep_link(payload)
    except (DeliveryError, TimeoutError):
        return ""
    finally:
        await channel.stop()
