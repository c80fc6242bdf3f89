"""The command `bot` as it is, but for the pace of products: minutes are too long."""

from dataclasses import replace
from typing import Any

from bot.__main__ import main
from bot.channels.telegram import TelegramChannel
from bot.channels.telegram import channel as telegram
from bot.channels.wecom import app as wecom
from bot.channels.wecom.app import WecomApp
from bot.messages import Manners


def hasty(manners: Manners) -> Manners:
    return replace(manners, limits=(), limits_of=lambda address: ())


if __name__ == "__main__":
    defaults: tuple[Any, ...] = (
        (TelegramChannel, telegram.MANNERS),
        (WecomApp, wecom.MANNERS),
    )
    for channel, manners in defaults:
        channel.__init__.__kwdefaults__["manners"] = hasty(manners)
    main()
