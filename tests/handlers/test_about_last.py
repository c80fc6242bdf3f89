"""What leans on the task spoken of last and names words of its own."""

import pytest
from conversation import Talker


@pytest.mark.parametrize(
    ("before", "question", "words"),
    [
        ("手机课堂是哪一条", "那课后是哪个去回访", "课后由网格员回访"),
        ("科普教育基地是哪一条", "这里头动态管理讲的是个什么", "予以摘牌"),
        ("社区科普小站归谁管", "那到底弄到哪一年为止", "到2028年建成60个"),
        ("科普志愿服务队伍是哪条", "ddl呢", "2030年"),
        ("科普志愿服务队伍是哪条", "那咱们在里头算个什么角色", "团县委"),
        ("农民培训一年多少人", "跟哪个单位一块弄", "县人力资源和社会保障局"),
    ],
)
def test_the_task_spoken_of_last_is_asked_further(
    talk_as: Talker, before: str, question: str, words: str
) -> None:
    person = talk_as("县总工会")
    person.says(before)

    assert words in person.says(question).text


def test_a_task_of_the_list_just_shown_is_meant_by_its_name(talk_as: Talker) -> None:
    person = talk_as("县总工会")
    person.says("我们牵头的有哪些")

    assert "〔二（三）2〕" in person.says("比武那个念给我听").text


def test_whether_we_lead_or_help_in_it_is_told(talk_as: Talker) -> None:
    person = talk_as("县农业农村局")
    person.says("科技特派员谁管")

    assert "配合" in person.says("俺局在里头算牵头还是配合").text


def test_another_department_takes_the_place_of_the_one_asked_about(
    talk_as: Talker,
) -> None:
    person = talk_as("县科协")
    person.says("文旅局牵头哪些任务")
    reply = person.says("换成卫健的")

    assert "二（四）2" in [task.id for task in reply.tasks]


def test_another_matter_is_looked_for_anew(talk_as: Talker) -> None:
    person = talk_as("县科协")
    person.says("手机课堂是哪一条")

    assert "手机" not in person.says("那核桃专家认定呢").text


def test_a_task_asked_about_by_its_name_again_is_told_as_before(
    talk_as: Talker,
) -> None:
    person = talk_as("县总工会")
    before = person.says("应急科普谁牵头")

    assert person.says("应急科普谁牵头").text == before.text


@pytest.mark.parametrize(
    "question",
    ["那谁请客", "谁给我修手机", "那谁付钱", "买单的是谁", "那谁陪我去医院"],
)
def test_who_does_what_the_task_does_not_speak_of_is_refused(
    talk_as: Talker, question: str
) -> None:
    person = talk_as("县总工会")
    person.says("手机课堂谁来办")
    reply = person.says(question)

    assert "未写明" in reply.text
    assert reply.tasks == ()


@pytest.mark.parametrize(
    "question", ["那谁配合", "谁来教", "跟谁一起弄", "谁来管这个事", "谁打理", "谁干的"]
)
def test_who_does_the_task_is_told_however_it_is_said(
    talk_as: Talker, question: str
) -> None:
    person = talk_as("县总工会")
    person.says("手机课堂谁来办")

    assert "牵头单位：县科协" in person.says(question).text


def test_who_does_what_no_task_of_the_list_speaks_of_is_refused(
    talk_as: Talker,
) -> None:
    person = talk_as("县科技局")
    person.says("我们牵头的有哪些")

    assert "未写明谁请客" in person.says("那谁请客").text
