"""Replies as calls of the Bot API."""

import html
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.call import Call
from bot.channels.telegram.letters import units
from bot.channels.telegram.write import as_plain, write_reply
from bot.errors import Refused
from bot.messages import Attachment, Button, Mention, Reply


def calls(reply: Reply, **more: str) -> list[dict[str, Any]]:
    return [msgspec.json.decode(request) for request in write_reply(reply, **more)]


def test_every_value_is_escaped() -> None:
    (call,) = calls(Reply('<b>甲 & "乙"</b> 2026-11-30 (三)'))

    assert call["method"] == "sendMessage"
    assert call["parameters"] == {
        "text": '&lt;b&gt;甲 &amp; "乙"&lt;/b&gt; 2026-11-30 (三)',
        "parse_mode": "HTML",
    }


@given(st.text(alphabet="<>&;ampltg字😀\n\"'", max_size=300))
def test_plain_text_is_what_was_written(text: str) -> None:
    for call in calls(Reply(text)):
        assert as_plain(call["parameters"]) == {"text": text.strip()}


def test_a_long_text_is_cut_outside_of_marks_and_the_last_part_has_the_buttons() -> (
    None
):
    parts = calls(Reply("甲<&>😀，" * 2000, (Button("下一页", "下一页"),)))

    texts = [html.unescape(part["parameters"]["text"]) for part in parts]
    assert len(parts) == 4
    assert all(units(text) <= 4096 for text in texts)
    assert "".join(texts) == "甲<&>😀，" * 2000
    assert ["reply_markup" in part["parameters"] for part in parts] == [0, 0, 0, 1]


def test_the_first_part_replaces_a_message() -> None:
    first, second = calls(Reply("字" * 5000), instead_of="31")

    assert first["method"] == "editMessageText"
    assert first["parameters"]["message_id"] == 31
    assert second["method"] == "sendMessage"
    assert calls(Reply("已报", instead_of="31"))[0]["parameters"]["message_id"] == 31


def test_what_a_reply_ends_is_changed_last_and_only_where_something_is_said() -> None:
    noted = Reply("已记。", instead_of="31", press="98", ends="7")
    first, last = calls(noted)
    assert (first["parameters"]["message_id"], first["press"]) == (31, "98")
    assert last["parameters"] == {
        "message_id": 7,
        "text": "已记。",
        "parse_mode": "HTML",
    }

    (aside,) = calls(Reply("", press="98", aside="嗯", ends="7"))
    assert aside["method"] == "answerCallbackQuery"


def test_an_answer_among_others_quotes_what_it_answers() -> None:
    first, second = calls(Reply("字" * 5000, ticket="31"))

    assert first["parameters"]["reply_parameters"] == {
        "message_id": 31,
        "allow_sending_without_reply": True,
    }
    assert "reply_parameters" not in second["parameters"]


@pytest.mark.parametrize(
    "reply", [Reply("已报", ticket="31", instead_of="9"), Reply("已报", ticket="x|7")]
)
def test_what_replaces_a_message_quotes_none_nor_what_is_no_number(
    reply: Reply,
) -> None:
    assert "reply_parameters" not in calls(reply)[0]["parameters"]


def test_a_file_among_others_quotes_too() -> None:
    (call,) = calls(
        Reply("", attachments=(Attachment(name="表.xlsx", at="/x"),), ticket="31")
    )

    assert call["parameters"]["reply_parameters"]["message_id"] == 31


def test_an_edited_message_loses_its_keyboard() -> None:
    (call,) = calls(Reply("已报", instead_of="31"))

    assert "reply_markup" not in call["parameters"]


def test_people_without_a_username_are_called_by_their_number() -> None:
    reply = Reply("请李<一>和王二处理", mentions=(Mention("李<一>", "4711"),))
    (call,) = calls(reply)

    link = '<a href="tg://user?id=4711">李&lt;一&gt;</a>'
    assert call["parameters"]["text"] == f"请{link}和王二处理"


@pytest.mark.parametrize("length", [0, 5000])
def test_who_is_called_is_linked_once_where_the_name_stands_last(length: int) -> None:
    mentions = (Mention("联络员", "4711"), Mention("联络员②", "4712"))
    text = f"报送联络员培训情况{'。' * length}\n请联络员、联络员②办理。"
    said = "".join(
        call["parameters"]["text"] for call in calls(Reply(text, mentions=mentions))
    )

    first = '<a href="tg://user?id=4711">联络员</a>'
    second = '<a href="tg://user?id=4712">联络员②</a>'
    assert said.startswith("报送联络员培训情况")
    assert said.endswith(f"请{first}、{second}办理。")


@pytest.mark.parametrize("address", ['1"><b>', "", "@li"])
def test_a_strange_address_makes_no_mention(address: str) -> None:
    (call,) = calls(Reply("请李处理", mentions=(Mention("李", address),)))

    assert call["parameters"]["text"] == "请李处理"


def test_a_mere_aside_answers_the_press_alone() -> None:
    (call,) = calls(Reply("", press="99", aside="仅限本单位联络员" + "。" * 300))

    assert call["method"] == "answerCallbackQuery"
    assert call["parameters"]["callback_query_id"] == "99"
    assert len(call["parameters"]["text"]) == 200


def test_a_reply_to_a_press_takes_its_answer_along() -> None:
    first, second = calls(Reply("字" * 5000, press="99", aside="已记"))

    assert (first["press"], first["aside"]) == ("99", "已记")
    assert "press" not in second


def test_files_follow_the_text() -> None:
    files = (
        Attachment(name='年"报/\n.docx', at="/tmp/a.docx"),
        Attachment(name="图.png", at="/tmp/b.png", is_picture=True),
    )
    text, document, picture = calls(Reply("见附件", attachments=files))

    assert text["method"] == "sendMessage"
    assert document["method"] == "sendDocument"
    assert document["file_name"] == "年_报_.docx"
    assert (picture["method"], picture["file_field"]) == ("sendPhoto", "photo")


def test_nothing_to_say_is_no_request() -> None:
    assert write_reply(Reply(" \n ")) == ()
    (call,) = calls(Reply("", (Button("是", "是"),)))
    assert call["parameters"]["text"]


def test_equal_replies_are_equal_requests() -> None:
    reply = Reply("通知", (Button("是", "字" * 40),))

    assert write_reply(reply) == write_reply(reply)
    assert write_reply(reply) != write_reply(Reply("通知"))


def test_the_words_of_a_long_button_are_found_in_its_request() -> None:
    (request,) = write_reply(Reply("选吧", (Button("是", "字" * 40),)))
    ((key, words),) = msgspec.json.decode(request)["words"].items()

    assert Call.words_of_button(request, key) == words == "字" * 40
    assert Call.words_of_button(request, "~other") == ""
    with pytest.raises(Refused):
        Call.words_of_button("{", key)
