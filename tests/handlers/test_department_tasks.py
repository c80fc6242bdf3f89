"""Lists of tasks, in dialogues."""

import pytest
from conversation import Talker

OURS = ["二（三）3", "二（五）2", "三（二）3", "三（四）1"]


def test_our_tasks_are_listed_with_clause_and_number(talk_as: Talker) -> None:
    reply = talk_as("县应急管理局").says("我们负责哪些任务")

    assert [task.id for task in reply.tasks] == OURS
    assert reply.text.startswith("县应急管理局在《")
    assert "澄政字〔2026〕18号" in reply.text
    assert "推进企业安全生产科普〔二（三）3〕" in reply.text
    assert len(reply.text.splitlines()) <= 6


@pytest.mark.parametrize(
    ("question", "ids"),
    [
        ("我们牵头的有哪些", ["二（三）3", "三（四）1"]),
        ("我们配合的任务", ["三（二）3"]),
        ("我们的任务里牵头的有哪些", ["二（三）3", "三（四）1"]),
        ("团县委的任务里牵头的有哪些", ["三（四）2"]),
        ("我们的工作当中配合的有哪些", ["三（二）3"]),
        ("我们有数字指标吗", ["二（三）3", "二（五）2", "三（二）3", "三（四）1"]),
        ("我们和卫健局一起的任务", ["三（二）3", "三（四）1"]),
        ("应急局有哪些任务", OURS),
        ("融媒体中心有哪些任务", []),
        ("我们在产业工人行动里有几项", ["二（三）3"]),
    ],
)
def test_the_list_is_exactly_what_was_asked(
    talk_as: Talker, question: str, ids: list[str]
) -> None:
    reply = talk_as("县应急管理局").says(question)

    assert [task.id for task in reply.tasks] == ids


def test_pages_go_on_and_end(talk_as: Talker) -> None:
    person = talk_as("县科协")

    first = person.says("我们负责哪些任务")
    second = person.says("下一页")
    person.says("下一页")
    person.says("下一页")
    last = person.says("下一页")

    assert "1. " in first.text
    assert "5. " in second.text
    assert "1. " not in second.text.split("\n")[1]
    assert last.text == "已经是最后一页。"


def test_a_stranger_is_told_how_to_ask(talk_as: Talker) -> None:
    assert "还不知道您是哪个单位" in talk_as("").says("我们负责哪些任务").text


def test_a_department_that_the_plan_does_not_name_gets_none(talk_as: Talker) -> None:
    reply = talk_as("县民政局").says("我们有什么任务")

    assert reply.tasks == ()
    assert "没有点名县民政局" in reply.text


def test_a_department_in_sound_alike_spelling_is_said_to_be_understood_so(
    talk_as: Talker,
) -> None:
    reply = talk_as("县科协").says("卫建局的任务")

    assert reply.text.startswith("您是否想查“县卫生健康局”？")
    assert len(reply.tasks) == 5


def test_generated_numbers_are_called_so(talk_as: Talker) -> None:
    reply = talk_as("县科技局").says("开放共享工程有哪些任务")

    assert [task.id for task in reply.tasks] == ["三（一）1", "三（一）2", "三（一）3"]
    assert "系统编序" in reply.text


def test_a_chapter_names_its_sections(talk_as: Talker) -> None:
    reply = talk_as("县科协").says("重点工程有哪些")

    assert "〔三（一）〕科技资源开放共享工程（3 项）" in reply.text


def test_all_figures_are_quoted(talk_as: Talker) -> None:
    reply = talk_as("县总工会").says("我们有数字指标吗")

    for words in ("10名左右", "8 场以上", "3000人"):
        assert words in reply.text


def test_tasks_that_are_not_ours_are_those_that_do_not_name_us(talk_as: Talker) -> None:
    reply = talk_as("县应急管理局").says("不归我们的任务有哪些")

    assert len(reply.tasks) == 30 - len(OURS)
    assert not {task.id for task in reply.tasks} & set(OURS)


def test_a_town_sees_what_is_for_all_towns_and_is_sent_to_the_roster(
    talk_as: Talker,
) -> None:
    reply = talk_as("清溪街道").says("我们街道要干哪些")

    assert "面向“各镇街道”的任务" in reply.text
    assert "以办公室名册为准" in reply.text
    assert "二（二）1" in [task.id for task in reply.tasks]


def test_tasks_due_by_a_day_are_listed(talk_as: Talker) -> None:
    reply = talk_as("县科协").says("哪些任务2026年底前要完成")

    assert [task.id for task in reply.tasks] == ["二（二）1", "三（二）1", "三（四）1"]


def test_the_document_s_spelling_of_our_name_is_told(talk_as: Talker) -> None:
    reply = talk_as("县卫健委").says("我们负责哪些任务")

    assert "文件原文写作“县卫生健康局”" in reply.text
    assert len(reply.tasks) == 5


@pytest.mark.parametrize("name", ["文旅居", "文旅句", "文驴局", "wenlvju"])
def test_an_office_typed_by_its_sound_is_found(talk_as: Talker, name: str) -> None:
    reply = talk_as("县科协").says(f"{name}的任务")

    assert [task.id for task in reply.tasks][-1] == "三（三）2"
    assert "县文化和旅游局" in reply.text.splitlines()[0]


def test_a_department_known_by_its_sound_is_asked_back_with_the_list(
    talk_as: Talker,
) -> None:
    reply = talk_as("县科协").says("文驴局的任务")

    assert reply.text.startswith("您是否想查“县文化和旅游局”？")
    assert "共 4 项" in reply.text
    assert "查询" not in reply.text
    assert reply.buttons[-1].label == "不是"
    assert len(reply.text.splitlines()) <= 6


@pytest.mark.parametrize("name", ["文旅局", "wenlvju"])
def test_a_name_written_on_purpose_is_not_asked_back(
    talk_as: Talker, name: str
) -> None:
    assert "您是否想查" not in talk_as("县科协").says(f"{name}的任务").text


def test_how_a_name_in_letters_was_understood_is_said(talk_as: Talker) -> None:
    reply = talk_as("县科协").says("wenlvju的任务")

    assert reply.text.startswith("“wenlvju”按“县文化和旅游局”查询：")


def test_where_no_task_is_such_as_is_wished_for_those_that_there_are_are_listed(
    talk_as: Talker,
) -> None:
    reply = talk_as("县科协").says("县工业和信息化局牵头的任务有哪些")

    assert (
        "县工业和信息化局没有牵头（含独家负责）的任务；牵头或参与的任务共" in reply.text
    )
    assert [task.id for task in reply.tasks][:2] == ["二（三）2", "二（三）3"]


def test_who_asks_what_he_shares_with_another_is_told_that_it_is_nothing(
    talk_as: Talker,
) -> None:
    reply = talk_as("县总工会").says("我们和县文化和旅游局共同的任务有哪些")

    assert "没有共同的任务。" in reply.text
    assert reply.tasks == ()
