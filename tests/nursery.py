"""Starts processes in milliseconds: imports all they need once, then forks.

python -m nursery SOCKET   serves until its standard input is closed.

A killed child is as dead as one that was started from nothing, for it shares no
open file, no loop and no thread with its parent; only its modules are there already.
"""

import asyncio
import ctypes
import gc
import json
import os
import selectors
import signal
import socket
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any, Self

Say = Callable[[Any], None]
"""What a child calls to be heard by the one who started it."""

PRELOADED = (
    *("harness.service", "harness.chat_platform", "harness.nudging_office"),
    *("bot_command", "bot.channels.telegram", "uvicorn.protocols.http.httptools_impl"),
)


class _Parent:
    """The process that forks; its clients are tests, one connection each."""

    def __init__(self, place: str) -> None:
        self._selector = selectors.DefaultSelector()
        self._children: dict[int, socket.socket] = {}
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(place)
        self._listener.listen()
        self._woken, self._wakes = socket.socketpair()
        for end in (self._woken, self._wakes):
            end.setblocking(False)
        signal.set_wakeup_fd(self._wakes.fileno())
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
        watch = self._selector.register
        watch(sys.stdin.fileno(), selectors.EVENT_READ, lambda: sys.exit(0))
        watch(self._listener, selectors.EVENT_READ, self._welcome)
        watch(self._woken, selectors.EVENT_READ, self._bury)

    def serve(self) -> None:
        try:
            while True:
                for key, _ in self._selector.select():
                    if self._selector.get_map().get(key.fd) is key:
                        key.data()
        finally:
            for pid in self._children:
                os.kill(pid, signal.SIGKILL)

    def _welcome(self) -> None:
        client, _ = self._listener.accept()
        self._selector.register(
            client, selectors.EVENT_READ, lambda: self._hear(client)
        )

    def _hear(self, client: socket.socket) -> None:
        line, outlets = b"", list[int]()
        with suppress(ConnectionError):
            while not line.endswith(b"\n"):
                part, more, _, _ = socket.recv_fds(client, 2**16, 2)
                if not part:
                    break
                line += part
                outlets += more
        if line.endswith(b"\n"):
            self._fork(client, json.loads(line), outlets)
            return
        self._selector.unregister(client)
        for pid, owner in self._children.items():
            if owner is client:
                os.kill(pid, signal.SIGKILL)
        client.close()

    def _fork(
        self, client: socket.socket, order: dict[str, Any], outlets: list[int]
    ) -> None:
        ours, theirs = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(ours)
            _live(order, theirs, outlets)
        for end in (theirs, *outlets):
            os.close(end)
        self._children[pid] = client
        words = os.fdopen(ours, "r", encoding="utf-8")
        self._selector.register(
            ours, selectors.EVENT_READ, lambda: self._pass_on(client, pid, words)
        )
        _tell(client, {"pid": pid, "started": True})

    def _pass_on(self, client: socket.socket, pid: int, words: Any) -> None:
        line = words.readline()
        if line:
            _tell(client, {"pid": pid, "says": json.loads(line)})
            return
        self._selector.unregister(words)
        words.close()

    def _bury(self) -> None:
        with suppress(BlockingIOError):
            while self._woken.recv(4096):
                pass
        while self._children:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return
            client = self._children.pop(pid)
            _tell(client, {"pid": pid, "code": os.waitstatus_to_exitcode(status)})


def _tell(client: socket.socket, word: dict[str, Any]) -> None:
    with suppress(OSError):  # a client that went away needs no news
        client.sendall(json.dumps(word).encode() + b"\n")


