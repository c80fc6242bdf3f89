"""Quantities that a question names, in dialogues."""

import pytest
from conversation import Talker


@pytest.mark.parametrize(
    ("question", "clause", "words"),
    [
        ("知识产权公开课几期", "二（三）4", "6 期"),
        ("市级科普基地要几家", "三（三）2", "20家"),
        ("村传习点先建多少个", "二（二）1", "30 个"),
        ("工匠一年评几个", "二（三）1", "10名"),
        ("联合演练每年搞几次", "三（四）1", "2次"),
        ("讲师团规模", "二（四）3", "30人"),
        ("银发讲师团一年讲多少场", "二（四）3", "40场"),
        ("校外实践次数", "二（一）4", "2 次"),
        ("特派员多久巡诊一回", "二（二）3", "每季度"),
        ("科技馆有几个展区", "三（三）1", "三个特色展区"),
        ("科技馆面积", "三（三）1", "6000平方米"),
    ],
)
def test_the_measure_that_is_named_is_quoted(
    talk_as: Talker, question: str, clause: str, words: str
) -> None:
    reply = talk_as("县科协").says(question)

    assert [task.id for task in reply.tasks] == [clause]
    assert words in reply.text


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("人均经费几块钱", "人均科普经费不低于 3 元"),
        ("素质指标几个点", "16.5%"),
        ("全县素质比例终期目标", "20%以上"),
        ("领导小组一年开几次会", "两次会议"),
        ("到2025年公民科学素质比例多少", "文件未写明2025年的目标"),
    ],
)
def test_what_the_whole_plan_is_to_reach_is_quoted(
    talk_as: Talker, question: str, words: str
) -> None:
    reply = talk_as("县科协").says(question)

    assert words in reply.text
    assert reply.tasks == ()


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("2028年公民科学素质达到多少", "到 2028 年，全县公民具备科学素质的比例"),
        ("农村居民达到多少", "到 2030 年，这一比例力争达到20%以上，其中农村居民"),
    ],
)
def test_no_year_stands_beside_a_figure_that_does_not_name_it(
    talk_as: Talker, question: str, first: str
) -> None:
    told = talk_as("县科协").says(question).text

    assert told.startswith(f"文件写明：“{first}")
    assert "（到20" not in told
    assert told.count("农村居民达到") == 1


@pytest.mark.parametrize("question", ["全县有多少规上企业", "特派员有几个"])
def test_what_is_counted_must_be_what_is_asked(talk_as: Talker, question: str) -> None:
    reply = talk_as("县科协").says(question)

    assert "未写明现有数量" in reply.text
    assert reply.tasks == ()


@pytest.mark.parametrize(
    ("question", "clause", "words"),
    [
        ("5000人次培训什么时候完成", "二（四）1", "到2028年"),
        ("志愿者3000人到哪一年", "三（四）2", "到2030年"),
        ("谣言出来多久要辟谣", "三（二）3", "48 小时内"),
        ("辟谣多少小时内 24？48？", "三（二）3", "48 小时内"),
        ("地里遭了冻害多久要到现场", "二（二）3", "24小时内"),
        ("20家基地哪年完成", "三（三）2", "到2030年"),
    ],
)
def test_the_time_of_a_figure_is_told_in_the_words_of_the_plan(
    talk_as: Talker, question: str, clause: str, words: str
) -> None:
    reply = talk_as("县科协").says(question)

    assert [task.id for task in reply.tasks] == [clause]
    assert words in reply.text


@pytest.mark.parametrize(
    ("asked", "is_other"),
    [
        ("老师要培训几次", True),
        ("培训老年人多少人次", False),
        ("教师培训多少次", True),
        ("教师培训多少人次", False),
    ],
)
def test_a_figure_of_other_people_is_only_near(
    talk_as: Talker, asked: str, is_other: bool
) -> None:
    told = talk_as("县应急管理局").says(asked).text

    assert ("相近内容" in told) is is_other
    assert "人次" in told
