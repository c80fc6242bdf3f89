"""What comes to the robot: messages of the house, nothing, or not to be read."""

from datetime import UTC, datetime
from typing import Any

import pytest
from aibot_said import BOT_ID, Sayings, image_item, quoted_text, text_item
from platform_clock import PlatformClock

from bot.channels.wecom.intake_robot import read_body
from bot.channels.wecom.tickets import Press, Ticket, TicketKind
from bot.messages import Event, Incoming, Place

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
SAYINGS = Sayings(BOT_ID, PlatformClock())
GROUP = "wrGroupABC"


def read(body: Any) -> Incoming | None:
    return read_body(
        body, channel="wecom_bot", bot_name="助手", req_id="req-1", now=NOW
    )


def heard(body: Any) -> Incoming:
    incoming = read(body)
    assert incoming
    return incoming


def test_words_said_to_it_alone_are_of_a_person_in_small_letters() -> None:
    body = SAYINGS.text("ZhangSan", "我的任务")
    incoming = heard(body)

    assert (incoming.address, incoming.chat, incoming.text) == (
        "zhangsan",
        "",
        "我的任务",
    )
    assert incoming.place is Place.DIRECT
    assert incoming.at == NOW
    assert incoming.product_id == f"bot:{body['msgid']}"
    assert Ticket.read(incoming.ticket) == (TicketKind.MESSAGE, "req-1")


def test_the_id_of_a_group_keeps_its_capitals() -> None:
    incoming = heard(SAYINGS.text("LiSi", "@助手 有哪些任务", chat=GROUP))

    assert (incoming.chat, incoming.conversation) == (GROUP, GROUP)
    assert incoming.text == "有哪些任务"
    assert incoming.place is Place.GROUP


def test_the_robot_called_alone_with_a_quote_hears_what_is_quoted() -> None:
    quote = quoted_text("全年落实情况 #R1024")
    incoming = heard(SAYINGS.text("LiSi", "@助手", chat=GROUP, quote=quote))

    assert (incoming.text, incoming.quote) == ("", "全年落实情况 #R1024")


@pytest.mark.parametrize(
    ("quote", "words"),
    [
        ({"msgtype": "mixed", "mixed": {"msg_item": [text_item("一")]}}, "一"),
        ({"msgtype": "voice", "voice": {"content": "说过的话"}}, "说过的话"),
        ({"msgtype": "image", "image": {"url": "http://x", "aeskey": ""}}, ""),
        ({"msgtype": "template_card"}, ""),
    ],
)
def test_of_a_quote_there_are_the_words(quote: dict[str, Any], words: str) -> None:
    assert heard(SAYINGS.text("LiSi", "收到", quote=quote)).quote == words


def test_words_and_pictures_come_together() -> None:
    items = text_item("@助手 看图"), image_item("http://x/1", "KEY"), text_item("谢谢")
    incoming = heard(SAYINGS.mixed("LiSi", *items, chat=GROUP))

    assert incoming.text == "看图\n谢谢"
    (picture,) = incoming.attachments
    assert picture.is_picture
    assert picture.at == "KEY http://x/1"


@pytest.mark.parametrize(
    ("kind", "is_picture"), [("file", False), ("image", True), ("video", False)]
)
def test_a_file_comes_with_its_address_and_key(kind: str, is_picture: bool) -> None:
    body = SAYINGS.media("LiSi", kind, {"url": "http://x/1", "aeskey": "KEY"})
    (file,) = heard(body).attachments

    assert (file.at, file.is_picture) == ("KEY http://x/1", is_picture)


def test_a_voice_is_what_was_made_out() -> None:
    assert heard(SAYINGS.media("LiSi", "voice", {"content": "我交了"})).text == "我交了"


def test_a_press_tells_what_the_button_says_and_of_which_card() -> None:
    body = SAYINGS.click("LiSi", "1=签收 12", task_id="card-1", chat=GROUP)
    incoming = heard(body)
    press = Press.read(incoming.press)

    assert (incoming.text, incoming.about, incoming.chat) == (
        "签收 12",
        "card-1",
        GROUP,
    )
    assert press == Press(req_id="req-1", task_id="card-1", by="LiSi", in_group=True)
    assert incoming.at == SAYINGS.clock()


def test_the_words_of_a_long_button_are_asked_for_by_their_key() -> None:
    incoming = heard(SAYINGS.click("LiSi", "~3", task_id="card-1"))

    assert (incoming.text, incoming.button) == ("", "~3")


def test_of_a_list_that_is_sent_in_the_choice_counts() -> None:
    body = SAYINGS.click(
        "LiSi",
        "0=",
        task_id="c",
        kind="multiple_interaction",
        chosen={"q": ["2=第2个"]},
    )

    assert heard(body).text == "第2个"


def test_who_opens_the_chat_is_an_event_that_may_be_greeted() -> None:
    incoming = heard(SAYINGS.event("ZhangSan", "enter_chat"))

    assert (incoming.event, incoming.address) == (Event.OPENED, "zhangsan")
    assert Ticket.read(incoming.ticket) == (TicketKind.WELCOME, "req-1")


@pytest.mark.parametrize(
    "body",
    [
        SAYINGS.feedback("LiSi", "f1"),
        SAYINGS.event("LiSi", "disconnected_event"),
        SAYINGS.event("LiSi", "something_new"),
        SAYINGS.media("LiSi", "location", {"x": 1}),
        SAYINGS.event("LiSi", "template_card_event"),
        {"msgid": "1", "msgtype": "text", "text": {"content": "谁说的"}},
        {},
    ],
)
def test_what_is_nothing_to_us_is_ignored(body: dict[str, Any]) -> None:
    assert read(body) is None


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        "text",
        {"msgtype": "text", "text": "bare", "from": {"userid": "x"}},
        {"from": "ZhangSan", "msgtype": "text", "text": {"content": "x"}},
        {"from": {"userid": "x"}, "text": {"content": "x"}, "create_time": 10**30},
        {"from": {"userid": "x"}, "mixed": {"msg_item": {"a": 1}}},
    ],
)
def test_what_cannot_be_read_says_so(body: Any) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        read(body)


def test_equal_clicks_without_an_id_are_one_and_others_are_not() -> None:
    body = SAYINGS.click("LiSi", "1=签收", task_id="card-1") | {"msgid": ""}
    other = body | {"create_time": body["create_time"] + 1}

    assert heard(body).product_id == heard(dict(body)).product_id
    assert heard(body).product_id != heard(other).product_id


def test_what_may_not_be_stored_is_not_in_a_text() -> None:
    assert heard(SAYINGS.text("LiSi", "a\x00b\ud800")).text == "ab\ufffd"
