"""The office itself owes a report: it alone is nudged, and reports as others do."""

from datetime import date, datetime

import pytest
from report_office import ReportOffice, terms

from bot.errors import PlanRefused
from bot.model import Role, SubmissionState
from bot.reports.due import OFFICE
from bot.reports.policy import SHANGHAI
from handlers import duties

FIRST = datetime(2026, 10, 8, 9, 0, tzinfo=SHANGHAI)
"""Sixty working days before 30 December."""


@pytest.fixture
async def owing(office: ReportOffice) -> ReportOffice:
    """Give an office that owes a summary every second year, and a liaison."""
    await office.admin()
    await office.liaison()
    await duties.enter(
        office.door.session,
        terms(
            what="两年总结",
            who=("县全民科学素质工作领导小组办公室",),
            month=None,
            day_of_month=None,
            day=date(2026, 12, 30),
        ),
        departments=office.door.desk.departments,
        by="李主任",
        at=FIRST.replace(month=9, day=28),
    )
    return office


@pytest.mark.parametrize("name", ["办公室", "领导小组办公室"])
async def test_its_own_name_is_none_of_a_stranger(
    owing: ReportOffice, name: str
) -> None:
    departments = owing.door.desk.departments

    await duties.refuse_strangers(
        owing.door.session, [name], plans=(), departments=departments
    )

    assert duties.expand([name], departments, among=()).departments == (OFFICE,)


async def test_the_office_of_another_leading_group_is_not_taken_for_it(
    owing: ReportOffice,
) -> None:
    departments, name = owing.door.desk.departments, "县防汛抗旱领导小组办公室"

    assert duties.expand([name], departments, among=()).departments == (name,)
    with pytest.raises(PlanRefused):
        await duties.refuse_strangers(
            owing.door.session, [name], plans=(), departments=departments
        )


async def test_the_admins_alone_hear_of_it_sixty_thirty_and_ten_days_before(
    owing: ReportOffice,
) -> None:
    days = []
    for month, day in ((10, 8), (10, 9), (11, 18), (12, 16), (12, 30), (12, 31)):
        before = len(await owing.told())
        await owing.round(datetime(2026, month, day, 9, 0, tzinfo=SHANGHAI))
        days += [f"{month}-{day}"] * (len(await owing.told()) - before)

    assert days == ["10-8", "11-18", "12-16"]
    assert len(await owing.told(to="1")) == len(days)
    assert "两年总结" in (await owing.told(to="1"))[0].text


@pytest.mark.parametrize("words", ["已报", "已报 #R1"])
async def test_an_admin_reports_for_the_office_by_answering_the_nudge(
    owing: ReportOffice, words: str
) -> None:
    await owing.round(FIRST)
    await owing.goes_out()
    code = (await owing.submission(OFFICE)).report.code
    about = await owing.last_message(to="1") if words == "已报" else ""

    answer = await owing.door.says("1", words.replace("#R1", code), about=about)

    assert "已记：办公室两年总结" in answer
    assert await owing.state(OFFICE) is SubmissionState.CLAIMED
    assert "已核收" in await owing.door.says("1", "核收 办公室 两年总结")


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("撤销", "没有可撤销的登记"),
        ("科普日活动由哪个单位牵头？", "县科协"),
        ("我调走了，以后由李强接手", "写明原因"),
        ("今天天气不错", "与实施方案无关"),
    ],
)
async def test_what_reports_nothing_is_answered_as_it_is_without_the_nudge(
    owing: ReportOffice, words: str, answer: str
) -> None:
    await owing.round(FIRST)
    await owing.goes_out()
    about = await owing.last_message(to="1")

    assert answer in await owing.door.says("1", words, about=about)
    await owing.door.says("1", "已报", about=about)
    assert "无需再办" not in await owing.door.says("1", words)


@pytest.mark.parametrize("words", ["撤销", "撤销 #R1"])
async def test_an_admin_takes_back_what_was_said_for_the_office(
    owing: ReportOffice, words: str
) -> None:
    code = (await owing.submission(OFFICE)).report.code
    await owing.door.says("1", f"已报 {code}")

    answer = await owing.door.says("1", words.replace("#R1", code))

    assert "已撤销。办公室两年总结" in answer
    assert await owing.state(OFFICE) is SubmissionState.OPEN


async def test_who_runs_the_machine_does_not_report_for_the_office(
    owing: ReportOffice,
) -> None:
    await owing.door.bound("2", "孙工", "县科协", Role.SUPER)
    code = (await owing.submission(OFFICE)).report.code

    assert "不办理报送业务" in await owing.door.says("2", f"已报 {code}")
    assert await owing.state(OFFICE) is SubmissionState.OPEN


async def test_an_admin_still_reports_for_others_with_a_note_alone(
    owing: ReportOffice,
) -> None:
    assert "写明原因" in await owing.door.says("1", "已报")
    assert await owing.state(OFFICE) is SubmissionState.OPEN


async def test_a_word_against_the_offices_own_claim_is_taken_back_as_well(
    owing: ReportOffice,
) -> None:
    code = (await owing.submission(OFFICE)).report.code
    await owing.door.says("1", f"已报 {code}")

    assert "撤销" in await owing.door.says("1", f"还没报，快了 {code}")
    assert "已撤销" in await owing.door.says("1", "撤销")
    assert await owing.state(OFFICE) is SubmissionState.OPEN
