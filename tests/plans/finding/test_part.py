"""What a long message is about: a part of it is enough, if it says enough."""

from collections.abc import Sequence

import pytest

from bot.plans.finding.search import SURE, Entry, Found, TaskIndex
from bot.plans.finding.thesaurus import Thesaurus

TOWN = """
清理河道淤泥：每季度组织清淤船作业，沿岸设置警示牌
修缮古戏台：邀请老木匠勘察梁柱，保留彩绘
推广喷灌设备：为果园发放喷头，讲解节水办法
组织广场晚会：邀请戏曲社团和学校合唱队登台
开设夜校：教居民使用打印设备和表格软件
更换路灯：改用节能灯具，沿河步道优先
慰问环卫工人：发放防寒手套
"""
COAST = "疏浚航道暗礁：测绘暗礁位置\n保护珊瑚：巡查珊瑚礁盘"


def entries(text: str, first: int) -> list[Entry]:
    parts = [line.partition("：") for line in text.split()]
    return [
        Entry(id=at, title=title, body=body, section="", has_number=False)
        for at, (title, _, body) in enumerate(parts, first)
    ]


@pytest.fixture(scope="module")
def index() -> TaskIndex:
    made = TaskIndex(Thesaurus())
    made.put_plan(1, entries(TOWN, 1))
    made.put_plan(2, entries(COAST, 101))
    return made


def sure(
    index: TaskIndex, message: str, *, asks_for_owner: bool = False
) -> Sequence[Found]:
    found = index.search_part(message, plan_ids=[1], asks_for_owner=asks_for_owner)
    return [one for one in found if one.confidence >= SURE]


@pytest.mark.parametrize(
    ("message", "entry"),
    [
        ("昨天饭桌上老李跟我吵了半天说请老木匠去看梁柱的钱该他掏我不服气", 2),
        ("隔壁二婶打了三遍问题说果园用的喷头还讲节水办法不讲她急得很", 3),
        ("我刚调来两眼一抹黑科长丢下一句话就走了说沿河步道节能灯具你盯着", 6),
    ],
)
def test_a_task_is_found_in_a_tale(index: TaskIndex, message: str, entry: int) -> None:
    assert [found.id for found in sure(index, message)] == [entry]
    assert index.search(message, plan_ids=[1])[0].confidence < SURE


@pytest.mark.parametrize(
    "message",
    [
        "昨天饭桌上老李跟我吵了半天说他家小孩婚宴的钱该我掏我不服气",
        "我刚调来两眼一抹黑科长丢下一句话就走了说疏浚航道暗礁你盯着",
        "隔壁二婶打了三遍问题说火车晚点到站她急得很",
        "ppt 急 甩我",
    ],
)
def test_a_tale_of_something_else_is_not_sure(index: TaskIndex, message: str) -> None:
    assert not sure(index, message)
    assert not sure(index, message, asks_for_owner=True)


def test_one_rare_word_is_enough_for_who_asks_for_an_owner(index: TaskIndex) -> None:
    message = "老李跟我吵了半天说古戏台那个是他们带着干我不服气"

    assert not sure(index, message)
    assert [found.id for found in sure(index, message, asks_for_owner=True)] == [2]
