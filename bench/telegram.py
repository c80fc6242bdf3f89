"""Times our Telegram bot beside bare echo bots, and holds it to what was asked for.

python -m bench.telegram [--only ptb aiogram sqlite postgres] [--seconds 5]

Each bot is a process of its own; the fake Bot API and the people who write are this
one. The echo bots keep nothing. Ours keeps each update on the disk before it confirms
it, knows copies, looks up who asks and what the plan says, and sends through outbox
and lane; only Telegram's own limits (30 a second) are left out. PostgreSQL runs with
fsync on, SQLite with synchronous=FULL.
"""

import argparse
import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass

import uvloop

from bench.mail import WIDTHS, fsync_milliseconds
from bench.mail_rig import ROOT, Figure, Rig, cpu_seconds, rig
from bench.telegram_load import CHATS, FIRST_CHAT, FakeTelegram, Measured, People
from bot.app import App
from bot.model import Account, Person, Role
from bot.settings import Settings

SAMPLE = ROOT / "data" / "samples" / "sample-plan.md"
WIDTH = 40  # updates that are not answered yet
WARM_UP = 1.5  # seconds
SLOW = 0.05  # seconds that the slow API takes
DEPARTMENTS = ("县教育局", "县科协", "县农业农村局", "县卫生健康局", "县应急局")


@dataclass(frozen=True)
class Run:
    """A run of one bot: what the people saw, and what it cost."""

    measured: Measured
    cpu: float  # processor milliseconds an update
    beside: float  # the same of those who write, and of the API

    @property
    def told(self) -> str:
        """Tell the percentiles of the answers."""
        middle, slowest = self.measured.percentile(0.5), self.measured.percentile(0.99)
        return f"p50 {middle:.1f} ms, p99 {slowest:.0f} ms"


