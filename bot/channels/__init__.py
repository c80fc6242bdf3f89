"""Channels: the chat products that the bot speaks through."""

from bot.channels.console import Console

CHANNELS: dict[str, type[Console]] = {"console": Console}
