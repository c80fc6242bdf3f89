"""Our service as one process of the harness: the real engine, three fake lanes."""

import asyncio
import cProfile
import logging
import signal
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp  # imported here, so that the nursery has it before it forks
import apscheduler.schedulers.asyncio
import asyncpg
import pgqueuer
import uvloop
from nursery import Say
from sqlalchemy import Engine as SqlEngine
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession

import bot.database
from bot.app.engine import Engine, OpenDoorbell, Part, doorbell_at
from bot.database import Database
from bot.mail import inbox, outbox
from bot.mail.doorbell import QueueDoorbell
from bot.mail.letters import Asked
from bot.messages import Channel, Limit, Manners, Reply
from harness import faults, points
from harness.channel import HttpChannel, HttpCrowd

PRELOADED = (aiohttp, apscheduler.schedulers.asyncio, asyncpg, pgqueuer)

HOURS = {signal.SIGUSR1: timedelta(hours=3), signal.SIGUSR2: timedelta(hours=-3)}


class JumpingClock:
    """The time of day, which jumps three hours on or back at a signal."""

    def __init__(self, hours: float) -> None:
        self._offset = timedelta(hours=hours)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self._offset

    def obey(self, loop: asyncio.AbstractEventLoop) -> None:
        for number, jump in HOURS.items():
            loop.add_signal_handler(number, self._jump, jump)

    def _jump(self, by: timedelta) -> None:
        self._offset += by


def run(config: dict[str, Any], say: Say) -> None:
    """Be one worker until SIGTERM; says "ready" when the engine has started.

    Args:
        config: "database", "platform" (URLs), "lanes" (name -> manners), and, where
            wanted, "owner", "lease" (seconds), "part", "timeout" (seconds), "listens",
            "hours" (offset of the clock), "max_pages", "crash_at", "fault", "ticks",
            "profile" (a file), "heartbeat", "frozen" and "held" (seconds).
        say: see above.
    """
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s"
    )
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    if pages := config.get("max_pages"):
        _let_disk_be_full(pages)
    _hurry(config)
    points.set_up(config.get("crash_at", ""))
    faults.seed(config.get("fault", ""))
    profiler = cProfile.Profile() if config.get("profile") else None
    if profiler:
        profiler.enable()
    uvloop.run(_serve(config, say))
    if profiler:
        profiler.disable()
        profiler.dump_stats(config["profile"])


def _hurry(config: Mapping[str, Any]) -> None:
    """Shorten what a crash makes others wait for."""
    assert hasattr(inbox, "_HELD")
    inbox._HELD = timedelta(seconds=config.get("held", 0.5))
    bot.database.FROZEN = config.get("frozen", 1)


async def _serve(config: dict[str, Any], say: Say) -> None:
    clock = JumpingClock(config.get("hours", 0))
    loop = asyncio.get_running_loop()
    clock.obey(loop)
    stop = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    channels = channels_of(config, clock)
    database = await Database.open(config["database"])
    engine = Engine(
        database=database,
        doorbell=_doorbell_at(config["database"], config.get("heartbeat", 1.0)),
        channels=channels,
        answer=answer,
        clock=clock,
        part=Part(config.get("part", "run")),
        owner=config.get("owner", ""),
        lease=timedelta(seconds=config.get("lease", 1.0)),
    )
    start = engine.start

    async def start_and_say_so() -> None:
        await start()
        if period := config.get("ticks"):
            ticking.append(loop.create_task(_tick(database, channels, clock, period)))
        say("ready")

    ticking: list[asyncio.Task[None]] = []
    engine.start = start_and_say_so  # type: ignore[method-assign]
    try:
        await engine.run(stop)
    finally:
        for task in ticking:
            task.cancel()
        await database.close()


def _doorbell_at(url: str, heartbeat: float) -> OpenDoorbell:
    """Let the rings of a dead worker come back sooner than in an office."""
    if not url.startswith("postgresql"):
        return doorbell_at(url)
    span = timedelta(seconds=heartbeat)
    return lambda: QueueDoorbell.on_postgres(url, heartbeat=span)


def channels_of(
    config: Mapping[str, Any], clock: Callable[[], datetime]
) -> dict[str, Channel]:
    """Make the channel of each lane of the configuration."""
    return {
        name: points.watched(_channel(name, values, config, clock))
        for name, values in config["lanes"].items()
    }


def _channel(
    name: str,
    values: Mapping[str, Any],
    config: Mapping[str, Any],
    clock: Callable[[], datetime],
) -> Channel:
    at_once = values.get("at_once", 1)
    channel = (HttpCrowd if at_once > 1 else HttpChannel)(
        name,
        config["platform"],
        manners_of(values),
        clock=clock,
        timeout=config.get("timeout", 2.0),
        listens=config.get("listens", True),
    )
    if isinstance(channel, HttpCrowd):
        channel.most_at_once = at_once
    return channel


def manners_of(values: Mapping[str, Any]) -> Manners:
    """Read the manners of a lane from its part of the configuration."""
    of_chat = tuple(Limit(**limit) for limit in values.get("limits_of", ()))
    return Manners(
        limits=tuple(Limit(**limit) for limit in values.get("limits", ())),
        limits_of=lambda address: of_chat,
        in_flight=values["in_flight"],
        answers_in_flight=values["answers_in_flight"],
        drops_copies_for=timedelta(seconds=values.get("drops", 0)),
    )


async def answer(session: AsyncSession, letters: Sequence[Asked]) -> list[Reply | None]:
    """Answer with words that only this letter gets."""
    said = [(one.id, one.incoming.text) for one in letters if one.incoming]
    return [Reply(f"answer to letter {number}: {words}") for number, words in said]


def _let_disk_be_full(pages: int) -> None:
    @event.listens_for(SqlEngine, "connect")
    def limit(connection: Any, record: Any) -> None:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA max_page_count = {pages}")
        cursor.close()


async def _tick(
    database: Database,
    channels: Mapping[str, Channel],
    clock: Callable[[], datetime],
    period: float,
) -> None:
    """Issue one notice for each period of the clock, as every other process does."""
    while True:
        now = clock()
        number = int(now.timestamp() / period)
        to = [
            outbox.Addressee(
                recipient=f"{lane}:{n}",
                lane=lane,
                address=f"{lane}-{n}",
                person_id=None,
            )
            for lane in channels
            for n in range(2)
        ]
        async with database.writing() as session:
            await outbox.issue_notice(
                session,
                key=f"occurrence {number}",
                kind="tick",
                body=Reply(f"occurrence {number}"),
                audience=to,
                by="clock",
                at=now,
                write=lambda lane, address, reply: channels[lane].write(address, reply),
            )
        await asyncio.sleep(period / 2)
