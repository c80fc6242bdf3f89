"""What the mail bench stands on: stores, the fake platform and our service."""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

ROOT = Path(__file__).parent.parent
BORROWED = [str(ROOT / "tests"), str(ROOT / "tests" / "mail")]
sys.path[:0] = [one for one in BORROWED if one not in sys.path]

from harness.scene import Scene  # noqa: E402
from nursery import Nursery  # noqa: E402
from postgres import PostgresServer, postgres_server  # noqa: E402

from bot.database import migrate  # noqa: E402
from bot.mail import queue_tables  # noqa: E402

STORES = ("sqlite", "postgres")
PLAIN = {"in_flight": 8, "answers_in_flight": 4}
LANES: Mapping[str, dict[str, Any]] = {
    "telegram": PLAIN,
    "telegram-2": PLAIN,
    "wecom": {**PLAIN, "drops": 1800.0},
}
ABOUT_20_MS = {"latency": (0.015, 0.025)}
_AS_IN_AN_OFFICE: dict[str, str | int] = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "autovacuum": "on",
    "shared_buffers": "128MB",
}


@dataclass(frozen=True)
class Figure:
    """One line of the table: what, what was asked for, what was measured."""

    what: str
    asked: str
    measured: str


class Rig:
    """Gives fresh stores and scenes; keeps one PostgreSQL for all, with fsync on."""

    def __init__(self, folder: Path, server: PostgresServer, nursery: str) -> None:
        self.folder = folder
        self._server = server
        self._nursery = nursery

    async def fresh(self, store: str) -> str:
        """Return the URL of a fresh store with all tables."""
        name = f"bench_{uuid4().hex}"
        if store == "sqlite":
            url = f"sqlite+aiosqlite:///{self.folder / name}.sqlite3"
        else:
            url = await self._server.create(name)
        await migrate(url)
        await queue_tables.install(url)
        return url

    @asynccontextmanager
    async def scene(
        self, store: str, *, lanes: Mapping[str, dict[str, Any]] = LANES
    ) -> AsyncIterator[Scene]:
        """Give a scene on a fresh store, with a platform that answers after 20 ms."""
        nursery = await Nursery.connect(self._nursery)
        folder = self.folder / uuid4().hex
        folder.mkdir()
        url = await self.fresh(store)
        try:
            async with Scene(
                nursery, folder, url, lanes=lanes, rules=ABOUT_20_MS
            ) as scene:
                scene.config["lease"] = 15.0
                yield scene
        finally:
            await nursery.close()


@contextmanager
def rig() -> Iterator[Rig]:
    """Set the rig up, and take it down."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = stack.enter_context(postgres_server(own=True, **_AS_IN_AN_OFFICE))
        place = str(folder / "nursery")
        paths = os.pathsep.join([str(ROOT), *BORROWED])
        nursery = subprocess.Popen(
            [sys.executable, "-m", "nursery", place],
            env={**os.environ, "PYTHONPATH": paths},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        stack.enter_context(nursery)
        assert nursery.stdout
        nursery.stdout.readline()
        yield Rig(folder, server, place)
        nursery.communicate()


def cpu_seconds(pid: int) -> float:
    """Return the processor time that a process has used, all threads together."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def megabytes(pid: int) -> float:
    """Return the memory that a process holds, without what it shares with files."""
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(one for one in status.splitlines() if one.startswith("RssAnon"))
    return int(line.split()[1]) / 1024


async def quiet(scene: Scene, *, within: float) -> None:
    """Wait until all is sent, asking the store once in a while only."""
    end = time.monotonic() + within
    while time.monotonic() < end:
        if await scene.unfinished() == 0:
            return
        await asyncio.sleep(0.2)
    raise SystemExit(f"not done within {within} s: {await scene.describe()}")


def window_peak(moments: list[float], seconds: float) -> int:
    """Return the greatest number of *moments* in any window of *seconds*."""
    moments, peak, start = sorted(moments), 0, 0
    for end, moment in enumerate(moments):
        while moments[start] <= moment - seconds:
            start += 1
        peak = max(peak, end - start + 1)
    return peak
