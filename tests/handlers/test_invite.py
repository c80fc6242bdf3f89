"""Admins hand out binding codes in their direct chat."""

import re

import pytest
from front_door import OTHER, OWN, FrontDoor

from bot.model import Role

ADMIN = "1"


@pytest.fixture
async def office(door: FrontDoor) -> FrontDoor:
    """Give an office with an admin and three people."""
    await door.bound(ADMIN, "李强", role=Role.ADMIN)
    await door.person("王敏")
    await door.person("赵静", OWN)
    await door.person("赵静", OTHER)
    return door


@pytest.mark.parametrize(
    "words",
    [
        "发绑定码 王敏",
        "发绑定码：王敏",
        f"发绑定码 王敏 {OWN}",
        f"发绑定码 {OWN} 王敏",
        f"发绑定码 {OWN}王敏",
        "给王敏发绑定码",
    ],
)
async def test_the_code_that_an_admin_gets_binds_whom_he_named(
    office: FrontDoor, words: str
) -> None:
    told = await office.says(ADMIN, words)

    assert told.startswith(f"{OWN} 王敏（联络员）的绑定码：")
    assert "11月24日 09:00 前" in told
    [code] = re.findall("[0-9A-Z]{8}", told)
    assert (await office.says("7", code)).startswith("已绑定")
    assert await office.whose("7") == "王敏"


async def test_the_link_beside_it_carries_a_longer_one(office: FrontDoor) -> None:
    reply = await office.hear(office.letter(ADMIN, "发绑定码 王敏"))

    assert reply
    [button] = reply.buttons
    assert (len(button.payload), button.for_group) == (32, False)
    assert (await office.says("7", f"绑定 {button.payload}")).startswith("已绑定")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("发绑定码 赵静", f"有2位同名人员，请在姓名后写明单位：{OWN}、{OTHER}。"),
        ("发绑定码 钱多", "通讯录里没有这个人"),
        ("发绑定码", "通讯录里没有这个人"),
        ("发绑定码 <b>x</b> y z", "通讯录里没有这个人"),
        ("作废绑定码 王敏", "没有未用的绑定码"),
    ],
)
async def test_what_cannot_be_done_is_told(
    office: FrontDoor, words: str, told: str
) -> None:
    assert told in await office.says(ADMIN, words)
    assert await office.events() == []


@pytest.mark.parametrize("said", ["阿依古丽 买买提", "阿依古丽 买买提 县应急局"])
async def test_a_name_may_have_a_space_and_a_department_a_short_name(
    office: FrontDoor, said: str
) -> None:
    await office.person("阿依古丽 买买提")

    assert "绑定码：" in await office.says(ADMIN, f"发绑定码 {said}")


async def test_a_department_tells_two_of_a_name_apart(office: FrontDoor) -> None:
    told = await office.says(ADMIN, f"发绑定码 赵静 {OTHER}")

    assert told.startswith(f"{OTHER} 赵静")


async def test_a_code_can_be_taken_back(office: FrontDoor) -> None:
    told = await office.says(ADMIN, "发绑定码 王敏")
    [code] = re.findall("[0-9A-Z]{8}", told)

    assert "已作废" in await office.says(ADMIN, "作废绑定码 王敏")
    assert "无效" in await office.says("7", code)
    assert await office.events() == ["bind.issued", "bind.revoked", "bind.failed"]


async def test_nobody_invites_a_higher_role(office: FrontDoor) -> None:
    await office.person("周总", role=Role.SUPER)

    assert "权限高于自己" in await office.says(ADMIN, "发绑定码 周总")
    assert await office.events() == []
