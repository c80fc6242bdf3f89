"""What `bot check` tells of a robot, each trouble with its remedy."""

import pytest

from bot.channels.wecom.link import End
from bot.channels.wecom.robot_checkup import check_robot


def test_a_robot_that_is_subscribed_and_has_a_name_is_well() -> None:
    (finding,) = check_robot(bot_name="助手", trouble="")

    assert finding.is_well


def test_a_robot_without_a_name_is_told() -> None:
    assert [one.is_well for one in check_robot(bot_name="", trouble="")] == [
        True,
        False,
    ]


def test_nobody_who_listens_is_a_fault() -> None:
    (finding,) = check_robot(bot_name="助手", trouble="", listens=False)

    assert not finding.is_well


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        (str(End.KICKED), "另有程序"),
        (str(End.UNSUBSCRIBED), "订阅已失效"),
        (str(End.DEAF), "空闲断线"),
        (str(End.DROPPED), "断开"),
        ("ApiError: 853000: invalid", "BOT_WECOM_BOT_SECRET"),
        ("NotReached: OSError", "openws.work.weixin.qq.com"),
        ("NoAnswer: Unanswered", "没有按时答复"),
        ("StoreError: away", "数据库"),
    ],
)
def test_each_trouble_has_its_remedy(trouble: str, words: str) -> None:
    (finding,) = check_robot(bot_name="助手", trouble=trouble)

    assert not finding.is_well
    assert words in finding.words
