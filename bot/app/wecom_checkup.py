"""What a checkup says of WeCom: of the app, its groups, the robot and webhooks."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.app.finding import Finding
from bot.app.products import (
    make_wecom_app,
    make_wecom_appchat,
    make_wecom_bot,
    make_wecom_hook,
)
from bot.errors import BotError, DeliveryError
from bot.mail.hearing import DEAF_AFTER
from bot.model import Beat, Chat, Delivery, DeliveryStatus
from bot.roster.hearers import called_in
from bot.settings import WecomSettings

if TYPE_CHECKING:
    from bot.channels.wecom.app import WecomApp
    from bot.channels.wecom.appchat import WecomAppchat
    from bot.channels.wecom.errors import Finding as Told

APP, BOT, HOOK = "企业微信应用", "企业微信机器人", "企业微信群机器人"
APPCHAT = "企业微信应用群"

_PATIENCE = 15.0  # seconds that WeCom gets to answer all our questions
_CARDS_LAST, _SOON = timedelta(hours=72), timedelta(hours=6)
_NOT_IN_IT = (
    "{name}：联络员 {accounts} 不在群里，用原来的群名再运行 bot groups --create，"
    "--members 写上他们；离岗的人由群主在企业微信里移出。"
)
_CARD = "card-"  # how the ids of cards begin


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the store knows of WeCom.

    `ending` is how many cards can be updated for less than six hours more; `groups` are
    those that the app has made, with the accounts of the liaisons who belong there.
    """

    ending: int = 0
    groups: Sequence[tuple[Chat, Sequence[str]]] = ()


async def known_of(
    session: AsyncSession, chats: Sequence[Chat], *, now: datetime
) -> Known:
    """Read what the store knows; *chats* are the groups that are told notices."""
    made = [one for one in chats if one.channel == "wecom_appchat"]
    theirs = await called_in(session, made)
    return Known(
        ending=await ending_cards(session, now=now),
        groups=[(one, theirs.get(one.recipient, ())) for one in made],
    )


async def ending_cards(session: AsyncSession, *, now: datetime) -> int:
    """Count the cards that can be updated for less than six hours more."""
    query = select(func.count()).where(
        Delivery.lane == "wecom_app",
        Delivery.status == DeliveryStatus.SENT,
        Delivery.remote_id.startswith(_CARD),
        Delivery.settled_at > now - _CARDS_LAST,
        Delivery.settled_at <= now - _CARDS_LAST + _SOON,
    )
    return await session.scalar(query) or 0


async def look_at_wecom(
    settings: WecomSettings,
    *,
    clock: Callable[[], datetime],
    heard: Mapping[str, Beat],
    runs: bool,
    known: Known,
) -> list[Finding]:
    """Look at all of WeCom that is configured; never raises.

    *heard* is what the store knows of hearing, by channels, *runs* whether anybody
    listens.
    """
    found: list[Finding] = []
    if settings.app:
        found += await _app(settings, clock)
        found += _trouble(APP, heard.get("wecom_app")) if runs else []
        found += _ending(known.ending)
    if settings.appchat:
        found += await _appchat(settings, clock, known)
    if settings.bot:
        found += _robot(settings, clock, heard.get("wecom_bot"), runs=runs)
    if settings.hooks:
        found += _hooks(settings)
    return found


async def _app(settings: WecomSettings, clock: Callable[[], datetime]) -> list[Finding]:
    try:
        channel = make_wecom_app(settings, clock=clock)
    except BotError as error:
        return [Finding(APP, error.reply, is_fault=True)]
    return await _asked(APP, channel, channel.check())


async def _appchat(
    settings: WecomSettings, clock: Callable[[], datetime], known: Known
) -> list[Finding]:
    channel = make_wecom_appchat(settings, clock=clock)
    return await _asked(APPCHAT, channel, _members(channel, known))


async def _members(channel: "WecomAppchat", known: Known) -> "list[Told]":
    """Tell of each group whether all liaisons who belong there are in it."""
    from bot.channels.wecom.errors import Finding as Told
    from bot.channels.wecom.errors import remedy

    found = await channel.check()
    groups = [one for one in known.groups if one[1]] if found[0].is_well else []
    for chat, accounts in groups:
        name = f"群“{chat.title or chat.address}”"
        try:
            missing = await channel.missing(chat.address, accounts)
        except DeliveryError as error:
            found.append(Told(False, f"{name}：{remedy(str(error))}"))
            continue
        if missing:
            words = _NOT_IN_IT.format(name=name, accounts="、".join(missing))
            found.append(Told(False, words))
    return found


async def _asked(
    label: str,
    channel: "WecomApp | WecomAppchat",
    asking: "Awaitable[list[Told]]",
) -> list[Finding]:
    """Tell what a channel finds by asking WeCom, and close it."""
    try:
        async with asyncio.timeout(_PATIENCE):
            told = await asking
    except TimeoutError:
        words = "企业微信没有按时答复：请检查网络。"
        return [Finding(label, words, is_fault=True)]
    finally:
        await channel.stop()
    return [Finding(label, one.words, is_fault=not one.is_well) for one in told]


def _trouble(label: str, beat: Beat | None) -> Sequence[Finding]:
    """Tell what the process that runs last said of its own."""
    from bot.channels.wecom.errors import remedy

    if beat is None or not beat.error:
        return ()
    return (Finding(label, remedy(beat.error), is_fault=True),)


def _ending(count: int) -> Sequence[Finding]:
    if not count:
        return ()
    words = f"{count} 张卡片将在 6 小时内过期（72 小时），之后点按会另发一张新卡片。"
    return (Finding(APP, words),)


def _robot(
    settings: WecomSettings,
    clock: Callable[[], datetime],
    beat: Beat | None,
    *,
    runs: bool,
) -> list[Finding]:
    try:
        channel = make_wecom_bot(settings, clock=clock)
    except BotError as error:
        return [Finding(BOT, error.reply, is_fault=True)]
    from bot.channels.wecom.robot import WecomBot
    from bot.channels.wecom.robot_checkup import check_robot

    told = channel.check()
    if isinstance(channel, WecomBot) and runs:
        listens = beat is not None and clock() - beat.last_at <= DEAF_AFTER
        told = check_robot(
            bot_name=channel.bot_name,
            trouble=beat.error if beat else "",
            listens=listens,
        )
    elif isinstance(channel, WecomBot):  # nobody listens, and that is told elsewhere
        told = [one for one in told if not one.words.startswith("长连接")]
    return [Finding(BOT, one.words, is_fault=not one.is_well) for one in told]


def _hooks(settings: WecomSettings) -> list[Finding]:
    try:
        told = make_wecom_hook(settings).check()
    except BotError as error:
        return [Finding(HOOK, error.reply, is_fault=True)]
    return [Finding(HOOK, one.words, is_fault=not one.is_well) for one in told]
