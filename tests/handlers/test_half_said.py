"""An order of the office without its number or name is no question to the plan."""

import pytest
from bureau import ALL, HERS, SECOND, Bureau
from sqlalchemy import select

from bot.model import Feedback


@pytest.mark.parametrize(
    ("words", "told"),
    [
        *((words, "第几号群发") for words in ("确认发送", "预览", "暂停", "取消群发")),
        *((words, "看编号") for words in ("取消金题", "金题", "近义 3", "不处理")),
        *((words, "请写姓名") for words in ("离岗", "返岗。", "删除个人信息")),
        *((words, "四位数字") for words in ("确认 123", "确认12345", "确认：７３４")),
    ],
)
async def test_it_is_told_how_it_is_said_whole(
    bureau: Bureau, words: str, told: str
) -> None:
    assert told in await bureau.says(words)
    assert list(await bureau.door.session.scalars(select(Feedback))) == []


async def test_the_draft_of_another_admin_wants_its_number(bureau: Bureau) -> None:
    await bureau.says(ALL)

    assert "第几号群发" in await bureau.says("确认发送", who=SECOND)


async def test_ones_own_draft_needs_none(bureau: Bureau) -> None:
    await bureau.says(ALL)

    assert (await bureau.says("预览")).startswith("第1号群发预览")


async def test_a_liaison_who_says_so_asks_the_plan(bureau: Bureau) -> None:
    assert "第几号群发" not in await bureau.says("确认发送", who=HERS)
