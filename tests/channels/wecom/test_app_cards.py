"""Cards and texts of the app: what fits, what is told apart, what a press says."""

import json
from typing import Any

import pytest
from platform_cards import check_card
from platform_refusal import byte_length

from bot.channels.wecom.call import Call
from bot.channels.wecom.cards import card_of, plain_text, words_of_press
from bot.channels.wecom.write_app import write_reply
from bot.errors import Refused
from bot.messages import Attachment, Button, Reply

YES_NO = (Button("是", "是，共5项"), Button("不是", "不是"))


def written(reply: Reply, **more: str) -> list[dict[str, Any]]:
    return [json.loads(one) for one in write_reply(reply, **more)]


def bodies(reply: Reply) -> list[dict[str, Any]]:
    return [one["body"] for one in written(reply)]


def choices(count: int) -> tuple[Button, ...]:
    return tuple(Button(f"{n}", f"第{n}个") for n in range(1, count + 1))


def test_a_plain_answer_is_plain_text() -> None:
    (body,) = bodies(Reply("第一行\n第二行 [x](y) *z*"))

    assert body == {"msgtype": "text", "text": {"content": "第一行\n第二行 [x](y) *z*"}}


def test_nobody_is_called_by_what_a_text_quotes() -> None:
    (body,) = bodies(Reply("他写了 <@all> 和 <a href='x'>y</a>，占 <10%"))

    assert "<@" not in body["text"]["content"]
    assert "<a" not in body["text"]["content"]
    assert "<10%" in body["text"]["content"]


@pytest.mark.parametrize("sign", ["任务", "<@a>", "𠀀", "👩‍👩‍👧", "字\n"])
def test_a_long_text_goes_in_parts_of_2048_bytes(sign: str) -> None:
    parts = [body["text"]["content"] for body in bodies(Reply(sign * 2000))]

    assert len(parts) > 1
    assert all(0 < byte_length(part) <= 2048 for part in parts)
    told = "".join(parts).replace("\n", "").replace("＜", "<")
    assert told == (sign * 2000).replace("\n", "")


def test_an_answer_with_choices_is_a_card() -> None:
    (body,) = bodies(Reply("您是否想查“县文化和旅游局”？\n共 5 项。", YES_NO))

    card = body["template_card"]
    assert card["card_type"] == "button_interaction"
    assert card["main_title"] == {"title": "您是否想查“县文化和旅游局”？"}
    assert card["sub_title_text"] == "共 5 项。"
    assert [one["text"] for one in card["button_list"]] == ["是", "不是"]
    assert words_of_press(card["button_list"][0]["key"]) == ("是，共5项", "")


@pytest.mark.parametrize("count", [1, 6, 7, 10, 11, 40])
@pytest.mark.parametrize("text", ["短", "标题\n正文", "长" * 27, "长" * 700, ""])
def test_every_card_is_one_that_wecom_takes(text: str, count: int) -> None:
    body = bodies(Reply(text, choices(count)))[-1]

    card = body["template_card"]
    check_card(card | {"task_id": "x"})
    is_list = card["card_type"] == "multiple_interaction"
    assert is_list == (count > 6)


@pytest.mark.parametrize(
    ("text", "count", "kinds"),
    [
        ("标题\n" + "正文" * 80, 2, ["template_card"]),
        ("标题\n" + "正文" * 81, 2, ["text", "template_card"]),
        ("标题\n正文", 7, ["text", "template_card"]),
        ("标题\n" + "正文" * 300, 2, ["text", "template_card"]),
    ],
)
def test_what_does_not_fit_into_a_card_is_said_before_it(
    text: str, count: int, kinds: list[str]
) -> None:
    found = bodies(Reply(text, choices(count)))

    assert [body["msgtype"] for body in found] == kinds
    assert found[-1]["template_card"]["main_title"]["title"] == "标题"


def test_of_more_than_ten_choices_ten_are_shown() -> None:
    card, _ = card_of("标题", choices(12), is_told=True)

    options = card["select_list"][0]["option_list"]
    assert [words_of_press(one["id"])[0] for one in options][-1] == "第10个"


@pytest.mark.parametrize("count", [2, 8])
def test_words_that_a_choice_has_no_room_for_stay_in_the_request(count: int) -> None:
    long = "核" * 400
    buttons = (*choices(count - 1), Button("长的", long))

    request = write_reply(Reply("请选", buttons))[-1]

    assert words_of_press(f"~{count}") == ("", f"~{count}")
    assert Call.words_of_button(request, f"~{count}") == long
    assert Call.words_of_button(request, "~1") == ""


