"""One process at a time polls a channel; whoever hears it says so in the store."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from made_channel import MadeChannel

from bot.app import listening
from bot.app.listening import Ears, Listener
from bot.database import Database
from bot.mail.hearing import last_hearing, listening_lane, record_hearing
from bot.mail.lanes import open_lane, take_lane
from bot.messages import Incoming, Take
from handlers.health import look

NINE = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


class Heard(MadeChannel):
    """A channel that tells how well it hears."""

    def __init__(self, *, polls: bool = True) -> None:
        super().__init__()
        self.polls = polls
        self.heard_at: datetime | None = None
        self.trouble = ""
        self.begun = 0

    async def start(self, take: Take) -> None:
        await super().start(take)
        self.begun += 1

    async def rest(self) -> None:
        await self.stop()


async def ignore(incoming: Incoming) -> None:
    pass


def ears(
    database: Database, channel: Heard, owner: str, *, is_alone: bool = False
) -> Ears:
    us = Listener(
        owner=owner,
        is_alone=is_alone,
        writing=database.writing,
        clock=lambda: datetime.now(UTC),
    )
    return Ears({"made": channel}, us)


@asynccontextmanager
async def open_ears(*several: Ears) -> AsyncIterator[None]:
    for one in several:
        await one.start(ignore)
    try:
        yield
    finally:
        for one in several:
            await one.stop()


async def until(is_so: Callable[[], object]) -> None:
    async with asyncio.timeout(20):
        while not is_so():  # noqa: ASYNC110
            await asyncio.sleep(0.02)


@pytest.fixture(autouse=True)
def haste(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let seconds be tenths of seconds."""
    monkeypatch.setattr(listening, "LEASE", timedelta(seconds=0.6))
    monkeypatch.setattr(listening, "_RENEW", 0.2)
    monkeypatch.setattr(listening, "_RECORD", 0.1)


async def test_one_of_two_polls_and_the_other_follows_when_it_stops(
    database: Database,
) -> None:
    first, second = Heard(), Heard()
    ours, theirs = ears(database, first, "one"), ears(database, second, "two")
    async with open_ears(ours, theirs):
        assert (first.is_listening, second.is_listening) == (True, False)
        await ours.stop()
        assert not first.is_listening
        await until(lambda: second.is_listening)


async def test_who_loses_the_right_rests_and_takes_it_again_later(
    database: Database,
) -> None:
    channel = Heard()
    async with open_ears(ears(database, channel, "one")):
        async with database.writing() as session:
            lane = listening_lane("made")
            other = {"owner": "one", "now": datetime.now(UTC)}
            assert await take_lane(session, lane, **other)  # type: ignore[arg-type]
        await until(lambda: not channel.is_listening)
        await until(lambda: channel.is_listening)

    assert channel.begun == 2


async def test_a_right_that_its_holder_lets_lapse_goes_to_another(
    database: Database,
) -> None:
    async with database.writing() as session:
        await open_lane(session, listening_lane("made"))
        await take_lane(
            session,
            listening_lane("made"),
            owner="dead",
            now=datetime.now(UTC),
            lease=timedelta(seconds=0.5),
        )
    channel = Heard()
    async with open_ears(ears(database, channel, "one")):
        assert not channel.is_listening
        await until(lambda: channel.is_listening)


async def test_behind_a_webhook_everybody_listens(database: Database) -> None:
    channels = [Heard(polls=False), Heard(polls=False)]
    several = [ears(database, one, f"{n}") for n, one in enumerate(channels)]
    async with open_ears(*several):
        assert [one.is_listening for one in channels] == [True, True]


async def test_who_is_alone_on_the_store_asks_nobody(database: Database) -> None:
    async with database.writing() as session:
        await open_lane(session, listening_lane("made"))
        now = datetime.now(UTC)
        await take_lane(session, listening_lane("made"), owner="dead", now=now)
    channel = Heard()
    async with open_ears(ears(database, channel, "run", is_alone=True)):
        assert channel.is_listening


async def hearing(database: Database, *, since: datetime = NINE) -> tuple[float, str]:
    async with database.reading() as session:
        now = NINE + timedelta(minutes=10)
        health = await look(session, now=now, since=since, channels=["made"])
    found = health.hearing["made"]
    return found.age.total_seconds(), found.trouble


async def test_how_well_it_hears_is_noted_by_who_listens(database: Database) -> None:
    channel = Heard()
    async with open_ears(ears(database, channel, "one")):
        channel.heard_at, channel.trouble = NINE + timedelta(minutes=9), "Conflict"
        async with asyncio.timeout(10):
            while await hearing(database) != (60.0, "Conflict"):  # noqa: ASYNC110
                await asyncio.sleep(0.05)


async def test_a_webhook_that_is_set_counts_as_heard(database: Database) -> None:
    channel = Heard(polls=False)
    async with open_ears(ears(database, channel, "one")):
        await asyncio.sleep(0.5)

    async with database.reading() as session:
        beat = (await last_hearing(session, ["made"]))["made"]
    assert abs(datetime.now(UTC) - beat.last_at) < timedelta(seconds=30)


async def test_a_start_makes_nothing_heard(database: Database) -> None:
    async with database.writing() as session:
        old = {"heard_at": NINE, "since": NINE, "trouble": ""}
        await record_hearing(session, "made", **old)  # type: ignore[arg-type]
        later = {"heard_at": None, "since": NINE + timedelta(minutes=9), "trouble": "x"}
        await record_hearing(session, "made", **later)  # type: ignore[arg-type]

    assert await hearing(database) == (600.0, "x")
    assert await hearing(database, since=NINE + timedelta(minutes=9)) == (60.0, "x")


async def test_the_right_to_poll_is_no_lane_of_deliveries(database: Database) -> None:
    async with open_ears(ears(database, Heard(), "one")):
        async with database.reading() as session:
            health = await look(session, now=NINE, since=NINE)

    assert health.lanes == {}
