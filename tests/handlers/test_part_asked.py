"""What a long message wants to know of one task, and what is mended of its beliefs."""

import pytest
from conversation import Talker


@pytest.mark.parametrize(
    ("message", "told"),
    [
        (
            "昨天下午碰头会上吵起来了水利局的人讲桌面推演是应急局一家的事我说不清楚"
            "到底是不是组织部牵头",
            "县委组织部：负责。",
        ),
        (
            "书记非说新科技馆是我们挑头我记得绿色低碳设计那个楼不是我们牵头啊",
            "该项任务未列县总工会。",
        ),
        (
            "志愿小队给人买保险落实误餐这块我跟团县委讲不清楚总工会到底算不算牵头",
            "县总工会：负责，不是牵头。",
        ),
    ],
)
def test_each_department_named_hears_its_part(
    talk_as: Talker, message: str, told: str
) -> None:
    reply = talk_as("县总工会").says(message)

    assert told in reply.text
    assert len(reply.tasks) == 1
    assert "原文：“（" in reply.text


def test_a_time_told_by_the_way_is_no_question_for_a_timetable(talk_as: Talker) -> None:
    reply = talk_as("").says(
        "昨天晚上巡查回来都快十点了还有人问我粉尘涉爆的厂子请专家上门到底是哪家牵头"
    )

    assert reply.tasks[0].id == "二（三）3"
    assert "牵头单位：县应急管理局" in reply.text


def test_whoever_asks_for_several_facts_is_told_the_whole_task(
    talk_as: Talker,
) -> None:
    reply = talk_as("").says(
        "群里催得急我就想弄明白社区那个错时开放的科普小站到哪一年建成一共多少个哪家负责"
    )

    assert "到2028年建成60个" in reply.text
    assert "各镇街道" in reply.text


def test_a_fact_of_a_kind_that_is_told_in_the_part_is_quoted(talk_as: Talker) -> None:
    reply = talk_as("").says(
        "有个奶奶堵着门问她们楼下居民轮流当站长的科普小站周末开不开门我答不上来"
    )

    assert "周末和晚间不打烊" in reply.text


@pytest.mark.parametrize(
    "message",
    [
        "我表弟昨天去应聘打电话问我新科技馆专业讲解员一个月多少工资谁发",
        "家长堵着门问我校园科学节评委老师叫什么名字我答不上来急得很",
    ],
)
def test_what_no_plan_tells_is_refused_in_a_tale_as_well(
    talk_as: Talker, message: str
) -> None:
    assert "未写明" in talk_as("").says(message).text


def test_a_fact_beside_the_owner_is_told_with_the_whole_task(talk_as: Talker) -> None:
    reply = talk_as("").says(
        "茶园的人打听报基地的事问到我这儿来了这归谁管两年没搞活动的会不会处理"
    )

    assert "予以摘牌" in reply.text
    assert "县科协、县文化和旅游局" in reply.text


def test_two_facts_of_one_task_are_both_told(talk_as: Talker) -> None:
    reply = talk_as("").says("乡土专家认定多少名，谁负责")

    assert "120" in reply.text
    assert "县农业农村局" in reply.text


def test_each_of_two_departments_hears_its_part(talk_as: Talker) -> None:
    reply = talk_as("县科协").says("厂区匠心讲堂是我们还是县教育局")

    assert "未列县科协" in reply.text
    assert "未列县教育局" in reply.text
    assert "牵头单位：县总工会" in reply.text


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ("各镇有快有慢年底到底排不排名书记天天惦记", "不作排名通报"),
        ("年中交上去的那份材料页数有没有讲究", "一般不超过两页纸"),
    ],
)
def test_a_passage_that_has_the_word_asked_for_is_quoted(
    talk_as: Talker, message: str, told: str
) -> None:
    assert told in talk_as("").says(message).text
