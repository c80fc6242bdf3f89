"""The office looks at how all stand, accepts, returns, decides and presses on."""

import pytest
from front_door import OTHER, OWN
from report_office import ReportOffice, at

from bot.model import Role, SubmissionState

State = SubmissionState


@pytest.fixture
async def busy(office: ReportOffice) -> ReportOffice:
    """Give an office with an admin (1), two liaisons (7, 8) and one report."""
    await office.admin()
    await office.liaison()
    await office.liaison("8", "李强", OTHER)
    await office.duty(OWN, OTHER)
    office.door.now = at(12, 22, 10)
    return office


async def test_who_has_not_reported_is_told_with_counts_and_names(
    busy: ReportOffice,
) -> None:
    await busy.door.says("7", "已报")

    answer = await busy.door.says("1", "谁没交")

    assert "应报 2，已核收 0，待核 1，未报 1" in answer
    assert f"已报待核：{OWN}" in answer
    assert OTHER in answer
    assert len(answer.splitlines()) <= 6


@pytest.mark.parametrize("who", ["7", "99"])
async def test_names_are_for_the_office_alone(busy: ReportOffice, who: str) -> None:
    assert OTHER not in await busy.door.says(who, "谁没交")


async def test_names_are_not_told_in_a_group(busy: ReportOffice) -> None:
    await busy.group("-2002", "")

    answer = await busy.door.says_in_group("1", "谁没交", chat="-2002")

    assert OTHER not in answer
    assert "私聊" in answer


async def test_what_was_claimed_is_accepted(busy: ReportOffice) -> None:
    await busy.door.says("7", "已报")

    assert "已核收" in await busy.door.says("1", "核收 县应急局 全年")
    assert await busy.state(OWN) is State.ACCEPTED


@pytest.mark.parametrize("name", ["专项总结", "2026年专项总结"])
async def test_a_report_that_is_named_is_not_taken_for_another(
    busy: ReportOffice, name: str
) -> None:
    await busy.duty(OWN, what="专项总结")
    await busy.door.says("7", "全年已报")

    assert "未报" in await busy.door.says("1", f"核收 县应急局 {name}")
    assert "已核收" in await busy.door.says("1", "核收 县应急局 全年")


async def test_what_nobody_claimed_is_not_accepted(busy: ReportOffice) -> None:
    assert "未报" in await busy.door.says("1", "核收 县应急局 全年")
    assert await busy.state(OWN) is State.OPEN


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("核收 火星局", "没有查到“火星局”，没有办理"),
        ("退回火星局 全年：缺数据", "没有查到“火星局”，没有办理"),
        ("核收 县财政局", "县财政局没有这项进行中的报送"),
        ("核收 全年", "请写明单位"),
    ],
)
async def test_a_department_that_owes_nothing_or_is_unknown_is_told_so(
    busy: ReportOffice, words: str, answer: str
) -> None:
    assert answer in await busy.door.says("1", words)


async def test_the_office_learns_whether_anybody_hears_what_it_decides(
    busy: ReportOffice,
) -> None:
    nobody = "县科学技术协会"
    await busy.duty(nobody, what="专项总结")
    await busy.door.says("1", f"代报 {nobody}：电话报来")
    await busy.door.says("7", "全年已报")

    assert "另行告知" in await busy.door.says("1", f"退回 {nobody}：缺表")
    assert "将告知" in await busy.door.says("1", "退回 县应急局：缺表")


async def test_a_return_needs_a_reason_and_tells_the_department(
    busy: ReportOffice,
) -> None:
    await busy.door.says("7", "已报")

    assert "原因" in await busy.door.says("1", "退回 县应急局")
    await busy.door.says("1", "退回 县应急局：缺健康科普场次")

    assert await busy.state(OWN) is State.RETURNED
    assert "缺健康科普场次" in (await busy.told(to="7"))[-1].text


async def test_decisions_wait_for_the_morning(busy: ReportOffice) -> None:
    await busy.door.says("7", "已报")
    busy.door.now = at(12, 22, 21)

    await busy.door.says("1", "退回 县应急局：缺场次")

    due_at = (await busy.deliveries(to="7"))[-1].due_at
    assert at(12, 23, 9) < due_at < at(12, 23, 9, 30)


async def test_a_dispute_pauses_the_nudges_until_it_is_decided(
    busy: ReportOffice,
) -> None:
    await busy.door.says("7", "机构改革后这项不归我们了")
    await busy.round(at(12, 23))
    assert not [one for one in await busy.told(to="7") if "尚余" in one.text]

    await busy.door.says("1", "异议不成立 县应急局")
    await busy.round(at(12, 25))

    assert [one for one in await busy.told(to="7") if "尚余" in one.text]


async def test_an_upheld_dispute_lets_the_department_off(busy: ReportOffice) -> None:
    await busy.door.says("7", "机构改革后这项不归我们了")

    await busy.door.says("1", "异议成立 县应急局")

    assert await busy.state(OWN) is State.EXEMPT


async def test_the_office_lets_a_department_off_for_a_reason(
    busy: ReportOffice,
) -> None:
    assert "原因" in await busy.door.says("1", "免报 县应急局")
    await busy.door.says("1", "免报 县应急局：机构撤并")

    assert await busy.state(OWN) is State.EXEMPT
    assert (await busy.door.events())[-1] == "ack.exempted"


async def test_the_office_may_claim_for_a_department_with_a_note(
    busy: ReportOffice,
) -> None:
    assert "原因" in await busy.door.says("1", "代报 县应急局")

    await busy.door.says("1", "代报 县应急局：电话确认，纸质已收")

    assert await busy.state(OWN) is State.CLAIMED
    assert "没有可撤销" in await busy.door.says("7", "撤销")


@pytest.mark.parametrize("words", ["核收 县应急局", "免报 县应急局：无", "催未报"])
async def test_a_liaison_decides_nothing(busy: ReportOffice, words: str) -> None:
    await busy.door.says("7", "已报")

    await busy.door.says("8", words)

    assert await busy.state(OWN) is State.CLAIMED
    assert await busy.told(to="8") == []


async def test_one_tap_nudges_the_rest_and_counts_for_the_day(
    busy: ReportOffice,
) -> None:
    await busy.door.says("7", "已报")

    first = await busy.door.says("1", "催未报")
    second = await busy.door.says("1", "催未报")

    assert "1 家 1 条" in first
    assert "没有可再催的" in second
    assert await busy.told(to="7") == []
    assert len(await busy.told(to="8")) == 1


async def test_a_draft_goes_to_the_head_only_when_an_admin_says_so(
    busy: ReportOffice,
) -> None:
    await busy.door.bound("9", "赵局长", OWN, Role.HEAD)
    await busy.walk(at(12, 30, 8), days=7)
    busy.door.now = at(12, 31, 10).replace(year=2027, month=1, day=6)

    shown = await busy.door.says("1", "草稿")
    assert OWN in shown
    assert await busy.told(to="9") == []
    await busy.door.says("1", "同意发送 1")

    assert OWN in (await busy.told(to="9"))[0].text
    await busy.door.says("1", "不发 2")
    assert "没有待定" in await busy.door.says("1", "草稿")


async def test_which_report_is_asked_where_there_are_two(busy: ReportOffice) -> None:
    await busy.duty(OWN, what="科普日材料", month=12, day_of_month=31)
    await busy.door.says("7", "全年的已报")
    await busy.door.says("7", "科普日材料已报")

    assert "哪一项" in await busy.door.says("1", "核收 县应急局")
