"""Kinds of fact that a plan seldom holds: refused, or quoted where it does."""

import pytest
from conversation import Talker


@pytest.mark.parametrize(
    "question",
    [
        "特派员一个月补贴多少",
        "比武一等奖奖金多少",
        "科技馆投资多少",
        "乡土专家怎么申报",
        "手机课堂报名二维码",
        "短视频投稿邮箱",
        "科技馆周一开门吗",
        "科技馆几点开门",
        "比武在哪里比",
        "辟谣专家库都有谁",
        "科学副校长都是谁",
        "县科协主席姓什么",
        "现在注册用户有多少",
        "上届科普日来了多少人",
        "哪个镇排名第一",
        "机器人比赛规则",
        "推演脚本给我",
        "总结有没有模板",
        "不配副校长会处罚吗",
        "隔壁清河县怎么做",
        "为什么科技馆不建在城里",
        "你觉得任务重吗",
        "今年主题是什么",
        "我们局一共有几个科室",
        "你们单位有几个部门",
        "教育局有多少个科室",
        "我们局内部哪个科室负责",
    ],
)
def test_a_fact_that_the_plan_does_not_hold_is_refused(
    talk_as: Talker, question: str
) -> None:
    reply = talk_as("县科协").says(question)

    assert reply.tasks == ()
    assert "文件写明" not in reply.text


@pytest.mark.parametrize(
    ("question", "clause", "words"),
    [
        ("科技馆收费吗", "三（三）1", "免费开放"),
        ("科学节能收报名费吗", "二（一）3", "严禁"),
        ("两年不搞活动的基地怎么办", "三（三）2", "摘牌"),
        ("科技馆建在哪", "三（三）1", "丝绸厂旧址"),
        ("入选工匠有什么待遇", "二（三）1", "疗休养"),
        ("贫困学生要交费吗", "二（一）4", "应免尽免"),
        ("科技馆什么时候开馆", "三（三）1", "2028 年 10 月底前"),
        ("科技馆什么时候开门", "三（三）1", "2028 年 10 月底前"),
        ("科技馆哪年能开馆", "三（三）1", "2028 年 10 月底前"),
        ("科普小站什么时候开门", "三（三）3", "错时开放"),
        ("应急科普预案什么时候出来", "三（四）1", "2026年9月底前"),
    ],
)
def test_where_the_plan_does_tell_it_the_sentence_is_quoted(
    talk_as: Talker, question: str, clause: str, words: str
) -> None:
    reply = talk_as("县科协").says(question)

    assert [task.id for task in reply.tasks] == [clause]
    assert words in reply.text


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("会不会排名通报", "不作排名通报"),
        ("组长由谁担任", "县政府分管负责同志任组长"),
        ("报送材料要写几页", "不超过两页纸"),
        ("一共有几个镇", "全县9个镇和3个街道"),
        ("全县有多少个街道？", "全县9个镇和3个街道"),
        ("一共有几个镇街道", "全县9个镇和3个街道"),
        ("有多少个社区", "未写明社区的数量"),
        ("全县有几个村", "未写明村的数量"),
    ],
)
def test_what_stands_outside_the_tasks_is_quoted_too(
    talk_as: Talker, question: str, words: str
) -> None:
    assert words in talk_as("县科协").says(question).text


def test_the_fact_is_looked_for_in_the_task_just_spoken_of(talk_as: Talker) -> None:
    person = talk_as("县科协")
    person.says("建设县科技馆的原文")

    assert "免费开放" in person.says("门票多少").text
