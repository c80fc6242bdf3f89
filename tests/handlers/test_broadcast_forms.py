"""A preview tells what each product makes of a broadcast, where it is not the same."""

from collections.abc import Callable

import pytest
from msgspec.structs import replace
from report_office import POLICY

from bot.channels.shown import shown_by
from bot.channels.telegram.write import write_reply as by_telegram
from bot.channels.wecom.hook import WecomHook
from bot.channels.wecom.write_app import write_reply as by_app
from bot.channels.wecom.write_robot import write_reply as by_robot
from bot.mail.outbox import Addressee
from bot.messages import Button, Reply
from handlers.broadcast_forms import forms
from handlers.nudging import Nudging

KEY = "693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"
BY: dict[str, Callable[[Reply], tuple[str, ...]]] = {
    "telegram": by_telegram,
    "wecom_app": by_app,
    "wecom_bot": by_robot,
    "wecom_hook": lambda reply: WecomHook(hooks={"群": KEY}).write("群", reply),
}
SHORT = Reply("请周五前报科普日活动", (Button("签收", "签收"),))
LONG = replace(SHORT, text="\n".join(f"第{n}条要求：{'报' * 60}。" for n in range(30)))


def write(lane: str, address: str, reply: Reply) -> tuple[str, ...]:
    return BY[lane](reply)


def told(body: Reply, *lanes: str) -> list[str]:
    nudging = Nudging(policy=POLICY, lanes=lanes, write=write, shown=shown_by)
    reached = [
        Addressee(recipient="person:1", lane=lane, address="7", person_id=1)
        for lane in lanes
    ]
    return forms(nudging, body, reached)


def test_what_all_show_alike_is_told_in_a_word() -> None:
    assert told(SHORT, "telegram", "wecom_app", "wecom_bot") == [
        "Telegram私聊：1，每处 1 条消息",
        "企业微信应用私聊：1，每处 1 条消息；正文和按钮在一张卡片里",
        "企业微信机器人私聊：1，每处 1 条消息；正文和按钮在一张卡片里",
    ]


def test_where_a_text_is_split_is_told() -> None:
    (telegram, app) = told(LONG, "telegram", "wecom_app")

    assert telegram == "Telegram私聊：1，每处 1 条消息"
    assert "正文分 3 条（第2条自“第" in app
    assert app.endswith("正文之后另有按钮卡片")


def test_where_nobody_can_press_is_told() -> None:
    assert told(SHORT, "wecom_hook")[0].endswith("每处 1 条消息；没有按钮")


@pytest.mark.parametrize("lane", BY)
def test_signs_that_are_marks_elsewhere_are_shown_as_they_are(lane: str) -> None:
    body = Reply("*重要*：产值<10%，见_附表_ [1] # 1\n- 2")

    assert told(body, lane)[0].endswith("条消息")


@pytest.mark.parametrize("lane", ["wecom_app", "wecom_bot", "wecom_hook"])
def test_signs_that_a_product_cannot_show_are_told(lane: str) -> None:
    body = Reply("<@all> 请报送")

    assert "“<”显示为“＜”" in told(body, lane)[0]
