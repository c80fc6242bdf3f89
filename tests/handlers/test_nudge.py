"""The round nudges who is due, once a day, and writes it down."""

from collections import Counter
from datetime import date, datetime, timedelta

import pytest
from front_door import OTHER, OWN
from report_office import ReportOffice, at
from sqlalchemy import func, select

from bot.model import DeliveryStatus, LeaderDraft, Nudge, Role, SubmissionState

ALL = "-2002"


async def test_a_department_is_nudged_on_the_days_of_the_ladder(
    office: ReportOffice,
) -> None:
    await office.liaison()
    await office.duty()

    moments = await office.walk(at(12, 1, 8), days=40)

    assert [f"{one:%m-%d %H:%M}" for one in moments] == [
        "12-02 09:00",
        "12-16 09:00",
        "12-23 09:00",
        "12-25 09:00",
        "12-29 09:00",
        "12-30 09:30",
        "12-31 09:00",
    ]


async def test_a_nudge_names_report_date_ground_code_and_what_to_do(
    office: ReportOffice,
) -> None:
    await office.liaison()
    report = await office.duty()

    await office.round(at(12, 16))

    (body,) = await office.told()
    for words in (
        "12月30日（周三）前报送2026年全年落实情况",
        "尚余 10 个工作日",
        "依据：澄政字〔2026〕18号 四（三）",
        report.code,
        "已报",
    ):
        assert words in body.text
    assert len(body.text.splitlines()) <= 5
    assert body.buttons[0].says == f"已报 {report.code}"


async def test_a_second_round_says_nothing_more(office: ReportOffice) -> None:
    await office.liaison()
    await office.duty()

    for minutes in range(0, 300, 20):
        await office.round(at(12, 16) + timedelta(minutes=minutes))

    assert len(await office.told()) == 1


@pytest.mark.parametrize("now", [at(12, 16, 3), at(12, 19, 10), at(12, 16, 12)])
async def test_nothing_goes_out_at_night_at_noon_or_on_rest_days(
    office: ReportOffice, now: datetime
) -> None:
    await office.liaison()
    await office.duty()

    await office.round(now)

    assert await office.told() == []


async def test_deliveries_are_spread_and_void_when_the_day_is_over(
    office: ReportOffice,
) -> None:
    for number in range(5):
        await office.liaison(str(number), f"王{number}")
    await office.duty()

    await office.round(at(12, 16))

    times = {one.due_at for one in await office.deliveries()}
    assert len(times) == 5
    assert min(times) >= at(12, 16, 9, 3)
    assert max(times) <= at(12, 16, 9, 23)
    assert {one.expires_at for one in await office.deliveries()} == {at(12, 16, 17, 30)}


async def test_several_reports_make_one_digest_most_urgent_first(
    office: ReportOffice,
) -> None:
    await office.liaison()
    for number in range(1, 5):
        await office.duty(
            what=f"第{number}项材料", month=None, day=date(2026, 12, 24 + number)
        )

    await office.round(at(12, 22))

    (body,) = await office.told()
    assert "4 项待报送" in body.text
    assert len(body.text.splitlines()) == 5
    assert body.text.index("第1项") < body.text.index("第2项")


async def test_who_asked_for_the_afternoon_hears_in_the_afternoon(
    office: ReportOffice,
) -> None:
    (await office.liaison()).hours = "afternoon"
    await office.duty()

    await office.round(at(12, 16))

    (delivery,) = await office.deliveries()
    assert at(12, 16, 14, 30) <= delivery.due_at <= at(12, 16, 15)


async def test_the_deputy_hears_only_where_the_liaison_never_reacted(
    office: ReportOffice,
) -> None:
    await office.liaison()
    (await office.liaison("8", "副手")).is_deputy = True
    await office.duty()

    await office.round(at(12, 23))
    assert {one.address for one in await office.deliveries()} == {"7"}
    await office.round(at(12, 25))

    assert len(await office.told(to="8")) == 1


