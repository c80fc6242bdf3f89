"""In a department's own group its liaisons are called, and nobody in that of all."""

from dataclasses import replace

import pytest
from front_door import LANE, OTHER, OWN
from report_office import NUDGING, ReportOffice, at
from sqlalchemy import select

from bot import roster
from bot.messages import Mention, Reply
from bot.model import Chat, Delivery, DeliveryStatus, Person
from handlers.fall_back import fall_back
from handlers.nudge_words import calling

GROUP, ALL = "-1001", "-2002"


@pytest.fixture
async def due(office: ReportOffice) -> ReportOffice:
    """Give an office with a duty, a liaison, the group of his department and of all."""
    await office.liaison()
    await office.group(GROUP, OWN)
    await office.group(ALL, "")
    await office.duty(OWN, OTHER)
    return office


async def said(office: ReportOffice, to: str) -> Reply:
    return (await office.told(to=to))[-1]


async def test_the_first_step_calls_nobody_and_later_ones_the_liaison(
    due: ReportOffice,
) -> None:
    for day, called in ((2, ()), (16, (Mention("联络员", "7"),))):
        await due.round(at(12, day))

        assert (await said(due, GROUP)).mentions == called
        assert (await said(due, ALL)).mentions == ()
        assert (await said(due, "7")).mentions == ()

    body = await said(due, GROUP)
    assert body.text.endswith("\n请联络员办理。")
    assert body.unheard.endswith("”。\n请联络员办理。")
    assert "王敏" not in body.text
    assert len(body.text.splitlines()) <= 6


async def test_where_nobody_hears_neither_group_is_asked_to_press_or_reply(
    due: ReportOffice,
) -> None:
    await due.round(at(12, 2))

    own, of_all = await said(due, GROUP), await said(due, ALL)
    assert "已报送请私聊回复“已报 #R" in own.unheard
    assert of_all.unheard.endswith("联络员可私聊回复“已报”。")
    assert "点“" not in own.unheard + of_all.unheard


async def test_all_liaisons_are_called_once_each_and_no_deputy_beside_them(
    due: ReportOffice,
) -> None:
    await due.liaison("8", "李强")
    (await due.liaison("9", "副手")).is_deputy = True
    await due.liaison("10", "别人", OTHER)
    person = (await due.door.session.scalars(select(Person).filter_by(id=1))).one()
    again = await roster.account_for(due.door.session, channel=LANE, address="77")
    await roster.bind_account(due.door.session, again, person)

    await due.round(at(12, 16))

    body = await said(due, GROUP)
    assert [one.address for one in body.mentions] == ["7", "8"]
    assert body.text.endswith("请联络员①、联络员②办理。")


async def test_who_is_unknown_to_the_product_of_the_group_is_not_called(
    office: ReportOffice,
) -> None:
    office.nudging = replace(NUDGING, lanes=(LANE, "wecom_bot"))
    await office.liaison()
    chat = Chat(channel="wecom_bot", address="wr1", department=OWN)
    chat.registered_at = at(11, 1)
    office.door.session.add(chat)
    await office.duty()

    await office.round(at(12, 16))

    assert (await said(office, "wr1")).mentions == ()


@pytest.mark.parametrize("lane", ["wecom_bot", "wecom_hook"])
async def test_liaisons_bear_no_marks_where_the_robot_can_call_nobody(
    office: ReportOffice, lane: str
) -> None:
    session = office.door.session
    office.nudging = replace(NUDGING, lanes=(LANE, lane))
    for address, name in (("7", "王敏"), ("8", "李强")):
        person = await office.liaison(address, name)
        account = await roster.account_for(session, channel="wecom_app", address=name)
        await roster.bind_account(session, account, person)
    chat = Chat(channel=lane, address="wr1", department=OWN)
    chat.registered_at = at(11, 1)
    session.add(chat)
    await office.duty()

    await office.round(at(12, 16))

    body = await said(office, "wr1")
    assert [one.address for one in body.mentions] == ["王敏", "李强"]
    assert ("①" in body.text) is (lane == "wecom_hook")
    assert all(one.name in body.text for one in body.mentions)


async def test_a_deputy_is_called_where_there_is_nobody_else(due: ReportOffice) -> None:
    for person in await due.door.session.scalars(select(Person)):
        person.is_deputy = True

    await due.round(at(12, 16))

    assert [one.address for one in (await said(due, GROUP)).mentions] == ["7"]


def test_no_more_are_called_than_there_are_marks_for() -> None:
    body = calling(Reply("提示。"), [str(number) for number in range(9)])

    assert len(body.mentions) == 5
    assert all(one.name in body.text for one in body.mentions)


@pytest.mark.parametrize(
    ("lane", "called"), [("wecom_hook", True), ("wecom_appchat", True), (LANE, False)]
)
async def test_the_webhook_in_a_group_s_stead_calls_people_of_its_own_product(
    office: ReportOffice, lane: str, called: bool
) -> None:
    session, written = office.door.session, []
    office.nudging = replace(NUDGING, lanes=("wecom_app", "wecom_bot"))
    person = await office.liaison()
    account = await roster.account_for(session, channel="wecom_app", address="wangmin")
    await roster.bind_account(session, account, person)
    session.add(
        Chat(
            channel="wecom_bot",
            address="wr1",
            department=OWN,
            fallback=f"{lane}:群",
            registered_at=at(11, 1),
        )
    )
    await office.duty()
    await office.round(at(12, 16))
    first = select(Delivery).filter_by(address="wr1")
    delivery = (await session.scalars(first)).one()
    delivery.status = DeliveryStatus.FAILED
    await session.flush()

    def write(lane: str, address: str, reply: Reply) -> tuple[str, ...]:
        written.append(reply)
        return (reply.text,)

    await fall_back(session, [delivery.id], lanes=[lane], write=write, at=at(12, 16))

    assert [one.address for one in written[0].mentions] == ["wangmin"] * called
