"""Topics of a forum: where notices go, and what becomes of them when one is closed."""

import asyncio
from pathlib import Path

import pytest
import said
from fake_api import FakeTelegram
from sqlalchemy import select
from test_office_troubles import NOTICE, ask
from whole_office import ROOT, Open, WholeOffice, publish, until

from bot.app.engine import Part
from bot.model import Acknowledgement, Chat, Notice, Role

SAMPLE = ROOT / "data" / "samples" / "sample-plan.txt"
CHIEF, FORUM = said.WANG, said.FORUM["id"]
REGISTER = said.said(
    "@plan_test_bot 登记本群 县科协", chat=said.FORUM, thread=42, sender=CHIEF
)


async def know_people(office: WholeOffice, telegram: FakeTelegram) -> None:
    """Let there be an admin, who is also one of the forum's, and a liaison."""
    await office.know(CHIEF["id"], role=Role.ADMIN, name="李主任")
    await office.know(said.LI["id"])
    telegram.members[CHIEF["id"]] = "creator"


async def told_at(office: WholeOffice) -> str:
    async with office.app.database.reading() as session:
        chat = (await session.scalars(select(Chat))).one_or_none()
        return chat.told_at if chat else ""


async def until_told_at(office: WholeOffice, address: str) -> None:
    async with asyncio.timeout(15):
        while await told_at(office) != address:  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def test_a_notice_is_told_and_received_in_the_topic_of_the_registration(
    office: WholeOffice, telegram: FakeTelegram
) -> None:
    await know_people(office, telegram)
    await ask(office, telegram, REGISTER)
    await office.notify(NOTICE, await told_at(office))
    await office.rest()
    number = list(telegram.messages)[-1][1]

    here = {"chat": said.FORUM, "thread": 42}
    await ask(office, telegram, said.answer_to_bot("收到", about=number, **here))

    calls = [one for one in telegram.of("sendMessage") if one.chat == FORUM]
    assert {call.parameters["message_thread_id"] for call in calls} == {42}
    assert len(await office.rows(Acknowledgement)) == 1


async def test_a_notice_for_a_topic_that_was_closed_is_told_and_received_in_general(
    office: WholeOffice, telegram: FakeTelegram
) -> None:
    await know_people(office, telegram)
    await ask(office, telegram, REGISTER)
    telegram.closed_topics.add(42)
    for key in ("one", "two"):
        await office.notify(NOTICE, f"{FORUM}/42", key=key)
    await until_told_at(office, str(FORUM))
    await until(lambda: len(telegram.messages) == 3)

    number = list(telegram.messages)[-1][1]
    telegram.tell(said.answer_to_bot("收到", about=number, chat=said.FORUM))
    await until(lambda: "已签收" in telegram.messages[FORUM, number])

    assert [one.kind for one in await office.rows(Notice)].count("office") == 1
    assert len(await office.rows(Acknowledgement)) == 1


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_a_worker_that_hears_nothing_still_tells_the_house_of_a_closed_topic(
    open_office: Open, database_url: str, telegram: FakeTelegram, tmp_path: Path
) -> None:
    await publish(SAMPLE, database_url)
    web = await open_office(
        database_url, telegram.base_url, part=Part.WEB, has_webhook=True
    )
    worker = await open_office(database_url, telegram.base_url, part=Part.WORKER)
    await know_people(worker, telegram)
    telegram.tell(REGISTER)
    assert await telegram.deliver() == [200]
    await until_told_at(worker, f"{FORUM}/42")
    await until(lambda: telegram.messages)
    telegram.closed_topics.add(42)

    await worker.notify(NOTICE, f"{FORUM}/42")
    await until_told_at(worker, str(FORUM))

    assert NOTICE.text in telegram.messages.values()
    await asyncio.gather(web.close(), worker.close())
