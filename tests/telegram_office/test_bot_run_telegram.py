"""`bot run` as a process, as an engineer starts it: killed, stopped, overheard."""

import asyncio
import json
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from typing import Any

import pytest
import said
from aiohttp import ClientSession
from bot_process import BotProcess
from fake_api import TOKEN, FakeTelegram, Trouble
from outside_telegram import OutsideTelegram
from whole_office import SECRET, until

from bot.model import DeliveryStatus

StartBot = Callable[..., Awaitable[BotProcess]]
both_ways = pytest.mark.parametrize("has_webhook", [False, True], ids=["poll", "hook"])
SUN = {"id": 5, "is_bot": False, "first_name": "孙"}

_REFUSE = """
    CREATE TRIGGER not_now BEFORE INSERT ON delivery
    BEGIN SELECT RAISE(ABORT, 'not now'); END
"""


def sql(url: str, *statements: str) -> list[Any]:
    """Do something to the store behind the office's back; returns the last rows."""
    rows: list[Any] = []
    with closing(sqlite3.connect(url.partition(":///")[2], timeout=10)) as store:
        for statement in statements:
            rows = store.execute(statement).fetchall()
        store.commit()
    return rows


async def fetched(url: str) -> str:
    async with ClientSession() as session, session.get(url) as answer:
        return await answer.text()


@both_ways
async def test_killed_between_keeping_and_answering_it_answers_exactly_once(
    start_bot: StartBot, office_url: str, outside: OutsideTelegram, has_webhook: bool
) -> None:
    sql(office_url, _REFUSE)  # so that nothing can be answered yet
    first = await start_bot(office_url, outside.base_url, has_webhook=has_webhook)
    await until(lambda: len(outside.of("setMyCommands")) == 3)
    press = said.pressed("=谢谢", press="78", sender=said.WANG)
    await outside.tell(said.said("帮助"), press)
    tried = "SELECT count(*) FROM letter WHERE error <> ''"
    await until(lambda: sql(office_url, tried) == [(2,)])
    await first.kill()
    sql(office_url, "DROP TRIGGER not_now")

    second = await start_bot(office_url, outside.base_url, has_webhook=has_webhook)
    await outside.tell_again()
    await outside.tell(said.said("谢谢", sender=SUN))
    await until(lambda: len(outside.texts) >= 3)
    await until(lambda: not outside.pending)
    await asyncio.sleep(0.3)  # whatever is said twice would be said by now
    assert await second.stop() == 0

    assert sorted(call.chat for call in outside.of("sendMessage")) == [5, 4711, 4712]
    assert sql(office_url, "SELECT count(*) FROM letter") == [(3,)]
    assert sql(office_url, "SELECT DISTINCT status FROM delivery") == [("sent",)]


async def test_killed_while_telegram_has_the_answer_in_hand_it_does_not_repeat_it(
    start_bot: StartBot, office_url: str, telegram: FakeTelegram
) -> None:
    telegram.expect_in(4711, Trouble(takes=True, hangs=True))
    first = await start_bot(office_url, telegram.base_url)
    telegram.tell(said.said("帮助"))
    await until(lambda: telegram.messages)
    await first.kill()

    second = await start_bot(office_url, telegram.base_url)
    telegram.tell(said.said("谢谢", sender=said.WANG))
    await until(lambda: len(telegram.messages) == 2)
    unknown = "SELECT status FROM delivery WHERE address = '4711'"
    await until(lambda: sql(office_url, unknown) == [(DeliveryStatus.UNKNOWN,)])
    assert await second.stop() == 0

    assert len(telegram.of("sendMessage")) == 2


async def test_an_engineer_sees_it_start_work_and_stop_and_no_secret(
    start_bot: StartBot, office_url: str, telegram: FakeTelegram
) -> None:
    bot = await start_bot(
        office_url, telegram.base_url, has_webhook=True, from_nothing=True
    )
    await until(lambda: len(telegram.of("setMyCommands")) == 3)
    telegram.expect_in(4711, Trouble(500, f"boom {TOKEN}"))
    telegram.expect_in(4712, Trouble(403, f"Forbidden: https://x/bot{TOKEN}/y"))
    telegram.tell(
        *[said.said("帮助", sender=one) for one in (said.LI, said.WANG)],
        said.update(message={"text": f"{TOKEN}"}),
        said.said("谢谢", sender=SUN),
    )
    assert await telegram.deliver() == [200] * 4
    await until(lambda: any(chat == 5 for chat, _ in telegram.messages))
    health = json.loads(await fetched(f"{bot.door}/healthz"))
    metrics = await fetched(f"{bot.door}/metrics")
    await bot.hear("Telegram 已")
    assert await bot.stop() == 0

    assert health["status"] == "ok"
    for place in (health, metrics, bot.said, bot.log):
        for secret in (TOKEN, TOKEN.partition(":")[2], SECRET):
            assert secret not in str(place)
    assert all(json.loads(line) for line in bot.log.splitlines())
