"""Answers are called useful or wrong; what was not found is put into a queue."""

import pytest
from front_door import OWN, FrontDoor
from sqlalchemy import select

from bot import feedback
from bot.messages import Reply
from bot.model import AuditEntry, Feedback, FeedbackKind, FeedbackState, Role

ASKS = "手机课堂谁来办"
UNKNOWN = "科普大篷车司机叫什么"


async def rows(door: FrontDoor) -> list[Feedback]:
    found = await door.session.scalars(
        select(Feedback).order_by(Feedback.id).execution_options(populate_existing=True)
    )
    return list(found)


async def reply_to(door: FrontDoor, who: str, words: str, **more: str) -> Reply:
    reply = await door.hear(door.letter(who, words, **more))
    assert reply
    return reply


async def labels(door: FrontDoor, who: str, words: str, **more: str) -> list[str]:
    return [one.label for one in (await reply_to(door, who, words, **more)).buttons]


async def test_an_answer_in_a_direct_chat_may_be_rated(door: FrontDoor) -> None:
    assert (await labels(door, "7", ASKS))[-2:] == ["有用", "有误"]


@pytest.mark.parametrize("words", ["您好", "谢谢", "帮助", "县科协牵头哪些任务"])
async def test_small_talk_and_lists_are_not(door: FrontDoor, words: str) -> None:
    assert "有误" not in await labels(door, "7", words)


async def test_nothing_is_rated_in_a_group(door: FrontDoor) -> None:
    assert "有误" not in await labels(door, "7", ASKS, chat="-1001")

    await door.says_in_group("7", "有误")
    assert await rows(door) == []


async def test_what_is_wrong_goes_to_the_queue_with_its_clause(door: FrontDoor) -> None:
    await door.bound("7", "王敏")
    await door.says("7", ASKS)

    assert "已记下" in await door.says("7", "有误：牵头单位变了")

    (row,) = await rows(door)
    assert (row.kind, row.question, row.words) == (
        FeedbackKind.WRONG,
        ASKS,
        "牵头单位变了",
    )
    assert row.clauses == ("二（四）1",)
    assert row.plan_key == "澄政字〔2026〕18号"
    query = select(AuditEntry).where(AuditEntry.event == "query.feedback")
    (entry,) = (await door.session.scalars(query)).all()
    assert (entry.actor, entry.about) == ("王敏", f"feedback:{row.id}")


@pytest.mark.parametrize("words", ["牵头单位写错了", "责任单位不对", "这条文号有误"])
async def test_what_is_wrong_needs_no_form(door: FrontDoor, words: str) -> None:
    await door.bound("7", "王敏")
    await door.says("7", ASKS)

    assert "已记下" in await door.says("7", words)
    assert [one.words for one in await rows(door)] == [words]


async def test_a_fault_of_no_answer_asks_for_a_question_first(door: FrontDoor) -> None:
    await door.bound("7", "王敏")

    assert "请先提问" in await door.says("7", "有误：牵头单位写错了")
    assert await rows(door) == []


async def test_equal_ones_are_counted(door: FrontDoor) -> None:
    for who, why in (
        ("7", "有误"),
        ("8", "有误：甲"),
        ("9", "有误，乙"),
        ("5", "有误：甲"),
    ):
        await door.says(who, ASKS)
        await door.says(who, why)

    (row,) = await rows(door)
    assert (row.times, row.words) == (4, "乙\n甲")


async def test_useful_ones_are_no_work_for_the_office(door: FrontDoor) -> None:
    await door.says("7", ASKS)

    assert await door.says("7", "有用") == "已记下，谢谢您的反馈。"
    assert await feedback.count_open(door.session) == 0
    assert [one.kind for one in await rows(door)] == [FeedbackKind.USEFUL]


async def test_a_press_is_thanked_for_without_a_message(door: FrontDoor) -> None:
    await door.says("7", ASKS)

    reply = await reply_to(door, "7", "有误", press="p1")

    assert (reply.text, reply.press) == ("", "p1")
    assert reply.aside.startswith("已记下")


@pytest.mark.parametrize("words", ["有误", "有用", "转办公室"])
async def test_without_an_answer_there_is_nothing_to_rate(
    door: FrontDoor, words: str
) -> None:
    await door.says("7", words)

    assert [one.kind for one in await rows(door)] in ([], [FeedbackKind.UNANSWERED])


async def test_a_question_without_an_answer_is_queued_and_counted(
    door: FrontDoor,
) -> None:
    for who in "789":
        assert "未" in await door.says(who, UNKNOWN)

    (row,) = await rows(door)
    assert (row.kind, row.times, row.question) == (
        FeedbackKind.UNANSWERED,
        3,
        UNKNOWN,
    )


async def test_who_is_known_may_hand_a_question_to_the_office(door: FrontDoor) -> None:
    await door.bound("7", "王敏", OWN)

    assert "转办公室" in await labels(door, "7", UNKNOWN)
    assert "已转办公室" in await door.says("7", "转办公室")

    (row,) = await rows(door)
    assert (row.times, row.words) == (2, "转办公室")


async def test_a_stranger_is_asked_to_bind_first(door: FrontDoor) -> None:
    assert "转办公室" not in await labels(door, "7", UNKNOWN)
    assert "绑定" in await door.says("7", "转办公室")


async def test_what_the_office_dismissed_stays_so(door: FrontDoor) -> None:
    await door.bound("1", "李主任", "县科协", Role.ADMIN)
    await door.says("7", UNKNOWN)
    (row,) = await rows(door)

    await door.says("1", f"不处理 {row.id}")
    await door.says("7", UNKNOWN)

    (row,) = await rows(door)
    assert (row.state, row.times) == (FeedbackState.DISMISSED, 2)
