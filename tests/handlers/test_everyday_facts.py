"""Facts of one task, asked for in the words of everyday and several at once."""

import pytest
from conversation import Talker


@pytest.mark.parametrize(
    ("question", "clause", "words"),
    [
        ("我听隔壁老陈讲的，那个科技馆往后要不要买门票进", "三（三）1", "免费开放"),
        ("封建迷信那些陋习，我们一年要讲几场", "二（二）4", "不少于4场"),
        ("科普教育基地要弄够二十家是哪一年", "三（三）2", "到2030年"),
        ("科技馆收不收门票，面积多大，谁来牵头", "三（三）1", "6000"),
        ("科普小站是街道一家搞还是几家一起", "三（三）3", "各镇街道"),
        ("传习点的管理员谁当", "二（二）1", "兼任管理员"),
        ("银发讲师团的课谁来排期", "二（四）3", "领导小组办公室统一排期"),
        ("干部学科学一年按排几回", "二（五）1", "不少于 2 次"),
        ("科普短视频那件事里我们是什么角色", "三（二）2", "县科协"),
    ],
)
def test_the_task_tells_it(
    talk_as: Talker, question: str, clause: str, words: str
) -> None:
    reply = talk_as("县科协").says(question)

    assert [task.id for task in reply.tasks][:1] == [clause]
    assert words in reply.text


def test_an_offer_of_one_task_shows_its_wording_and_owners(talk_as: Talker) -> None:
    reply = talk_as("县应急管理局").says("我局演练的指标都有啥，企业那边又是多久一次")

    assert "您是不是想问：〔二（三）3〕" in reply.text
    assert "每季度至少开展 1 次应急演练" in reply.text
    assert "牵头单位：县应急管理局" in reply.text


@pytest.mark.parametrize(
    "question",
    ["科技特派员一个月补贴多少，谁发", "志愿者开会误餐补助标准是多少，一年几次"],
)
def test_what_the_task_does_not_tell_stays_refused(
    talk_as: Talker, question: str
) -> None:
    assert "未写明" in talk_as("县科协").says(question).text
