"""Tasks found by what they are about, refusals and offers, in dialogues."""

import pytest
from conversation import Talker

from handlers import INTENTS


@pytest.mark.parametrize(
    ("question", "clause"),
    [
        ("手机课堂谁来办", "二（四）1"),
        ("科学副校长", "二（一）2"),
        ("kexue fuxiaozhang", "二（一）2"),
        ("科學闢謠", "三（二）3"),
        ("科学僻谣", "三（二）3"),
        ("村规民约", "二（二）4"),
    ],
)
def test_a_task_is_found_by_its_topic(
    talk_as: Talker, question: str, clause: str
) -> None:
    reply = talk_as("").says(question)

    assert reply.tasks[0].id == clause
    assert "澄政字〔2026〕18号" in reply.text


def test_who_leads_quotes_the_annotation(talk_as: Talker) -> None:
    reply = talk_as("").says("科学辟谣谁牵头")

    assert "牵头单位：县委宣传部" in reply.text
    assert "原文：“（县委宣传部牵头，" in reply.text


def test_no_lead_is_named_where_the_plan_names_none(talk_as: Talker) -> None:
    reply = talk_as("").says("乡土专家培育谁牵头")

    assert "未标注牵头单位" in reply.text
    assert "牵头单位：" not in reply.text


@pytest.mark.parametrize(
    "question",
    [
        "今天天气怎么样",
        "讲个笑话",
        "手机课堂怎么报名",
        "培训农民补贴多少钱",
        "科技馆几点开门",
        "县教育局局长是谁",
        "去年培训了多少人",
        "社区居民行动有哪些任务",
        "公安局负责什么",
    ],
)
def test_what_the_plan_does_not_hold_is_refused(talk_as: Talker, question: str) -> None:
    reply = talk_as("县科协").says(question)

    assert reply.tasks == ()
    assert len(reply.text.splitlines()) <= 3


def test_a_task_of_others_is_not_given_as_ours(talk_as: Talker) -> None:
    reply = talk_as("县总工会").says("手机课堂是我们负责吗")

    assert reply.text.startswith("不是。")
    assert reply.tasks == ()


def test_every_intent_has_its_own_name() -> None:
    names = [intent.name for intent in INTENTS]

    assert len(set(names)) == len(names)


@pytest.mark.parametrize("example", [i.example for i in INTENTS if i.example])
def test_every_example_of_the_help_is_answered(talk_as: Talker, example: str) -> None:
    person = talk_as("县科协")
    person.says("青少年行动有哪些任务")

    reply = person.says(example)

    assert "未查到" not in reply.text
    assert reply.text


@pytest.mark.parametrize("words", ["", "   ", "？", "。。。", "a", "1" * 5000, "\x00"])
def test_odd_messages_get_an_answer(talk_as: Talker, words: str) -> None:
    assert talk_as("").says(words).text


def test_help_lists_examples_in_six_lines(talk_as: Talker) -> None:
    reply = talk_as("").says("帮助")

    assert "我们负责哪些任务" in reply.text
    assert len(reply.text.splitlines()) <= 6


def test_a_fact_that_the_plan_does_tell_is_quoted_though_its_kind_is_rare(
    talk_as: Talker,
) -> None:
    reply = talk_as("县科协").says("科学节收参赛费用吗")

    assert "严禁向学生和家长收取参赛费用" in reply.text
    assert [task.id for task in reply.tasks] == ["二（一）3"]


def test_a_deadline_that_is_not_written_counts_as_not_found(talk_as: Talker) -> None:
    reply = talk_as("县科协").says("村规民约什么时候完成")

    assert "未写明该项任务的完成时限" in reply.text
    assert reply.tasks == ()


def test_the_words_of_division_are_quoted_only_where_they_stand(
    talk_as: Talker,
) -> None:
    divided = talk_as("").says("乡土专家培育谁牵头").text
    labelled = talk_as("").says("创建科普教育基地谁牵头").text

    assert "只写“按职责分工负责”" in divided
    assert "按职责分工负责" not in labelled
    assert "未标注牵头单位" in labelled
