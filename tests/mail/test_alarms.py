"""An alarm is told once while it lasts."""

import asyncio

from letterbox import MINUTE, NINE
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database import Database
from bot.mail.alarms import alarms, clear_alarm, raise_alarm

KEY = "lane:telegram"


async def test_an_alarm_is_new_once_while_it_lasts(session: AsyncSession) -> None:
    assert await raise_alarm(session, KEY, "五分钟没有发出", NINE)
    assert not await raise_alarm(session, KEY, "六分钟没有发出", NINE + MINUTE)

    (alarm,) = await alarms(session)
    assert (alarm.words, alarm.raised_at) == ("六分钟没有发出", NINE)


async def test_a_cleared_alarm_is_told_no_more(session: AsyncSession) -> None:
    await raise_alarm(session, KEY, "五分钟没有发出", NINE)

    assert await clear_alarm(session, KEY, NINE + MINUTE)
    assert not await clear_alarm(session, KEY, NINE + MINUTE)
    assert await alarms(session) == []


async def test_an_alarm_that_comes_again_is_new_again(session: AsyncSession) -> None:
    await raise_alarm(session, KEY, "第一次", NINE)
    await clear_alarm(session, KEY, NINE + MINUTE)

    assert await raise_alarm(session, KEY, "第二次", NINE + 2 * MINUTE)

    (alarm,) = await alarms(session)
    assert (alarm.words, alarm.raised_at) == ("第二次", NINE + 2 * MINUTE)


async def test_what_was_never_raised_cannot_be_cleared(session: AsyncSession) -> None:
    assert not await clear_alarm(session, KEY, NINE)


async def test_alarms_are_listed_oldest_first(session: AsyncSession) -> None:
    await raise_alarm(session, "late", "后", NINE + MINUTE)
    await raise_alarm(session, "early", "先", NINE)

    assert [alarm.key for alarm in await alarms(session)] == ["early", "late"]


async def test_of_several_processes_one_tells_it(database: Database) -> None:
    async def audit() -> bool:
        async with database.writing() as session:
            return await raise_alarm(session, KEY, "没有发出", NINE)

    assert sorted(await asyncio.gather(*(audit() for _ in range(4)))) == [
        *[False] * 3,
        True,
    ]
