"""The office reads the queue and makes lines and golden questions of it."""

import pytest
from front_door import OWN, FrontDoor
from sqlalchemy import select

from bot import feedback
from bot.feedback import Said
from bot.model import Feedback, FeedbackKind, FeedbackState, GoldenQuestion, Role

WRONG, UNANSWERED = FeedbackKind.WRONG, FeedbackKind.UNANSWERED


@pytest.fixture
async def queue(door: FrontDoor) -> FrontDoor:
    """Give an office with an admin and seven questions in the queue."""
    await door.bound("1", "李主任", "县科协", Role.ADMIN)
    for number in range(7):
        kind = WRONG if number == 3 else UNANSWERED
        said = Said(kind=kind, question=f"第{number}个问题", clauses=())
        for _ in range(1 + number // 2):
            await feedback.note(door.session, said, at=door.now)
    return door


async def row_of(door: FrontDoor, question: str) -> Feedback:
    query = select(Feedback).where(Feedback.question == question)
    return (
        await door.session.scalars(query.execution_options(populate_existing=True))
    ).one()


async def test_the_most_frequent_come_first_then_the_worst(queue: FrontDoor) -> None:
    head, *lines, advice = (await queue.says("1", "反馈")).split("\n")

    assert head == "待处理反馈 7 条，第 1/2 页："
    shown = [line.split()[-1] for line in lines]
    assert shown == ["第6个问题", "第4个问题", "第5个问题", "第3个问题"]
    assert "详情" in advice


async def test_the_next_page_is_a_press_away(queue: FrontDoor) -> None:
    reply = await queue.hear(queue.letter("1", "反馈"))
    assert reply
    (button,) = reply.buttons

    second = await queue.says("1", button.says)

    assert "第 2/2 页" in second
    assert second.count("×") == 3


async def test_details_tell_who_asked(queue: FrontDoor) -> None:
    await queue.bound("7", "王敏", OWN)
    await queue.says("7", "手机课堂谁来办")
    await queue.says("7", "有误：不是县科协")
    row = await row_of(queue, "手机课堂谁来办")

    told = await queue.says("1", f"反馈 {row.id}")

    assert f"第 {row.id} 号 有误，共 1 次" in told
    assert "说明：不是县科协" in told
    assert f"来自：{OWN} 王敏" in told
    assert len(told.split("\n")) <= 6


@pytest.mark.parametrize(
    "words", ["反馈", "反馈 1", "近义 防骗=诈骗", "不处理 1", "金题 1 一"]
)
async def test_only_the_office_reads_it_and_not_in_a_group(
    queue: FrontDoor, words: str
) -> None:
    await queue.bound("7", "王敏")

    assert "权限" in await queue.says("7", words)
    assert "私聊" in await queue.says_in_group("1", words)


async def test_a_line_of_the_thesaurus_settles_a_question(queue: FrontDoor) -> None:
    row = await row_of(queue, "第6个问题")

    told = await queue.says("1", f"近义 {row.id} 乌卒卒=智能设备")

    assert "已加近义" in told
    assert await feedback.thesaurus_lines(queue.session) == {"乌卒卒": ("智能设备",)}
    row = await row_of(queue, "第6个问题")
    assert (row.state, row.settled_by) == (FeedbackState.THESAURUS, "李主任")


async def test_a_settled_question_that_is_asked_again_is_open_again(
    queue: FrontDoor,
) -> None:
    row = await row_of(queue, "第6个问题")
    await queue.says("1", f"近义 {row.id} 乌卒卒=智能设备")
    said = Said(kind=UNANSWERED, question="第6个问题")

    await feedback.note(queue.session, said, at=queue.now)

    assert (await row_of(queue, "第6个问题")).state is FeedbackState.OPEN


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("=智能设备", "请写成"),
        ("网=智能设备", "2 至 12"),
        ("一二三四五六七八九十一二三=智能设备", "2 至 12"),
        ("智能设备=智能设备", "同一个词"),
        ("乌卒卒=呜啦啦", "加了也查不到"),
        ("乌,卒=智能设备", "标点"),
        ("乌卒卒=", "没有加过"),
    ],
)
async def test_a_bad_line_is_refused_with_its_reason(
    queue: FrontDoor, line: str, why: str
) -> None:
    assert why in await queue.says("1", f"近义 {line}")
    assert await feedback.thesaurus_lines(queue.session) == {}


