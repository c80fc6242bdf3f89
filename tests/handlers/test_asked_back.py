"""What is not certain is asked back; a yes books what was asked, and nothing else."""

import pytest
from front_door import OTHER, OWN
from report_office import ReportOffice, at
from sqlalchemy import select

from bot.messages import Attachment
from bot.model import Submission, SubmissionEntry, SubmissionState

State = SubmissionState
ALL = "-2002"
CLAIM_LIKE = ("好了", "应该报了吧", "小王说报了", "领导说已经送过去了")


@pytest.fixture
async def nudged(office: ReportOffice) -> ReportOffice:
    """Give an office whose liaison 7 was nudged, and it is now 22 December."""
    await office.liaison()
    await office.duty()
    await office.group("-1001", OWN)
    await office.group(ALL, "")
    await office.round(at(12, 16))
    await office.goes_out()
    office.door.now = at(12, 22)
    return office


async def states(office: ReportOffice) -> list[SubmissionState]:
    query = select(Submission.state).order_by(Submission.id)
    return list(await office.door.session.scalars(query))


@pytest.mark.parametrize("words", CLAIM_LIKE)
@pytest.mark.parametrize("is_reply", [True, False])
async def test_what_sounds_like_a_claim_is_asked_back(
    nudged: ReportOffice, words: str, is_reply: bool
) -> None:
    about = await nudged.last_message(to="7") if is_reply else ""

    asked = await nudged.door.says("7", words, about=about)

    assert "2026年全年落实情况是否已经报送" in asked
    assert await nudged.state() is State.OPEN


@pytest.mark.parametrize(
    "words", ["是", "是的", "对", "1", "报了", "已报", "是的，报了"]
)
async def test_a_yes_to_it_books_the_claim(nudged: ReportOffice, words: str) -> None:
    await nudged.door.says("7", "小王说报了")

    answer = await nudged.door.says("7", words)

    assert answer.startswith(f"已记：{OWN}2026年全年落实情况12月22日报送")
    assert await nudged.state() is State.CLAIMED


@pytest.mark.parametrize(
    "words", ["不是", "没有", "还没", "2", "好的", "嗯", "收到", "不知道", "下周一交"]
)
async def test_any_other_word_books_none(nudged: ReportOffice, words: str) -> None:
    await nudged.door.says("7", "小王说报了")

    await nudged.door.says("7", words)

    assert await nudged.state() is not State.CLAIMED


@pytest.mark.parametrize("words", ["不是", "没有", "还没报"])
async def test_a_no_leaves_it_open_and_asks_for_a_day(
    nudged: ReportOffice, words: str
) -> None:
    await nudged.door.says("7", "小王说报了")

    assert "状态仍为“未报”" in await nudged.door.says("7", words)


async def test_a_late_yes_books_nothing(nudged: ReportOffice) -> None:
    await nudged.door.says("7", "小王说报了")
    await nudged.door.says("7", "我们负责哪些任务")

    await nudged.door.says("7", "是")

    assert await nudged.state() is State.OPEN


async def test_the_words_that_booked_it_are_kept(nudged: ReportOffice) -> None:
    await nudged.door.says("7", "小王说报了")
    await nudged.door.says("7", "是的")

    entry = (await nudged.door.session.scalars(select(SubmissionEntry))).one()
    code = (await nudged.submission()).report.code
    assert entry.words == f"是的（已报 {code}）"


@pytest.mark.parametrize(
    ("choice", "booked"),
    [("2", 1), ("第一个", 0), ("是", None), ("好的", None), ("嗯", None)],
)
async def test_of_several_reports_only_one_that_is_named_is_booked(
    nudged: ReportOffice, choice: str, booked: int | None
) -> None:
    await nudged.duty(what="科普日材料", month=12, day_of_month=31)

    asked = await nudged.door.says("7", "小王说报了")
    await nudged.door.says("7", choice)

    assert "哪一项" in asked
    claimed = [State.CLAIMED if n == booked else State.OPEN for n in range(2)]
    found = await states(nudged)
    assert [one is State.CLAIMED for one in found] == [
        one is State.CLAIMED for one in claimed
    ]