def test_choices_that_say_the_same_have_keys_of_their_own() -> None:
    card, _ = card_of("请选", (Button("甲", "是"), Button("乙", "是")), is_told=False)

    assert len({one["key"] for one in card["button_list"]}) == 2


def test_a_label_that_is_too_long_is_cut() -> None:
    card, _ = card_of("请选", (Button("县文化和旅游局牵头的任务", "x"),), is_told=False)

    assert card["button_list"][0]["text"] == "县文化和旅游局牵头…"


def test_an_equal_reply_is_an_equal_request_and_another_letter_another() -> None:
    reply = Reply("帮助", YES_NO, once="letter:1")
    again = Reply("帮助", YES_NO, once="letter:2")

    assert write_reply(reply) == write_reply(reply)
    assert write_reply(reply) != write_reply(again)


def test_equal_parts_of_one_text_are_no_copies_of_each_other() -> None:
    first, second = written(Reply("啊" * 1364, once="letter:1"))

    assert first["body"] == second["body"]
    assert first["interval"] != second["interval"]
    assert all(1800 <= one.get("interval", 1800) <= 14400 for one in (first, second))


def test_the_answer_to_a_press_takes_the_place_of_the_card() -> None:
    reply = Reply("第2页\n6. 某任务", YES_NO, press="code1", instead_of="card-1")

    (call,) = written(reply)

    assert (call["code"], call["card"]) == ("code1", "card-1")
    check_card(call["body"]["template_card"])
    assert call["body"]["template_card"]["task_id"] == "card-1"
    assert call["otherwise"]["msgtype"] == "template_card"


def test_a_notice_that_was_signed_for_keeps_its_words_and_a_mark() -> None:
    text = "关于报送半年总结的通知\n请于6月30日前报送。\n已签收 06-16 09:31"

    (call,) = written(Reply(text, press="code1", instead_of="card-1"))

    card = call["body"]["template_card"]
    check_card(card)
    assert card["replace_text"] == "已签收 06-16 09:31"
    assert card["sub_title_text"] == "请于6月30日前报送。"
    assert call["otherwise"] == {"msgtype": "text", "text": {"content": text}}


def test_an_answer_that_is_too_long_for_a_card_comes_below_it() -> None:
    reply = Reply("长" * 700, press="code1", instead_of="card-1")

    first, *rest = written(reply)

    assert first["body"] == {"button": {"replace_name": "已更新"}}
    assert "otherwise" not in first
    assert [one["body"]["msgtype"] for one in rest] == ["text", "text"]


@pytest.mark.parametrize(
    ("reply", "kinds"),
    [
        (Reply("", press="c", aside="已签收 06-16 09:31"), ["button"]),
        (
            Reply("", press="c", aside="这个清单已过期，请重新提问，再按新的选。"),
            ["text"],
        ),
        (Reply("好的。", press="c", aside="已记录"), ["button", "text"]),
        (Reply("好的。", press="c"), ["text"]),
        (Reply("好的。", instead_of="card-1"), ["template_card"]),
        (Reply("", press="c"), []),
        (Reply(""), []),
    ],
)
def test_what_is_said_aside_stands_where_the_buttons_were(
    reply: Reply, kinds: list[str]
) -> None:
    assert [
        next(key for key in body if key != "msgtype") for body in bodies(reply)
    ] == (kinds)


def test_a_card_that_is_not_taken_can_be_said_in_plain_text() -> None:
    card, _ = card_of("请选\n一项", choices(2), is_told=False)

    assert plain_text(card) == "请选\n一项\n（可回复：1、2）"


@pytest.mark.parametrize(
    ("name", "is_picture", "kind"),
    [("a.png", True, "image"), ("a.gif", True, "file"), ("总结.docx", False, "file")],
)
def test_files_go_after_the_words(name: str, is_picture: bool, kind: str) -> None:
    file = Attachment(name=name, at="/tmp/x", is_picture=is_picture)

    text, sent = written(Reply("附件", attachments=(file,)))

    assert text["body"]["msgtype"] == "text"
    assert (sent["file"], sent["file_kind"]) == ("/tmp/x", kind)


@pytest.mark.parametrize("request_", ["", "{}x", "[]", '{"body": 1}', "\udcff"])
def test_a_request_that_is_none_of_ours_is_refused(request_: str) -> None:
    with pytest.raises(Refused):
        Call.words_of_button(request_, "~1")
