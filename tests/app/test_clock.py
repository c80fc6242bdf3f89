"""The clock beats, whatever its beats do, and whatever is done to the time of day."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from bot.app import clock as clock_module
from bot.app.clock import Clock
from bot.errors import StoreError


class Diary:
    """Remembers which beats came, and what was recorded of them."""

    def __init__(self) -> None:
        self.beats: list[str] = []
        self.kept: list[tuple[str, str]] = []
        self._came = asyncio.Condition()

    def body(
        self, name: str, error: Exception | None = None
    ) -> Callable[[], Awaitable[None]]:
        async def beat() -> None:
            async with self._came:
                self.beats.append(name)
                self._came.notify_all()
            if error:
                raise error

        return beat

    async def keep(self, name: str, error: str) -> None:
        self.kept.append((name, error))

    async def wait_for(self, count: int, name: str) -> None:
        async with asyncio.timeout(10), self._came:
            await self._came.wait_for(lambda: self.beats.count(name) >= count)


@asynccontextmanager
async def beating(diary: Diary, **errors: Exception | None) -> AsyncIterator[Clock]:
    bodies = {name: diary.body(name, error) for name, error in errors.items()}
    clock = Clock(bodies, zone=UTC, record=diary.keep)
    clock.start()
    try:
        yield clock
    finally:
        await clock.stop()


async def test_it_beats_each_second_and_says_how_long_ago() -> None:
    diary = Diary()
    async with beating(diary, ring=None, audit=None) as clock:
        await diary.wait_for(2, "ring")
        ages = clock.ages()

    assert ages["ring"] < ages["audit"]
    assert "audit" not in diary.beats


@pytest.mark.parametrize("error", [ValueError("wrong"), StoreError("away")])
async def test_a_beat_that_raises_is_recorded_and_comes_again(error: Exception) -> None:
    diary = Diary()
    async with beating(diary, ring=error):
        await diary.wait_for(2, "ring")

    name, words = diary.kept[0]
    assert name == "ring"
    assert str(error) in words


async def test_it_goes_on_where_nothing_can_be_recorded() -> None:
    diary = Diary()

    async def fail(name: str, error: str) -> None:
        raise StoreError("disk full")

    diary.keep = fail  # type: ignore[method-assign]
    async with beating(diary, ring=None) as clock:
        await diary.wait_for(2, "ring")
        await asyncio.sleep(0.1)
        age = clock.ages()["ring"]

    assert age > timedelta(seconds=1), "a beat that left no trace counts as none"


async def test_the_same_is_not_recorded_each_second() -> None:
    diary = Diary()
    async with beating(diary, ring=None):
        await diary.wait_for(3, "ring")

    assert diary.kept == [("ring", "")]


async def test_what_was_missed_comes_at_once() -> None:
    diary = Diary()
    clock = Clock({"housekeep": diary.body("housekeep")}, zone=UTC, record=diary.keep)
    clock.start(late=frozenset({"housekeep"}))

    await diary.wait_for(1, "housekeep")
    await clock.stop()

    assert diary.beats == ["housekeep"]


async def test_it_beats_on_where_the_time_of_day_is_set_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(clock_module, "_LOOK_EVERY", 0.1)
    diary = Diary()
    now = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    with time_machine.travel(now, tick=True) as travel:
        async with beating(diary, ring=None):
            await diary.wait_for(1, "ring")
            travel.shift(timedelta(hours=-3))
            await diary.wait_for(3, "ring")

    assert diary.kept[-1] == ("ring", ""), "no beat is told as late, or as failed"


async def test_a_leap_forward_makes_one_beat_and_not_ten_thousand() -> None:
    diary = Diary()
    now = datetime(2026, 2, 28, 23, 59, tzinfo=UTC)
    with time_machine.travel(now, tick=True) as travel:
        async with beating(diary, ring=None):
            await diary.wait_for(1, "ring")
            travel.shift(timedelta(hours=3))
            await diary.wait_for(3, "ring")
            assert len(diary.beats) <= 5
