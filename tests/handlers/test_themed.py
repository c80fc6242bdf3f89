"""Tasks that have to do with a group, a place or a matter."""

import pytest
from conversation import Talker


def test_what_has_to_do_with_a_theme_is_listed_for_all(talk_as: Talker) -> None:
    reply = talk_as("县卫生健康局").says("跟医生有关的条目有哪几条")

    assert len(reply.tasks) > 2
    assert "按“医生”找到的任务" in reply.text


def test_it_is_narrowed_to_whoever_is_named(talk_as: Talker) -> None:
    ours = talk_as("县教育局").says("我们局和学校沾边的工作列一下")
    theirs = talk_as("县教育局").says("县科协跟学校有关的工作列一下")

    assert {task.id for task in ours.tasks} <= {
        *("二（一）1", "二（一）2", "二（一）3", "二（一）4", "二（四）3")
    }
    assert len(ours.tasks) > 2
    assert {task.id for task in theirs.tasks} == {"二（一）2", "二（一）3", "二（四）3"}
    assert "县科协在" in theirs.text


@pytest.mark.parametrize(
    "question",
    [
        "跟彩票有关的任务有哪些",
        "跟学校有关的任务谁牵头",
        "和我们局有关的传闻是真的吗",
        "跟拆迁款有关的条目都列出来",
    ],
)
def test_no_list_is_given_of_what_the_plan_lacks(
    talk_as: Talker, question: str
) -> None:
    assert "找到的任务" not in talk_as("县教育局").says(question).text
