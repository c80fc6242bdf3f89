"""Times the callback of our WeCom app, and how soon a pressed card is updated.

python -m bench.wecom [--store sqlite postgres] [--rate 200] [--seconds 10]

The office is `bot run` in a process of its own; the platform and its members are this
one. With BENCH_PROFILE=FILE the office is profiled. Callbacks come at a steady rate,
whether or not those before are answered: each is encrypted, kept on the disk, and only
then answered. A part of them are presses of cards, which the office answers by an
update of the card.
"""

import argparse
import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import aiohttp
import httpx
import uvloop

from bench.mail import WIDTHS, fsync_milliseconds
from bench.mail_rig import ROOT, Figure, Rig, cpu_seconds, rig

sys.path[:0] = [str(ROOT / "tests" / "channels" / "wecom")]

from fake_qyapi import FakeQyapi  # noqa: E402
from platform_callbacks import AppLine  # noqa: E402
from platform_clock import PlatformClock  # noqa: E402
from platform_corp import (  # noqa: E402
    AGENT,
    CALLBACK_KEY,
    CALLBACK_TOKEN,
    CORP_ID,
    SECRET,
    Corp,
)

from bot.app import App  # noqa: E402
from bot.settings import Settings  # noqa: E402

SAMPLE = ROOT / "data" / "samples" / "sample-plan.md"
MEMBERS = 2000
PRESSERS = 200  # members who have a card to press
ASKS = "县教育局有哪些任务"  # more than a page, so that there is a next one
SAYS = "科普大篷车谁牵头"
PRESSES = 20  # every such callback is a press


class WallClock(PlatformClock):
    """A platform that lives by the real clock."""

    def __call__(self) -> datetime:
        return datetime.now(UTC)

    @property
    def seconds(self) -> int:
        return int(time.time())


@dataclass
class Measured:
    """What the members saw: seconds of callbacks, and from a press to its update."""

    callbacks: list[float] = field(default_factory=list)
    updates: list[float] = field(default_factory=list)
    refused: int = 0
    late: int = 0  # presses whose card was not updated within the bench

    @staticmethod
    def told(values: list[float]) -> str:
        """Tell middle and slowest in milliseconds."""
        if not values:
            return "none"
        ordered = sorted(values)
        at = [ordered[int(part * (len(ordered) - 1))] * 1000 for part in (0.5, 0.99)]
        return f"p50 {at[0]:.1f} ms, p99 {at[1]:.0f} ms, max {ordered[-1] * 1000:.0f}"


