"""Telegram: one bot, by polling or behind a webhook.

Importing this takes python-telegram-bot along, which is slow: only those do who run it.
"""

from bot.channels.telegram.channel import MANNERS, TelegramChannel
from bot.channels.telegram.checkup import Finding, remedy
from bot.channels.telegram.webhook import Webhook, WebhookDoor

__all__ = [
    "MANNERS",
    "Finding",
    "TelegramChannel",
    "Webhook",
    "WebhookDoor",
    "remedy",
]
