"""What an admin wants told, read from his words."""

from datetime import datetime, timedelta

import pytest
from front_door import NINE

from handlers.broadcast_words import (
    Wish,
    moment_in,
    moment_to_send,
    read_wish,
    wants_broadcast,
    wants_receipt_in,
)


def day(month: int, number: int, hour: int, minute: int = 0) -> datetime:
    return NINE.replace(month=month, day=number, hour=hour, minute=minute)


@pytest.mark.parametrize(
    ("words", "moment"),
    [
        ("明天9点", day(11, 24, 9)),
        ("明天上午九点", day(11, 24, 9)),
        ("明天十点二十", day(11, 24, 10, 20)),
        ("明天下午两点", day(11, 24, 14)),
        ("明晚8点", day(11, 24, 20)),
        ("后天早上8点一刻", day(11, 25, 8, 15)),
        ("周五14:30", day(11, 27, 14, 30)),
        ("周五 14：30", day(11, 27, 14, 30)),
        ("下周一", day(11, 30, 9)),
        ("12月1日9:00", day(12, 1, 9)),
        ("2026-12-01 9:00", day(12, 1, 9)),
        ("今天下午", day(11, 23, 14, 30)),
        ("下午3点半", day(11, 23, 15, 30)),
        ("14:30", day(11, 23, 14, 30)),
        ("半小时后", NINE + timedelta(minutes=30)),
        ("2个小时后", NINE + timedelta(hours=2)),
        ("昨天9点", day(11, 22, 9)),
        ("25点", None),
        ("9点61分", None),
        ("应急局", None),
        ("尽快", None),
        ("", None),
    ],
)
def test_a_moment_is_read_in_the_zone_of_the_office(
    words: str, moment: datetime | None
) -> None:
    found = moment_in(words, now=NINE) if words else None

    assert found == moment


@pytest.mark.parametrize(
    ("words", "wish"),
    [
        (
            "群发 县应急局、县教育局 明天9点 不要回执：开会",
            Wish(
                text="开会",
                scope="县应急局、县教育局",
                wants_receipt=False,
                when="明天9点",
            ),
        ),
        (
            "通知各单位周五14:30开会，明天9点发，要回执。",
            Wish(
                text="各单位周五14:30开会",
                asks=True,
                scope=None,
                wants_receipt=True,
                when="明天9点",
            ),
        ),
        ("群发：请于周五前发送材料", Wish(text="请于周五前发送材料")),
        ("请发个通知：开会", Wish(text="开会", asks=True)),
        ("群发 请注意：开会", Wish(text="请注意：开会", scope=None)),
        (
            "通知各镇街道 2026年11月20日 8:00 发：开会",
            Wish(text="开会", asks=True, scope="各镇街道", when="2026年11月20日的8:00"),
        ),
        (
            "通知各镇街道于12月1日8:00发：开会",
            Wish(text="开会", asks=True, scope="各镇街道", when="12月1日8:00"),
        ),
        ("群发 全体 周五开会", Wish(text="周五开会", scope="全体")),
        ("群发全体 周五开会", Wish(text="周五开会", scope="全体")),
        (
            "群发 全体 明天 9点 发 周五开会",
            Wish(text="周五开会", scope="全体", when="明天的9点"),
        ),
        ("群发 全体", Wish(text="", scope="全体")),
        ("群发 全体干部请注意", Wish(text="全体干部请注意", scope=None)),
        ("群发", Wish(text="", scope=None)),
        ("你好", None),
    ],
)
def test_a_wish_is_read_whole(words: str, wish: Wish | None) -> None:
    assert read_wish(words) == wish


@pytest.mark.parametrize(
    ("words", "wants"),
    [
        ("通知各单位开会", True),
        ("群发：收到了吗？", True),
        ("通知各单位了吗", False),
        ("通知发了没有", False),
        ("通知书在哪里", False),
        ("群发怎么发", False),
        ("各单位通知到了", False),
    ],
)
def test_a_question_is_no_wish(words: str, wants: bool) -> None:
    assert wants_broadcast(words) is wants


@pytest.mark.parametrize(
    ("words", "wants"),
    [
        ("要回执", True),
        ("需要回执。", True),
        ("不要回执", False),
        ("无需回执", False),
        ("回执呢", None),
    ],
)
def test_the_wish_for_receipts_is_read(words: str, wants: bool | None) -> None:
    assert wants_receipt_in(words) is wants


@pytest.mark.parametrize(
    ("words", "when"),
    [
        ("明天9点发", "明天9点"),
        ("定于周五14:30发送", "周五14:30"),
        ("现在发", "现在发"),
        ("周五前发", ""),
        ("大家发", ""),
    ],
)
def test_when_it_is_to_go_out_is_read(words: str, when: str) -> None:
    assert moment_to_send(words) == when
