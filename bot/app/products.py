"""Makes the chat products that are configured."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bot.channels import load_telegram
from bot.errors import Refused
from bot.settings import TelegramSettings

if TYPE_CHECKING:
    from bot.channels.telegram import TelegramChannel

KeepUnreadable = Callable[..., Awaitable[object]]
"""Keeps an update that cannot be read; as `Engine.keep_unreadable`."""


def make_telegram(
    settings: TelegramSettings,
    *,
    clock: Callable[[], datetime],
    unreadable: KeepUnreadable | None = None,
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
        **more,
    )


def words_of_button(channel: str, request: str, key: str) -> str:
    """Return what the button with *key* says under the message of *request*, or ""."""
    if channel != "telegram":
        return ""
    from bot.channels.telegram import words_of_button as find

    with suppress(Refused):
        return find(request, key)
    return ""
