"""One office under test: a store, a platform, and the workers that we hurt."""

import asyncio
import signal
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

import aiohttp
from nursery import Child, Nursery
from sqlalchemy import func, select

from bot.database import Database
from bot.mail import outbox
from bot.messages import Reply
from bot.model import Delivery, DeliveryStatus, Lane
from harness.channel import PART
from harness.judge import Evidence, Verdict, gather, judge, unfinished

IN_FLIGHT, ANSWERS_IN_FLIGHT = 4, 2
BOUND = IN_FLIGHT + ANSWERS_IN_FLIGHT
LEASE = 2.0  # seconds; shorter ones end by themselves on a busy machine
_PLAIN = {"in_flight": IN_FLIGHT, "answers_in_flight": ANSWERS_IN_FLIGHT}
LANES: Mapping[str, dict[str, Any]] = {
    "telegram": _PLAIN,
    "telegram-2": _PLAIN,
    "wecom": {**_PLAIN, "drops": 1800.0, "at_once": 7},
}
"""Two lanes on which a copy is a second message, one that drops copies by itself.

There one call tells up to seven.
"""


def bound(lane: str) -> int:
    """Return how many deliveries of one of `LANES` may be under way."""
    most: int = BOUND * LANES[lane].get("at_once", 1)
    return most


