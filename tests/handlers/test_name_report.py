"""Which report the office means: an unknown name is asked about, never guessed."""

import pytest
from front_door import OTHER, OWN
from report_office import ReportOffice, at

from bot.model import SubmissionState

ONE, TWO = "2026年全年落实情况", "2026年科普日总结"


@pytest.fixture
async def busy(office: ReportOffice) -> ReportOffice:
    """Give an office with an admin (1), a liaison (7) and two reports."""
    await office.admin()
    await office.liaison()
    await office.duty(OWN, OTHER)
    await office.duty(OWN, what="科普日总结", key="x")
    office.door.now = at(12, 22, 10)
    return office


@pytest.mark.parametrize(
    "words",
    [
        *("核收 县应急局 火星总结", "退回 县应急局 火星总结：缺表", "谁没交火星总结"),
        *("火星总结谁没交", "待核 火星总结", "催未报 火星总结"),
        "核收 县应急局 #R99",
    ],
)
async def test_a_report_that_there_is_not_is_asked_about(
    busy: ReportOffice, words: str
) -> None:
    await busy.door.says("7", "全年已报")

    told = await busy.door.says("1", words)

    assert told.startswith("没有查到“")
    assert ONE in told
    assert TWO in told
    assert await busy.state(OTHER) is SubmissionState.OPEN


@pytest.mark.parametrize(
    "words",
    [
        *("核收 县应急局 科普日", "核收县应急局科普日总结", "核收 应急局 的科普日总结"),
        "核收 县应急局 2026年科普日总结，辛苦了",
    ],
)
async def test_a_report_is_known_by_a_part_of_its_name(
    busy: ReportOffice, words: str
) -> None:
    assert TWO in await busy.door.says("1", words)


@pytest.mark.parametrize(
    "words", ["核收 县应急局 全年", "核收县应急局年度报告", "核收 县应急局全年工作情况"]
)
async def test_a_period_tells_reports_apart(busy: ReportOffice, words: str) -> None:
    await busy.door.says("7", "全年已报")

    assert await busy.door.says("1", words) == f"已核收：{OWN}{ONE}。"


async def test_what_is_asked_of_one_report_is_told_of_it(busy: ReportOffice) -> None:
    assert (await busy.door.says("1", "科普日总结谁没交")).startswith(TWO)
    assert (await busy.door.says("1", "谁没交全年总结")).startswith(ONE)


async def test_what_was_accepted_is_returned_without_its_number(
    busy: ReportOffice,
) -> None:
    await busy.door.says("7", "全年已报")
    await busy.door.says("1", "核收 县应急局 全年")

    told = await busy.door.says("1", "退回 县应急局：缺表")

    assert told.startswith(f"已退回：{OWN}{ONE}")


async def test_of_several_that_were_accepted_it_is_asked_which(
    busy: ReportOffice,
) -> None:
    for name in ("全年", "科普日总结"):
        await busy.door.says("1", f"代报 县应急局 {name}：电话")
        await busy.door.says("1", f"核收 县应急局 {name}")

    letter = busy.door.letter("1", "退回 县应急局：缺表")
    told = await busy.door.hear(letter)

    assert told
    assert told.text == "请问是哪一项？"
    assert {one.label for one in told.buttons} == {f"{OWN} {ONE}", f"{OWN} {TWO}"}


async def test_without_a_department_it_is_asked_which(busy: ReportOffice) -> None:
    await busy.door.says("7", "全年已报")

    told = await busy.door.hear(busy.door.letter("1", "请核收一下"))
    await busy.door.says("1", "核收 县应急局 全年")
    again = await busy.door.hear(busy.door.letter("1", "退回：缺表"))

    assert told
    assert told.text == "请写明单位，如“核收 县应急局 全年”。"
    assert [one.label for one in told.buttons] == [f"{OWN} {ONE}"]
    assert again
    assert [one.says for one in again.buttons] == [f"退回 {OWN} #R1：缺表"]
