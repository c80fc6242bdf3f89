"""What may have arrived is said once; the office decides whether it is said again."""

import pytest
from fake_api import FakeTelegram, Trouble
from test_office_dialogues import labels
from test_office_reports import CHIEF, LI, NUDGE, OURS, Year
from whole_office import Open

from bot.model import AuditEntry, Delivery, DeliveryStatus

KINDLY = "先问本人收到没有，再定“重发”还是“不再发”；程序不会自己重发。"


@pytest.fixture
async def year(open_office: Open, office_url: str, telegram: FakeTelegram) -> Year:
    """Give an office of whose nudge to a liaison nobody knows what became of it."""
    year = Year(telegram)
    office = await open_office(office_url, telegram.base_url, clock=year.clock)
    await year.open(office)
    telegram.expect_in(LI, Trouble(takes=True, cut=True))
    await nudged(year)
    return year


async def nudged(year: Year) -> None:
    for hour in (10, 11):
        year.comes(12, 16, hour)
        await year.nudges()


async def unknown(year: Year) -> list[Delivery]:
    every = await year.office.deliveries()
    return [one for one in every if one.status is DeliveryStatus.UNKNOWN]


async def test_nothing_is_said_again_by_itself_whatever_happens(year: Year) -> None:
    await year.office.close()
    await year.office.open()
    year.comes(12, 17, 10)
    await year.nudges()
    await year.office.rest()

    assert len(year.shown(LI, NUDGE)) == 1
    assert len(await unknown(year)) == 1


async def test_the_office_has_it_said_again_once(year: Year) -> None:
    (lost,) = await unknown(year)
    told = await year.says("未送达", who=CHIEF)
    assert told.text == (
        f"不知收到没有 1 条：第{lost.id}号通知（{OURS} 王敏）。\n{KINDLY}"
    )
    assert labels(told) == [f"重发 {lost.id}", f"不再发 {lost.id}"]

    for words in ("已安排把第", "可能已经处理过"):
        answer = await year.presses(f"重发 {lost.id}", who=CHIEF, under="不知收到没有")
        assert words in answer.text
        await year.nudges()

    assert len(year.shown(LI, NUDGE)) == 2
    none = await year.says("未送达", who=CHIEF)
    assert none.text == "没有未送达和结果不明的消息。"
    events = [one.event for one in await year.office.rows(AuditEntry)]
    assert events.count("delivery.resent") == 1


async def test_the_office_leaves_it_at_that(year: Year) -> None:
    (lost,) = await unknown(year)

    told = await year.says(f"不再发 {lost.id}", who=CHIEF)

    assert told.text == f"第{lost.id}号不再发，已记。"
    assert await unknown(year) == []
    assert len(year.shown(LI, NUDGE)) == 1


async def test_who_is_not_reached_is_called_and_that_is_noted(
    open_office: Open, office_url: str, telegram: FakeTelegram
) -> None:
    year = Year(telegram)
    office = await open_office(office_url, telegram.base_url, clock=year.clock)
    await year.open(office)
    telegram.blocked.add(LI)
    await nudged(year)

    told = await year.says("谁没送到", who=CHIEF)
    first, line = told.text.split("\n")
    assert first == "没有送到、要打电话 1 条："
    assert line.endswith(f"号 {OURS}王敏 没有登记电话：对方拉黑了机器人")
    (label,) = labels(told)
    assert "已记为电话告知" in (await year.says(label, who=CHIEF)).text
    assert "没有未送达" in (await year.says("未送达", who=CHIEF)).text


@pytest.mark.parametrize("words", ["未送达", "重发 1", "不再发 1", "已电话 1"])
async def test_it_is_the_offices_to_decide(year: Year, words: str) -> None:
    before = await unknown(year)

    told = await year.says(words)

    assert "王敏" not in told.text
    assert [one.id for one in await unknown(year)] == [one.id for one in before]
