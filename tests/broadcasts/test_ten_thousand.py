"""A broadcast to ten thousand on both products, paused and killed: exactly told."""

import asyncio
import os
import re
from collections import Counter
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import said
from bot_on_both import BotOnBoth
from crowd import ADMIN, FIRST, GROUPS, Crowd
from openpyxl import load_workbook
from whole_office import until
from wild_products import MOVED, UNCLEAR, WildProducts

from bot.channels.telegram.channel import MANNERS
from bot.database import Database

# 10,000 messages on Telegram cost a minute of processor time, on WeCom ten calls.
# BROADCAST_ON_TELEGRAM=9740 has them all go through Telegram.
ON_TELEGRAM = int(os.environ.get("BROADCAST_ON_TELEGRAM", "1300"))
CROWD = Crowd(on_telegram=ON_TELEGRAM, on_wecom=9740 - ON_TELEGRAM)
TEXT = "请于周五前报送科普日活动"
CHIEF = {"id": ADMIN, "is_bot": False, "first_name": "李"}


class Office:
    """The office at work, as the admin sees it from his phone."""

    def __init__(self, bot: BotOnBoth, products: WildProducts) -> None:
        self.bot, self.products = bot, products

    async def says(self, words: str) -> str:
        """Let the admin say something; returns what he is answered."""
        before = len(self._told)
        self.products.telegram.tell(said.said(words, sender=CHIEF))
        await until(lambda: len(self._told) > before, seconds=60)
        return self._told[before]

    async def confirms(self, words: str) -> str:
        [number] = re.findall(r"确认 (\d{4})", await self.says(words))
        return await self.says(f"确认 {number}")

    @property
    def _told(self) -> list[str]:
        telegram = self.products.telegram
        return [text for (chat, _), text in telegram.messages.items() if chat == ADMIN]

    @property
    def arrived(self) -> int:
        return len(self.products.telegram.messages) + len(self.products.qyapi.posts)

    async def comes_to(self, share: float) -> None:
        """Wait until so much of what goes through Telegram has arrived."""
        messages = self.products.telegram.messages
        await until(lambda: len(messages) >= share * ON_TELEGRAM, seconds=240)

    async def stands_still(self) -> None:
        """Pause it in a flood, which asks for a second; nothing arrives after it."""
        self.products.telegram.flood()
        assert "已暂停" in await self.says("暂停 1")
        await asyncio.sleep(0.5)  # what was in hand arrives
        before = self.arrived
        await asyncio.sleep(2)
        assert self.arrived == before
        assert "已继续" in await self.says("继续 1")

    async def report(self) -> list[list[str]]:
        """Wait for the workbook that the admin is sent; returns its lines."""
        telegram = self.products.telegram
        await until(lambda: telegram.of("sendDocument"), seconds=300)
        [(_, content)] = telegram.of("sendDocument")[-1].files.values()
        sheet = load_workbook(BytesIO(content), read_only=True).active
        return [[str(cell or "") for cell in row] for row in sheet.values][4:]


@pytest.fixture
async def office(
    database_url: str, products: WildProducts, tmp_path: Path
) -> AsyncIterator[Office]:
    """Give an office with a crowd of liaisons, whose process is killed in the end."""
    products.know(CROWD)
    database = await Database.open(database_url)
    await CROWD.enter(database)
    await database.close()
    bot = BotOnBoth(tmp_path, url=database_url, products=products)
    await bot.start()
    yield Office(bot, products)
    await bot.kill()


def places_of(name: str) -> list[int | str]:
    """List where a row of the report may have arrived."""
    number = int(re.findall(r"\d+", name)[0])
    if "群" not in name:
        return [FIRST + number, f"user{number}"]
    return [GROUPS - number, MOVED - number]


def complaints(rows: list[list[str]], arrived: Counter[Any]) -> list[str]:
    """Hold each row of the report against what arrived."""
    fits = {"已送达": (1,), "失败": (0,), "需电话": (0,), "结果不明": (0, 1)}
    found = [sum(arrived[one, TEXT] for one in places_of(row[2])) for row in rows]
    return [
        f"{row} arrived {many} times"
        for row, many in zip(rows, found, strict=True)
        if many not in fits[row[4]]
    ]


async def test_the_report_is_exact_to_the_last_after_a_pause_and_a_kill(
    office: Office,
) -> None:
    products = office.products
    await office.says(f"群发 全部单位、所有群 不要回执：{TEXT}")
    assert "即将发出" in await office.confirms("确认发送")
    await office.comes_to(0.2)
    await office.stands_still()
    await office.comes_to(0.5)
    await office.bot.kill()
    await office.bot.start()
    rows = await office.report()
    await office.bot.kill()

    counts = Counter(row[4] for row in rows)
    assert complaints(rows, products.arrivals()) == []
    assert len(rows) == len({row[2] for row in rows}) == CROWD.size
    assert counts["需电话"] == CROWD.unbound
    unknown = counts["结果不明"]
    assert UNCLEAR <= unknown <= UNCLEAR + MANNERS.in_flight
    gone = sum(not CROWD.has_two_ways(n) for n in CROWD.blocked)
    assert gone - unknown <= counts["失败"] <= gone
    assert products.telegram.floods >= 3
    assert products.qyapi.dropped == []
