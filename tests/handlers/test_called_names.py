"""Departments are understood as people call them, and it is said how."""

import pytest
from conversation import Talker

EMERGENCY = ["二（三）3", "二（五）2", "三（二）3", "三（四）1"]
MARKET = ["二（三）4", "三（二）3"]
PUBLICITY = [
    "二（二）4",
    "二（三）1",
    "二（五）3",
    "三（二）1",
    "三（二）2",
    "三（二）3",
]
TOWNS = ["二（二）1", "二（二）3", "二（二）4", "二（四）1", "三（三）3", "三（四）2"]


@pytest.mark.parametrize(
    ("question", "told", "ids"),
    [
        ("应急那边的任务列一下", "“应急那边”按“县应急管理局”查询", EMERGENCY),
        ("安监局有哪些任务", "“安监局”按“县应急管理局”查询", EMERGENCY),
        ("安监的任务有几条", "“安监”按“县应急管理局”查询", EMERGENCY),
        ("工商局要干哪些事", "“工商局”按", MARKET),
        ("宣传口的任务全部发我", "“宣传口”按“县委宣传部”查询", PUBLICITY),
        ("选传部有哪些任务", "您是否想查“县委宣传部”？", PUBLICITY),
        ("知产局那一家的任务", "县市场监督管理局（县知识产权局）在", MARKET),
    ],
)
def test_it_is_said_how_a_name_was_understood(
    talk_as: Talker, question: str, told: str, ids: list[str]
) -> None:
    reply = talk_as("县科协").says(question)

    assert reply.text.startswith(told)
    assert [task.id for task in reply.tasks] == ids


def test_a_present_name_in_other_words_is_not_remarked_upon(talk_as: Talker) -> None:
    reply = talk_as("县科协").says("旅游局有哪些任务")

    assert reply.text.startswith("县文化和旅游局在")


def test_departments_said_without_a_gap_are_told_apart(talk_as: Talker) -> None:
    reply = talk_as("县科协").says("工会 人社 两家都有的任务")

    assert [task.id for task in reply.tasks] == ["二（三）2"]


def test_who_stand_in_one_task_share_it(talk_as: Talker) -> None:
    reply = talk_as("县科协").says("组织部 应急 两家同一条里的")

    assert [task.id for task in reply.tasks] == ["二（五）2"]


@pytest.mark.parametrize(
    ("department", "question", "ids"),
    [
        ("各镇街道", "镇上要做的有哪些", TOWNS),
        ("各镇街道", "乡里的任务", TOWNS),
        ("各镇街道", "乡里要干的都有些么子事", TOWNS),
        ("县应急管理局", "局里牵头的两件大事是哪两件", ["二（三）3", "三（四）1"]),
        ("县应急管理局", "额们局有些啥任务", EMERGENCY),
        ("县委宣传部", "部里的任务有哪些", PUBLICITY),
        ("县应急管理局", "局里有哪些任务", EMERGENCY),
    ],
)
def test_who_speaks_of_his_own_house_means_his_department(
    talk_as: Talker, department: str, question: str, ids: list[str]
) -> None:
    reply = talk_as(department).says(question)

    assert [task.id for task in reply.tasks] == ids


@pytest.mark.parametrize("question", ["镇上的老人怎么学手机", "会里的任务"])
def test_the_house_of_others_is_not_theirs(talk_as: Talker, question: str) -> None:
    reply = talk_as("县应急管理局").says(question)

    assert "县应急管理局在" not in reply.text


@pytest.mark.parametrize(
    "question", ["民政 城管 有任务没", "民政、城管两家的任务", "民政那边有没有任务"]
)
def test_departments_that_the_plan_lacks_are_told_so(
    talk_as: Talker, question: str
) -> None:
    reply = talk_as("县科协").says(question)

    assert "没有点名民政" in reply.text
    assert not reply.tasks


def test_towns_are_meant_by_who_shares_a_task_with_them(talk_as: Talker) -> None:
    reply = talk_as("县委宣传部").says("我们跟镇上一起搞的有哪些")

    assert [task.id for task in reply.tasks] == ["二（二）4"]


@pytest.mark.parametrize(
    ("question", "ids"),
    [
        ("应急局打电话来催了两回，他们的任务列给我", EMERGENCY),
        ("应急那边打了个电话过来问要做哪些任务", EMERGENCY),
    ],
)
def test_who_has_called_is_no_wish_for_a_number(
    talk_as: Talker, question: str, ids: list[str]
) -> None:
    reply = talk_as("县科协").says(question)

    assert [task.id for task in reply.tasks] == ids


def test_a_number_is_given_to_who_wants_to_call(talk_as: Talker) -> None:
    reply = talk_as("县教育局").says("有人打电话来问谁接，联系电话是多少")

    assert "5550126" in reply.text
