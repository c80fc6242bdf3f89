"""What was sent is taken back, and nothing else is."""

import pytest
from fake_api import FakeTelegram

from bot.channels.telegram import TelegramChannel
from bot.errors import Refused
from bot.messages import Recalling, Reply

GROUP, MOVED_TO = -5, -1005


async def send(channel: TelegramChannel, text: str, to: str) -> str:
    (request,) = channel.write(to, Reply(text))
    return await channel.send(to, request)


def test_it_says_that_it_can(channel: TelegramChannel) -> None:
    assert isinstance(channel, Recalling)


async def test_a_message_is_deleted_once(
    channel: TelegramChannel, telegram: FakeTelegram
) -> None:
    wrong = await send(channel, "错的", "4711")
    await send(channel, "对的", "4711")

    assert await channel.send("4711", channel.write_recall(wrong)) == ""

    assert [*telegram.messages.values()] == ["对的"]
    with pytest.raises(Refused):
        await channel.send("4711", channel.write_recall(wrong))


async def test_where_a_group_has_gone_a_number_means_another_message(
    channel: TelegramChannel, telegram: FakeTelegram
) -> None:
    number = await send(channel, "错的", str(GROUP))
    telegram.moved[GROUP] = MOVED_TO
    await send(channel, "群里的话", str(GROUP))
    telegram.messages[MOVED_TO, int(number)] = "别人的"

    with pytest.raises(Refused):
        await channel.send(str(GROUP), channel.write_recall(number))

    assert telegram.messages[MOVED_TO, int(number)] == "别人的"
