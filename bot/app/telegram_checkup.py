"""What a checkup says of Telegram: of the bot, its groups, and how well it is heard."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from bot.app.finding import Finding
from bot.app.products import make_telegram
from bot.errors import BotError
from bot.mail.hearing import DEAF_AFTER
from bot.model import Beat, Chat
from bot.settings import TelegramSettings

_PATIENCE = 9.0  # seconds that Telegram gets to answer all our questions


async def look_at_telegram(
    settings: TelegramSettings,
    *,
    clock: Callable[[], datetime],
    chats: Sequence[Chat],
    heard: Beat | None,
    runs: bool,
) -> list[Finding]:
    """Ask Telegram about our bot, and tell how well it is heard; never raises.

    *chats* are the groups that may be told notices, *heard* is what the store knows of
    hearing, *runs* whether anybody listens.
    """
    try:
        channel = make_telegram(settings, clock=clock)
    except BotError as error:
        return [Finding("Telegram", error.reply, is_fault=True)]
    from bot.channels.telegram import remedy

    groups = {chat.address: chat.title for chat in chats}
    try:
        async with asyncio.timeout(_PATIENCE):
            told = await channel.check(tuple(groups), titles=groups)
    except TimeoutError:
        return [Finding("Telegram", remedy("TimedOut"), is_fault=True)]
    finally:
        await channel.stop()
    found = [Finding("Telegram", one.words, is_fault=not one.is_well) for one in told]
    if runs:
        trouble = heard.error if heard else ""
        age = clock() - heard.last_at if heard else None
        advice = remedy(trouble) if trouble else ""
        found.append(hearing_finding(age, advice=advice))
    return found


def hearing_finding(age: timedelta | None, *, advice: str) -> Finding:
    """Judge how long ago Telegram was heard, None for never; *advice* on trouble."""
    last = f"{max(age.total_seconds(), 0):,.0f} 秒前" if age is not None else "还没有"
    if advice:
        words = f"收不到消息（上次收听{last}）。{advice}"
        return Finding("Telegram", words, is_fault=True)
    if age is not None and age > DEAF_AFTER:
        words = (
            f"收不到消息（上次收听{last}），没有进程在收听："
            "请看 bot run（或 bot web）是否在运行，必要时重启。"
        )
        return Finding("Telegram", words, is_fault=True)
    return Finding("Telegram", f"收听正常（上次收听{last}）")
