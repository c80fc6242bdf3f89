"""The office asks for one department, and hears how that stands; nobody else does."""

import pytest
from front_door import OTHER, OWN
from report_office import ReportOffice, at

from bot.model import Role


@pytest.fixture
async def asked(office: ReportOffice) -> ReportOffice:
    """Give an office whose department OWN has reported, and OTHER has not."""
    await office.admin()
    await office.liaison()
    await office.duty(OWN, OTHER)
    office.door.now = at(12, 22)
    await office.door.says("7", "已报")
    return office


@pytest.mark.parametrize(
    ("words", "name", "state"),
    [
        ("县应急局交了没", OWN, "已报待核"),
        ("县应急局报没报", OWN, "已报待核"),
        ("县教体局报了吗", OTHER, "未报"),
        ("县教体局全年总结到底交上来没有？", OTHER, "未报"),
        ("县教育和体育局年报报了没有", OTHER, "未报"),
    ],
)
async def test_the_office_hears_how_a_department_stands(
    asked: ReportOffice, words: str, name: str, state: str
) -> None:
    answer = await asked.door.says("1", words)

    assert f"{name}2026年全年落实情况" in answer
    assert f"：{state}" in answer
    assert "联系办公室" not in answer


async def test_a_promised_day_and_a_date_that_is_over_are_told(
    asked: ReportOffice,
) -> None:
    await asked.liaison("8", "赵强", OTHER)
    await asked.door.says("8", "下周一交")
    assert "约定 12月28日（周一）" in await asked.door.says("1", "县教体局交了没")

    asked.door.now = at(12, 31)

    assert "已超期" in await asked.door.says("1", "县教体局交了没")


async def test_one_that_owes_nothing_is_said_to_owe_nothing(
    asked: ReportOffice,
) -> None:
    answer = await asked.door.says("1", "县水务局交了吗")

    assert "县水务局没有进行中的报送事项" in answer


async def test_a_group_and_other_departments_hear_nothing_of_it(
    asked: ReportOffice,
) -> None:
    await asked.door.bound("9", "周芳", "县水务局", Role.LIAISON)

    for who in ("9", "99"):
        assert "待核" not in await asked.door.says(who, "县应急局交了没")
    assert "待核" not in await asked.door.says_in_group("1", "县应急局交了没")


@pytest.mark.parametrize("words", ["谁没交", "催未报"])
async def test_what_is_asked_of_all_is_answered_as_before(
    asked: ReportOffice, words: str
) -> None:
    assert "没有进行中" not in await asked.door.says("1", words)
