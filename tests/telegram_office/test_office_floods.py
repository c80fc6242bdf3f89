"""Telegram says that we send too much: who waits, who goes on, and what is told."""

import asyncio
from typing import Any

import httpx
import said
from fake_api import FakeTelegram, flood
from test_office_troubles import NOTICE, ask, person, texts_to
from whole_office import Open, WholeOffice, until

from bot.channels.telegram import MANNERS
from bot.mail.alarms import alarms
from bot.model import DeliveryStatus
from handlers.rounds import audit_round

LONG = 600  # seconds
HELP = "@plan_test_bot 帮助"
WAITING = DeliveryStatus.WAITING


def group(number: int) -> dict[str, Any]:
    return {"id": number, "type": "supergroup", "title": "群"}


async def flood_two_groups(office: WholeOffice, telegram: FakeTelegram) -> None:
    for chat in (-1001, -1002):
        telegram.expect_in(chat, flood(LONG))
        telegram.tell(said.said(HELP, sender=person(0), chat=group(chat)))
    await until(lambda: texts_to(telegram, -1001) and texts_to(telegram, -1002))
    await until_told(office, limited=True)


async def health(office: WholeOffice) -> httpx.Response:
    async with httpx.AsyncClient() as client:
        return await client.get(f"{office.door}/healthz")


async def until_told(office: WholeOffice, **wanted: bool) -> None:
    """Wait until the lane is told to be limited, or silent, or not."""
    async with asyncio.timeout(15):
        while True:
            lane = (await health(office)).json()["lanes"]["telegram"]
            if all(bool(lane[f"{k}_until"]) is v for k, v in wanted.items()):
                return
            await asyncio.sleep(0.1)


async def alarm_words(office: WholeOffice) -> list[str]:
    seen = await office.engine.health()
    async with office.app.database.writing() as session:
        await audit_round(session, seen, now=office.app.now())
        return [one.words for one in await alarms(session) if one.key[:4] == "lane"]


async def test_two_flooded_groups_stop_what_goes_unasked_and_no_answer(
    open_office: Open, office_url: str, telegram: FakeTelegram
) -> None:
    office = await open_office(office_url, telegram.base_url, manners=MANNERS)
    await flood_two_groups(office, telegram)
    await office.notify(NOTICE, "4799", key="a")
    telegram.tell(
        said.said("帮助", sender=person(3)),
        said.said(HELP, sender=person(4), chat=group(-1003)),
    )
    await until(lambda: texts_to(telegram, 103) and texts_to(telegram, -1003))

    assert texts_to(telegram, 4799) == []
    assert len(texts_to(telegram, -1001)) == len(texts_to(telegram, -1002)) == 1
    seen = await health(office)
    assert seen.status_code == 200
    assert seen.json()["lanes"]["telegram"]["silent_until"] is None
    (words,) = await alarm_words(office)
    assert words.startswith("Telegram 限制发送：要求群发和催报等到 ")
    assert "个人提问照常答复" in words


async def test_a_restart_forgets_no_flood(
    open_office: Open, office_url: str, telegram: FakeTelegram
) -> None:
    first = await open_office(office_url, telegram.base_url, manners=MANNERS)
    await flood_two_groups(first, telegram)
    await first.close()
    second = await open_office(office_url, telegram.base_url, manners=MANNERS)
    await second.notify(NOTICE, "4799", key="a")
    telegram.tell(said.said("帮助", sender=person(3)))
    await until(lambda: texts_to(telegram, 103))
    telegram.tell(said.said("帮助", sender=person(4)))
    await until(lambda: texts_to(telegram, 104))

    assert texts_to(telegram, 4799) == []
    assert len(texts_to(telegram, -1001)) == len(texts_to(telegram, -1002)) == 1
    waiting = [one for one in await second.deliveries() if one.status is WAITING]
    assert sorted(one.address for one in waiting) == ["-1001", "-1002", "4799"]


async def test_an_answer_to_a_person_that_is_flooded_too_stops_all_and_red_it_is(
    open_office: Open, office_url: str, telegram: FakeTelegram
) -> None:
    office = await open_office(office_url, telegram.base_url, manners=MANNERS)
    await flood_two_groups(office, telegram)
    telegram.expect_in(103, flood(LONG))
    telegram.tell(said.said("帮助", sender=person(3)))
    await until_told(office, silent=True)
    telegram.tell(said.said("帮助", sender=person(4)))
    await until(lambda: not telegram.unconfirmed)
    number = len(telegram.calls)
    await asyncio.sleep(1.5)  # a look of the clock and more

    assert texts_to(telegram, 104) == []
    assert {call.method for call in telegram.calls[number:]} <= {"getUpdates"}
    assert (await health(office)).status_code == 503
    (words,) = await alarm_words(office)
    assert "提问也要等到" in words
    assert "不是网络或密钥的问题" in words


async def test_when_the_limit_is_over_all_goes_out_once(
    open_office: Open, office_url: str, telegram: FakeTelegram
) -> None:
    office = await open_office(office_url, telegram.base_url, manners=MANNERS)
    for chat in (101, 102, 103):
        telegram.expect_in(chat, flood(2))
    await ask(
        office, telegram, *[said.said("帮助", sender=person(n)) for n in (1, 2, 3, 4)]
    )
    await office.notify(NOTICE, "4799", key="a")
    await office.rest()

    arrived = [chat for chat, _ in telegram.messages]
    assert sorted(arrived) == [101, 102, 103, 104, 4799]
    await until_told(office, limited=False, silent=False)
    assert (await health(office)).status_code == 200
    assert await alarm_words(office) == []
