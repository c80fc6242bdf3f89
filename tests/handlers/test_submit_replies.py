"""What is said of a report in reply to any message of ours is heard as said alone."""

import pytest
from report_office import ReportOffice, at

from bot.model import SubmissionState

State = SubmissionState
GROUP = "-1001"


@pytest.fixture
async def nudged(office: ReportOffice) -> ReportOffice:
    """Give an office whose liaison 7 and their group were nudged on 16 December."""
    await office.liaison()
    await office.group()
    await office.duty()
    await office.round(at(12, 16))
    await office.goes_out()
    office.door.now = at(12, 16, 15)
    return office


async def second_duty(office: ReportOffice) -> None:
    await office.duty(what="科普日活动情况", key="科普日", month=12, day_of_month=28)


@pytest.mark.parametrize("chat", ["", GROUP])
@pytest.mark.parametrize(
    ("words", "state"),
    [
        ("已报", State.CLAIMED),
        ("我们交了", State.CLAIMED),
        ("昨天发你们邮箱了", State.CLAIMED),
        ("下周一交", State.PROMISED),
        ("还没报", State.OPEN),
        ("机构改革后这项不归我们了", State.DISPUTED),
    ],
)
async def test_in_reply_to_an_answer_it_is_entered_as_it_is_meant(
    nudged: ReportOffice, words: str, state: State, chat: str
) -> None:
    answer = await nudged.door.says("7", words, chat=chat, about="555")

    assert await nudged.state() is state
    assert answer.startswith(("已记", "好的", "已转办公室"))


@pytest.mark.parametrize(
    "words",
    ["收到", "第1个详细点", "我们负责哪些任务", "报给谁", "全年总结啥时候交", "1"],
)
async def test_in_reply_to_an_answer_a_question_stays_one(
    nudged: ReportOffice, words: str
) -> None:
    answer = await nudged.door.says("7", words, about="555")

    assert await nudged.state() is State.OPEN
    assert not answer.startswith(("已记", "好的", "请问是哪", "还没有登记"))


async def test_in_reply_to_an_answer_which_of_two_is_asked(
    nudged: ReportOffice,
) -> None:
    await second_duty(nudged)

    assert "请问是哪一项" in await nudged.door.says("7", "已报", about="555")
    assert "已记" in await nudged.door.says("7", "1")


async def test_what_a_notice_of_another_matter_is_answered_is_asked_back(
    nudged: ReportOffice,
) -> None:
    await nudged.door.tell("7", text="科普日活动请报名单", remote_id="555")

    asked = await nudged.door.says("7", "已报", about="555")

    assert "2026年全年落实情况是否已经报送" in asked
    assert await nudged.state() is State.OPEN
    assert "已记" in await nudged.door.says("7", "是")
    assert await nudged.state() is State.CLAIMED


async def test_a_day_told_to_a_notice_of_another_matter_is_asked_back(
    nudged: ReportOffice,
) -> None:
    await nudged.door.tell("7", text="科普日活动请报名单", remote_id="555")

    asked = await nudged.door.says("7", "下周一交", about="555")

    assert "请问是哪一项" in asked
    assert await nudged.state() is State.OPEN
    assert "12月21日" in await nudged.door.says("7", "1")


async def test_before_others_it_is_asked_back_in_private(nudged: ReportOffice) -> None:
    await nudged.door.tell(GROUP, text="科普日活动请报名单", remote_id="555")

    answer = await nudged.door.says("7", "已报", chat=GROUP, about="555")

    assert "请私聊我确认" in answer
    assert await nudged.state() is State.OPEN