class Members:
    """The members of the corporation, who write and press."""

    def __init__(
        self, qyapi: FakeQyapi, line: AppLine, http: aiohttp.ClientSession
    ) -> None:
        self._qyapi, self._line, self._http = qyapi, line, http
        self._pressed: dict[str, float] = {}
        self._numbers = count()
        self.measured = Measured()

    async def open_cards(self) -> list[tuple[str, str, str]]:
        """Have some ask for a list; returns member, card and key of its next page."""
        names = [f"user{n:04}" for n in range(PRESSERS)]
        for start in range(0, PRESSERS, 10):
            await asyncio.gather(
                *(self._line.say(name, ASKS) for name in names[start : start + 10])
            )
            await self._answered(start + 10)
        return list(self._next_pages())

    async def _answered(self, most: int) -> None:
        for _ in range(400):
            if len(self._qyapi.messages.cards) >= most:
                return
            await asyncio.sleep(0.05)
        print(f"  only {len(self._qyapi.messages.cards)} cards", file=sys.stderr)

    def _next_pages(self) -> Iterator[tuple[str, str, str]]:
        for (_, task_id), card in self._qyapi.messages.cards.items():
            for member, shown in card.shown.items():
                keys = [one["key"] for one in shown.get("button_list", ())]
                keys += [
                    one["id"]
                    for question in shown.get("select_list", ())
                    for one in question["option_list"]
                ]
                for key in keys:
                    if key.endswith("=下一页"):
                        yield member, task_id, key

    async def load(
        self, cards: list[tuple[str, str, str]], *, rate: float, seconds: float
    ) -> None:
        """Call back at a steady *rate*, whatever becomes of those before."""
        began = time.perf_counter()
        tasks: set[asyncio.Task[None]] = set()
        for number in range(int(rate * seconds)):
            wait = began + number / rate - time.perf_counter()
            if wait > 0:
                await asyncio.sleep(wait)
            is_press = number % PRESSES == 0 and cards
            fields = self._press(*cards.pop()) if is_press else self._word()
            task = asyncio.create_task(self._call(fields))
            tasks.add(task)
            task.add_done_callback(tasks.discard)
        await asyncio.gather(*tasks)

    def _word(self) -> dict[str, Any]:
        member = f"user{PRESSERS + next(self._numbers) % (MEMBERS - PRESSERS):04}"
        return self._line.message(member, "text", Content=SAYS)

    def _press(self, member: str, task_id: str, key: str) -> dict[str, Any]:
        code = self._qyapi.messages.new_code(AGENT, task_id)
        self._pressed[code] = time.perf_counter()
        return self._line.click(member, key, task_id=task_id, code=code)

    async def _call(self, fields: dict[str, Any]) -> None:
        envelope = self._line.envelope.seal(self._line.write(fields))
        query = self._line.signed(envelope)
        body = self._line.wrap(envelope)
        began = time.perf_counter()
        try:
            async with self._http.post(
                self._line.url, params=query, data=body
            ) as answer:
                status = answer.status
        except (aiohttp.ClientError, TimeoutError):
            status = 0
        self.measured.callbacks.append(time.perf_counter() - began)
        self.measured.refused += status != 200

    def note_update(self, code: str) -> None:
        """Note that the card of a press is being updated."""
        if began := self._pressed.pop(code, 0.0):
            self.measured.updates.append(time.perf_counter() - began)

    def finish(self) -> None:
        """Count the presses that were not answered."""
        self.measured.late = len(self._pressed)


class Watched(FakeQyapi):
    """A platform that tells when a card is updated."""

    members: Members | None = None

    async def _route(self, call: Any) -> Any:
        if call.path == "message/update_template_card" and self.members:
            self.members.note_update(call.body.get("response_code", ""))
        return await super()._route(call)


@contextmanager
def _form(folder: Path, *, url: str, api: str, port: int) -> Iterator[Path]:
    file = folder / "wecom.toml"
    file.write_text(
        '[office]\nname = "测速"\ntimezone = "Asia/Shanghai"\n'
        'channels = ["wecom_app"]\n'
        f'[database]\nurl = "{url}"\n[web]\nlisten = "127.0.0.1:{port}"\n'
        f'[files]\ndepartments = "{ROOT}/data/departments.toml"\n'
        f'thesaurus = "{ROOT}/config/thesaurus.toml"\n'
        f'[wecom]\ncorp_id = "{CORP_ID}"\nagent_id = {AGENT}\napi_url = "{api}"\n'
        'app_callback = "http://127.0.0.1/wecom/app"\n',
        encoding="utf-8",
    )
    yield file


def _environment() -> dict[str, str]:
    return {
        **os.environ,
        "BOT_WECOM_APP_SECRET": SECRET,
        "BOT_WECOM_TOKEN": CALLBACK_TOKEN,
        "BOT_WECOM_AES_KEY": CALLBACK_KEY,
    }


async def _office(form: Path) -> None:
    """Put the sample plan into force."""
    settings = Settings.load(form, _secrets())
    async with App.open(settings) as app:
        proposal = await app.propose(app.read_plan(SAMPLE), actor="测速")
        await app.sign(proposal.plan, signed_by="测速")


def _secrets() -> dict[str, str]:
    env = _environment()
    return {name: env[name] for name in env if name.startswith("BOT_WECOM_")}


