"""Broadcasts and nudges of a whole office on the app: many at once, then silence."""

import asyncio
from collections import Counter
from datetime import datetime, time, timedelta

import pytest
from sqlalchemy import select
from wecom_whole_office import OWN, WecomOffice, until

from bot import roster
from bot.mail import outbox
from bot.mail.outbox import Addressee
from bot.messages import Reply
from bot.model import Delivery, DeliveryStatus, SubmissionState
from handlers.nudge import nudge_round

CROWD = [f"user{number:04}" for number in range(5000)]
STRANGERS = set(CROWD[::137])


async def deliveries(office: WecomOffice) -> list[Delivery]:
    async with office.app.database.reading() as session:
        return list(await session.scalars(select(Delivery).order_by(Delivery.id)))


@pytest.mark.parametrize("office_url", ["sqlite"], indirect=True)
async def test_five_thousand_members_hear_a_broadcast_by_five_calls(
    office: WecomOffice,
) -> None:
    await office.know()  # 张三 has two accounts, and is not in the app's range
    del office.qyapi.corp.members["zhangsan"]
    await office.openws.say("ZhangSan", "你好")
    await until(lambda: office.openws.texts_in("ZhangSan"))
    office.qyapi.corp.add(*(one for one in CROWD if one not in STRANGERS))
    async with office.app.database.writing() as session:
        (person,) = await roster.people_named(session, "张三", department=OWN)
        own = Addressee(
            recipient=f"person:{person.id}",
            lane="wecom_app",
            address="zhangsan",
            person_id=person.id,
        )
        audience = [own] + [
            Addressee(recipient=f"chat:wecom_app:{one}", lane="wecom_app", address=one)
            for one in CROWD[:-1]
        ]
        await outbox.issue_notice(
            session,
            key="broadcast",
            kind="broadcast",
            body=Reply("请各单位于12月20日前报送工作总结。"),
            audience=audience,
            by="李主任",
            at=office.app.now(),
            write=office.app.nudging.write,
        )
    await office.engine.ring("lane:wecom_app")
    async with asyncio.timeout(60):
        await until(lambda: len(office.qyapi.of("message/send")) >= 5, seconds=60)
    await office.rest()

    assert len(office.qyapi.of("message/send")) == 5
    told = Counter(post.to for post in office.qyapi.posts)
    assert told == {one: 1 for one in CROWD[:-1] if one not in STRANGERS}
    assert office.qyapi.dropped == []
    rows = [one for one in await deliveries(office) if one.notice_id]
    failed = {one.address for one in rows if one.status is DeliveryStatus.FAILED}
    assert failed == STRANGERS | {"zhangsan"}
    assert all(
        "60111" in one.error for one in rows if one.status is DeliveryStatus.FAILED
    )
    (other,) = [one for one in rows if one.lane == "wecom_bot"]
    assert (other.status, other.recipient) == (DeliveryStatus.SENT, own.recipient)


async def test_a_nudge_card_is_pressed_and_stands_updated_in_its_place(
    office: WecomOffice,
) -> None:
    await office.know()
    report = await office.owes()
    await office.nudge(report, ("chat:wecom_app:zhangsan", "wecom_app", "zhangsan"))
    await until(lambda: office.qyapi.messages.cards)
    await office.rest()
    ((agent, task_id), card), *_ = office.qyapi.messages.cards.items()
    shown = card.shown["zhangsan"]
    assert shown["card_type"] == "button_interaction"
    buttons = {one["text"]: one["key"] for one in shown["button_list"]}

    code = office.qyapi.messages.new_code(agent, task_id)
    click = office.line.click("ZhangSan", buttons["已报送"], task_id=task_id, code=code)
    await office.line.post(click)
    await until(lambda: office.qyapi.of("message/update_template_card"))
    await office.rest()

    assert await office.state() is SubmissionState.CLAIMED
    assert "待办公室核收" in str(card.shown["zhangsan"])
    assert len(office.qyapi.posts_to("zhangsan")) == 1


async def round_until(office: WecomOffice, *, first: datetime, days: int) -> int:
    """Hold a round on each day; returns how many deliveries there are then."""
    before = len(await deliveries(office))
    for day in range(days):
        on = (first + timedelta(days=day)).date()
        moment = datetime.combine(on, time(10), first.tzinfo)
        async with office.app.database.writing() as session:
            await nudge_round(session, office.app.nudging, now=moment)
        if len(await deliveries(office)) > before:
            break
    return len(await deliveries(office)) - before


@pytest.mark.parametrize("where", ["app", "group"])
async def test_who_has_reported_here_is_nudged_nowhere_else(
    office: WecomOffice, where: str
) -> None:
    await office.know()
    await office.say_in_group("LiSi", f"登记本群 {OWN}")
    report = await office.owes()
    tomorrow = office.app.now() + timedelta(days=1)  # what is due then waits
    assert await round_until(office, first=tomorrow, days=40) == 2
    nudges = [one for one in await deliveries(office) if one.notice_id]
    assert {one.lane for one in nudges} == {"wecom_app", "wecom_bot"}

    words = f"已报 {report.code}"
    if where == "app":
        assert "待办公室核收" in await office.say("ZhangSan", words)
    else:
        assert "待办公室核收" in await office.say_in_group("ZhangSan", words)

    nudges = [one for one in await deliveries(office) if one.notice_id]
    assert {one.status for one in nudges} == {DeliveryStatus.CANCELLED}
    assert await round_until(office, first=tomorrow, days=40) == 0
