"""The engine: joins store, channels, inbox, doorbell, postmen and clock."""

import asyncio
import gc
import logging
import os
import random
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from secrets import token_hex
from socket import gethostname

from sqlalchemy.ext.asyncio import AsyncSession

from bot.app.answering import Answering
from bot.app.beats import Bodies, Collect, Housekeep
from bot.app.clock import Clock
from bot.app.draining import Drains, Holder, Observe
from bot.app.listening import Ears, Listener
from bot.app.parts import NudgeRound
from bot.database import Database, is_postgres
from bot.errors import StoreError
from bot.mail.beats import PERIODS, last_beats, record_beat
from bot.mail.commits import GroupCommit
from bot.mail.doorbell import Doorbell, QueueDoorbell
from bot.mail.inbox import AnswerLetters, Inbox
from bot.mail.lanes import LEASE, open_lane
from bot.mail.ledger import Outcome
from bot.mail.queue_tables import QueueState, install, queue_state
from bot.messages import LONGEST_TURN, Channel, Incoming, Reply, Tethered
from handlers.fall_back import fall_back
from handlers.health import Health, look

log = logging.getLogger(__name__)

OpenDoorbell = Callable[[], Awaitable[Doorbell]]

_AT_ONCE = frozenset({"ring", "recover", "expire", "audit"})  # due while nobody ran
_LANES = 7.4  # seconds that the postmen get to finish
_LETTING_GO = 1.2  # seconds that the channels and the doorbell get afterwards
_ANSWERS = 1.0  # seconds of it for the answers under way


class Part(StrEnum):
    """Which part of the work a process does."""

    ALL = "run"
    WEB = "web"  # listens and keeps what comes in
    WORKER = "worker"  # answers, sends, and hears the clock

    @property
    def listens(self) -> bool:
        """Tell whether messages come in here."""
        return self is not Part.WORKER

    def hears(self, channel: Channel) -> bool:
        """Tell whether messages of a channel come in here: where it also sends."""
        if isinstance(channel, Tethered):
            return self is not Part.WEB
        return self is not Part.WORKER

    @property
    def works(self) -> bool:
        """Tell whether letters are answered and lanes drained here."""
        return self is not Part.WEB


async def _nobody(session: AsyncSession, half: int | None = None) -> int:
    return 0


async def _nothing() -> int:
    return 0


def _unseen(lane: str, outcome: Outcome, seconds: float) -> None:
    pass


