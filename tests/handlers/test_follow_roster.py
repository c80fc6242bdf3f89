"""One department with two names owes once, and hears once the roster names it."""

from front_door import OTHER, OWN
from report_office import ReportOffice, at, terms
from sqlalchemy import select

from bot.model import Role, Submission, SubmissionState
from bot.roster import PersonRow, Roster
from handlers import duties
from handlers.keep_roster import BroughtIn, bring_in

SHORT = "县应急局"
State = SubmissionState


async def entered(office: ReportOffice, *who: str) -> None:
    office.door.now = at(12, 14)
    await duties.enter(
        office.door.session,
        terms(who=who),
        departments=office.door.desk.departments,
        by="李主任",
        at=at(12, 14),
    )


async def brought_in(office: ReportOffice, *names: str) -> BroughtIn:
    people = tuple(
        PersonRow(name=f"王{name}", department=name, role=Role.LIAISON)
        for name in names
    )
    return await bring_in(
        office.door.session,
        Roster(people=people),
        departments=office.door.desk.departments,
        by="李主任",
        source="名册",
        at=at(12, 15),
    )


async def owing(office: ReportOffice) -> dict[str, State]:
    found = (await office.door.session.scalars(select(Submission))).unique()
    return {one.department: one.state for one in found}


async def test_two_names_of_one_department_owe_one_report(office: ReportOffice) -> None:
    await entered(office, SHORT, OWN, OTHER)

    assert list(await owing(office)) == [SHORT, OTHER]


async def test_a_roster_that_comes_later_has_its_people_nudged(
    office: ReportOffice,
) -> None:
    await entered(office, SHORT)
    await office.round(at(12, 14, 10))
    done = await brought_in(office, OWN)
    await office.liaison()

    await office.round(at(12, 16, 10))

    assert done.renamed == ((SHORT, OWN),)
    assert await owing(office) == {OWN: State.OPEN}
    assert "全年落实情况" in (await office.told(to="7"))[0].text


async def test_of_a_report_owed_under_both_names_one_is_let_off(
    office: ReportOffice,
) -> None:
    await office.duty(SHORT, OWN)

    await brought_in(office, OWN)

    assert await owing(office) == {SHORT: State.EXEMPT, OWN: State.OPEN}


async def test_what_was_handed_in_under_the_old_name_is_owed_no_more(
    office: ReportOffice,
) -> None:
    await office.duty(SHORT, OWN)
    (await office.submission(SHORT)).state = State.CLAIMED

    await brought_in(office, OWN)

    assert await owing(office) == {SHORT: State.CLAIMED, OWN: State.EXEMPT}


async def test_nobody_is_guessed_where_two_may_be_meant(office: ReportOffice) -> None:
    await entered(office, "应急管理局")

    done = await brought_in(office, OWN, "市应急管理局")

    assert done.renamed == ()
    assert list(await owing(office)) == ["应急管理局"]


async def test_an_exemption_goes_along(office: ReportOffice) -> None:
    await entered(office, SHORT, OTHER)
    await duties.let_off(
        office.door.session,
        1,
        SHORT,
        departments=office.door.desk.departments,
        by="李主任",
        at=at(12, 14),
        reason="撤并",
    )

    await brought_in(office, OWN)

    assert (await owing(office))[OWN] is State.EXEMPT
    (duty,) = await duties.duties_kept(office.door.session)
    assert duty.exempt == (OWN,)


async def test_the_day_brings_it_in_order_too(office: ReportOffice) -> None:
    await entered(office, SHORT)
    await office.liaison()

    await duties.open_day(
        office.door.session,
        plans=[],
        departments=office.door.desk.departments,
        at=at(12, 15),
    )

    assert list(await owing(office)) == [OWN]
