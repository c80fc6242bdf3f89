"""Channels: the chat products that the bot speaks through."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from bot.errors import SettingsError
from bot.messages import Channel

if TYPE_CHECKING:
    from bot.channels.console import Console
    from bot.channels.telegram import TelegramChannel

_NOT_INSTALLED = (
    "渠道 {name} 需要的程序库没有安装，请运行：pip install 'plan-bot[{name}]'"
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
        words = _NOT_INSTALLED.format(name="telegram")
        raise SettingsError(f"not installed: {error.name}", reply=words) from error
    return TelegramChannel


CHANNELS: Mapping[str, Callable[[], type[Channel]]] = {
    "console": load_console,
    "telegram": load_telegram,
}
"""What loads the class of each channel: python-telegram-bot alone takes half a second,
which only those shall pay who speak to Telegram."""