async def test_own_group_hears_all_and_all_hands_group_hears_counts(
    office: ReportOffice,
) -> None:
    await office.liaison()
    await office.group("-1001", OWN)
    await office.group(ALL, "")
    await office.duty(OWN, OTHER)

    await office.round(at(12, 16))

    (own,) = await office.told(to="-1001")
    (to_all,) = await office.told(to=ALL)
    assert own.buttons
    assert "已报 0/2" in to_all.text
    assert OWN not in to_all.text
    assert not to_all.buttons


async def test_an_all_hands_group_hears_at_most_four_posts_of_a_report(
    office: ReportOffice,
) -> None:
    await office.group(ALL, "")
    await office.liaison()
    await office.duty()

    await office.walk(at(12, 1, 8), days=40)

    assert len(await office.told(to=ALL)) <= 4


async def test_after_an_outage_only_the_latest_step_is_said(
    office: ReportOffice,
) -> None:
    await office.liaison()
    await office.duty()
    await office.round(at(12, 2))

    await office.round(at(12, 25, 15))

    bodies = await office.told()
    assert len(bodies) == 2
    assert "尚余 3 个工作日" in bodies[-1].text


async def test_heads_hear_nothing_until_somebody_of_the_office_says_so(
    office: ReportOffice,
) -> None:
    await office.door.bound("9", "赵局长", OWN, Role.HEAD)
    await office.liaison()
    await office.duty()

    await office.walk(at(12, 1, 8), days=50)

    assert await office.told(to="9") == []
    draft = (await office.door.session.scalars(select(LeaderDraft))).one()
    assert OWN in draft.text


async def test_a_department_that_nobody_can_be_told_for_holds_up_nobody(
    office: ReportOffice,
) -> None:
    await office.liaison("7", "王敏", OWN)
    await office.duty(OTHER, OWN)

    await office.round(at(12, 16))

    assert len(await office.told()) == 1
    submission = await office.submission(OTHER)
    assert submission.next_at
    assert submission.next_at > at(12, 16)


@pytest.mark.parametrize("steps", [[at(12, 16)], [at(12, 16), at(12, 23, 9)]])
async def test_nobody_is_nudged_twice_on_a_day(
    office: ReportOffice, steps: list[datetime]
) -> None:
    await office.liaison()
    await office.group("-1001", OWN)
    await office.duty()
    await office.duty(what="月报", month=12, day_of_month=23)

    for now in steps:
        await office.round(now)
        await office.round(now + timedelta(hours=6))

    query = select(func.count(Nudge.id)).group_by(Nudge.recipient, Nudge.on)
    assert set(await office.door.session.scalars(query)) == {1}


async def test_what_is_reported_is_nudged_no_more_and_what_waits_is_cancelled(
    office: ReportOffice,
) -> None:
    await office.liaison()
    await office.liaison("8", "李强")
    await office.duty()
    await office.round(at(12, 16))

    await office.door.says("7", "已报")

    statuses = {one.status for one in await office.deliveries()}
    assert statuses == {DeliveryStatus.CANCELLED}
    assert await office.state() is SubmissionState.CLAIMED
    await office.walk(at(12, 17, 8), days=20)
    assert await office.told() == []


@pytest.mark.parametrize("day", [2, 9, 14, 16, 21, 23])
async def test_after_seven_days_off_each_hears_one_message_of_all_that_was_missed(
    office: ReportOffice, day: int
) -> None:
    await office.liaison()
    await office.liaison("8", "李强", OTHER)
    await office.group("-1001", OWN)
    await office.group("-2002", "")
    for what, due_day in (("全年落实情况", 30), ("科普日材料", 31), ("经费表", 28)):
        await office.duty(OWN, OTHER, what=what, day_of_month=due_day)
    await office.walk(at(12, 1, 8), days=day - 1)
    await office.goes_out()
    await office.round(at(12, day))  # what is planned now does not get out

    back = at(12, day) + timedelta(days=7)
    await office.walk(back - timedelta(hours=1), days=1)

    statuses = (DeliveryStatus.WAITING,)
    goes_out = [
        one.recipient
        for one in await office.deliveries()
        if one.status in statuses and one.expires_at and one.expires_at > back
    ]
    assert goes_out
    assert max(Counter(goes_out).values()) == 1
