"""What a plan would have handed in is proposed; the office confirms it, or does not."""

from datetime import date, datetime
from typing import Any

import pytest
from front_door import OTHER, OWN, FrontDoor
from report_office import at
from sqlalchemy import select

from bot.departments import Departments
from bot.departments.table import Collective
from bot.errors import NotAllowed, PlanRefused
from bot.facts import Duty, DutyKind, Validity
from bot.mail.alarms import alarms
from bot.model import Plan, Role, Submission
from handlers.duties import Proposed, Standing, confirm, expand, open_day, proposed

NOW = at(11, 23)


def a_plan(**changes: Any) -> Plan:
    duty: dict[str, Any] = {
        "kind": DutyKind.REPORT,
        "what": "全年落实情况",
        "month": 12,
        "day_of_month": 30,
        "where": "四（三）",
        "who": (OWN, OTHER),
        "text": "每年12月30日前报送全年落实情况。",
    }
    last = changes.pop("last", date(2030, 12, 31))
    return Plan(
        key="澄政字〔2026〕18号",
        number="澄政字〔2026〕18号",
        title="方案",
        plan_title="方案",
        validity=Validity(first=None, last=last, text=""),
        duties=(Duty(**duty | changes),),
    )


async def the_proposed(
    door: FrontDoor, plan: Plan, *, departments: Departments | None = None
) -> Proposed:
    (found,) = await proposed(
        door.session,
        plans=[plan],
        departments=departments or door.desk.departments,
        today=NOW.date(),
    )
    return found


async def confirmed(
    door: FrontDoor, plan: Plan, *, now: datetime = NOW, **more: Any
) -> Proposed:
    one = await the_proposed(door, plan)
    await confirm(
        door.session,
        one,
        departments=door.desk.departments,
        by="李主任",
        at=now,
        **more,
    )
    return await the_proposed(door, plan)


async def owing(door: FrontDoor) -> list[str]:
    query = select(Submission.department).where(Submission.next_at.is_not(None))
    return sorted(await door.session.scalars(query))


async def test_nothing_is_opened_before_the_office_has_confirmed(
    door: FrontDoor,
) -> None:
    departments = door.desk.departments

    await open_day(door.session, plans=[a_plan()], departments=departments, at=NOW)

    assert await owing(door) == []
    words = [alarm.words for alarm in await alarms(door.session)]
    assert any("待确认" in one for one in words)


async def test_a_confirmed_duty_is_owed_by_each_of_its_obligors(
    door: FrontDoor,
) -> None:
    one = await confirmed(door, a_plan())

    assert one.standing is Standing.CONFIRMED
    assert await owing(door) == sorted([OWN, OTHER])


async def test_a_plan_without_a_date_is_not_confirmed(door: FrontDoor) -> None:
    one = await the_proposed(door, a_plan(month=None))

    assert one.standing is Standing.NO_DATE


async def test_a_plan_whose_period_is_over_asks_what_follows(door: FrontDoor) -> None:
    plan = a_plan(last=date(2025, 12, 31))

    assert (await the_proposed(door, plan)).standing is Standing.OVER
    with pytest.raises(PlanRefused) as caught:
        await confirmed(door, plan)
    assert "--until" in caught.value.reply
    one = await confirmed(door, plan, until=date(2026, 12, 31))
    assert one.standing is Standing.CONFIRMED


async def test_the_end_of_a_period_is_entered_once(door: FrontDoor) -> None:
    for day in (23, 24):
        await open_day(
            door.session,
            plans=[a_plan(last=date(2025, 12, 31))],
            departments=door.desk.departments,
            at=at(11, day),
        )

    assert (await door.events()).count("plan.expired") == 1


async def test_dates_are_confirmed_by_another_admin_than_signed_the_plan(
    door: FrontDoor,
) -> None:
    plan = a_plan()
    plan.signed_by = "李主任"
    await door.person("李主任", "办公室", Role.ADMIN)
    await confirmed(door, plan)  # an office of one: nobody else is there
    await door.person("周敏", "办公室", Role.ADMIN)

    with pytest.raises(NotAllowed) as caught:
        await confirmed(door, plan)
    assert "另一位管理员（周敏）" in caught.value.reply
    plan.signed_by = "周敏"
    assert (await confirmed(door, plan)).standing is Standing.CONFIRMED


async def test_an_end_that_has_passed_is_refused_as_passed(door: FrontDoor) -> None:
    with pytest.raises(PlanRefused) as caught:
        await confirmed(door, a_plan(), until=date(2025, 1, 1))

    assert caught.value.reply.startswith("2025-01-01 已经过去，没有登记")
    assert (await the_proposed(door, a_plan())).kept is None


async def test_a_new_version_keeps_the_duty_and_tells_a_changed_date(
    door: FrontDoor,
) -> None:
    before = await confirmed(door, a_plan())

    now = await the_proposed(door, a_plan(day_of_month=20))

    assert now.standing is Standing.CHANGED
    assert before.kept
    assert now.kept
    assert now.kept.id == before.kept.id


async def test_a_collective_without_members_is_told_and_nobody_is_guessed(
    door: FrontDoor,
) -> None:
    one = await the_proposed(door, a_plan(who=("各镇街道", OWN)))

    assert one.unknown == ("各镇街道",)
    assert one.obligors == (OWN,)


async def test_who_is_named_one_by_one_owes_and_nobody_else(door: FrontDoor) -> None:
    await confirmed(door, a_plan())

    await confirmed(door, a_plan(), who=[OTHER])

    assert await owing(door) == [OTHER]


def test_a_collective_is_expanded_by_the_names_of_the_roster(
    departments: Departments,
) -> None:
    group = Collective(names=("各镇街道",), members=("东山镇", "县应急局"))
    fuller = departments.merged(collectives=[group])

    found = expand(("各镇街道", OTHER), fuller, among=[OWN])

    assert found.departments == ("东山镇", OWN, OTHER)
    assert found.unknown == ()
