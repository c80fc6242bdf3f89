"""An office in parts on one PostgreSQL: webs listen, workers work, each thing once."""

import asyncio
from pathlib import Path

import pytest
import said
from fake_api import FakeTelegram
from test_office_troubles import person
from whole_office import ROOT, Open, WholeOffice, publish, until

from bot.app.engine import Part

pytestmark = pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
SAMPLE = ROOT / "data" / "samples" / "sample-plan.txt"


async def test_webs_and_workers_answer_each_update_and_each_press_once(
    open_office: Open, database_url: str, telegram: FakeTelegram
) -> None:
    await publish(SAMPLE, database_url)

    async def open_part(part: Part) -> WholeOffice:
        return await open_office(
            database_url, telegram.base_url, part=part, has_webhook=part is Part.WEB
        )

    webs = [await open_part(Part.WEB) for _ in range(2)]
    workers = [await open_part(Part.WORKER) for _ in range(2)]
    people = [person(n) for n in range(10)]
    telegram.tell(*[said.said("帮助", sender=one) for one in people])
    telegram.tell(*[said.pressed("=谢谢", sender=one) for one in people])
    assert set(await telegram.deliver()) == {200}
    await until(lambda: len(telegram.of("answerCallbackQuery")) >= 10)
    await webs[0].rest()
    await asyncio.gather(*(part.close() for part in (*webs, *workers)))

    chats = sorted(call.chat for call in telegram.of("sendMessage"))
    assert chats == sorted([one["id"] for one in people] * 2)
    assert len(telegram.of("answerCallbackQuery")) == len(telegram.answered) == 10


async def test_of_two_who_poll_one_asks_and_the_other_follows_when_it_is_gone(
    open_office: Open, database_url: str, telegram: FakeTelegram, tmp_path: Path
) -> None:
    first = await open_office(database_url, telegram.base_url)
    second = await open_office(database_url, telegram.base_url, hears=False)
    telegram.tell(said.said("帮助"))
    await until(lambda: not telegram.unconfirmed)
    await first.close()
    telegram.tell(said.said("帮助", sender=said.WANG))
    await until(lambda: not telegram.unconfirmed)
    await second.rest()

    assert sorted(call.chat for call in telegram.of("sendMessage")) == [4711, 4712]
    assert second.channel.trouble == ""
