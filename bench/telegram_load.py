"""The other side of a bot: a fake Bot API, and people who write and wait."""

import asyncio
import re
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from types import TracebackType
from typing import Any, Self

import msgspec

TOKEN = "7:AAfake_token_of_the_bench_0123456789abcd"
SECRET = "a-secret-of-the-bench"
HOOK = "/telegram"
FIRST_CHAT = 1000
CHATS = 2000
AGAIN = 0.1  # seconds after which what was not kept is posted again
PATIENCE = 30.0  # seconds until an update counts as lost

QUESTIONS = (
    "我们负责哪些任务",
    "我们牵头哪几项",
    "我们年底前要完成什么",
    "科学课归谁管",
    "县教育局负责什么",
    "哪些任务和镇街道有关",
    "谁牵头抓科普志愿队伍",
    "联系电话是多少",
    "到2030年公民具备科学素质的比例是多少",
    "应急科普谁负责",
    "第2个详细说说",
    "你好",
)
"""Of those who are bound and of those who are not; every other time they are worded as
they were never before: what is read and found is kept."""

_FIRST_HAN, _HAN = 0x4E00, 20_000
_CHAT = re.compile(rb'chat_id"?(?:(?:\r\n[^\r\n]+)*\r\n\r\n|=|:)(\d+)')
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.I)
_OFFSET = re.compile(rb'offset"?(?:(?:\r\n[^\r\n]+)*\r\n\r\n|=|:)(\d+)')
_UPDATES = count(1)  # through all runs: what has been kept would be a copy
_ME = {
    "id": 7,
    "is_bot": True,
    "first_name": "助手",
    "username": "plan_test_bot",
    "can_join_groups": True,
    "can_read_all_group_messages": False,
}


@dataclass(frozen=True)
class Measured:
    """What a run came to; milliseconds, sorted."""

    seconds: float
    taken: list[float]

    @property
    def rate(self) -> float:
        """Return the updates answered per second."""
        return len(self.taken) / self.seconds

    def percentile(self, share: float) -> float:
        """Return the milliseconds that *share* of the answers did not exceed."""
        return self.taken[min(len(self.taken) - 1, int(share * len(self.taken)))]


class FakeTelegram:
    """Answers calls after *delay* seconds, and knows which chat has its answer."""

    def __init__(self) -> None:
        self.delay = 0.0
        self.base = ""
        self.waiting: dict[int, asyncio.Future[None]] = {}
        self._pending: deque[dict[str, Any]] = deque()
        self._poll: Callable[[Any], None] | None = None
        self._numbers = count(1000)
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        """Begin to serve at `base`."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: _Line(self._serve), "127.0.0.1", 0
        )
        self.base = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop."""
        assert self._server
        self._server.close()

    def tell(self, update: dict[str, Any]) -> None:
        """Hand an update to whoever polls."""
        self._pending.append(update)
        if self._poll:
            poll, self._poll = self._poll, None
            poll([*self._pending])

    def _serve(self, head: bytes, body: bytes, reply: Callable[[Any], None]) -> None:
        method = head.split(b" ", 2)[1].rpartition(b"/")[2].partition(b"?")[0].decode()
        if method.lower() == "getupdates":
            return self._updates(body, reply)
        if method.lower() == "sendmessage":
            chat = int(_CHAT.search(body)[1])  # type: ignore[index]
            if asked := self.waiting.pop(chat, None):
                asked.set_result(None)
            result: Any = _message(next(self._numbers), chat, "答")
        else:
            result = _ME if method.lower() == "getme" else True
        if self.delay:
            asyncio.get_running_loop().call_later(self.delay, reply, result)
        else:
            reply(result)

    def _updates(self, body: bytes, reply: Callable[[Any], None]) -> None:
        found = _OFFSET.search(body)
        offset = int(found[1]) if found else 0
        while self._pending and self._pending[0]["update_id"] < offset:
            self._pending.popleft()
        if self._pending:
            reply([*self._pending][:100])
        else:
            self._poll = reply