class Bench:
    """Starts bots and asks them."""

    def __init__(self, rig: Rig, *, seconds: float) -> None:
        self._rig = rig
        self._seconds = seconds

    async def run(
        self,
        bot: str,
        *,
        database: str = "",
        width: int = WIDTH,
        delay: float = 0.0,
        polls: bool = False,
    ) -> Run:
        """Start a bot, let it get warm, and measure it."""
        async with FakeTelegram() as telegram:
            port = 0 if polls else _free_port()
            process = await _started(bot, telegram.base, port, database)
            people = People(telegram, port or None)
            telegram.delay = delay
            await people.ask(width=width, seconds=WARM_UP)
            before, own = cpu_seconds(process.pid), time.process_time()
            measured = await people.ask(width=width, seconds=self._seconds)
            cpu, own = cpu_seconds(process.pid) - before, time.process_time() - own
            process.stdin.close()  # type: ignore[union-attr]
            await process.wait()
        many = len(measured.taken) / 1000
        return Run(measured, cpu / many, own / many)

    async def office(self, store: str) -> str:
        """Lay out an office: the sample plan in force, every other chat a liaison's."""
        url = await self._rig.fresh(store)
        settings = Settings.load(ROOT / "config" / "bot.toml", {}, database=url)
        async with App.open(settings) as app:
            source = app.read_plan(SAMPLE)
            proposal = await app.propose(source, actor="测速")
            await app.sign(proposal.plan, signed_by="测速")
            async with app.database.writing() as session:
                for chat in range(FIRST_CHAT, FIRST_CHAT + CHATS, 2):
                    department = DEPARTMENTS[chat // 2 % len(DEPARTMENTS)]
                    person = Person(
                        name=f"联络员{chat}", department=department, role=Role.LIAISON
                    )
                    account = Account(
                        channel="telegram", address=str(chat), person=person
                    )
                    session.add(account)
        return url


async def _started(
    bot: str, base: str, port: int, database: str
) -> asyncio.subprocess.Process:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bench.telegram_bots", bot, base, str(port), database),
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout
    if (await process.stdout.readline()).strip() != b"ready":
        raise SystemExit(f"{bot} does not start")
    return process


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


async def _echo(bench: Bench, name: str, words: str) -> tuple[list[Figure], Run]:
    run = await bench.run(name)
    rate = f"{run.measured.rate:.0f}/s ({run.told}, {run.cpu:.1f} ms CPU each)"
    return [Figure(words, "", rate)], run


async def _ours(bench: Bench, store: str, beside: dict[str, Run]) -> list[Figure]:
    url = await bench.office(store)
    full = await bench.run("ours", database=url)
    slow = await bench.run("ours", database=url, delay=SLOW)
    idle = await bench.run("ours", database=url, width=1)
    polls = await bench.run("ours", database=url, polls=True)
    words = f"ours, {store}, W = {WIDTH}"
    rate = full.measured.rate
    return [
        Figure(f"updates/s, {words}", "", f"{rate:.0f}/s"),
        *_beside(rate, beside),
        Figure(
            f"  slowest answers, {store}",
            "p99 <= 350 ms",
            full.told,
        ),
        Figure(
            f"  processor time an update, {store}",
            "<= 3 ms",
            f"{full.cpu:.2f} ms ({full.beside:.2f} ms of people and API beside it)",
        ),
        Figure(
            f"  with an API that takes {SLOW * 1000:.0f} ms, {store}",
            ">= 250/s",
            f"{slow.measured.rate:.0f}/s ({slow.told}, {slow.cpu:.2f} ms CPU each)",
        ),
        Figure(
            f"  idle (W = 1), {store}",
            "p50 <= 8 ms",
            f"{idle.told} ({idle.cpu:.2f} ms CPU each)",
        ),
        Figure(
            f"  polling, {store}",
            "",
            f"{polls.measured.rate:.0f}/s ({polls.told}, {polls.cpu:.2f} ms CPU each)",
        ),
    ]


def _beside(rate: float, others: dict[str, Run]) -> list[Figure]:
    asked = {"ptb": ">= 1.5 times", "aiogram": ">= 1.0 times"}
    return [
        Figure(f"  beside {name}", asked[name], f"{rate / run.measured.rate:.2f} times")
        for name, run in others.items()
    ]


async def measure(bench: Bench, names: list[str]) -> AsyncIterator[Figure]:
    """Measure one after the other, and tell each as soon as it is known."""
    beside: dict[str, Run] = {}
    for name, words in ECHOES.items():
        if name in names:
            figures, beside[name] = await _echo(bench, name, words)
            for figure in figures:
                yield figure
    for store in ("sqlite", "postgres"):
        if store in names:
            for figure in await _ours(bench, store, beside):
                yield figure


ECHOES = {
    "ptb": "updates/s, bare echo bot on python-telegram-bot (httpx)",
    "aiogram": "updates/s, bare echo bot on aiogram",
}
PARTS = (*ECHOES, "sqlite", "postgres")


async def _run(rig: Rig, names: list[str], seconds: float) -> None:
    async for one in measure(Bench(rig, seconds=seconds), names):
        print(f"  {one.what:<{WIDTHS[0]}}{one.asked:<{WIDTHS[1]}}{one.measured}")
        sys.stdout.flush()
    print(f"load at the end {os.getloadavg()[0]:.1f}")


def main() -> None:
    """Print what was asked for beside what was measured; nothing is asserted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=[*PARTS])
    parser.add_argument("--seconds", type=float, default=5.0)
    options = parser.parse_args()
    print(
        f"Python {sys.version.split()[0]}, {os.cpu_count()} cores,"
        f" load {os.getloadavg()[0]:.1f}, one fsync {fsync_milliseconds():.2f} ms"
    )
    print(f"  {'':<{WIDTHS[0]}}{'asked':<{WIDTHS[1]}}measured")
    with rig() as ready:
        uvloop.run(_run(ready, options.only, options.seconds))


if __name__ == "__main__":
    main()