@pytest.mark.parametrize("words", ["已报", "没什么可报的", "下周一交"])
@pytest.mark.parametrize("yes", ["是", "是的", "好的", "确认", "嗯"])
async def test_a_yes_to_which_chooses_none(
    nudged: ReportOffice, words: str, yes: str
) -> None:
    await nudged.duty(what="科普日材料", month=12, day_of_month=31)
    assert "哪一项" in await nudged.door.says("7", words)

    await nudged.door.says("7", yes)

    assert set(await states(nudged)) == {State.OPEN}


async def test_who_says_yes_to_which_again_and_again_may_still_choose(
    nudged: ReportOffice,
) -> None:
    await nudged.duty(what="科普日材料", month=12, day_of_month=31)
    await nudged.door.says("7", "已报")

    for yes in ("是", "是的"):
        assert "请回复序号" in await nudged.door.says("7", yes)
    await nudged.door.says("7", "2")

    assert await states(nudged) == [State.OPEN, State.CLAIMED]


async def test_what_was_asked_in_private_is_not_answered_in_the_group(
    nudged: ReportOffice,
) -> None:
    await nudged.door.says("7", "小王说报了")

    await nudged.door.says("7", "是", chat="-1001")

    assert await nudged.state() is State.OPEN


async def test_what_was_offered_in_the_group_is_not_taken_in_private(
    nudged: ReportOffice,
) -> None:
    code = (await nudged.submission()).report.code
    assert "预计" in await nudged.door.says("7", f"约定日期 {code}", chat="-1001")

    await nudged.door.says("7", "1")

    assert (await nudged.submission()).standing.promised_on is None


@pytest.mark.parametrize("yes", ["是", "好的", "可以"])
async def test_a_yes_to_when_promises_no_day(nudged: ReportOffice, yes: str) -> None:
    code = (await nudged.submission()).report.code
    assert "预计报送的日期" in await nudged.door.says("7", f"约定日期 {code}")

    await nudged.door.says("7", yes)

    assert (await nudged.submission()).standing.promised_on is None


@pytest.mark.parametrize("yes", ["是", "好的"])
async def test_a_yes_to_which_report_a_file_is_for_claims_none(
    nudged: ReportOffice, yes: str
) -> None:
    await nudged.duty(what="科普日材料", month=12, day_of_month=31)
    file = Attachment(name="总结.docx", at="at:1", size=5)
    assert "哪一项" in await nudged.door.says("7", "", attachments=(file,))

    await nudged.door.says("7", yes)

    assert State.CLAIMED not in await states(nudged)


@pytest.mark.parametrize("chat", ["-1001", ALL])
@pytest.mark.parametrize("is_reply", [True, False])
async def test_in_a_group_it_is_asked_in_private(
    nudged: ReportOffice, chat: str, is_reply: bool
) -> None:
    about = await nudged.last_message(to=chat) if is_reply else ""

    asked = await nudged.door.says("7", "应该报了吧", chat=chat, about=about)
    await nudged.door.says("7", "是", chat=chat)
    await nudged.door.says("7", "是")

    assert asked == "已收到，请私聊我确认。"
    assert await nudged.state() is State.OPEN


async def test_of_an_outsider_nothing_is_asked_in_the_group_of_others(
    nudged: ReportOffice,
) -> None:
    await nudged.liaison("8", "李强", OTHER)

    said = await nudged.door.says("8", "应该报了吧", chat="-1001")

    assert "请私聊我确认" not in said


@pytest.mark.parametrize("words", ["应急科普做得好了有奖励吗", "送科技下乡了哪些"])
async def test_a_question_is_no_claim(nudged: ReportOffice, words: str) -> None:
    assert "是否已经报送" not in await nudged.door.says("7", words)


async def test_who_owes_nothing_is_asked_nothing(nudged: ReportOffice) -> None:
    await nudged.door.says("7", "已报")

    assert "是否已经报送" not in await nudged.door.says("7", "小王说报了")
