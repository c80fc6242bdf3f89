"""Who is let off hears no more of it, not even what was on its way."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import pytest
from front_door import OTHER, OWN
from report_office import ReportOffice, at, terms

from bot.model import DeliveryStatus, Role, SubmissionState
from handlers import duties
from handlers.tell_office import tell_office_daily

State = SubmissionState


@pytest.fixture
async def waiting(office: ReportOffice) -> ReportOffice:
    """Give an office in which a nudge waits for the afternoon of its liaison."""
    await office.liaison()
    await office.liaison("8", "李强", OTHER)
    await office.door.says("7", "能不能下午再提醒")
    await office.duty(OWN, OTHER, who=(OWN, OTHER))
    await office.round(at(12, 16))
    assert await left(office) == [OWN, OTHER]
    return office


async def left(office: ReportOffice) -> list[str]:
    """Name the departments whose nudge still waits."""
    found = []
    for who, name in (("7", OWN), ("8", OTHER)):
        *_, last = await office.deliveries(to=who)
        found += [name] * (last.status is DeliveryStatus.WAITING)
    return found


async def test_an_exemption_takes_back_what_waits(waiting: ReportOffice) -> None:
    await duties.let_off(
        waiting.door.session,
        1,
        OWN,
        departments=waiting.door.desk.departments,
        by="李主任",
        at=at(12, 16, 10),
        reason="无相关业务",
    )

    assert await left(waiting) == [OTHER]
    assert await waiting.state(OWN) is State.EXEMPT


async def test_the_end_of_a_duty_takes_back_what_waits(waiting: ReportOffice) -> None:
    await duties.end(waiting.door.session, 1, by="李主任", at=at(12, 16, 10))

    assert await left(waiting) == []


@pytest.mark.parametrize(
    ("changes", "names"),
    [({"day_of_month": 31}, []), ({"who": (OTHER,)}, [OTHER])],
)
async def test_another_date_or_other_obligors_take_back_what_waits(
    waiting: ReportOffice, changes: dict[str, object], names: list[str]
) -> None:
    await duties.enter(
        waiting.door.session,
        terms(**{"who": (OWN, OTHER)} | changes),
        departments=waiting.door.desk.departments,
        by="李主任",
        at=at(12, 16, 10),
    )

    assert await left(waiting) == names


async def test_what_was_handed_in_is_not_let_off(waiting: ReportOffice) -> None:
    await waiting.door.says("7", "已报")

    await duties.let_off(
        waiting.door.session,
        1,
        OWN,
        departments=waiting.door.desk.departments,
        by="李主任",
        at=at(12, 16, 10),
        reason="以后不报",
    )

    assert await waiting.state(OWN) is State.CLAIMED


@pytest.fixture
async def late(office: ReportOffice) -> ReportOffice:
    """Give an office with a draft to the head of a department that is overdue."""
    await office.admin()
    await office.liaison()
    await office.door.bound("9", "赵局长", OWN, Role.HEAD)
    await office.duty()
    await office.walk(at(12, 30, 8), days=7)
    office.door.now = at(12, 31, 10).replace(year=2027, month=1, day=6)
    assert OWN in await office.door.says("1", "草稿")
    return office


@pytest.mark.parametrize("words", ["已报", "这项不归我们"])
async def test_nothing_is_drafted_to_a_head_any_more_once_the_department_has_spoken(
    late: ReportOffice, words: str
) -> None:
    await late.door.says("7", words)

    assert "没有待定" in await late.door.says("1", "草稿")
    assert "没有这份" in await late.door.says("1", "同意发送 1")
    assert await late.told(to="9") == []


async def test_what_was_taken_back_is_drafted_again(late: ReportOffice) -> None:
    await late.door.says("7", "已报")
    await late.door.says("7", "撤销")

    assert OWN in await late.door.says("1", "草稿")


async def test_after_another_date_the_draft_waits_for_it_and_names_it(
    late: ReportOffice,
) -> None:
    await late.door.says("7", "能缓到1月8号吗")
    await late.door.says("7", "提交")
    await late.door.says("1", f"同意延期 {OWN}")

    assert "没有待定" in await late.door.says("1", "草稿")
    await late.walk(late.door.now.replace(day=8, hour=8, minute=0), days=6)
    assert "1月8日（周五）前报送" in await late.door.says("1", "草稿")


async def promised(office: ReportOffice) -> None:
    await office.door.says("7", "12月28号交")


async def extended(office: ReportOffice) -> None:
    await office.door.says("7", "能缓到1月5号吗")
    await office.door.says("7", "提交")
    await office.door.says("1", f"同意延期 {OWN}")


async def until_the_last_day(office: ReportOffice) -> None:
    await office.door.says("7", "12月30号交")


@pytest.mark.parametrize("word", [promised, extended])
async def test_one_tap_leaves_alone_whose_day_is_still_to_come(
    office: ReportOffice, word: Callable[[ReportOffice], Awaitable[None]]
) -> None:
    await office.admin()
    await office.liaison()
    await office.liaison("8", "李强", OTHER)
    await office.duty(OWN, OTHER)
    office.door.now = at(12, 22, 10)
    await word(office)
    before = len(await office.told(to="7"))

    answer = await office.door.says("1", "催未报")

    assert "1 家 1 条" in answer
    assert "1 家约定的日期或同意的延期未到，不催" in answer
    assert len(await office.told(to="7")) == before
    assert len(await office.told(to="8")) == 1


async def test_after_the_promised_day_one_tap_nudges(office: ReportOffice) -> None:
    await office.admin()
    await office.liaison()
    await office.duty()
    office.door.now = at(12, 22, 10)
    await promised(office)
    office.door.now = at(12, 29, 10)

    assert "1 家 1 条" in await office.door.says("1", "催未报")


@pytest.mark.parametrize("word", [until_the_last_day, extended])
async def test_the_phone_list_leaves_out_who_has_a_day_to_come(
    office: ReportOffice, word: Callable[[ReportOffice], Awaitable[None]]
) -> None:
    await office.admin()
    await office.liaison()
    await office.liaison("8", "李强", OTHER)
    await office.duty(OWN, OTHER)
    office.door.now = at(12, 22, 10)
    await word(office)

    await tell_office_daily(office.door.session, office.nudging, now=at(12, 29, 9, 1))
    lists = [one.text for one in await office.told(to="1") if "电话" in one.text]

    assert "未报 1 家" in lists[-1]
    assert OTHER in lists[-1]
    assert OWN not in lists[-1]


@pytest.mark.parametrize(("reports", "more"), [(5, ""), (6, "另有 1 项")])
async def test_a_long_phone_list_counts_only_what_is_left_to_telephone_about(
    office: ReportOffice, reports: int, more: str
) -> None:
    await office.admin()
    await office.liaison()
    for number in range(reports):
        last = await office.duty(what=f"第{number}项材料")
    office.door.now = at(12, 22, 10)
    await office.door.says("7", f"约定 {last.code} 2026-12-30")

    await tell_office_daily(office.door.session, office.nudging, now=at(12, 29, 9, 1))
    *_, phones = [one.text for one in await office.told(to="1") if "电话" in one.text]

    assert phones.count("未报 1 家") == 4
    assert ("另有" in phones, more in phones) == (bool(more), True)


@pytest.mark.parametrize(
    ("word", "day", "offered"),
    [
        (promised, at(12, 22, 10), False),
        (promised, at(12, 29, 10), True),
        (extended, at(12, 31, 10), False),
        (extended, at(12, 31, 10) + timedelta(days=6), True),
    ],
)
async def test_one_tap_is_offered_where_somebody_would_be_nudged(
    office: ReportOffice,
    word: Callable[[ReportOffice], Awaitable[None]],
    day: datetime,
    offered: bool,
) -> None:
    await office.admin()
    await office.liaison()
    await office.duty()
    office.door.now = at(12, 22, 10)
    await word(office)
    office.door.now = day

    shown = await office.door.hear(office.door.letter("1", "谁没交"))

    assert shown
    assert ("催未报 1 家" in [one.label for one in shown.buttons]) is offered
