"""The app tells whom it sees in the address book, and where each belongs."""

import pytest
from fake_qyapi import FakeQyapi
from platform_corp import Corp, Member
from qyapi_calls import Trouble

from bot.channels.wecom.app import WecomApp
from bot.errors import DeliveryError, NotSent, Refused


@pytest.fixture
def corp() -> Corp:
    corp = Corp()
    corp.departments |= {2: ("县科协", 1), 3: ("科普股", 2), 4: ("县教育局", 1)}
    return corp


def join(corp: Corp, userid: str, name: str, *where: int, **more: int) -> None:
    corp.members[userid.lower()] = Member(userid, name, departments=where, **more)


async def test_each_member_is_listed_once_with_departments_from_below(
    app: WecomApp, corp: Corp
) -> None:
    join(corp, "WangMin", "王敏", 3)
    join(corp, "LiQiang", "李强", 4, 2)

    found = {one.userid: one for one in await app.members()}

    assert found["WangMin"].name == "王敏"
    assert found["WangMin"].departments == ("科普股", "县科协", "平安区")
    assert found["LiQiang"].departments[-1] == "平安区"
    assert set(found) == {"WangMin", "LiQiang"}


async def test_who_is_disabled_has_left_or_is_not_seen_is_not_listed(
    app: WecomApp, corp: Corp
) -> None:
    for status, name in ((1, "Here"), (2, "Disabled"), (4, "New"), (5, "Left")):
        join(corp, name, name, 2, status=status)
    join(corp, "Hidden", "别人", 2)
    corp.apps[0].visible = {"here", "disabled", "new", "left"}

    assert [one.userid for one in await app.members()] == ["Here", "New"]


async def test_a_department_above_itself_ends_nowhere(
    app: WecomApp, corp: Corp
) -> None:
    corp.departments[2] = ("县科协", 3)
    join(corp, "WangMin", "王敏", 3)

    (one,) = await app.members()

    assert one.departments == ("科普股", "县科协")


@pytest.mark.parametrize(
    ("trouble", "error"),
    [
        (Trouble(errcode=60011), Refused),
        (Trouble(errcode=60020), NotSent),
        (Trouble(raw=b"<html>", status=502), DeliveryError),
    ],
)
async def test_what_goes_wrong_is_told_by_its_kind(
    app: WecomApp, qyapi: FakeQyapi, trouble: Trouble, error: type[Exception]
) -> None:
    qyapi.expect("department/list", trouble)

    with pytest.raises(error):
        await app.members()
