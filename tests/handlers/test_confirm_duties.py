"""An admin confirms in chat what a plan would have handed in, by a number."""

import re

import pytest
from front_door import GROUP, OTHER, OWN, FrontDoor
from report_office import at
from sqlalchemy import select

from bot.model import AuditEntry, ReportDuty, Role, Submission, SubmissionState
from handlers.duties import end

CHIEF, SECOND, SUPER = "1", "2", "3"
WHO = f"{OWN}、{OTHER}"


@pytest.fixture
async def office(door: FrontDoor) -> FrontDoor:
    """Give an office in which the sample plan is in force."""
    door.now = at(11, 23)
    await door.bound(CHIEF, "李主任", "县科协", Role.ADMIN)
    await door.bound(SECOND, "周敏", "县科协", Role.ADMIN)
    await door.bound(SUPER, "管机", "县科协", Role.SUPER)
    await door.bound("7", "王敏", OWN)
    return door


async def number(office: FrontDoor, words: str, who: str = CHIEF) -> str:
    [found] = re.findall(r"“确认 (\d{4})”", await office.says(who, words))
    return str(found)


async def duties(office: FrontDoor) -> list[ReportDuty]:
    return list(await office.session.scalars(select(ReportDuty)))


async def test_they_are_listed_with_what_waits_for_the_office(
    office: FrontDoor,
) -> None:
    listed = await office.says(CHIEF, "报送要求")

    assert "待办 2 项" in listed
    assert "1. [待确认] 每年7月10日前报送上半年工作落实情况" in listed
    assert len(listed.splitlines()) <= 6


async def test_one_is_shown_in_the_words_of_the_plan(office: FrontDoor) -> None:
    shown = await office.says(CHIEF, "报送要求 1")

    assert "每年7月10日前将上半年工作落实情况" in shown
    assert "没有成员名单" in shown


async def test_nothing_is_confirmed_without_the_number(office: FrontDoor) -> None:
    told = await office.says(CHIEF, f"确认报送要求 2：{WHO}")

    assert f"单位 2 个：{WHO}" in told
    assert not await duties(office)


async def test_the_number_confirms_in_the_name_of_who_says_it(
    office: FrontDoor,
) -> None:
    code = await number(office, f"确认报送要求 2：{WHO}")

    said = await office.says(CHIEF, f"确认 {code}")

    assert "已确认：每年1月10日前（含当日）报送全年工作落实情况，2 家。" in said
    assert "2027-01-10，到时自动提醒" in said
    (duty,) = await duties(office)
    assert (duty.confirmed_by, duty.who) == ("李主任", (OWN, OTHER))
    owing = await office.session.scalars(select(Submission.department))
    assert set(owing) == {OWN, OTHER}
    query = select(AuditEntry).where(AuditEntry.event == "duty.confirmed")
    entry = (await office.session.scalars(query)).one()
    assert (entry.actor, entry.channel) == ("李主任", "telegram")


async def test_a_collective_without_members_is_told_before_the_number(
    office: FrontDoor,
) -> None:
    told = await office.says(CHIEF, "确认报送要求 2")

    assert "单位 1 个：澄川高新技术产业园区" in told
    assert "“各镇街道”“各成员单位”没有成员名单" in told


@pytest.mark.parametrize(
    "said",
    [
        f"到2028年1月31日：{WHO}",
        f"：{WHO} 到2028年1月31日",
        f"{WHO}，催报到2028-01-31为止。",
        f"到2028.1.31 {WHO}",
    ],
)
async def test_until_when_is_said_with_it_in_either_order(
    office: FrontDoor, said: str
) -> None:
    code = await number(office, f"确认报送要求2 {said}")

    await office.says(CHIEF, f"确认 {code}")

    (duty,) = await duties(office)
    assert f"{duty.last}" == "2028-01-31"
    assert duty.who == (OWN, OTHER)


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (f"确认报送要求 9：{WHO}", "没有第9项"),
        ("确认报送要求 2：县外星人事务局", "没有录入"),
        (f"确认报送要求 2 到2028年13月1日：{WHO}", "看不懂"),
        (f"确认报送要求 2 到2020年1月1日：{WHO}", "已经过去"),
    ],
)
async def test_what_cannot_be_is_refused_with_its_reason(
    office: FrontDoor, words: str, answer: str
) -> None:
    told = await office.says(CHIEF, words)

    assert answer in told
    assert "“确认 " not in told


async def test_what_another_has_confirmed_meanwhile_is_told_anew(
    office: FrontDoor,
) -> None:
    hers = await number(office, f"确认报送要求 2：{OTHER}", SECOND)
    his = await number(office, f"确认报送要求 2：{WHO}")
    await office.says(SECOND, f"确认 {hers}")

    told = await office.says(CHIEF, f"确认 {his}")

    assert "刚有变动，没有登记" in told
    assert "周敏确认" in told
    assert [duty.who for duty in await duties(office)] == [(OTHER,)]


@pytest.mark.parametrize("words", ["报送要求", "报送要求 1", f"确认报送要求 2：{WHO}"])
async def test_only_admins_may_and_only_in_private(
    office: FrontDoor, words: str
) -> None:
    assert "请私聊" in await office.says(CHIEF, words, chat=GROUP)
    assert "超级管理员" in await office.says(SUPER, words)
    assert "权限" in await office.says("7", words)
    assert not await duties(office)


async def test_one_that_was_ended_is_shown_so_and_comes_back_by_the_number(
    office: FrontDoor,
) -> None:
    says = f"确认报送要求 2：{WHO}"
    await office.says(SECOND, f"确认 {await number(office, says, SECOND)}")
    await end(office.session, 1, by="周敏", at=office.now)

    assert "[已结束" in await office.says(SECOND, "报送要求 2")
    asked = await office.says(SECOND, says)
    assert "恢复催报" in asked
    [found] = re.findall(r"“确认 (\d{4})”", asked)
    await office.says(SECOND, f"确认 {found}")

    [duty] = await duties(office)
    assert duty.ended_at is None
    owed = (await office.session.scalars(select(Submission))).unique().all()
    assert owed
    assert {one.state for one in owed} == {SubmissionState.OPEN}
