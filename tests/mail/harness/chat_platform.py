"""A chat product as seen from outside: takes messages, delivers them, misbehaves.

It runs in a process of its own that nobody kills, so its memory is what truly
arrived. One message is known by lane, address and request; the tests make each
request theirs alone. Several addresses, with commas between them, are told by one call:
taken or refused as a whole, and dropped only if it is the same to the letter.

    POST /LANE/send      address, line feed, request -> {"id": ...}
    GET  /LANE/updates   what people said and nobody confirmed; waits up to a second
    POST /LANE/confirm   {"upto": number}: it was stored, do not tell it again
    POST /LANE/say       [[chat, text], ...]: people say this
    POST /LANE/rules     changes the rules of the lane
    GET  /record         all that was delivered, dropped and not clearly answered
    GET  /count          only the number of messages delivered so far
"""

import asyncio
import json
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, fields
from typing import Any

from nursery import Say

PATIENCE = 1.0  # seconds for which one who asks for updates is kept waiting
UNCLEAR = ("half_answer", "hang_up", "swallow", "late")
"""Faults after which the sender cannot know whether its message arrived."""


@dataclass
class Rules:
    """How one lane of the platform behaves.

    `latency` is the least and the greatest time of an answer, in seconds; `drops` the
    seconds for which an equal message is accepted and not delivered again. `faults`
    maps a kind to its share of the requests, `chats` an address to the kinds that
    its next requests meet, in order. A `late` answer comes after `late` seconds.
    """

    latency: tuple[float, float] = (0.005, 0.03)
    drops: float = 0.0
    faults: dict[str, float] = field(default_factory=dict)
    chats: dict[str, list[str]] = field(default_factory=dict)
    retry_after: float = 0.3
    late: float = 3.0
    repeats: float = 0.0  # share of updates that are told once more though confirmed

    def change(self, values: dict[str, Any]) -> None:
        for one in fields(self):
            if one.name in values:
                setattr(self, one.name, values[one.name])


@dataclass
class Update:
    """Something that a person said."""

    number: int
    chat: str
    text: str
    repeated: bool = False


class LaneOfPlatform:
    """One credential: its rules, what it delivered, and what people said to it."""

    def __init__(self, name: str, rules: Rules, random_: random.Random) -> None:
        self.name = name
        self.rules = rules
        self.delivered: list[tuple[str, str, float, float]] = []
        self.dropped: list[tuple[str, str]] = []
        self.unclear: Counter[str] = Counter()
        self.arrivals = 0
        self.in_progress = 0
        self._accepted: dict[tuple[str, str], float] = {}
        self._updates: list[Update] = []
        self._numbers = 0
        self._random = random_
        self._news = asyncio.Event()

    def fault(self, address: str) -> str:
        """Draw what befalls the next request for *address*; "" for nothing."""
        planned = self.rules.chats.get(address)
        if planned:
            return planned.pop(0)
        point = self._random.random()
        for kind, share in self.rules.faults.items():
            point -= share
            if point < 0:
                return kind
        return ""

    async def handle(self, address: str, request: str) -> tuple[int, bytes] | None:
        """Take one message; returns status and body, None to hang up."""
        arrived = time.monotonic()
        self.arrivals += 1
        kind = self.fault(address)
        if kind in UNCLEAR:
            self.unclear[address] += 1
        if kind == "hang_up":
            return None
        wait = self._random.uniform(*self.rules.latency)
        before = wait * self._random.random()
        await asyncio.sleep(before)
        if kind == "busy":
            return 429, _json({"retry_after": self.rules.retry_after})
        if kind == "busy_all":
            word = {"retry_after": self.rules.retry_after, "everywhere": True}
            return 429, _json(word)
        if kind == "refuse":
            return 403, _json({"error": "the chat is closed"})
        if kind not in ("half_answer", "swallow") or self._random.random() < 0.5:
            self._deliver(address, request, arrived)
        await asyncio.sleep(self.rules.late if kind == "late" else wait - before)
        if kind == "swallow":
            return None
        if kind == "half_answer":
            return 500, b""
        return 200, _json({"id": f"{self.name}-{len(self.delivered)}"})

    def _deliver(self, address: str, request: str, arrived: float) -> None:
        now, message = time.monotonic(), (address, request)
        if self.rules.drops:
            first = self._accepted.setdefault(message, now)
            if first != now and now - first < self.rules.drops:
                self.dropped += [(one, request) for one in address.split(",")]
                return
        for one in address.split(","):
            self.delivered.append((one, request, arrived, now))

    def say(self, words: list[tuple[str, str]]) -> None:
        for chat, text in words:
            self._numbers += 1
            self._updates.append(Update(self._numbers, chat, text))
        self._news.set()

    async def updates(self) -> list[list[Any]]:
        """Return what is not confirmed, at most 20; waits for a while for the first."""
        if not self._updates:
            self._news.clear()
            try:
                await asyncio.wait_for(self._news.wait(), PATIENCE)
            except TimeoutError:
                return []
        return [[one.number, one.chat, one.text] for one in self._updates[:20]]

    def confirm(self, upto: int) -> None:
        kept = []
        for one in self._updates:
            again = not one.repeated and self._random.random() < self.rules.repeats
            if one.number > upto or again:
                one.repeated = one.repeated or again
                kept.append(one)
        self._updates = kept

    @property
    def record(self) -> dict[str, Any]:
        return {
            "delivered": self.delivered,
            "dropped": self.dropped,
            "unclear": dict(self.unclear),
            "unconfirmed": len(self._updates),
            "arrivals": self.arrivals,
        }


