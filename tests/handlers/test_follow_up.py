"""What leans on what was said before, in dialogues."""

import pytest
from conversation import Conversation, Talker

from bot.model import Talk


def test_the_second_item_of_a_list_is_shown_whole(talk_as: Talker) -> None:
    person = talk_as("县应急管理局")
    person.says("我们负责哪些任务")

    reply = person.says("第二个详细说说")

    assert [task.id for task in reply.tasks] == ["二（五）2"]
    assert "原文：“建立重大事项专家咨询制度" in reply.text


def test_a_bare_number_opens_an_item(talk_as: Talker) -> None:
    person = talk_as("县应急管理局")
    person.says("我们负责哪些任务")

    assert [task.id for task in person.says("3").tasks] == ["三（二）3"]


def test_a_number_beyond_the_list_is_told(talk_as: Talker) -> None:
    person = talk_as("县应急管理局")
    person.says("我们负责哪些任务")

    assert "清单只有 4 项" in person.says("9").text


def test_who_leads_it_is_about_the_task_just_spoken_of(talk_as: Talker) -> None:
    person = talk_as("县文化和旅游局")
    person.says("建设县科技馆的原文")

    reply = person.says("那谁牵头")

    assert "牵头单位：县科协" in reply.text
    assert "配合：县文化和旅游局" in reply.text


def test_who_leads_after_a_list_names_the_leads_of_each(talk_as: Talker) -> None:
    person = talk_as("县科协")
    person.says("青少年行动有哪些任务")

    reply = person.says("那谁牵头")

    assert "〔二（一）3〕：县科协" in reply.text


def test_another_department_is_put_into_the_same_question(talk_as: Talker) -> None:
    person = talk_as("县科协")
    person.says("总工会牵头哪些任务")

    reply = person.says("那团县委呢")

    assert [task.id for task in reply.tasks] == ["三（四）2"]


def test_the_list_just_shown_is_narrowed(talk_as: Talker) -> None:
    person = talk_as("县教育局")
    person.says("我们负责哪些任务")

    reply = person.says("其中牵头的是哪几项")

    assert [task.id for task in reply.tasks] == ["二（一）1", "二（一）2"]


def test_the_other_report_is_meant(talk_as: Talker) -> None:
    person = talk_as("县总工会")
    person.says("上半年总结什么时候报")

    assert "1月10日" in person.says("那全年的呢").text


def test_yes_asks_what_was_offered(talk_as: Talker) -> None:
    person = talk_as("县科协")
    person.talk = Talk(offered="原文", task_id=_id_of(person, "二（四）1"))

    assert [task.id for task in person.says("是").tasks] == ["二（四）1"]


def test_an_offer_is_over_once_something_else_is_said(talk_as: Talker) -> None:
    person = talk_as("县科协")
    person.talk = Talk(offered="原文", task_id=_id_of(person, "二（四）1"))
    person.says("联系电话是多少")

    assert person.says("好的").tasks == ()


def _id_of(person: Conversation, clause: str) -> int:
    (plan,) = person.desk.shelf.plans
    return next(task.id for task in plan.tasks if task.clause == clause)


def test_a_clause_is_quoted(talk_as: Talker) -> None:
    reply = talk_as("").says("二(四)1 原文")

    assert [task.id for task in reply.tasks] == ["二（四）1"]
    assert "开设手机课堂" in reply.text


def test_whether_the_task_just_spoken_of_is_ours(talk_as: Talker) -> None:
    ours, others = talk_as("县应急管理局"), talk_as("县总工会")
    ours.says("健全科学辟谣联动机制")
    others.says("健全科学辟谣联动机制")

    assert ours.says("这项归我们吗").text.startswith("是。县应急管理局")
    assert ours.says("我们是牵头吗").text.startswith("不是牵头。")
    assert others.says("跟我们有关系吗").text.startswith("不是。")


def test_the_next_item_follows_the_one_just_opened(talk_as: Talker) -> None:
    person = talk_as("县应急管理局")
    person.says("我们负责哪些任务")
    person.says("第2个")

    assert [task.id for task in person.says("下一个").tasks] == ["三（二）3"]
    assert [task.id for task in person.says("上一个").tasks] == ["二（五）2"]


def test_a_number_without_a_list_is_asked_back(talk_as: Talker) -> None:
    assert "请先让我列出清单" in talk_as("县科协").says("第3个").text


def test_an_item_is_counted_from_the_end(talk_as: Talker) -> None:
    person = talk_as("县科协")
    person.says("青少年行动有哪些任务")

    assert [task.id for task in person.says("倒数第二条讲讲").tasks] == ["二（一）3"]


