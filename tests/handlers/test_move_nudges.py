"""A notice of rest days moves the nudges to come, and says which."""

from datetime import date

from front_door import OWN
from report_office import POLICY, ReportOffice, at

from bot.mail.alarms import alarms
from bot.model import CalendarDay
from bot.reports import submissions
from bot.reports.holidays import calendar_kept
from bot.reports.submissions import Said
from handlers.duties import open_day
from handlers.move_nudges import move_nudges


async def frees(office: ReportOffice, day: date) -> None:
    office.door.session.add(
        CalendarDay(
            day=day,
            is_working=False,
            name="停工",
            source="通知",
            entered_by="李主任",
            entered_at=at(12, 20),
        )
    )
    await office.door.session.flush()


async def test_a_step_on_a_day_that_becomes_free_comes_earlier(
    office: ReportOffice,
) -> None:
    report = await office.duty(OWN)
    await office.liaison()
    await office.round(at(12, 17))  # T-10 is made known, T-5 is next
    was = await calendar_kept(office.door.session)
    before = (await office.submission()).next_at
    await frees(office, date(2026, 12, 23))

    moved = await move_nudges(
        office.door.session, was=was, policy=POLICY, at=at(12, 18)
    )

    after = (await office.submission()).next_at
    assert before
    assert after
    days = [one.astimezone(POLICY.zone).date() for one in (before, after)]
    assert days == [date(2026, 12, 23), date(2026, 12, 22)]
    assert [one.report.id for one in moved] == [report.id]
    assert "2026-12-23→2026-12-22" in moved[0].words


async def test_a_notice_that_moves_nothing_lists_nothing(office: ReportOffice) -> None:
    await office.duty(OWN)
    was = await calendar_kept(office.door.session)
    await frees(office, date(2027, 10, 1))

    assert (
        await move_nudges(office.door.session, was=was, policy=POLICY, at=at(12, 18))
        == []
    )


async def test_dates_near_an_unknown_holiday_are_put_before_the_office(
    office: ReportOffice,
) -> None:
    await office.duty(OWN)

    await open_day(
        office.door.session,
        plans=[],
        departments=office.door.desk.departments,
        at=at(11, 20),
    )

    keys = [alarm.key for alarm in await alarms(office.door.session)]
    assert "calendar:near:2026-12-30" in keys


async def test_what_is_returned_is_not_known_to_have_been_received(
    office: ReportOffice,
) -> None:
    await office.duty(OWN)
    session, said = office.door.session, Said(by="王敏", at=at(12, 18))
    one = await office.submission()
    await submissions.acknowledge(session, one, said)
    await submissions.claim(session, one, said)

    await submissions.return_(session, one, said, reason="缺场次")

    assert one.standing.acknowledged_at is None


async def test_a_group_of_all_hears_of_a_step_once(office: ReportOffice) -> None:
    await office.duty(OWN, "县教育和体育局")
    await office.group("-1009", "")
    await office.round(at(12, 16))
    first = await office.submission()
    first.step, first.next_at = 20, at(12, 17)
    await office.door.session.flush()

    await office.round(at(12, 17))

    assert len(await office.deliveries(to="-1009")) == 1
