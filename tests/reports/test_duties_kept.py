"""Duties are confirmed by the office; their due dates are those that they name."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import NotFound
from bot.facts import Duty, DutyKind, Validity
from bot.model import Basis, Plan, Report, ReportDuty, Submission, SubmissionState
from bot.reports.duties import (
    Terms,
    confirm_duty,
    due_dates,
    end_duty,
    exempt_from_duty,
    open_reports,
    terms_of,
    title_of,
)
from bot.reports.submissions import Said

NINE = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
TODAY = date(2026, 12, 1)
NEXT_YEAR = "各单位于次年1月10日前将全年工作落实情况报送办公室。"


def terms(**changes: Any) -> Terms:
    values: dict[str, Any] = {
        "key": "k",
        "basis": Basis.DOCUMENT,
        "what": "全年落实情况",
        "month": 12,
        "day_of_month": 30,
    }
    return Terms(**values | changes)


def a_duty(**changes: Any) -> ReportDuty:
    values: dict[str, Any] = {
        "month": 12,
        "day_of_month": 30,
        "first": date(2026, 1, 1),
        "what": "全年落实情况",
        "text": "",
    }
    return ReportDuty(**values | changes)


@pytest.mark.parametrize(
    ("duty", "expected"),
    [
        (a_duty(), ["2026-12-30", "2027-12-30"]),
        (a_duty(last=date(2026, 12, 30)), ["2026-12-30"]),
        (a_duty(last=date(2026, 12, 29)), []),
        (a_duty(first=date(2027, 1, 1)), ["2027-12-30"]),
        (a_duty(month=2, day_of_month=29), ["2026-02-28", "2027-02-28"]),
        (a_duty(month=None, day=date(2026, 6, 5)), ["2026-06-05"]),
        (a_duty(month=None, day=date(2028, 6, 5)), []),
        (a_duty(month=None), []),
    ],
)
def test_due_dates_lie_within_the_period(duty: ReportDuty, expected: list[str]) -> None:
    found = due_dates(duty, first=date(2026, 1, 1), last=date(2027, 12, 31))

    assert [str(day) for day in found] == expected


@pytest.mark.parametrize(
    ("duty", "title"),
    [
        (a_duty(), "2026年全年落实情况"),
        (a_duty(month=1, day_of_month=10, text=NEXT_YEAR), "2025年全年落实情况"),
        (a_duty(what="2026年总结"), "2026年总结"),
    ],
)
def test_a_report_is_called_by_the_year_that_it_is_about(
    duty: ReportDuty, title: str
) -> None:
    due_on = date(2026, duty.month or 1, duty.day_of_month or 1)

    assert title_of(duty, due_on) == title


def a_plan(*duties: Duty) -> Plan:
    return Plan(
        key="澄政字〔2026〕18号",
        number="澄政字〔2026〕18号",
        plan_title="方案",
        title="方案",
        validity=Validity(first=None, last=date(2030, 12, 31), text="2026—2030年"),
        duties=duties,
    )


def test_a_plan_proposes_its_reports_with_their_clause_and_no_date_is_invented() -> (
    None
):
    plan = a_plan(
        Duty(
            kind=DutyKind.REPORT, what="全年情况", month=12, day_of_month=30, where="四"
        ),
        Duty(kind=DutyKind.REPORT, what="总结", where="五", rhythm="every 2 years"),
        Duty(kind=DutyKind.STANDING, what="加强领导"),
    )

    dated, undated = terms_of(plan)

    assert (dated.when, dated.clause, dated.basis) == (
        "每年12月30日前",
        "四",
        Basis.DOCUMENT,
    )
    assert undated.when == ""


def test_what_is_due_in_the_year_after_is_due_once_more_when_the_period_is_over() -> (
    None
):
    duty = Duty(
        kind=DutyKind.REPORT,
        what="全年工作落实情况",
        month=1,
        day_of_month=10,
        text=NEXT_YEAR,
    )

    (found,) = terms_of(a_plan(duty))

    assert found.last == date(2031, 12, 31)


async def test_a_duty_without_a_date_is_not_confirmed(session: AsyncSession) -> None:
    with pytest.raises(NotFound, match="without a date"):
        await confirm_duty(session, terms(month=None), first=TODAY, by="李", at=NINE)


async def test_a_report_is_opened_once_for_all_who_owe_it(
    session: AsyncSession,
) -> None:
    duty = await confirm_duty(session, terms(), first=TODAY, by="李主任", at=NINE)
    duty.exempt = ("丙",)

    for names in (["甲", "乙", "丙"], ["甲", "乙", "丙", "丁"]):
        for again in (False, True):
            await open_reports(
                session,
                [duty],
                lambda _, names=names: names,  # type: ignore[misc]
                today=TODAY,
                at=NINE,
                again=again,
            )

    reports = (await session.scalars(select(Report))).all()
    assert [str(report.due_on) for report in reports] == ["2026-12-30"]
    query = select(Submission.department).order_by(Submission.id)
    assert list(await session.scalars(query)) == ["甲", "乙", "丁"]


async def states_of(session: AsyncSession) -> list[SubmissionState]:
    return list(await session.scalars(select(Submission.state).order_by(Submission.id)))


async def an_open_duty(session: AsyncSession) -> ReportDuty:
    duty = await confirm_duty(session, terms(), first=TODAY, by="李主任", at=NINE)
    await open_reports(session, [duty], lambda _: ["甲", "乙"], today=TODAY, at=NINE)
    return duty


async def test_another_date_lets_off_what_was_due_by_the_old_one(
    session: AsyncSession,
) -> None:
    duty = await an_open_duty(session)

    changed = await confirm_duty(
        session, terms(day_of_month=20), first=TODAY, by="李主任", at=NINE
    )
    await open_reports(session, [changed], lambda _: ["甲"], today=TODAY, at=NINE)

    assert changed.id == duty.id
    exempt = SubmissionState.EXEMPT
    assert await states_of(session) == [exempt, exempt, SubmissionState.OPEN]


async def test_an_ended_duty_is_nudged_no_more(session: AsyncSession) -> None:
    duty = await an_open_duty(session)

    await end_duty(session, duty, today=TODAY, by="李主任", at=NINE)

    assert set(await states_of(session)) == {SubmissionState.EXEMPT}
    assert not await open_reports(
        session, [duty], lambda _: ["甲"], today=date(2027, 11, 1), at=NINE
    )


async def test_an_exemption_holds_for_one_department(session: AsyncSession) -> None:
    duty = await an_open_duty(session)
    said = Said(by="李主任", at=NINE, words="不涉及")

    await exempt_from_duty(session, duty, "甲", said, today=TODAY)

    assert duty.exempt == ("甲",)
    assert await states_of(session) == [SubmissionState.EXEMPT, SubmissionState.OPEN]
