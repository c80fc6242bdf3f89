"""Numbers of updates that begin anew: another bot, or a bot that was long idle."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import said
from fake_api import FakeTelegram
from test_office_troubles import texts_to
from whole_office import Open, until

OTHER = "8:AAanother_token_of_the_tests_0123456789"
LI = 4711


@pytest.fixture
async def other() -> AsyncIterator[FakeTelegram]:
    """Give the Telegram of another bot."""
    async with FakeTelegram(token=OTHER).running() as fake:
        yield fake


def numbered(number: int, update: dict[str, Any]) -> dict[str, Any]:
    return update | {"update_id": number}


async def test_another_bot_loses_nothing_whatever_its_numbers(
    open_office: Open, office_url: str, telegram: FakeTelegram, other: FakeTelegram
) -> None:
    first = await open_office(office_url, telegram.base_url)
    await first.know(LI)
    telegram.tell(*[numbered(n, said.said("帮助")) for n in (900, 901, 902)])
    await until(lambda: not telegram.unconfirmed)
    await first.rest()
    await first.close()

    second = await open_office(office_url, other.base_url, token=OTHER)
    same = [
        numbered(901, said.said("我们负责哪些任务")),
        numbered(902, said.pressed("=我们负责哪些任务", press="8000")),
        numbered(5, said.said("科技馆谁负责")),
        numbered(6, said.said("全年总结啥时候交", sender=said.WANG)),
    ]
    other.tell(*same)
    await until(lambda: not other.unconfirmed)
    await second.rest()
    other.tell(*same)  # as after an answer of ours that got lost
    await until(lambda: not other.unconfirmed)
    await second.rest()

    assert len(texts_to(telegram, LI)) == 3
    told = texts_to(other, LI)
    assert len([one for one in told if "共 12 项" in one]) == 2
    assert len(told) == 3
    assert len(texts_to(other, said.WANG["id"])) == 1
    assert len(await second.letters()) == 7


async def test_numbers_that_begin_anew_after_an_idle_week_are_heard(
    open_office: Open, office_url: str, telegram: FakeTelegram
) -> None:
    office = await open_office(office_url, telegram.base_url)
    first = numbered(77, said.said("帮助"))
    again = numbered(77, said.said("科技馆谁负责"))
    again["message"]["date"] += 8 * 86400
    for update in (first, first, again, again):
        telegram.tell(update)
        await until(lambda: not telegram.unconfirmed)
        await office.rest()

    helped, answered = texts_to(telegram, LI)
    assert "可以这样问" in helped
    assert "科技馆" in answered
