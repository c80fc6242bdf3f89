"""Long messages, as people dictate them: the question stands in a part of them."""

import pytest
from conversation import Talker


@pytest.mark.parametrize(
    ("message", "clause"),
    [
        (
            "刚才接访来了个大姐讲她娘眼睛不好说给老人上课的教材要用大字还要讲方言"
            "我当时答不上来你给我找找在哪一条",
            "二（四）1",
        ),
        (
            "老王在群里跟我抬杠他讲粉尘涉爆有限空间作业请专家上门体检是他们牵头我不信",
            "二（三）3",
        ),
        ("饭都没吃完书记就追着我说古窑址气象站申报基地到底哪家来管", "三（三）2"),
    ],
)
def test_the_task_is_found_in_what_is_told_around_it(
    talk_as: Talker, message: str, clause: str
) -> None:
    reply = talk_as("").says(message)

    assert [task.id for task in reply.tasks][:1] == [clause]


@pytest.mark.parametrize(
    "message",
    [
        "昨天饭桌上老李跟我吵了半天说他家小孩婚宴的钱该谁掏我不服气你给评评理",
        "书记刚才追着我问高速路口堵车到底哪家来管我急得很",
        "老王在群里跟我抬杠说水电费涨价是他们牵头我不信",
    ],
)
def test_a_tale_of_something_else_is_refused(talk_as: Talker, message: str) -> None:
    reply = talk_as("").says(message)

    assert not reply.tasks
    assert "未查到" in reply.text or "无关" in reply.text or "未写明" in reply.text
