"""What a server sends is read whatever is in it, or told as unreadable."""

import pytest
import said
from fake_api import FakeTelegram, Trouble
from taking import Taken, until

from bot.channels.telegram import TelegramChannel
from bot.channels.telegram.wire import read_json


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b"null", None),
        ('{"字": [1, true]}'.encode(), {"字": [1, True]}),
        (b'{"text": "\\ud800"}', {"text": "\ud800"}),
        (b"\xef\xbb\xbf7", 7),
    ],
)
def test_json_is_read_though_half_a_character_is_in_it(
    body: bytes, value: object
) -> None:
    assert read_json(body) == value


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"\xff\xfe\xff", b"geheim", b"[" * 100_000, b'{"a":' * 100_000],
    ids=["nothing", "half", "no text", "words", "a deep list", "a deep object"],
)
def test_what_is_no_json_is_told_and_not_quoted(body: bytes) -> None:
    with pytest.raises(ValueError, match="this is no JSON") as caught:
        read_json(body)

    assert "geheim" not in str(caught.value)


async def test_half_a_character_spoils_no_batch_of_updates(
    channel: TelegramChannel, telegram: FakeTelegram, taken: Taken
) -> None:
    await channel.start(taken.take)
    telegram.tell(said.said("甲") | {"edited_message": None}, broken(), said.said("乙"))
    await until(lambda: len(taken.letters) == 3)

    assert sorted(taken.texts) == sorted(["甲", "半\ufffd", "乙"])
    await until(lambda: not telegram.unconfirmed)


def broken() -> dict[str, object]:
    update = said.said("半")
    update["message"]["text"] += "\ud800"
    return update


async def test_an_answer_that_is_too_deep_is_no_answer(
    channel: TelegramChannel, telegram: FakeTelegram, taken: Taken
) -> None:
    telegram.expect("getMe", Trouble(200, raw=b"[" * 100_000))
    await channel.start(taken.take)
    await until(lambda: channel.trouble)
    telegram.tell(said.said("甲"))
    await until(lambda: taken.texts == ["甲"])
