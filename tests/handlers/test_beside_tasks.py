"""Matters settled outside the tasks, asked for in words that the plan does not use."""

import pytest
from conversation import Talker


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("分管领导换了人，这事要往上说吗", "人员变动的及时告知领导小组办公室"),
        ("到时候会不会把各镇排个座次", "不作排名通报"),
        ("天天让摆拍，这也算成绩？", "不以留痕多少"),
        ("我们单位还用另外印一个通知吗", "一般不再单独制发文件"),
        ("科普经费能拿去发奖金不", "不得用于购置车辆"),
        ("谁要是走过场会有人说吗", "及时提醒纠正"),
        ("同一个数别让我们来回填行不行", "同一数据不重复索要"),
        ("遇上两家踢皮球怎么解决", "由领导小组办公室牵头会商"),
        ("老板想赞助点东西，行吗", "捐资、捐物、共建"),
        ("活动能外包出去不", "政府购买服务方式"),
        ("以后会不会查账", "接受审计"),
        ("新点子搞砸了会不会挨骂", "多帮助、少指责"),
        ("“镇街道”说的是几个镇、几个街道", "9个镇和3个街道"),
        ("报的材料五页会不会太长", "不超过两页纸"),
    ],
)
def test_what_the_plan_settles_is_quoted(
    talk_as: Talker, question: str, words: str
) -> None:
    reply = talk_as("县科协").says(question)

    assert words in reply.text
    assert "文件写明" in reply.text
    assert reply.tasks == ()


@pytest.mark.parametrize(
    "question", ["哪个镇排名第一", "上次排名公布了吗", "经费给了多少", "招标开始了吗"]
)
def test_what_has_become_of_it_is_not_told(talk_as: Talker, question: str) -> None:
    assert "文件写明" not in talk_as("县科协").says(question).text