class Platform:
    """All lanes, and the answers to HTTP requests."""

    def __init__(self, config: dict[str, Any]) -> None:
        chance = random.Random(config.get("seed", 0))
        self.lanes = {}
        for name, values in config["lanes"].items():
            rules = Rules()
            rules.change(values)
            self.lanes[name] = LaneOfPlatform(name, rules, chance)

    async def answer(
        self, method: str, path: str, body: bytes
    ) -> tuple[int, bytes] | None:
        if path == "/record":
            record = {name: lane.record for name, lane in self.lanes.items()}
            return 200, _json(record)
        if path == "/count":
            return 200, _json(sum(len(one.delivered) for one in self.lanes.values()))
        _, name, verb = path.split("/")
        lane = self.lanes[name]
        if verb == "send":
            address, _, request = body.decode().partition("\n")
            return await lane.handle(address, request)
        if verb == "updates":
            return 200, _json(await lane.updates())
        words = json.loads(body)
        if verb == "confirm":
            lane.confirm(words["upto"])
        elif verb == "say":
            lane.say(words)
        else:
            lane.rules.change(words)
        return 200, b"{}"


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


Answer = Callable[[str, str, bytes], Awaitable[tuple[int, bytes] | None]]


class HttpProtocol(asyncio.Protocol):
    """As much HTTP/1.1 as one client needs that sends one request after another."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self._buffer = b""
        self._tasks: set[asyncio.Task[None]] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: Any = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, found, rest = self._buffer.partition(b"\r\n\r\n")
        if not found:
            return
        first, *headers = head.split(b"\r\n")
        length = 0
        for line in headers:
            if line[:15].lower() == b"content-length:":
                length = int(line[15:])
        if len(rest) < length:
            return
        self._buffer = rest[length:]
        method, path, _ = first.decode().split(" ")
        task = asyncio.create_task(self._respond(method, path, rest[:length]))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _respond(self, method: str, path: str, body: bytes) -> None:
        answer = await self._answer(method, path, body)
        if answer is None:
            self._transport.close()
            return
        status, text = answer
        head = f"HTTP/1.1 {status} -\r\nContent-Length: {len(text)}\r\n\r\n"
        self._transport.write(head.encode() + text)


def run(config: dict[str, Any], say: Say) -> None:
    """Serve until killed; says the port that it listens on."""
    asyncio.run(_serve(config, say))


async def _serve(config: dict[str, Any], say: Say) -> None:
    platform = Platform(config)
    server = await asyncio.get_running_loop().create_server(
        lambda: HttpProtocol(platform.answer), "127.0.0.1", 0, backlog=1000
    )
    say({"port": server.sockets[0].getsockname()[1]})
    await server.serve_forever()
