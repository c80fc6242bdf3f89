"""Two plans in force at once, a plan that is replaced, and faults of our own."""

import pytest
from conversation import Conversation
from msgspec.structs import replace

from bot.departments import Departments
from bot.model import Plan, PlanStatus, Role
from bot.plans.finding.thesaurus import Thesaurus
from bot.plans.reading.parse import parse_plan
from bot.plans.register import columns_of
from bot.plans.shelf import Shelf
from bot.source import Line
from handlers.desk import Desk
from handlers.intent import Asker

FLOODS = """
云水政办发〔2026〕7号
云水县人民政府办公室关于印发云水县防汛工作实施方案的通知
云水县人民政府办公室
2026年3月2日
（此件公开发布）
云水县防汛工作实施方案
一、重点任务
（一）加固堤坝。汛期前完成险段加固。（县水务局牵头，县应急局配合）组织抢险演练3次。（县应急局牵头）
（二）储备物资。备足编织袋2万条。（责任单位：县应急局、县水务局）
二、保障措施
各责任单位于每年5月10日前将防汛准备情况报县应急局。
本方案自印发之日起施行，有效期至2028年6月30日。
"""
FOREST = """
云水政办发〔2026〕9号
云水县人民政府办公室关于印发云水县森林防火实施方案的通知
云水县人民政府办公室
2026年4月8日
（此件公开发布）
云水县森林防火实施方案
一、重点任务
（一）加强巡山护林。春节前后开展巡山。（县林业局牵头，县应急局配合）
（二）宣传防火知识。组织宣讲10场。（县委宣传部负责）
二、保障措施
各责任单位每季度末将工作情况报县林业局。
"""


def _plan(number: int, text: str, departments: Departments) -> Plan:
    lines = [Line(row, at) for at, row in enumerate(text.strip().split("\n"), start=1)]
    draft = parse_plan(lines, departments=departments)
    status = PlanStatus.IN_FORCE
    columns = columns_of(draft)
    plan = Plan(id=number, version=1, status=status, source_name="", **columns)
    for place, task in enumerate(plan.tasks):
        task.id, task.plan_id = number * 100 + place, number
    return plan


@pytest.fixture
def person(departments: Departments) -> Conversation:
    plans = [_plan(1, FLOODS, departments), _plan(2, FOREST, departments)]
    shelf = Shelf(Thesaurus)
    shelf.hold(plans)
    asker = Asker(department="县应急局", role=Role.LIAISON)
    return Conversation(Desk(shelf, departments), asker)


def test_our_tasks_of_all_plans_are_listed_with_their_documents(
    person: Conversation,
) -> None:
    reply = person.says("我们负责哪些任务")

    assert [(task.doc, task.id) for task in reply.tasks] == [
        ("云水政办发〔2026〕7号", "一（一）"),
        ("云水政办发〔2026〕7号", "一（二）"),
        ("云水政办发〔2026〕9号", "一（一）"),
    ]
    assert "〔云水政办发〔2026〕9号 一（一）〕" in reply.text


def test_the_lead_of_a_second_annotation_counts(person: Conversation) -> None:
    reply = person.says("我们牵头哪些任务")

    assert [task.title for task in reply.tasks] == ["加固堤坝"]


def test_each_plan_tells_its_own_dates_with_its_source(person: Conversation) -> None:
    lines = person.says("报送时限是什么时候").text.split("\n")

    assert lines[0].startswith("云水政办发〔2026〕7号 二：每年5月10日前")
    assert lines[1].startswith("云水政办发〔2026〕9号：未写明报送时限")


def test_no_english_rhythm_reaches_a_person(person: Conversation) -> None:
    assert "quarterly" not in person.says("情况报给谁").text


def test_a_clause_of_both_plans_is_asked_back(person: Conversation) -> None:
    reply = person.says("一（一）原文")

    assert reply.text.startswith("几份文件都有这一条")
    assert len(reply.tasks) == 2


def test_the_last_day_of_validity_is_told_exactly(person: Conversation) -> None:
    assert "至2028年6月30日" in person.says("方案有效期到什么时候").text


def test_the_words_of_division_are_not_put_into_a_plan_without_them(
    departments: Departments,
) -> None:
    shelf = Shelf(Thesaurus)
    bare = FLOODS.replace("县水务局牵头，县应急局配合", "责任单位：县水务局、县应急局")
    shelf.hold([_plan(1, bare.replace("（县应急局牵头）", ""), departments)])
    person = Conversation(
        Desk(shelf, departments), Asker(department="县应急局", role=Role.LIAISON)
    )

    text = person.says("哪些是我们牵头").text

    assert "未标注牵头单位" in text
    assert "按职责分工负责" not in text


def test_a_list_of_a_replaced_plan_is_not_mistaken(person: Conversation) -> None:
    person.says("我们负责哪些任务")
    person.talk = replace(person.talk, shown=(9001, 9002))

    assert "已有新版本" in person.says("下一页").text
    assert "已有新版本" in person.says("那谁牵头").text
    assert "已有新版本" in person.says("第1个").text


def test_a_fault_of_ours_is_told_as_an_apology(
    person: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Shelf, "search", lambda *_, **__: 1 / 0)

    assert person.says("加固险段").text.startswith("抱歉")
