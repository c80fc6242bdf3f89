"""A broadcast to groups: chosen beside everyone, and known by name when they move."""

import pytest
from bureau import Bureau
from front_door import GROUP, LANE
from sqlalchemy import select

from bot.messages import Event
from bot.model import Chat, Delivery, DeliveryStatus

NEW = "-2002"


@pytest.fixture
async def with_group(bureau: Bureau) -> Bureau:
    """Give an office with a group of all departments."""
    bureau.door.session.add(
        Chat(
            channel=LANE,
            address=GROUP,
            title="联络员群",
            registered_at=bureau.door.now,
        )
    )
    await bureau.door.session.flush()
    return bureau


@pytest.mark.parametrize(
    "whom",
    ["全部单位、所有群", "所有群，全部单位", "全部单位和联络员群", "各部门及所有群"],
)
async def test_everyone_may_be_told_together_with_groups(
    with_group: Bureau, whom: str
) -> None:
    told = await with_group.says(f"群发 {whom}：周五开会")

    assert "范围：全部 2 家 3 人、1 个群" in told


async def test_everyone_and_a_department_are_everyone(bureau: Bureau) -> None:
    told = await bureau.says("群发 县应急局、全部单位：周五开会")

    assert "范围：全部 2 家 3 人" in told


@pytest.mark.parametrize(
    "status",
    [DeliveryStatus.WAITING, DeliveryStatus.SENDING, DeliveryStatus.SENT],
)
async def test_a_group_that_moves_is_reported_by_its_name(
    with_group: Bureau, status: DeliveryStatus
) -> None:
    await with_group.sends("群发 联络员群：周五开会")
    (one,) = await with_group.deliveries()
    one.status, one.remote_id = status, "m1" if status is DeliveryStatus.SENT else ""
    await with_group.door.session.flush()

    await with_group.door.happens(Event.MOVED, chat=GROUP, text=NEW)
    await with_group.arrives(DeliveryStatus.FAILED)

    told = await with_group.says("报告 1")
    assert "未送达：群“联络员群”" in told
    recipients = await with_group.door.session.scalars(select(Delivery.recipient))
    assert f"chat:{LANE}:{NEW}" in set(recipients)
