"""What a checkup says of WeCom: of the app, its groups, the robot and webhooks."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

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
_AT_ONCE = 8  # groups that are asked about
_LATE = "企业微信没有按时答复：请检查网络。"
_STILL = "企业微信没有按时答复完，有的群没有查到：请稍后再运行一次。"
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
    told: list[Told] = []
    return await answered(APP, channel, _check(channel, told), told)


async def _appchat(
    settings: WecomSettings, clock: Callable[[], datetime], known: Known
) -> list[Finding]:
    channel = make_wecom_appchat(settings, clock=clock)
    told: list[Told] = []
    return await answered(APPCHAT, channel, _members(channel, known, told), told)


async def _check(channel: "WecomApp | WecomAppchat", told: "list[Told]") -> None:
    told.extend(await channel.check())


async def _members(channel: "WecomAppchat", known: Known, told: "list[Told]") -> None:
    await _check(channel, told)
    if told[0].is_well:
        await ask_groups(channel, [one for one in known.groups if one[1]], told)


class Groups(Protocol):
    """What knows which people are not in a group; raises DeliveryError."""

    async def missing(self, address: str, people: Sequence[str]) -> list[str]: ...


class Stops(Protocol):
    """What is closed when it has been asked."""

    async def stop(self) -> None: ...


async def ask_groups(
    channel: Groups,
    groups: Sequence[tuple[Chat, Sequence[str]]],
    told: "list[Told]",
) -> None:
    """Tell of each group whether all liaisons who belong there are in it.

    Each finding is in *told* at once, so that it is there when time is up.
    """
    for first in range(0, len(groups), _AT_ONCE):
        some = groups[first : first + _AT_ONCE]
        await asyncio.gather(*(_ask(channel, *one, told) for one in some))


async def _ask(
    channel: Groups, chat: Chat, accounts: Sequence[str], told: "list[Told]"
) -> None:
    from bot.channels.wecom.errors import Finding as Told
    from bot.channels.wecom.errors import remedy

    name = f"群“{chat.title or chat.address}”"
    try:
        missing = await channel.missing(chat.address, accounts)
    except DeliveryError as error:
        told.append(Told(False, f"{name}：{remedy(str(error))}"))
        return
    if missing:
        words = _NOT_IN_IT.format(name=name, accounts="、".join(missing))
        told.append(Told(False, words))


async def answered(
    label: str,
    channel: Stops,
    asking: Awaitable[None],
    told: "Sequence[Told]",
) -> list[Finding]:
    """Ask WeCom until time is up, close the channel, and say what was *told* so far."""
    late = []
    try:
        async with asyncio.timeout(_PATIENCE):
            await asking
    except TimeoutError:
        late = [Finding(label, _STILL if told else _LATE, is_fault=True)]
    finally:
        await channel.stop()
    return [Finding(label, one.words, is_fault=not one.is_well) for one in told] + late


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