class Engine:
    """All that goes on by itself in one process, from `start` to `stop`.

        engine = Engine(
            database=database,
            doorbell=doorbell_at(url),       # in memory beside SQLite, else PgQueuer
            channels={"telegram": channel},  # the keys are the names of the lanes
            answer=app.answer_letters,       # (session, letters) -> replies
            clock=clock,                     # () -> aware datetime
        )
        await engine.start()
        ...
        await engine.stop()

    *part* says what this process does. *owner* names it as holder of lanes, "" for a
    name of its own; whoever is alone on its store (SQLite, under the lock) takes a
    fixed one, and so has its lanes back at once after a crash. *lease* is how long a
    lane stays ours without a word. *observe* hears every send. *nudge* makes a part of
    the round of nudges, and returns 0 when nothing is left; *housekeep* does so at
    night with what is kept no longer; *collect* fetches files.
    """

    def __init__(
        self,
        *,
        database: Database,
        doorbell: OpenDoorbell,
        channels: Mapping[str, Channel],
        answer: AnswerLetters,
        clock: Callable[[], datetime],
        part: Part = Part.ALL,
        owner: str = "",
        lease: timedelta = LEASE,
        observe: Observe = _unseen,
        nudge: NudgeRound = _nobody,
        housekeep: Housekeep = _nobody,
        collect: Collect = _nothing,
    ) -> None:
        self._database, self._channels, self._now = database, channels, clock
        self._part = part
        self._open_doorbell = doorbell
        self._bell: Doorbell | None = None
        is_alone = bool(owner)
        owner = owner or f"{gethostname()}-{os.getpid()}-{token_hex(4)}"
        commits = GroupCommit(database.writing, at_once=database.writers)
        holder = Holder(
            owner=owner,
            lease=lease,
            writing=database.writing,
            commits=commits,
            clock=clock,
            on_failed=self._fall_back,
            ring=self.ring,
            observe=observe,
        )
        self._drains = Drains(channels, holder)
        self._inbox = self._open_inbox(answer, commits)
        self._chats = Answering(self._answer_chat)
        listener = Listener(
            owner=owner, is_alone=is_alone, writing=database.writing, clock=clock
        )
        self._ears = Ears(channels, listener)
        bodies = Bodies(
            database=database,
            commits=commits,
            inbox=self._inbox,
            lanes=tuple(channels),
            owner=owner,
            now=clock,
            ring=self.ring,
            health=self.health,
            nudge=nudge,
            housekeep=housekeep,
            collect=collect,
        )
        self._clock = Clock(
            bodies.by_name(), zone=clock().tzinfo, record=self._record_beat
        )
        self._tasks: set[asyncio.Task[None]] = set()
        self._began = clock()
        self._stopping = False
        self._failed: asyncio.Future[None] | None = None

    def _open_inbox(self, answer: AnswerLetters, commits: GroupCommit) -> Inbox:
        database = self._database
        return Inbox(
            writing=database.writing,
            reading=database.reading,
            commits=commits,
            answer=answer,
            write=self._write,
            whither=self._whither,
            clock=self._now,
            random=random.random,
            answers_here=lambda: self._part.works and not self._stopping,
            hurrying=self._drains.hurrying,
            keeps=GroupCommit(database.writing_at_once),
            longest_turn=min(
                (one.manners.longest_turn for one in self._channels.values()),
                default=LONGEST_TURN,
            ),
        )

    async def start(self) -> None:
        """Open the doorbell and the lanes, begin to listen, start the clock.

        Raises StoreError if the store or its queue cannot be used.
        """
        # To look through 50,000 objects, as at a cold start, holds everybody up for
        # 30 ms.
        gc.set_threshold(5_000, 20, 20)
        self._began = self._now()
        self._bell = await self._open_doorbell()
        async with self._database.writing() as session:
            # Written though nobody reads it: a store that takes nothing shows here.
            await record_beat(session, "start", at=self._began)
            for lane in self._channels:
                await open_lane(session, lane)
        if self._part.works:
            self._spawn(self._answer_rings(self._bell))
            self._clock.start(late=_AT_ONCE | await self._missed())
        heard = [name for name, one in self._channels.items() if self._part.hears(one)]
        await self._ears.start(self.take, among=heard)

    async def run(
        self, until: asyncio.Event, *, started: Callable[[], None] = lambda: None
    ) -> None:
        """Start, say so, work until *until* is set, then stop.

        Raises what made it impossible to go on, if anything did.
        """
        self._failed = asyncio.get_running_loop().create_future()
        waiting = asyncio.ensure_future(until.wait())
        try:
            await self.start()
            started()
            await asyncio.wait(
                (waiting, self._failed), return_when=asyncio.FIRST_COMPLETED
            )
        finally:
            waiting.cancel()
            await self.stop()
        if self._failed.done():
            await self._failed

    async def stop(self) -> None:
        """Send nothing new, finish what is in flight, hand back the lanes.

        Takes at most 10 s; safe to call twice. What comes in meanwhile is kept, and
        answered by the next process.
        """
        self._stopping = True
        await asyncio.gather(self._clock.stop(), self._stop_drains(), self._ears.stop())
        await self._let_go()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def ring(self, name: str) -> None:
        """Say that something is due: "lane:telegram" or "chat:telegram:4711".

        Never raises: what is due stands in the tables, and the clock rings again.
        """
        if self._stopping or self._bell is None:
            return
        kind, _, rest = name.partition(":")
        if kind == "lane" and self._drains.wake(rest):
            return
        if kind == "lane" and self._drains.is_tethered(rest) and self._drains.may(rest):
            self._spawn(self._drain_here(rest))
            return
        if kind == "chat" and self._part.works:
            channel, _, chat = rest.partition(":")
            return self._chats.ring((channel, chat))
        await self._bell.ring(name, first=kind == "lane")

    async def health(self) -> Health:
        """Tell how the machine is. Raises StoreError if the store does not say."""
        own = self._clock.ages() if self._part.works else None
        async with self._database.reading() as session:
            return await look(
                session,
                now=self._now(),
                since=self._began,
                own=own,
                channels=self._ears.names,
                lanes=self._channels,
            )

    async def take(self, incoming: Incoming) -> None:
        """Keep what came in; then it may be confirmed. Raises StoreError."""
        if await self._inbox.keep(incoming):
            await self.ring(f"chat:{incoming.channel}:{incoming.conversation}")

    async def keep_unreadable(
        self, *, channel: str, product_id: str, raw: str, error: str
    ) -> bool:
        """Keep what came in and could not be read, for the office. As `Inbox` does."""
        return await self._inbox.keep_unreadable(
            channel=channel, product_id=product_id, raw=raw, error=error
        )

    async def _answer_rings(self, bell: Doorbell) -> None:
        """Do what is rung for, until the bell is closed; its end is ours."""
        try:
            await bell.run(self._answer_ring)
        except Exception as error:
            log.exception("the doorbell is broken")
            if self._failed and not self._failed.done():
                self._failed.set_exception(error)

    async def _answer_ring(self, name: str) -> None:
        if self._stopping:
            return
        kind, _, rest = name.partition(":")
        if kind == "lane":
            return await self._drains.drain(rest)
        channel, _, chat = rest.partition(":")
        await self._answer_chat((channel, chat))

    async def _drain_here(self, lane: str) -> None:
        """Drain a lane of which we alone have the connection."""
        try:
            await self._drains.drain(lane)
        except StoreError as error:
            log.warning(
                "a lane was not drained", extra={"lane": lane, "why": f"{error}"}
            )

    async def _answer_chat(self, chat: tuple[str, str]) -> None:
        await self._inbox.answer_chat(*chat, tell=self._ring_lane)

    async def _ring_lane(self, lane: str) -> None:
        await self.ring(f"lane:{lane}")

    def _write(self, lane: str, address: str, reply: Reply) -> tuple[str, ...]:
        return self._channels[lane].write(address, reply)

    def _whither(self, lane: str, address: str, reply: Reply) -> str:
        return self._channels[lane].manners.answers_at(address, reply)

    async def _fall_back(
        self, session: AsyncSession, ids: Sequence[int], gone: Sequence[int]
    ) -> set[str]:
        return await fall_back(
            session,
            ids,
            gone=gone,
            lanes=self._channels,
            write=self._write,
            at=self._now(),
        )

    async def _record_beat(self, name: str, error: str) -> None:
        async with self._database.writing() as session:
            await record_beat(session, name, at=self._now(), error=error)

    async def _missed(self) -> frozenset[str]:
        """Name the daily beats that were missed while nobody ran."""
        async with self._database.reading() as session:
            last = await last_beats(session)
        day = timedelta(days=1)
        daily = {name for name, period in PERIODS.items() if period >= day}
        return frozenset(
            name
            for name in daily
            if name not in last or self._now() - last[name].last_at > day
        )

    async def _stop_drains(self) -> None:
        try:
            async with asyncio.timeout(_LANES):
                await self._drains.stop()
        except TimeoutError:
            log.error("lanes not handed back in time")

    async def _let_go(self) -> None:
        """Stop the channels, which sent until now, and close the doorbell."""
        last = [channel.stop() for channel in self._channels.values()]
        last += [self._bell.close()] if self._bell else []
        last += [self._chats.stop(within=_ANSWERS)]
        if last:
            tasks = {asyncio.ensure_future(one) for one in last}
            _, late = await asyncio.wait(tasks, timeout=_LETTING_GO)
            for task in late:
                task.cancel()

    def _spawn(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


def doorbell_at(url: str) -> OpenDoorbell:
    """Choose the doorbell beside the store at *url*; one in memory beside SQLite.

    Opening it on PostgreSQL lays the queue's tables if there are none; it raises
    StoreError if they cannot be used.
    """

    async def on_postgres() -> Doorbell:
        if await queue_state(url) is QueueState.MISSING:
            await install(url)
        return await QueueDoorbell.on_postgres(url)

    async def in_memory() -> Doorbell:
        return QueueDoorbell.in_memory()

    return on_postgres if is_postgres(url) else in_memory
