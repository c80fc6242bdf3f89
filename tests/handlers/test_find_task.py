"""Tasks found by what they are about, refusals and offers, in dialogues."""

import pytest
from conversation import NOON, Talker

from bot.departments import Departments
from bot.messages import Reply
from bot.model import Plan, PlanStatus, Talk
from bot.plans.finding.thesaurus import Thesaurus
from bot.plans.reading.parse import parse_plan
from bot.plans.register import columns_of
from bot.plans.shelf import Shelf
from bot.source import Line
from handlers import INTENTS
from handlers.desk import Desk
from handlers.intent import Asker

NEIGHBOUR = """
雾山政发〔2026〕5号
雾山县人民政府关于印发雾山县全民科学素质行动实施方案的通知
雾山县人民政府
2026年3月2日
（此件公开发布）
雾山县全民科学素质行动实施方案
一、重点任务
（一）建设天文台。在北坡建设天文台。（县科协负责）
（二）擦亮“雾山科普”。开展品牌活动。（县科协负责）
（三）开展馆校合作行动。组织学生走进场馆。（县教育局负责）
"""


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


def test_a_word_of_asking_inside_a_name_is_part_of_the_name(talk_as: Talker) -> None:
    reply = talk_as("").says("结成课程共同体是哪条")

    assert reply.tasks[0].id == "二（一）1"


def test_where_none_is_clearly_meant_at_most_three_are_offered(
    talk_as: Talker,
) -> None:
    person = talk_as("县科协")

    offered = person.says("机关里参加活动的")
    chosen = person.says("2")

    assert "您是不是想问" in offered.text
    assert [button.label for button in offered.buttons] == ["1", "2", "3"]
    assert chosen.tasks[0].id == "二（五）3"


@pytest.fixture
def beside_neighbour(desk: Desk, departments: Departments) -> Desk:
    """A desk that knows the sample plan and another county's."""
    rows = enumerate(NEIGHBOUR.strip().split("\n"), start=1)
    lines = [Line(row, at) for at, row in rows]
    columns = columns_of(parse_plan(lines, departments=departments))
    other = Plan(
        id=77, version=1, status=PlanStatus.IN_FORCE, source_name="", **columns
    )
    for place, task in enumerate(other.tasks):
        task.id, task.plan_id = 7700 + place, 77
    shelf = Shelf(Thesaurus)
    shelf.hold([*desk.shelf.plans, other])
    return Desk(shelf, departments)


def about_the_sample(desk: Desk, words: str) -> Reply:
    sample = desk.shelf.plans[0]
    return desk.answer(
        words, asker=Asker(), talk=Talk(), at=NOON, plans=(sample,)
    ).reply


@pytest.mark.parametrize("question", ["建设天文台谁负责", "雾山科普品牌谁擦亮"])
def test_what_another_county_plans_is_not_ours(
    beside_neighbour: Desk, question: str
) -> None:
    assert about_the_sample(beside_neighbour, question).tasks == ()


def test_beside_other_plans_an_offer_counts_as_found(beside_neighbour: Desk) -> None:
    reply = about_the_sample(beside_neighbour, "机关里参加活动的")

    assert "您是不是想问" in reply.text
    assert "二（五）3" in [task.id for task in reply.tasks]


@pytest.mark.parametrize(
    ("question", "found"),
    [("馆校和作行动谁负责", "一（三）"), ("馆企和作行动谁负责", "")],
)
def test_the_name_of_an_action_may_be_written_as_it_sounds(
    beside_neighbour: Desk, question: str, found: str
) -> None:
    neighbour = beside_neighbour.shelf.plans[1]

    reply = beside_neighbour.answer(
        question, asker=Asker(), talk=Talk(), at=NOON, plans=(neighbour,)
    ).reply

    assert [task.id for task in reply.tasks][:1] == ([found] if found else [])


@pytest.mark.parametrize("question", ["残疾人那部分有几条", "渔民科学素质板块哪些任务"])
def test_of_a_part_that_the_plan_lacks_no_task_is_offered(
    talk_as: Talker, question: str
) -> None:
    reply = talk_as("县科协").says(question)

    assert "未查到" in reply.text
    assert "〔" not in reply.text.replace("〔2026〕", "")
