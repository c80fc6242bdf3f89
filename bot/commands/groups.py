"""`bot groups`: in which groups the bot is, and where notices may go."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click
from sqlalchemy.ext.asyncio import AsyncSession

from bot import roster
from bot.app import App
from bot.app.products import make_wecom_appchat
from bot.commands.columns import aligned
from bot.commands.door import (
    in_office,
    misused,
    office_options,
    settings_of,
    signed,
)
from bot.commands.help_text import ChineseCommand
from bot.errors import NotFound, SettingsError
from bot.model import Account, Chat
from handlers.lane_words import lane_words
from handlers.register_group import department_meant, register, scope_of, unregister
from handlers.set_fallback import APPCHAT, HOOK, fallback_of, set_fallback

if TYPE_CHECKING:
    from bot.channels.wecom.appchat import MadeGroup

_NO_GROUPS = (
    "还没有群。由办公室管理员私聊机器人回复“登记群”，再按提示把机器人加进群里。"
)
_OFF = (
    "没有开通应用群：请在 {} 的 channels 里写上 wecom_app 和"
    " wecom_appchat，并在环境变量里设好应用的密钥。"
)
_NOT_SO = (
    "--create、--hook、--fallback、--unregister 一次用一个；--owner、--members"
    " 只和 --create 一起用，建群要写明 --owner；"
    "--department 和 --create 或 --hook 一起用。"
)
_NO_HOOK = "没有这个名称的群机器人：请在环境变量 BOT_WECOM_HOOKS 里写好名称和 key。"
_IS_FALLBACK = (
    "“{}”已是群“{}”的备用推送：登记了就会推送两遍。请先取消那个群的备用推送。"
)
_NO_DEPARTMENT = "名册和方案里没有这个单位，请写单位全称；全体群不写 --department。"
_FIRST = "旧版企业微信要等第一条通知才显示这个群；在群里回复，本程序听不到。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A group that the app is to make; `department` "" stands for all."""

    name: str
    owner: str
    members: tuple[str, ...]
    department: str


@click.command("groups", cls=ChineseCommand)
@click.option(
    "--fallback",
    default="",
    metavar="群=名称",
    help="机器人发不出时由这个群机器人或应用群推送；等号后留空即取消。",
)
@click.option(
    "--create",
    default="",
    metavar="群名",
    help="用企业微信应用建一个只推送的群，并登记；再运行一次不会重复建，只加人。",
)
@click.option("--owner", default="", metavar="账号", help="群主的企业微信账号。")
@click.option(
    "--members", default="", metavar="账号,账号", help="成员的企业微信账号，逗号分开。"
)
@click.option(
    "--department",
    default="",
    metavar="单位",
    help="登记为这个单位的群；不写即全体群。",
)
@click.option(
    "--hook",
    default="",
    metavar="名称",
    help="登记一个群机器人所在的群：没有智能机器人的群，通知直接由群机器人推送。",
)
@click.option(
    "--unregister", default="", metavar="群", help="不再往这个群发通知，写群的地址。"
)
@click.option("--name", "by", default="", metavar="姓名", help="由谁设置，记入日志。")
@office_options
def list_groups(
    fallback: str,
    create: str,
    owner: str,
    members: str,
    department: str,
    hook: str,
    unregister: str,
    by: str,
    config: Path,
    database: str,
) -> None:
    """列出机器人所在的群：登记范围、能否发送、该做什么；以及不再收信的账号。"""
    wish = Wish(
        name=" ".join(create.split()),
        owner=owner.strip(),
        members=tuple(re.findall(r"[^,，、;；\s]+", members)),
        department=department.strip(),
    )
    hook = hook.strip()
    does = [one for one in (fallback, create, hook, unregister) if one.strip()]
    is_about_one = wish.owner or wish.members or (wish.department and not hook)
    if len(does) > 1 or (not wish.owner if wish.name else is_about_one):
        misused(_NOT_SO)
    actor = signed(by) if does else ""

    async def work(app: App) -> int:
        if wish.name:
            print(await _create(app, wish, by=actor, config=config))
        elif hook:
            print(await _register_hook(app, hook, wish.department, by=actor))
        elif fallback:
            await _set_fallback(app, fallback, by=actor)
        elif unregister:
            await _unregister(app, unregister.strip(), by=actor)
        await _list(app)
        return 0

    in_office(work, config=config, database=database)


async def _create(app: App, wish: Wish, *, by: str, config: Path) -> str:
    """Let the app make a group, and register it; returns what to tell."""
    department = await _department(app, wish.department)
    made = await _made(app, wish, config=config)
    async with app.database.writing() as session:
        chat = await roster.chat_for(session, channel=APPCHAT, address=made.address)
        chat.title, chat.closed_at = made.name, None
        await register(
            session,
            chat,
            department,
            by=by,
            at=app.now(),
            owner=made.owner,
            members=len(made.members),
            is_new=made.is_new,
        )
        scope = scope_of(chat)
    done = "已建好" if made.is_new else "原来就有，成员没有改动"
    if made.added:
        done = f"原来就有，加进 {'、'.join(made.added)}"
    return (
        f"群“{made.name}”{done}：{len(made.members)} 人，群主 {made.owner}，"
        f"登记为{scope}。\n{_FIRST}"
    )


