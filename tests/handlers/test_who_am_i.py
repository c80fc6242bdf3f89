"""Who somebody is: told to himself, never taken from his own words."""

import pytest
from front_door import OWN, FrontDoor

from handlers.act import ELSEWHERE
from handlers.bind import HOW

WHO_AM_I = ["我是谁", "我是谁？", "我绑定了吗", "我绑的是哪个单位", "我是哪个单位的"]


@pytest.mark.parametrize("words", WHO_AM_I)
async def test_who_one_is_is_told(door: FrontDoor, words: str) -> None:
    await door.bound("7", "王敏")

    assert (await door.says("7", words)).startswith(f"您已绑定：{OWN} 王敏（联络员）。")


@pytest.mark.parametrize("words", WHO_AM_I)
async def test_a_stranger_who_asks_who_he_is_hears_how_to_bind(
    door: FrontDoor, words: str
) -> None:
    assert await door.says("7", words) == f"您的账号还没有绑定单位。{HOW}"


@pytest.mark.parametrize(
    "words",
    [
        "我是县教育和体育局的",
        "我是教育局的联络员",
        "你好，我是县教育和体育局的王敏",
        "我们是应急局的",
        "我是应急管理局",
    ],
)
async def test_whose_one_is_cannot_be_claimed(door: FrontDoor, words: str) -> None:
    assert await door.says("7", words) == f"单位身份以绑定为准，不能自报。{HOW}"
    assert await door.whose("7") == ""


async def test_a_claim_of_somebody_bound_is_answered_with_who_he_is(
    door: FrontDoor,
) -> None:
    await door.bound("7", "王敏")

    told = await door.says("7", "我是县教育和体育局的")

    assert told.startswith(
        f"单位身份以绑定为准，不能自报。\n您已绑定：{OWN} 王敏（联络员）。"
    )


@pytest.mark.parametrize(
    "words", ["我是应急局的，我们负责哪些任务", "我是新来的", "我是谁负责的"]
)
async def test_a_question_that_begins_with_who_one_is_stays_a_question(
    door: FrontDoor, words: str
) -> None:
    assert "以绑定为准" not in await door.says("7", words)


async def test_who_one_is_is_not_told_in_a_group(door: FrontDoor) -> None:
    await door.bound("7", "王敏")

    assert await door.says_in_group("7", "我是谁") == ELSEWHERE