async def test_a_line_may_be_taken_out_again(queue: FrontDoor) -> None:
    await queue.says("1", "近义 乌卒卒=智能设备")

    assert "已去掉" in await queue.says("1", "近义 乌卒卒=")
    assert await feedback.thesaurus_lines(queue.session) == {}


async def test_a_question_becomes_a_golden_one(queue: FrontDoor) -> None:
    row = await row_of(queue, "第5个问题")

    told = await queue.says("1", f"金题 {row.id} 二(四)1 县应急局")

    assert "已设金题" in told
    golden = (await queue.session.scalars(select(GoldenQuestion))).one()
    assert golden.clauses == ("二（四）1",)
    assert golden.department == OWN
    assert (await row_of(queue, "第5个问题")).state is FeedbackState.GOLDEN


@pytest.mark.parametrize("words", ["取消金题 {}", "金题 {} 取消", "删除金题{}"])
async def test_a_golden_question_may_be_taken_out_again(
    queue: FrontDoor, words: str
) -> None:
    row = await row_of(queue, "第5个问题")
    await queue.says("1", f"金题 {row.id} 二(四)1")

    assert "已取消金题" in await queue.says("1", words.format(row.id))
    assert (await queue.session.scalars(select(GoldenQuestion))).all() == []
    assert (await row_of(queue, "第5个问题")).state is FeedbackState.OPEN
    assert (await queue.events())[-1] == "golden.removed"
    assert "没有设过金题" in await queue.says("1", words.format(row.id))


@pytest.mark.parametrize(
    ("words", "why"),
    [("九（九）9", "没有“九（九）9”这一条"), ("二（四）1 县某某局", "也不是它的单位")],
)
async def test_a_golden_question_needs_a_clause_that_is_there(
    queue: FrontDoor, words: str, why: str
) -> None:
    row = await row_of(queue, "第5个问题")

    assert why in await queue.says("1", f"金题 {row.id} {words}")
    assert (await row_of(queue, "第5个问题")).state is FeedbackState.OPEN


@pytest.mark.parametrize(
    "words",
    [
        " 澄政字〔2026〕18号 二（四）1",
        " 澄政字[2026]18号二(四)1",
        " 18号 二（四）1 县应急局",
        "：二（四）1",
    ],
)
async def test_a_golden_question_may_name_its_document(
    queue: FrontDoor, words: str
) -> None:
    row = await row_of(queue, "第5个问题")

    assert "应答" in await queue.says("1", f"金题 {row.id}{words}")
    golden = (await queue.session.scalars(select(GoldenQuestion))).one()
    assert golden.clauses == ("二（四）1",)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (" 澄政字〔2026〕99号 二（四）1", "没有在用的方案是“澄政字〔2026〕99号”"),
        ("", "请写明条款"),
        (" 四（三）", "不是任务的条款"),
    ],
)
async def test_what_is_wrong_with_it_is_told(
    queue: FrontDoor, words: str, why: str
) -> None:
    row = await row_of(queue, "第5个问题")

    assert why in await queue.says("1", f"金题 {row.id}{words}")


@pytest.mark.parametrize("question", ["1", "第2个", "第三项详细说说", "下一页", "？"])
async def test_what_leans_on_a_talk_is_no_golden_question(
    queue: FrontDoor, question: str
) -> None:
    said = Said(kind=UNANSWERED, question=question)
    number = await feedback.note(queue.session, said, at=queue.now)

    assert "不能作金题" in await queue.says("1", f"金题 {number} 二（四）1")


async def test_a_number_that_nobody_has_is_told(queue: FrontDoor) -> None:
    assert "没有编号 999" in await queue.says("1", "反馈 999")
    assert "没有编号 999" in await queue.says("1", "不处理 999")
