"""A liaison says when and where he wants to be nudged, and asks what he owes."""

import pytest
from front_door import LANE
from report_office import ReportOffice, at


@pytest.mark.parametrize(
    ("words", "hours"),
    [
        ("能不能下午再提醒", "afternoon"),
        ("请以后上午提醒我", "morning"),
        ("改成全天提醒", ""),
    ],
)
async def test_the_hours_are_kept_with_the_person(
    office: ReportOffice, words: str, hours: str
) -> None:
    person = await office.liaison()

    assert "已设为工作日" in await office.door.says("7", words)
    assert person.hours == hours


async def test_the_main_channel_is_where_it_is_said(office: ReportOffice) -> None:
    person = await office.liaison()

    await office.door.says("7", "以后在这里提醒我")

    assert person.main_channel == LANE


@pytest.mark.parametrize("words", ["待报", "我们还有哪些没报", "还有什么没交的"])
async def test_what_is_owed_is_listed_with_its_code(
    office: ReportOffice, words: str
) -> None:
    await office.liaison()
    report = await office.duty()
    office.door.now = at(12, 22)

    answer = await office.door.says("7", words)

    assert report.title in answer
    assert report.code in answer


async def test_afternoon_is_no_preference_where_it_is_a_question(
    office: ReportOffice,
) -> None:
    person = await office.liaison()

    await office.door.says("7", "下午开会吗")

    assert person.hours == ""
