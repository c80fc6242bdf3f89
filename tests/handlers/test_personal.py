"""What is asked about a person: telephone numbers are not given, offices' are."""

import pytest
from conversation import Talker


@pytest.mark.parametrize(
    "question",
    [
        "王敏的电话",
        "王敏电话多少",
        "王敏的手机号是多少？",
        "欧阳明的联系方式",
        "李科长怎么联系",
        "怎么联系王敏",
        "张局长手机号多少",
        "教育局联络员的电话",
        "联络员电话是多少",
        "查一下王敏的微信",
        "请问张老师的电话号码",
    ],
)
def test_the_number_of_a_person_is_not_given(talk_as: Talker, question: str) -> None:
    told = talk_as("县科协").says(question).text

    assert told.startswith("个人的电话和联系方式不在此提供，需要请联系办公室。")
    assert "文件所列联系单位：县科协，电话 5550126。" in told


@pytest.mark.parametrize(
    "question",
    [
        "联系电话是多少",
        "办公室电话",
        "县科协的电话",
        "应急管理局电话多少",
        "金沙镇的电话",
        "怎么联系你们",
        "联系方式",
        "咨询电话是多少",
        "高新区的联系电话是多少",
        "文件上的电话",
    ],
)
def test_the_number_of_an_office_is_no_persons(talk_as: Talker, question: str) -> None:
    assert "个人的电话" not in talk_as("县科协").says(question).text