async def _register_hook(app: App, name: str, said: str, *, by: str) -> str:
    """Let notices go to the group of a webhook; returns what to tell."""
    if name not in app.hooks:
        raise NotFound("no such webhook", reply=_NO_HOOK)
    department = await _department(app, said)
    async with app.database.writing() as session:
        for other in await roster.chats(session):
            if other.fallback == f"{HOOK}:{name}":
                words = _IS_FALLBACK.format(name, other.title or other.address)
                raise NotFound("it stands in for another group", reply=words)
        chat = await roster.chat_for(session, channel=HOOK, address=name)
        chat.title, chat.closed_at = name, None
        await register(session, chat, department, by=by, at=app.now())
        return f"群机器人“{name}”所在的群已登记为{scope_of(chat)}。"


async def _department(app: App, said: str) -> str:
    """Name a department as the roster does; raises NotFound."""
    await app.refresh()
    async with app.database.reading() as session:
        found = await department_meant(
            session, said, plans=app.desk.shelf.plans, departments=app.departments
        )
    if found is None:
        raise NotFound("no such department", reply=_NO_DEPARTMENT)
    return found


async def _made(app: App, wish: Wish, *, config: Path) -> "MadeGroup":
    settings = app.settings.wecom
    if settings is None and APPCHAT in app.settings.channels:
        settings_of(config, "", speaks=True)  # it names the secrets that are missing
    if settings is None or not settings.appchat:
        raise SettingsError("wecom_appchat is off", reply=_OFF.format(config))
    channel = make_wecom_appchat(settings, clock=app.now, database=app.database)
    try:
        return await channel.create(wish.name, owner=wish.owner, members=wish.members)
    finally:
        await channel.stop()


async def _set_fallback(app: App, said: str, *, by: str) -> None:
    """Let something stand in for a group's own lane; raises NotFound."""
    address, _, name = (part.strip() for part in said.partition("="))
    async with app.database.writing() as session:
        chat = await _chat(session, address)
        await set_fallback(session, chat, name, hooks=app.hooks, by=by, at=app.now())


async def _unregister(app: App, address: str, *, by: str) -> None:
    async with app.database.writing() as session:
        chat = await _chat(session, address)
        if chat.registered_at:
            await unregister(session, chat, by=by, at=app.now())


async def _chat(session: AsyncSession, address: str) -> Chat:
    for chat in await roster.chats(session):
        if chat.address == address:
            return chat
    raise NotFound("no such group", reply="没有这个群，请用“bot groups”列出的地址。")


async def _list(app: App) -> None:
    async with app.database.reading() as session:
        chats = await roster.chats(session)
        rows = [_row(chat, await fallback_of(session, chat)) for chat in chats]
        closed = await roster.closed_accounts(session)
    if rows:
        heads = ("渠道", "群", "范围", "状态", "该做什么")
        print("\n".join(aligned([heads, *rows])))
    else:
        print(_NO_GROUPS)
    for account in closed:
        _tell_closed(account)


def _tell_closed(account: Account) -> None:
    person, lane = account.person, lane_words(account.channel)
    if person:
        print(
            f"{person.department} {person.name}的 {lane} 账号"
            "收不到消息（已停用或拉黑机器人）：请本人给机器人发一句话，或电话联系。"
        )


def _row(chat: Chat, fallback: str) -> tuple[str, ...]:
    name = f"{chat.title}（{chat.address}）" if chat.title else chat.address
    if chat.title == chat.address:
        name = chat.title
    scope = scope_of(chat) if chat.registered_at else "未登记"
    scope += "（在话题里）" if chat.topic else ""
    again = {APPCHAT: "用原来的群名再运行 --create", HOOK: "再运行 --hook"}
    if chat.closed_at:
        state = "不能发送"
        advice = "机器人已被移出或禁言：重新加入本群即恢复"
        if chat.channel == APPCHAT:
            advice = "群已解散或不归本应用：换一个群名用 --create 再建"
        elif chat.channel == HOOK:
            advice = "群机器人已移除或停用：换好 key 后再运行 --hook"
        if fallback:
            advice += f"；现由“{fallback}”推送"
    elif chat.registered_at:
        state, advice = "正常", f"发不出时由“{fallback}”推送" if fallback else ""
    elif chat.channel in again:
        state, advice = "不发通知", f"要发通知：{again[chat.channel]}"
    else:
        state = "只答公开内容"
        advice = "要发通知：管理员私聊机器人回复“登记群”"
    return lane_words(chat.channel), name, scope, state, advice
