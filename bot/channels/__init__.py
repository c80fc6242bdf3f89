"""Channels: the chat products that the bot speaks through."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from bot.errors import SettingsError
from bot.messages import Channel

if TYPE_CHECKING:
    from bot.channels.console import Console
    from bot.channels.telegram import TelegramChannel
    from bot.channels.wecom.app import WecomApp
    from bot.channels.wecom.appchat import WecomAppchat
    from bot.channels.wecom.hook import WecomHook
    from bot.channels.wecom.robot import WecomBot

_NOT_INSTALLED = (
    "渠道 {name} 需要的程序库没有安装，请运行：pip install 'plan-bot[{extra}]'"
)


def load_console() -> "type[Console]":
    """Return the class of the terminal."""
    from bot.channels.console import Console

    return Console


def load_telegram() -> "type[TelegramChannel]":
    """Return the class of Telegram; raises SettingsError if its extra is missing."""
    try:
        from bot.channels.telegram import TelegramChannel
    except ModuleNotFoundError as error:
        raise _not_installed("telegram", error) from error
    return TelegramChannel


def load_wecom_app() -> "type[WecomApp]":
    """Return the class of WeCom's app; raises SettingsError if its extra is missing."""
    try:
        from bot.channels.wecom.app import WecomApp
    except ModuleNotFoundError as error:
        raise _not_installed("wecom_app", error) from error
    return WecomApp


def load_wecom_bot() -> "type[WecomBot]":
    """Return the class of WeCom's robot; raises SettingsError as the app's does."""
    try:
        from bot.channels.wecom.robot import WecomBot
    except ModuleNotFoundError as error:
        raise _not_installed("wecom_bot", error) from error
    return WecomBot


def load_wecom_hook() -> "type[WecomHook]":
    """Return the class of WeCom's webhooks; raises SettingsError as the app's does."""
    try:
        from bot.channels.wecom.hook import WecomHook
    except ModuleNotFoundError as error:
        raise _not_installed("wecom_hook", error) from error
    return WecomHook


def load_wecom_appchat() -> "type[WecomAppchat]":
    """Return the class of the app's groups; raises SettingsError as the app's does."""
    try:
        from bot.channels.wecom.appchat import WecomAppchat
    except ModuleNotFoundError as error:
        raise _not_installed("wecom_appchat", error) from error
    return WecomAppchat


def _not_installed(name: str, error: ModuleNotFoundError) -> SettingsError:
    words = _NOT_INSTALLED.format(name=name, extra=name.partition("_")[0])
    return SettingsError(f"not installed: {error.name}", reply=words)


CHANNELS: Mapping[str, Callable[[], type[Channel]]] = {
    "console": load_console,
    "telegram": load_telegram,
    "wecom_app": load_wecom_app,
    "wecom_bot": load_wecom_bot,
    "wecom_hook": load_wecom_hook,
    "wecom_appchat": load_wecom_appchat,
}
"""What loads the class of each channel: python-telegram-bot alone takes half a second,
which only those shall pay who speak to Telegram. Raises SettingsError, with the remedy,
where what a product needs is not installed."""
