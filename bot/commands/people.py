"""`bot invite` and `bot groups`: who is bound by which code, where notices may go."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import click

from bot import roster
from bot.app import App
from bot.app.products import make_telegram
from bot.commands.columns import aligned
from bot.commands.door import complain, in_office, named, office_options, signed
from bot.commands.help_text import ChineseCommand
from bot.errors import DeliveryError, NotFound
from bot.model import Chat, Person
from bot.roster import Issued
from bot.settings import TelegramSettings
from handlers.invite import find_invited, invite, revoke, told_code
from handlers.lane_words import lane_words
from handlers.register_group import scope_of
from handlers.set_fallback import fallback_of, set_fallback

_PATIENCE = 5.0  # seconds that Telegram has to say what the bot is called
_NO_LINK = "（现在问不到 Telegram 机器人的用户名，没有链接：转发绑定码即可。）"
_NO_GROUPS = (
    "还没有群。由办公室管理员私聊机器人回复“登记群”，再按提示把机器人加进群里。"
)


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


@click.command("groups", cls=ChineseCommand)
@click.option(
    "--fallback",
    default="",
    metavar="群=群机器人名",
    help="机器人发不出时由这个群机器人推送；等号后留空即取消。",
)
@click.option("--name", "by", default="", metavar="姓名", help="由谁设置，记入日志。")
@office_options
def list_groups(fallback: str, by: str, config: Path, database: str) -> None:
    """列出机器人所在的群：登记范围、能否发送、该做什么；以及不再收信的账号。"""
    actor = signed(by) if fallback else ""

    async def work(app: App) -> int:
        if fallback:
            await _set_fallback(app, fallback, by=actor)
        async with app.database.reading() as session:
            chats = await roster.chats(session)
            closed = await roster.closed_accounts(session)
        if not chats:
            print(_NO_GROUPS)
        else:
            heads = ("渠道", "群", "范围", "状态", "该做什么")
            print("\n".join(aligned([heads, *map(_row, chats)])))
        for account in closed:
            person, lane = account.person, lane_words(account.channel)
            if person:
                print(
                    f"{person.department} {person.name}的 {lane} 账号"
                    "收不到消息（已停用或拉黑机器人）：请本人给机器人发一句话，或电话联系。"
                )
        return 0

    in_office(work, config=config, database=database)


async def _set_fallback(app: App, said: str, *, by: str) -> None:
    """Let a webhook stand in for a group's own lane; raises NotFound."""
    address, _, hook = (part.strip() for part in said.partition("="))
    async with app.database.writing() as session:
        found = [one for one in await roster.chats(session) if one.address == address]
        if not found:
            raise NotFound(
                "no such group", reply="没有这个群，请用“bot groups”列出的地址。"
            )
        await set_fallback(
            session, found[0], hook, hooks=app.hooks, by=by, at=app.now()
        )


def _row(chat: Chat) -> tuple[str, ...]:
    name = f"{chat.title}（{chat.address}）" if chat.title else chat.address
    scope = scope_of(chat) if chat.registered_at else "未登记"
    if chat.closed_at:
        state = "不能发送"
        advice = "机器人已被移出或禁言：重新加入本群即恢复"
    elif chat.registered_at:
        hook = fallback_of(chat)
        state, advice = "正常", f"发不出时由“{hook}”推送" if hook else ""
    else:
        state = "只答公开内容"
        advice = "要发通知：管理员私聊机器人回复“登记群”"
    return lane_words(chat.channel), name, scope, state, advice