async def _running(form: Path) -> asyncio.subprocess.Process:
    profile = os.environ.get("BENCH_PROFILE", "")
    how = ("-m", "cProfile", "-o", profile) if profile else ()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, *how, "-m", "bot", "run", "--config", str(form)),
        cwd=ROOT,
        env=_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdout
    if not (await process.stdout.readline()).startswith(b"bot run"):
        raise SystemExit("the office does not start")
    return process


async def measure(rig: Rig, store: str, *, rate: float, seconds: float) -> list[Figure]:
    """Run one office under load."""
    corp = Corp()
    corp.add(*(f"user{n:04}" for n in range(MEMBERS)))
    url = await rig.fresh(store)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = int(taken.getsockname()[1])
    async with Watched(corp, clock=WallClock()).running() as qyapi:
        with _form(rig.folder, url=url, api=qyapi.base_url, port=port) as form:
            await _office(form)
            process = await _running(form)
            try:
                return await _measure(
                    qyapi, process, port, store=store, rate=rate, seconds=seconds
                )
            finally:
                process.terminate()
                await process.wait()


async def _measure(
    qyapi: FakeQyapi,
    process: asyncio.subprocess.Process,
    port: int,
    *,
    store: str,
    rate: float,
    seconds: float,
) -> list[Figure]:
    session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5.0))
    async with httpx.AsyncClient(trust_env=False) as http, session as fast:
        place = f"http://127.0.0.1:{port}/wecom/app"
        line = AppLine(http, place, qyapi.corp, clock=qyapi.clock)
        members = Members(qyapi, line, fast)
        qyapi.members = members  # type: ignore[attr-defined]
        cards = await members.open_cards()
        await members.load([], rate=rate / 4, seconds=1.0)  # it gets warm
        members.measured = Measured()
        before = cpu_seconds(process.pid)
        await members.load(cards, rate=rate, seconds=seconds)
        cpu = (cpu_seconds(process.pid) - before) / seconds
        await asyncio.sleep(5.0)
        each = (await _when_quiet(process.pid) - before) / (rate * seconds)
        members.finish()
    found = members.measured
    words = f"{rate:.0f} callbacks/s, {store}"
    return [
        Figure(f"callback, {words}", "p99 < 50 ms", Measured.told(found.callbacks)),
        Figure(
            "  press until the card is updated",
            "<= 1 s",
            f"{Measured.told(found.updates)}; {found.late} not within 5 s",
        ),
        Figure("  not taken", "0", str(found.refused)),
        Figure(
            "  processor of the office",
            "",
            f"{cpu * 100:.0f} % meanwhile, {each * 1000:.1f} ms a callback in all",
        ),
    ]


async def _when_quiet(pid: int) -> float:
    """Return the processor seconds of a process when it has nothing more to do."""
    used = cpu_seconds(pid)
    for _ in range(60):
        await asyncio.sleep(1.0)
        before, used = used, cpu_seconds(pid)
        if used - before < 0.1:
            break
    return used


async def _run(ready: Rig, stores: list[str], rate: float, seconds: float) -> None:
    for store in stores:
        for one in await measure(ready, store, rate=rate, seconds=seconds):
            print(f"  {one.what:<{WIDTHS[0]}}{one.asked:<{WIDTHS[1]}}{one.measured}")
            sys.stdout.flush()
    print(f"load at the end {os.getloadavg()[0]:.1f}")


def main() -> None:
    """Print what was asked for beside what was measured; nothing is asserted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--store", nargs="+", choices=("sqlite", "postgres"), default=["sqlite"]
    )
    parser.add_argument("--rate", type=float, default=200.0)
    parser.add_argument("--seconds", type=float, default=10.0)
    options = parser.parse_args()
    print(
        f"Python {sys.version.split()[0]}, {os.cpu_count()} cores,"
        f" load {os.getloadavg()[0]:.1f}, one fsync {fsync_milliseconds():.2f} ms"
    )
    with rig() as ready:
        uvloop.run(_run(ready, options.store, options.rate, options.seconds))


if __name__ == "__main__":
    main()