def test_how_many_is_asked_of_the_list_just_shown(talk_as: Talker) -> None:
    person = talk_as("县应急管理局")
    person.says("我们负责哪些任务")

    assert "共 4 项" in person.says("有几项").text


def test_the_figures_of_one_item_of_a_list_are_told(talk_as: Talker) -> None:
    person = talk_as("县科协")
    person.says("农民行动有哪些任务")

    reply = person.says("第二条有数字指标吗")

    assert [task.id for task in reply.tasks] == ["二（二）2"]
    assert "500人次" in reply.text


@pytest.mark.parametrize(
    "words", ["1 2 3", "1、2、3", "1，3", "第1和第3个", "1 3项", "1-3", "第一、第二个"]
)
def test_of_several_numbers_the_first_is_shown_and_that_is_said(
    talk_as: Talker, words: str
) -> None:
    person = talk_as("县应急管理局")
    whole = person.says("我们负责哪些任务")

    reply = person.says(words)

    assert reply.text.startswith("一次看一项，先看第 1 项，其余请逐个回复序号。\n")
    assert [task.id for task in reply.tasks] == [whole.tasks[0].id]
    assert len(reply.text.split("\n")) <= 6


def test_several_numbers_without_a_list_are_no_item(talk_as: Talker) -> None:
    assert "请先让我列出清单" in talk_as("县应急管理局").says("1 2 3").text


def test_a_number_that_the_list_lacks_is_not_hidden_by_others(talk_as: Talker) -> None:
    person = talk_as("县应急管理局")
    person.says("我们负责哪些任务")

    assert "清单只有 4 项" in person.says("9 1").text


@pytest.mark.parametrize(
    "words", ["什么时候报送", "几号上报", "什么时候提交材料", "半年报什么时候交"]
)
def test_when_to_report_is_no_matter_of_the_list_before(
    talk_as: Talker, words: str
) -> None:
    person = talk_as("县教育局")
    person.says("我们负责哪些任务")

    assert "7月10日前" in person.says(words).text


@pytest.mark.parametrize(
    "words",
    [
        "教育局交了吗",
        "教育局报了没",
        "县教育局报送了吗",
        "教育局上报了没有",
        "教育局交没交",
    ],
)
def test_whether_others_have_reported_is_no_matter_of_the_task_before(
    talk_as: Talker, words: str
) -> None:
    person = talk_as("县应急管理局")
    person.says("科学课归谁管")

    told = person.says(words).text

    assert told == "报送情况仅对本单位联络员和办公室开放。需要请联系办公室。"


def test_whether_we_have_reported_is_not_whether_the_task_is_ours(
    talk_as: Talker,
) -> None:
    person = talk_as("县教育局")
    person.says("科学课归谁管")

    assert "负责单位" not in person.says("我们交了吗").text


@pytest.mark.parametrize("asked", ["科技馆啥时候建好", "科技馆什么时候建成"])
def test_a_question_that_names_another_thing_does_not_lean_on_the_last_task(
    talk_as: Talker, asked: str
) -> None:
    person = talk_as("县应急管理局")
    person.says("手机课堂谁管")

    assert "2028年10月底前" in person.says(asked).text.replace(" ", "")


@pytest.mark.parametrize(
    ("asked", "is_told"),
    [
        ("要培训几次", False),
        ("办几场比赛", False),
        ("培训多少人次", True),
        ("多少人次", True),
        ("配备率多少", True),
        ("有哪些数字指标", True),
        ("这项任务有几个指标", True),
    ],
)
def test_a_figure_that_the_last_task_has_not_is_told_to_be_missing(
    talk_as: Talker, asked: str, is_told: bool
) -> None:
    person = talk_as("县教育局")
    person.says("科技辅导员培训")

    told = person.says(asked).text

    assert ("文件未写明" not in told) is is_told


def test_a_question_about_other_people_does_not_lean_on_the_last_task(
    talk_as: Talker,
) -> None:
    person = talk_as("县应急管理局")
    person.says("科技馆啥时候建好")

    answer = person.says("老师要培训几次")

    assert "6000" not in answer.text
    assert answer.text.startswith("文件未写明所问人群的数字")


def test_what_leans_on_a_named_department_keeps_all_of_its_own_words(
    talk_as: Talker,
) -> None:
    person = talk_as("县应急管理局")
    person.says("应急局所有任务")

    answer = person.says("去掉牵头的")

    assert [task.id for task in answer.tasks] == ["二（五）2", "三（二）3"]
