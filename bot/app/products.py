"""Makes the chat products that are configured."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from bot.channels import (
    load_telegram,
    load_wecom_app,
    load_wecom_appchat,
    load_wecom_bot,
    load_wecom_hook,
)
from bot.channels.kept import KeptCall
from bot.database import Database
from bot.errors import Refused
from bot.messages import Channel, Take
from bot.settings import TelegramSettings, WecomSettings

if TYPE_CHECKING:
    from bot.channels.telegram import TelegramChannel
    from bot.channels.wecom.app import Alarm, WecomApp
    from bot.channels.wecom.appchat import WecomAppchat
    from bot.channels.wecom.hook import WecomHook
    from bot.channels.wecom.robot import WecomBot
    from bot.channels.wecom.robot_callback import WecomBotCallback

KeepUnreadable = Callable[..., Awaitable[object]]
"""Keeps an update that cannot be read; as `Engine.keep_unreadable`."""


def make_telegram(
    settings: TelegramSettings,
    *,
    clock: Callable[[], datetime],
    unreadable: KeepUnreadable | None = None,
    tell: Take | None = None,
    is_alone: bool = True,
) -> "TelegramChannel":
    """Make the Telegram of an office; nothing is opened yet.

    Where a process *is_alone* it hears each press of a button, and answers it in time
    if the reply is late. Several could not know of each other's answers: there a press
    is answered by its reply alone, which whoever holds the lane sends once.

    Raises SettingsError if python-telegram-bot is not installed.
    """
    telegram = load_telegram()
    from bot.channels.telegram import Webhook

    webhook = None
    if settings.webhook:
        webhook = Webhook(url=settings.webhook, secret=settings.webhook_secret)
    more: dict[str, Any] = {} if is_alone else {"answer_presses_after": None}
    if unreadable:
        more["unreadable"] = unreadable
    return telegram(
        token=settings.token,
        clock=clock,
        base_url=settings.base_url,
        base_file_url=settings.base_file_url,
        proxy=settings.proxy or None,
        webhook=webhook,
        tell=tell,
        **more,
    )


def make_wecom(
    settings: WecomSettings,
    *,
    clock: Callable[[], datetime],
    unreadable: KeepUnreadable | None = None,
    alarm: "Alarm | None" = None,
    database: Database | None = None,
) -> dict[str, Channel]:
    """Make the channels of WeCom that an office uses, by the names of their lanes.

    *alarm* hears that the app is switched off. By *database* processes share the token
    and the cards of the app; None: this one is alone. Nothing is opened yet. Raises
    SettingsError if what they need is not installed, or a key is a public sample.
    """
    channels: dict[str, Channel] = {}
    if settings.app:
        channels["wecom_app"] = make_wecom_app(
            settings, clock=clock, alarm=alarm, database=database
        )
    if settings.bot:
        channels["wecom_bot"] = make_wecom_bot(
            settings, clock=clock, unreadable=unreadable
        )
    if settings.hooks:
        channels["wecom_hook"] = make_wecom_hook(settings)
    if settings.appchat:
        channels["wecom_appchat"] = make_wecom_appchat(
            settings, clock=clock, database=database
        )
    return channels


def make_wecom_app(
    settings: WecomSettings,
    *,
    clock: Callable[[], datetime],
    alarm: "Alarm | None" = None,
    database: Database | None = None,
) -> "WecomApp":
    """Make the self-built app; as `make_wecom` does."""
    app = settings.app
    assert app
    made = load_wecom_app()
    more: dict[str, Any] = {"alarm": alarm} if alarm else {}
    if database:
        from bot.app.wecom_shared import SharedCards, SharedTokens

        more["store"] = SharedTokens(database, secret=app.secret, clock=clock)
        more["cards"] = SharedCards(database, lane=made.name)
    return made(
        corp_id=app.corp_id,
        agent_id=app.agent_id,
        secret=app.secret,
        token=app.token,
        aes_key=app.aes_key,
        clock=clock,
        base_url=settings.api_url,
        callback=app.callback,
        **more,
    )


def make_wecom_bot(
    settings: WecomSettings,
    *,
    clock: Callable[[], datetime],
    unreadable: KeepUnreadable | None = None,
) -> "WecomBot | WecomBotCallback":
    """Make the robot, on its connection or behind a callback; raises SettingsError."""
    bot = settings.bot
    assert bot
    connected = load_wecom_bot()
    if not bot.callback:
        more: dict[str, Any] = {"unreadable": unreadable} if unreadable else {}
        return connected(
            bot_id=bot.bot_id,
            secret=bot.secret,
            bot_name=bot.name,
            clock=clock,
            url=settings.socket_url,
            **more,
        )
    from bot.channels.wecom.robot_callback import WecomBotCallback

    return WecomBotCallback(
        bot_id=bot.bot_id,
        token=bot.token,
        aes_key=bot.aes_key,
        bot_name=bot.name,
        clock=clock,
    )


def make_wecom_hook(settings: WecomSettings) -> "WecomHook":
    """Make the webhooks of groups; raises SettingsError as `make_wecom` does."""
    return load_wecom_hook()(hooks=settings.hooks, base_url=settings.api_url)


def make_wecom_appchat(
    settings: WecomSettings,
    *,
    clock: Callable[[], datetime],
    database: Database | None = None,
) -> "WecomAppchat":
    """Make the groups of the self-built app; as `make_wecom` does."""
    app = settings.app
    assert app
    more: dict[str, Any] = {}
    if database:
        from bot.app.wecom_shared import SharedTokens

        more["store"] = SharedTokens(database, secret=app.secret, clock=clock)
    return load_wecom_appchat()(
        corp_id=app.corp_id,
        agent_id=app.agent_id,
        secret=app.secret,
        clock=clock,
        base_url=settings.api_url,
        **more,
    )


def callback_places(settings: WecomSettings | None) -> dict[str, str]:
    """Return the paths at which WeCom calls, by the channels that it calls there."""
    if settings is None:
        return {}
    places = {}
    if settings.app:
        places["wecom_app"] = urlsplit(settings.app.callback).path
    if settings.bot and settings.bot.callback:
        places["wecom_bot"] = urlsplit(settings.bot.callback).path
    return places


def words_of_button(channel: str, request: str, key: str) -> str:
    """Return what the button with *key* says under the message of *request*, or ""."""
    kind = _calls_of(channel)
    if kind:
        with suppress(Refused):
            return kind.words_of_button(request, key)
    return ""


def _calls_of(channel: str) -> type[KeptCall] | None:
    if channel == "telegram":
        from bot.channels.telegram.call import Call as TelegramCall

        return TelegramCall
    if channel == "wecom_app":
        from bot.channels.wecom.call import Call as AppCall

        return AppCall
    if channel == "wecom_bot":
        from bot.channels.wecom.robot_call import Call as RobotCall

        return RobotCall
    return None
