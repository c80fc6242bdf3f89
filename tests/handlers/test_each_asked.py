"""Lists of several departments: each by itself, and each in a role of its own."""

import pytest
from conversation import Talker

UNIONS = ["二（三）1", "二（三）2", "三（四）2"]
WELFARE = ["二（二）2", "二（三）2", "三（一）3"]


@pytest.mark.parametrize(
    "question",
    [
        "总工会的、人社局的，一家一份，马上要",
        "总工会的任务和人社局的任务都列给我",
        "把总工会和人社局的任务一起发给我",
        "总工会和人社局都有哪些任务",
        "总工会人社局两家的都要，分开列",
        "总工会和人社局各有什么任务",
    ],
)
def test_the_tasks_of_each_are_given(talk_as: Talker, question: str) -> None:
    reply = talk_as("县科协").says(question)

    given = [task.id for task in reply.tasks]
    assert given == [*UNIONS, *(one for one in WELFARE if one not in UNIONS)]
    assert "县总工会牵头或参与的 3 项（第 1—3 项）" in reply.text
    assert "县人力资源和社会保障局牵头或参与的 3 项（第 2、4—5 项）" in reply.text


def test_each_is_given_in_the_role_said_of_it(talk_as: Talker) -> None:
    reply = talk_as("县应急管理局").says("我们牵头的和科协配合的，两样都列出来")

    text = reply.text
    assert [task.id for task in reply.tasks][:2] == ["二（三）3", "三（四）1"]
    assert "县应急管理局牵头（含独家负责）的 2 项（第 1—2 项）" in text
    assert "县科协参与配合的" in text


def test_what_is_shared_with_each_is_told_apart(talk_as: Talker) -> None:
    reply = talk_as("县人力资源和社会保障局").says(
        "跟总工会一起的是哪条，跟科技局一起的又是哪条"
    )

    assert [task.id for task in reply.tasks] == ["二（三）2", "三（一）3"]


def test_whoever_says_with_whom_means_himself_too(talk_as: Talker) -> None:
    reply = talk_as("县科技局").says("跟市监局、工信局三家凑一块的有哪些")

    assert [task.id for task in reply.tasks] == ["二（三）4"]


def test_what_two_lead_and_no_third_does_is_led_by_both(talk_as: Talker) -> None:
    reply = talk_as("县科协").says("我们和卫健局两家牵头、没有第三家的有哪几项")

    assert [task.id for task in reply.tasks] == ["二（四）1"]


def test_it_is_told_who_has_the_most_tasks(talk_as: Talker) -> None:
    text = talk_as("县科协").says("教育局、应急局、卫健局里头任务最多的是谁").text

    assert "县教育局 5 项" in text
    assert "县应急管理局 4 项" in text


def test_where_nothing_is_shared_the_tasks_of_each_are_given(talk_as: Talker) -> None:
    reply = talk_as("县科协").says("团县委、应急局的任务")

    assert "没有几家共同的任务" in reply.text
    assert len(reply.tasks) == 9


@pytest.mark.parametrize(
    ("asker", "question", "ids"),
    [
        ("县应急管理局", "宣传部牵头、又写着我们的是哪几条", ["三（二）3"]),
        ("县应急管理局", "宣传部牵头的里面，带我们应急局的有哪些", ["三（二）3"]),
        ("县应急管理局", "宣传部领着我们干的是哪条", ["三（二）3"]),
        ("县科协", "配合组织部的任务有哪些", ["二（四）3", "二（五）1"]),
        ("县科协", "我们给组织部打下手的是哪几条", ["二（四）3", "二（五）1"]),
        ("县科协", "总工会牵头、团县委配合的有哪些", ["二（三）1"]),
    ],
)
def test_each_has_a_role_of_its_own(
    talk_as: Talker, asker: str, question: str, ids: list[str]
) -> None:
    assert [task.id for task in talk_as(asker).says(question).tasks] == ids


@pytest.mark.parametrize(
    ("asker", "question", "ids"),
    [
        ("县文化和旅游局", "科协不在里面的，我们局还有哪几项", ["二（一）4"]),
        ("县教育局", "除掉跟科协一起的，我们还剩哪几条", ["二（一）1", "二（一）4"]),
        ("县教育局", "我局跟科协不搭界的是哪几条", ["二（一）1", "二（一）4"]),
        ("县教育局", "科协没参与的，我们局有哪几条", ["二（一）1", "二（一）4"]),
        ("县科协", "农民行动那一块里没有农业局的是哪条", ["二（二）4"]),
    ],
)
def test_what_somebody_has_no_part_in_is_left_out(
    talk_as: Talker, asker: str, question: str, ids: list[str]
) -> None:
    assert [task.id for task in talk_as(asker).says(question).tasks] == ids


def test_what_anyone_does_alone_is_listed_of_all(talk_as: Talker) -> None:
    reply = talk_as("县科协").says("全县有哪几项是一家单干的")

    given = [task.id for task in reply.tasks]
    assert given == ["二（一）1", "二（四）2", "三（一）2", "三（三）3"]


@pytest.mark.parametrize(
    "question",
    [
        "科技馆是我们牵头还是文旅局牵头",
        "配合卫健局吃饭的有几个人",
    ],
)
def test_no_list_is_given_where_one_thing_is_asked(
    talk_as: Talker, question: str
) -> None:
    assert len(talk_as("县应急管理局").says(question).tasks) < 2