def _live(order: dict[str, Any], mouth: int, outlets: list[int]) -> None:
    """Be the child, which says all to *outlets* or to its log: never returns."""
    code = 1
    try:
        os.setsid()
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGCHLD, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        _die_with_parent()
        if not outlets:
            log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            outlets = [log, log]
        nothing = os.open(os.devnull, os.O_RDONLY)
        for target, source in enumerate((nothing, *outlets)):
            os.dup2(source, target)
        for handle in range(3, 256):
            if handle != mouth:
                with suppress(OSError):
                    os.close(handle)
        module, name = order["call"].split(":")
        function = getattr(import_module(module), name)

        def say(word: Any) -> None:
            os.write(mouth, json.dumps(word).encode() + b"\n")

        function(order["config"], say)
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:
        traceback.print_exc()
    finally:
        with suppress(OSError):  # nobody may be there to read it
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def _die_with_parent() -> None:
    """Have the kernel kill us if the nursery is killed; only Linux can."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


class Child:
    """A process that the nursery started for us."""

    def __init__(self, pid: int, log: Path) -> None:
        self.pid = pid
        self.log = log
        self.code: int | None = None
        self.said: asyncio.Queue[Any] = asyncio.Queue()
        self._ended = asyncio.Event()

    @property
    def is_alive(self) -> bool:
        """Tell whether no news of its end has come."""
        return self.code is None

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal, if it still lives."""
        if self.is_alive:
            os.kill(self.pid, number)

    async def kill(self) -> None:
        """End it as a power failure would, and wait until it is gone."""
        self.signal(signal.SIGKILL)
        await self.wait()

    async def wait(self) -> int:
        """Wait for its end; returns the exit code, negative for a signal."""
        await self._ended.wait()
        assert self.code is not None
        return self.code

    async def word(self, *, within: float = 30) -> Any:
        """Return the next thing it says; RuntimeError with its log if it ends first."""
        hear = asyncio.ensure_future(self.said.get())
        end = asyncio.ensure_future(self._ended.wait())
        done, _ = await asyncio.wait(
            {hear, end}, timeout=within, return_when=asyncio.FIRST_COMPLETED
        )
        end.cancel()
        if hear in done:
            return hear.result()
        hear.cancel()
        text = self.log.read_text(encoding="utf-8", errors="replace")[-4000:]
        raise RuntimeError(f"the process says nothing (exit {self.code}):\n{text}")

    def bury(self, code: int) -> None:
        """Note that it ended with *code*."""
        self.code = code
        self._ended.set()


class Nursery:
    """A connection to the nursery; what it started dies when it is closed."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._writer = writer
        self._children: dict[int, Child] = {}
        self._births: asyncio.Queue[int] = asyncio.Queue()
        self._turn = asyncio.Lock()
        self._listening = asyncio.create_task(self._listen(reader))

    @classmethod
    async def connect(cls, place: str) -> Self:
        """Connect to the nursery at *place*, a Unix socket."""
        return cls(*await asyncio.open_unix_connection(place, limit=2**28))

    async def start(self, call: str, config: dict[str, Any], *, log: Path) -> Child:
        """Run "module:function"(config, say) in a new process."""
        async with self._turn:
            order = {"call": call, "config": config, "log": str(log)}
            self._writer.write(json.dumps(order).encode() + b"\n")
            pid = await asyncio.wait_for(self._births.get(), 30)
        child = self._children[pid]
        child.log = log
        return child

    async def _listen(self, reader: asyncio.StreamReader) -> None:
        async for line in reader:
            word = json.loads(line)
            pid = word["pid"]
            if "started" in word:
                self._children[pid] = Child(pid, Path())
                self._births.put_nowait(pid)
            elif "says" in word:
                self._children[pid].said.put_nowait(word["says"])
            else:
                self._children[pid].bury(word["code"])

    async def close(self) -> None:
        """End all that was started here."""
        for child in [*self._children.values()]:
            child.signal(signal.SIGKILL)
        for child in [*self._children.values()]:
            await child.wait()
        self._listening.cancel()
        self._writer.close()
        with suppress(ConnectionError):
            await self._writer.wait_closed()


def main() -> None:
    """Import all, say that we are ready, and serve."""
    for name in PRELOADED:
        import_module(name)
    gc.freeze()
    parent = _Parent(sys.argv[1])
    print("ready", flush=True)
    parent.serve()


if __name__ == "__main__":
    main()
