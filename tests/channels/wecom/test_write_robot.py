"""Replies become markdown, cards and files: equal ones equally, long ones in parts."""

import pytest

from bot.channels.wecom.robot_call import MOST_BYTES, Call
from bot.channels.wecom.tickets import Press, Ticket, TicketKind
from bot.channels.wecom.write_robot import write_reply
from bot.errors import Refused
from bot.messages import Button, Reply

CHOICES = (Button("签收", "签收 12"), Button("约定日期", "约定日期"))
PRESS = str(Press(req_id="r1", task_id="c1", by="LiSi", in_group=True))


def written(reply: Reply, *, instead_of: str = "") -> list[Call]:
    return [Call.decode(one) for one in write_reply(reply, instead_of=instead_of)]


def test_plain_words_go_as_markdown_that_shows_them_as_they_are() -> None:
    (call,) = written(Reply("第1项 *重点* <@all>\n# 二"))

    assert call.body["msgtype"] == "markdown"
    assert call.body["markdown"]["content"] == "第1项 \\*重点\\* ＜@all>\n\\# 二"


def test_each_part_answers_the_message() -> None:
    ticket = str(Ticket(TicketKind.MESSAGE, "req-1"))
    calls = written(Reply("科" * 10_000, ticket=ticket))

    sizes = [len(call.body["markdown"]["content"].encode()) for call in calls]
    assert len(calls) == 2
    assert max(sizes) <= MOST_BYTES
    assert {call.ticket for call in calls} == {ticket}


def test_what_fits_is_one_card_and_what_does_not_goes_before_it() -> None:
    (card,) = written(Reply("签收第12号通知？", CHOICES))
    long = written(Reply("很长的一段话。" * 50, CHOICES))

    assert card.body["msgtype"] == "template_card"
    assert [call.body["msgtype"] for call in long] == ["markdown", "template_card"]


def test_a_card_is_replaced_only_if_the_reply_is_to_replace_it() -> None:
    (new,) = written(Reply("已签收", CHOICES, press=PRESS))
    (instead,) = written(Reply("已签收", CHOICES, press=PRESS, instead_of="c1"))

    assert not new.update
    assert instead.update == instead.body["template_card"]
    assert instead.press == PRESS


def test_where_nothing_is_left_to_choose_words_follow_if_it_is_too_late() -> None:
    (call,) = written(Reply("已签收", press=PRESS), instead_of="c1")

    assert call.update["card_type"] == "button_interaction"
    assert call.body["markdown"]["content"] == "已签收"


def test_an_aside_alone_is_only_for_the_one_who_pressed() -> None:
    (call,) = written(Reply("", press=PRESS, aside="仅限本单位"))

    assert (call.aside, call.body) == ("仅限本单位", {})


@pytest.mark.parametrize("reply", [Reply(""), Reply(" \n"), Reply("", aside="x")])
def test_an_empty_reply_is_nothing(reply: Reply) -> None:
    assert write_reply(reply) == ()


def test_words_that_do_not_fit_into_a_button_are_found_by_its_key() -> None:
    (request,) = write_reply(Reply("选", (Button("长", "很长的话" * 200),)))
    (button,) = Call.decode(request).body["template_card"]["button_list"]

    assert Call.words_of_button(request, button["key"]) == "很长的话" * 200
    assert Call.words_of_button(request, "none") == ""


@pytest.mark.parametrize("request_", ["", "[]", "{", '{"body": 7}'])
def test_what_it_did_not_write_is_refused(request_: str) -> None:
    with pytest.raises(Refused):
        Call.decode(request_)