class _Line(asyncio.Protocol):
    """One connection of the API, as plain as HTTP can be."""

    def __init__(
        self, serve: Callable[[bytes, bytes, Callable[[Any], None]], None]
    ) -> None:
        self._serve = serve
        self._got = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: Any = transport

    def data_received(self, data: bytes) -> None:
        self._got += data
        while (end := self._got.find(b"\r\n\r\n")) >= 0:
            length = _LENGTH.search(self._got, 0, end)
            whole = end + 4 + (int(length[1]) if length else 0)
            if len(self._got) < whole:
                return
            head, body = self._got[:end], self._got[end + 4 : whole]
            self._got = self._got[whole:]
            self._serve(head, body, self._reply)

    def _reply(self, result: Any) -> None:
        body = msgspec.json.encode({"ok": True, "result": result})
        self._transport.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
            b"Content-Length: %d\r\n\r\n%b" % (len(body), body)
        )


@dataclass
class People:
    """Those who write: each in a chat of theirs, and again when they are answered.

    With a *port* the bot is called there, else it polls.
    """

    telegram: FakeTelegram
    port: int | None
    _chats: deque[int] = field(
        default_factory=lambda: deque(range(FIRST_CHAT, FIRST_CHAT + CHATS))
    )

    async def ask(self, *, width: int, seconds: float) -> Measured:
        """Let *width* people write for some seconds, each as soon as he is answered."""
        began = time.monotonic()
        taken: list[float] = []
        await asyncio.gather(
            *(self._person(began + seconds, taken) for _ in range(width))
        )
        return Measured(time.monotonic() - began, sorted(taken))

    async def _person(self, end: float, taken: list[float]) -> None:
        line = None
        if self.port:
            line = await asyncio.open_connection("127.0.0.1", self.port)
        while time.monotonic() < end:
            chat = self._chats.popleft()
            number = next(_UPDATES)
            answered = asyncio.get_running_loop().create_future()
            self.telegram.waiting[chat] = answered
            began = time.monotonic()
            update = _update(number, chat)
            if line:
                while not await _post(line, update):  # noqa: ASYNC110 - a 503
                    await asyncio.sleep(AGAIN)
            else:
                self.telegram.tell(update)
            async with asyncio.timeout(PATIENCE):
                await answered
            taken.append((time.monotonic() - began) * 1000)
            self._chats.append(chat)
        if line:
            line[1].close()


async def _post(
    line: tuple[asyncio.StreamReader, asyncio.StreamWriter], update: dict[str, Any]
) -> bool:
    """Post an update; False if it is to come again."""
    reader, writer = line
    body = msgspec.json.encode(update)
    writer.write(
        f"POST {HOOK} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"X-Telegram-Bot-Api-Secret-Token: {SECRET}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n".encode()
        + body
    )
    head = await reader.readuntil(b"\r\n\r\n")
    first = head.split(b"\r\n", 1)[0]
    if b" 200 " not in first and b" 503 " not in first:
        raise SystemExit(f"the webhook said {head.decode()}")
    if length := _LENGTH.search(head):
        await reader.readexactly(int(length[1]))
    return b" 200 " in first


def _update(number: int, chat: int) -> dict[str, Any]:
    person = {"id": chat, "is_bot": False, "first_name": "李"}
    words = QUESTIONS[number % len(QUESTIONS)]
    if number // len(QUESTIONS) % 2:
        words = f"{chr(_FIRST_HAN + number % _HAN)}老师好，{words}"
    message = _message(number, chat, words) | {"from": person}
    return {"update_id": number, "message": message}


def _message(number: int, chat: int, text: str) -> dict[str, Any]:
    return {
        "message_id": number,
        "date": int(time.time()),
        "chat": {"id": chat, "type": "private", "first_name": "李"},
        "text": text,
    }
