"""Fills a roster in with those who are in WeCom's address book and not in ours yet."""

from pathlib import Path
from typing import TYPE_CHECKING

from bot import roster
from bot.app import App
from bot.app.products import make_wecom_app
from bot.commands.door import settings_of
from bot.departments import Departments
from bot.errors import BotError, DeliveryError, SettingsError

if TYPE_CHECKING:
    from bot.channels.wecom.address_book import Member

APP = "wecom_app"
_OFF = (
    "没有开通企业微信应用：请在 {} 的 channels 里写上 wecom_app，"
    "并在环境变量里设好密钥。"
)
_NOBODY = (
    "企业微信没有给出任何人员，没有写文件："
    "请在管理后台看应用的可见范围是否选上了联络员所在的部门。"
)

Row = tuple[str, str, str]
"""Name, department and user id."""


async def people_to_enter(app: App, *, config: Path) -> list[Row]:
    """List the members whom the app sees and the roster does not have.

    Raises SettingsError where there is no app, BotError with the remedy where WeCom
    does not tell, or the app sees nobody at all.
    """
    await app.refresh()
    members = await _members(app, config=config)
    if not members:
        raise BotError("the app sees nobody", reply=_NOBODY)
    async with app.database.reading() as session:
        people = [one.id for one in await roster.everyone(session)]
        theirs = await roster.accounts_by_person(session, people)
    known = {
        account.address
        for accounts in theirs.values()
        for account in accounts
        if account.channel == APP
    }
    return [
        (one.name, department_of(one, app.departments), one.userid)
        for one in members
        if one.userid.casefold() not in known
    ]


def department_of(member: "Member", departments: Departments) -> str:
    """Name the department of a member: the nearest that is a body of its own.

    In the address book most people are in an office or section of theirs. Where no
    name is known, the nearest stands, for somebody to look at.
    """
    listed = [one for one in member.departments if departments.is_listed(one)]
    return next(iter([*listed, *member.departments]), "")


async def _members(app: App, *, config: Path) -> "list[Member]":
    from bot.channels.wecom.errors import remedy

    settings = app.settings.wecom
    if settings is None and APP in app.settings.channels:
        settings_of(config, "", speaks=True)  # it names the secrets that are missing
    if settings is None or settings.app is None:
        raise SettingsError("wecom_app is off", reply=_OFF.format(config))
    channel = make_wecom_app(settings, clock=app.now, database=app.database)
    try:
        return await channel.members()
    except DeliveryError as error:
        failure = BotError(str(error), reply=remedy(str(error)))
    finally:
        await channel.stop()
    raise failure