class Scene:
    """Starts, feeds, watches and judges; use as an async context."""

    service = "harness.service:run"
    platform = "harness.chat_platform:run"

    def __init__(
        self,
        nursery: Nursery,
        folder: Path,
        url: str,
        *,
        lanes: Mapping[str, dict[str, Any]] = LANES,
        rules: Mapping[str, Any] | None = None,
        seed: int = 0,
    ) -> None:
        self.url = url
        self.lanes = lanes
        self.workers: dict[str, Child] = {}
        self.config: dict[str, Any] = {"database": url, "lanes": lanes, "lease": LEASE}
        self.letters = 0
        self.kills: Counter[str] = Counter()
        self._nursery = nursery
        self._folder = folder
        self._platform_config = {
            "seed": seed,
            "lanes": {
                name: {"drops": values.get("drops", 0.0), **(rules or {})}
                for name, values in lanes.items()
            },
        }
        self._born = 0
        self._notices = 0

    async def __aenter__(self) -> Self:
        self._platform = await self._nursery.start(
            self.platform,
            self._platform_config,
            log=self._folder / "platform.log",
        )
        self.port = (await self._platform.word())["port"]
        self.config["platform"] = f"http://127.0.0.1:{self.port}"
        self._http = aiohttp.ClientSession(f"http://127.0.0.1:{self.port}")
        self.database = await Database.open(self.url)
        return self

    async def __aexit__(self, *error: object) -> None:
        for worker in [*self.workers.values()]:
            await worker.kill()
        await self._platform.kill()
        await self._http.close()
        await self.database.close()

    # The workers

    async def start(self, name: str = "", **config: Any) -> Child:
        """Start a worker and wait until its engine has started."""
        worker = await self.begin(name, **config)
        assert await worker.word() == "ready"
        return worker

    async def begin(self, name: str = "", **config: Any) -> Child:
        """Start a worker without waiting; it holds lanes under the name *name*."""
        self._born += 1
        name = name or f"worker-{self._born}"
        worker = await self._nursery.start(
            self.service,
            {**self.config, "owner": name, **config},
            log=self._folder / f"{name}.log",
        )
        self.workers[name] = worker
        return worker

    async def stop(self, name: str) -> int:
        """Let a worker end as systemd would; returns its exit code."""
        worker = self.workers.pop(name)
        worker.signal(signal.SIGTERM)
        return await worker.wait()

    async def kill(self, name: str) -> None:
        """End a worker by kill -9, and note which lanes it held."""
        held = await self.holders()
        self.kills["all"] += 1
        self.kills["of a holder"] += name in held.values()
        self.kills.update(lane for lane, owner in held.items() if owner == name)
        await self.workers.pop(name).kill()

    async def stand_still(self, name: str) -> None:
        """Stop a worker's process until others go on in its lanes; then it goes on."""
        worker = self.workers[name]
        held = {lane for lane, owner in (await self.holders()).items() if owner == name}
        self.kills.update(held)  # its sends in flight may become unknown
        worker.signal(signal.SIGSTOP)
        await asyncio.sleep(1.5 * LEASE)
        if len(self.workers) > 1:
            await self.notice(10, lanes=[*held])
            await self.progress(3)
        worker.signal(signal.SIGCONT)

    async def holders(self) -> dict[str, str]:
        """Tell who holds each lane now."""
        async with self.database.reading() as session:
            rows = await session.execute(
                select(Lane.name, Lane.owner, Lane.lease_until)
            )
            now = datetime.now(UTC)
            return {
                row.name: row.owner
                for row in rows
                if row.owner and row.lease_until and row.lease_until > now
            }

    # What there is to do

    async def notice(
        self,
        many: int,
        *,
        lanes: Sequence[str] = (),
        parts: int = 1,
        due_in: timedelta = timedelta(0),
        expires_in: timedelta | None = None,
    ) -> int:
        """Issue a notice of our own words to *many* addresses on each lane."""
        self._notices += 1
        key, now = f"notice {self._notices}", datetime.now(UTC)
        audience = [
            outbox.Addressee(
                recipient=f"{lane}:{n}",
                lane=lane,
                address=f"{lane}-{n}",
                person_id=None,
            )
            for n in range(many)
            for lane in lanes or self.lanes
        ]
        words = PART.join(f"{key} part {part}" for part in range(1, parts + 1))
        async with self.database.writing() as session:
            notice = await outbox.issue_notice(
                session,
                key=key,
                kind="broadcast",
                body=Reply(words),
                audience=audience,
                by="harness",
                at=now,
                due_at=now + due_in,
                expires_at=now + expires_in if expires_in else None,
                write=lambda lane, address, reply: tuple(reply.text.split(PART)),
            )
        assert notice
        return notice.id

    async def top_up(self, many: int = 30) -> None:
        """Issue a notice if not much is left to be sent."""
        async with self.database.reading() as session:
            waiting = await session.scalar(
                select(func.count())
                .select_from(Delivery)
                .where(Delivery.status == DeliveryStatus.WAITING)
            )
        if (waiting or 0) < many:
            await self.notice(many, parts=1 + self._notices % 2)

    async def say(self, lane: str, *words: tuple[str, str]) -> None:
        """Let people say (chat, text) to the bot."""
        self.letters += len(words)
        async with self._http.post(f"/{lane}/say", json=words) as answer:
            assert answer.status == 200

    async def change(self, lane: str, **rules: Any) -> None:
        """Change the rules of a lane of the platform."""
        async with self._http.post(f"/{lane}/rules", json=rules) as answer:
            assert answer.status == 200

    # What came of it

    async def delivered(self) -> int:
        """Count the messages that have arrived."""
        async with self._http.get("/count") as answer:
            return int(await answer.json(content_type=None))

    async def record(self) -> dict[str, Any]:
        """Return all that the platform remembers."""
        async with self._http.get("/record") as answer:
            found: dict[str, Any] = await answer.json(content_type=None)
            return found

    async def progress(self, more: int, *, within: float = 20) -> None:
        """Wait until *more* messages have arrived from now on."""
        goal = await self.delivered() + more

        async def is_there() -> bool:
            return await self.delivered() >= goal

        await self.until(is_there, within=within, what=f"{more} more delivered")

    async def drained(self, *, but: int = 0, within: float = 30) -> None:
        """Wait until all deliveries *but* so many, and all letters, have their end."""

        async def is_drained() -> bool:
            # In this order: what is confirmed by then is kept, and counted.
            record = await self.record()
            if any(lane["unconfirmed"] for lane in record.values()):
                return False
            if await self.unfinished() > but:
                await asyncio.sleep(0.1)  # they need the processors more than we do
                return False
            return True

        await self.until(is_drained, within=within, what="all at its end")
        await asyncio.sleep(0.1)  # what was sent by one killed meanwhile arrives

    async def unfinished(self) -> int:
        """Count the deliveries and letters that have no end yet."""
        async with self.database.reading() as session:
            return await unfinished(session)

    async def until(self, is_so: Any, *, within: float, what: str) -> None:
        """Ask *is_so* again and again; AssertionError with the logs when too late."""
        end = time.monotonic() + within
        while not await is_so():
            if time.monotonic() > end:
                raise AssertionError(f"not {what}: {await self.describe()}")
            await asyncio.sleep(0.03)

    async def describe(self) -> str:
        """Tell rows by lane and status, the lanes, and the ends of the logs."""
        async with self.database.reading() as session:
            rows = await session.execute(
                select(Delivery.lane, Delivery.status, func.count()).group_by(
                    Delivery.lane, Delivery.status
                )
            )
            words = [f"{lane} {status} {many}" for lane, status, many in rows]
            for lane in await session.scalars(select(Lane)):
                words.append(
                    f"{lane.name}: {lane.owner} {lane.epoch} {lane.lease_until}"
                )
        for log in sorted(self._folder.glob("*.log"))[-3:]:
            words.append(f"{log}: {log.read_text(errors='replace')[-1500:]}")
        return "\n".join(words)

    async def rows_in(self, status: DeliveryStatus) -> Counter[str]:
        """Count the deliveries in *status* by lane."""
        async with self.database.reading() as session:
            rows = await session.execute(
                select(Delivery.lane, func.count())
                .where(Delivery.status == status)
                .group_by(Delivery.lane)
            )
            return Counter({lane: many for lane, many in rows})

    async def evidence(self) -> Evidence:
        """Collect what the judge needs."""
        async with self.database.reading() as session:
            return await gather(session, await self.record())

    async def verdict(self) -> Verdict:
        """Judge what has happened so far."""
        return judge(await self.evidence(), letters_said=self.letters)

    async def unclear(self) -> Counter[str]:
        """Count the requests by lane to which the platform gave no clear answer."""
        record = await self.record()
        return Counter(
            {name: sum(one["unclear"].values()) for name, one in record.items()}
        )

    async def unknown_at_most(self) -> dict[str, int]:
        """Tell how many deliveries of each lane may be unknown after our kills."""
        unclear = await self.unclear()
        return {
            lane: BOUND * self.kills[lane] + unclear[lane]
            for lane, values in self.lanes.items()
            if not values.get("drops")
        }


MakeScene = Callable[..., Awaitable[Scene]]
"""make_scene(store, **options of Scene): a scene on a fresh store."""

STORES = ("sqlite", "postgres")
