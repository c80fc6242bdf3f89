"""Telegram and WeCom as they are towards one who broadcasts: busy, blocked, moved."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from crowd import ADMIN, FIRST, GROUPS, Crowd
from fake_api import Call, FakeTelegram, Refusal, flood
from fake_api import Trouble as TelegramTrouble
from fake_qyapi import FakeQyapi
from platform_clock import PlatformClock
from platform_corp import Corp
from qyapi_calls import Trouble as WecomTrouble

MOVED = -100_000
UNCLEAR = 7
"""So many messages get an answer that says nothing; every other one has arrived."""


class WildTelegram(FakeTelegram):
    """After each so *many* messages it has had too many, and says so for a second."""

    many = 2000
    floods = 0
    _until = 0.0

    def flood(self) -> None:
        """Have had too many, from now on for a second."""
        self.floods += 1
        self._until = asyncio.get_running_loop().time() + 1

    async def _sendMessage(self, call: Call) -> Any:
        if len(self.messages) >= self.many * (self.floods + 1):
            self.flood()
        is_answer = call.chat == ADMIN
        if asyncio.get_running_loop().time() < self._until and not is_answer:
            raise Refusal("Too Many Requests: retry after 1", 429, retry_after=1)
        return await super()._sendMessage(call)


class WildProducts:
    """Both, with all that goes wrong; they outlive every bot that is killed."""

    def __init__(self) -> None:
        self.telegram = WildTelegram()
        self.qyapi = FakeQyapi(Corp(), clock=PlatformClock(datetime.now(UTC)))

    @asynccontextmanager
    async def running(self) -> AsyncIterator["WildProducts"]:
        async with self.telegram.running(), self.qyapi.running():
            yield self

    def know(self, crowd: Crowd) -> None:
        """Let them be there, and those who have blocked us not be reached."""
        telegram, blocked = self.telegram, set(crowd.blocked)
        telegram.many = crowd.on_telegram // 4
        telegram.blocked = {FIRST + n for n in blocked if crowd.is_on_telegram(n)}
        telegram.moved = {GROUPS - n: MOVED - n for n in range(crowd.moving)}
        there = set(crowd.people) - blocked
        there |= {n for n in blocked if crowd.has_two_ways(n)}
        self.qyapi.corp.add(*(f"user{n}" for n in sorted(there)))
        for number in range(UNCLEAR):
            trouble = TelegramTrouble(502, "Bad Gateway", takes=number % 2 == 0)
            telegram.expect_in(FIRST + 1 + number * 100, trouble)
        for number in (100, 150):
            telegram.expect_in(GROUPS - number, flood(1))
        # Busy; then taken, but nobody hears of it: the copy that is sent is dropped.
        lost = WecomTrouble(takes=True, cut=True)
        self.qyapi.expect("message/send", WecomTrouble(-1), lost)

    def arrivals(self) -> Counter[tuple[int | str, str]]:
        """Count what arrived, by whom and by words."""
        found: Counter[tuple[int | str, str]] = Counter()
        for (chat, _), text in self.telegram.messages.items():
            found[chat, text] += 1
        found.update((post.to, post.text) for post in self.qyapi.posts)
        return found
