"""The admins hear once a week how all stands; nobody else does."""

from dataclasses import replace
from pathlib import Path

import pytest
from front_door import LANE, OTHER, OWN
from report_office import NUDGING, ReportOffice, at
from sqlalchemy import select

from bot import roster
from bot.errors import NotReady
from bot.model import Delivery, DeliveryStatus
from bot.reports import submissions
from bot.reports.due import OFFICE
from bot.reports.papers import Papers
from bot.reports.submissions import Said
from handlers.weekly import tell_office_weekly

MONDAY = at(12, 21)


async def told_at(office: ReportOffice, *moments: object) -> list[bool]:
    return [
        await tell_office_weekly(office.door.session, NUDGING, now=moment)  # type: ignore[arg-type]
        for moment in moments
    ]


async def test_a_week_has_one_digest_in_the_hours_of_its_first_working_day(
    office: ReportOffice,
) -> None:
    await office.duty(OWN, OTHER)
    await office.admin()

    told = await told_at(
        office, at(12, 20, 10), at(12, 21, 8), MONDAY, at(12, 21, 10), at(12, 23)
    )

    assert told == [False, False, True, False, False]
    (delivery,) = await office.deliveries(to="1")
    due_at = delivery.due_at.astimezone(MONDAY.tzinfo)
    assert (due_at.date(), due_at.hour) == (MONDAY.date(), 9)
    assert due_at.minute % 30


async def test_it_says_counts_and_what_waits_in_six_lines(office: ReportOffice) -> None:
    await office.duty(OWN, OTHER)
    await office.admin()
    await office.liaison()
    said = Said(by="王敏", at=at(12, 14))
    await submissions.claim(office.door.session, await office.submission(), said)
    other = await office.submission(OTHER)
    await submissions.ask_extension(
        office.door.session, other, said, day=at(12, 31).date()
    )

    await told_at(office, MONDAY)

    (body,) = await office.told(to="1")
    assert len(body.text.splitlines()) <= 6
    for words in (
        "应报 2，已核收 0，待核 1，未报 1",
        f"待核超过 3 个工作日 1 家：{OWN}",
        "延期申请 1",
        f"没有绑定联络员 1 家：{OTHER}",
    ):
        assert words in body.text


async def test_a_liaison_who_blocked_us_is_bound_and_not_to_be_reached(
    office: ReportOffice,
) -> None:
    await office.duty(OWN, OTHER)
    await office.admin()
    await office.liaison()
    account = await roster.account_for(office.door.session, channel=LANE, address="7")
    account.closed_at = at(12, 14)

    await told_at(office, MONDAY)

    (body,) = await office.told(to="1")
    words = f"没有绑定联络员 1 家：{OTHER}。已绑定但联系不上 1 家：{OWN}。请电话联系。"
    assert words in body.text.splitlines()


async def test_what_may_not_have_arrived_is_to_be_decided(office: ReportOffice) -> None:
    await office.duty(OWN)
    await office.admin()
    await told_at(office, MONDAY)
    (digest,) = await office.deliveries(to="1")
    digest.status = DeliveryStatus.UNKNOWN

    await told_at(office, at(12, 28))

    body = (await office.told(to="1"))[-1]
    assert (
        "请办公室决定：结果不明的消息 1（回复“未送达”看）。" in body.text.splitlines()
    )


async def test_the_office_is_not_told_to_telephone_itself(
    office: ReportOffice,
) -> None:
    await office.duty(OFFICE)
    await office.admin()

    await told_at(office, MONDAY)

    (body,) = await office.told(to="1")
    assert "应报 1" in body.text
    assert "没有绑定联络员" not in body.text


async def test_who_is_overdue_is_named(office: ReportOffice) -> None:
    await office.duty(OWN)
    await office.admin()
    late = at(12, 31).replace(year=2027, month=1, day=4)

    await told_at(office, late)

    (body,) = await office.told(to="1")
    assert f"超期 1 家：{OWN}" in body.text


@pytest.mark.parametrize("claimed_on", [16, 17, 18])
async def test_a_claim_of_three_working_days_is_no_complaint(
    office: ReportOffice, claimed_on: int
) -> None:
    await office.duty(OWN)
    await office.admin()
    said = Said(by="王敏", at=at(12, claimed_on, 16))
    await submissions.claim(office.door.session, await office.submission(), said)

    await told_at(office, MONDAY)

    (body,) = await office.told(to="1")
    assert "待核 1" in body.text
    assert "超过" not in body.text


async def test_nothing_is_told_while_no_report_is_under_way(
    office: ReportOffice,
) -> None:
    await office.admin()

    assert await told_at(office, MONDAY) == [False]
    assert not list(await office.door.session.scalars(select(Delivery)))


async def test_the_picture_of_the_table_comes_with_it(
    office: ReportOffice, tmp_path: Path
) -> None:
    await office.duty(OWN)
    await office.admin()
    nudging = replace(NUDGING, papers=Papers(tmp_path / "out"))

    with pytest.raises(NotReady) as lacking:  # it is drawn while others write
        await tell_office_weekly(office.door.session, nudging, now=MONDAY)
    assert not await office.deliveries()
    await lacking.value.make()
    await tell_office_weekly(office.door.session, nudging, now=MONDAY)

    (body,) = await office.told(to="1")
    assert [one.is_picture for one in body.attachments] == [True]
