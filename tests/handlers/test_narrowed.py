"""The list just shown, narrowed by what follows it."""

import pytest
from conversation import Talker


@pytest.mark.parametrize(
    ("first", "then", "ids"),
    [
        ("我们局有哪些任务", "工程里面的单独列", ["三（二）3", "三（四）1"]),
        ("我们局有哪些任务", "只留牵头的，其余不要", ["二（三）3", "三（四）1"]),
        ("我们局有哪些任务", "去掉牵头的", ["二（五）2", "三（二）3"]),
        ("我们局有哪些任务", "把牵头的剔出去", ["二（五）2", "三（二）3"]),
        ("我们局有哪些任务", "2026年底前的有哪些", ["三（四）1"]),
        ("我们局有哪些任务", "其中有卫健局的留下", ["三（二）3", "三（四）1"]),
        (
            "县科技局有哪些任务",
            "只要牵头的",
            ["二（二）3", "三（一）1", "三（一）2", "三（四）3"],
        ),
        ("产业工人行动有哪些任务", "里面有我们局的是哪几条", ["二（三）3"]),
        ("产业工人行动有哪些任务", "有县委宣传部的", ["二（三）1"]),
    ],
)
def test_the_list_shown_is_narrowed(
    talk_as: Talker, first: str, then: str, ids: list[str]
) -> None:
    talk = talk_as("县应急管理局")
    before = len(talk.says(first).tasks)

    reply = talk.says(then)

    assert [task.id for task in reply.tasks] == ids
    assert f"刚才的 {before} 项中" in reply.text


def test_a_list_with_nothing_that_fits_is_told_so(talk_as: Talker) -> None:
    talk = talk_as("县应急管理局")
    talk.says("我们局有哪些任务")

    assert "没有符合的任务" in talk.says("只留有团县委的").text


@pytest.mark.parametrize(
    "then",
    [
        "换成县科协，也只要牵头的",
        "科技馆里面有食堂吗",
        "剩下的经费怎么花",
        "里面谁牵头",
    ],
)
def test_another_question_narrows_nothing(talk_as: Talker, then: str) -> None:
    talk = talk_as("县应急管理局")
    talk.says("我们局有哪些任务")

    assert "刚才的" not in talk.says(then).text


def test_without_a_list_nothing_is_narrowed(talk_as: Talker) -> None:
    assert "刚才的" not in talk_as("县应急管理局").says("只留牵头的").text
