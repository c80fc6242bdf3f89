"""A broadcast to 2,000 chats at Telegram's rate, while people ask questions."""

import asyncio
import random
import time
from collections import defaultdict
from dataclasses import asdict
from typing import Any

import numpy as np

from bench.mail_rig import Figure, Rig, quiet, window_peak
from bot.channels.telegram.channel import MANNERS

CHATS = 2000
RATE = MANNERS.limits[0].count
LANES: dict[str, dict[str, Any]] = {
    "telegram": {
        "in_flight": MANNERS.in_flight,
        "answers_in_flight": MANNERS.answers_in_flight,
        "limits": [asdict(limit) for limit in MANNERS.limits],
        "limits_of": [asdict(limit) for limit in MANNERS.limits_of("4711")],
    }
}
PAUSE = 1.0  # seconds between two questions


async def broadcast(rig: Rig, store: str = "sqlite") -> list[Figure]:
    """Send to all, ask a question now and then, and look at every window."""
    async with rig.scene(store, lanes=LANES) as scene:
        worker = await scene.begin("the only one")
        await worker.word()
        await asyncio.sleep(2)
        began = time.monotonic()
        await scene.notice(CHATS)
        asking = asyncio.create_task(_ask(scene))
        await quiet(scene, within=200)
        asking.cancel()
        await quiet(scene, within=20)
        record = (await scene.record())["telegram"]["delivered"]
    return [*_windows(record, began), *_answers(record)]


async def _ask(scene: Any) -> None:
    chance = random.Random(1)
    while True:
        chat = f"asker-{chance.randrange(10**9)}"
        await scene.say("telegram", (chat, f"asked at {time.monotonic()}"))
        await asyncio.sleep(chance.uniform(0.5, 1.5) * PAUSE)


def _windows(record: list[Any], began: float) -> list[Figure]:
    arrivals = [arrived for _, _, arrived, _ in record]
    by_chat = defaultdict(list)
    for address, _, arrived, _ in record:
        by_chat[address].append(arrived)
    notices = [at for _, text, at, _ in record if "asked at" not in text]
    seconds = max(notices) - min(notices)
    share = (len(arrivals) - 1) / seconds / RATE
    peak = window_peak(arrivals, 1.0)
    of_chat = max(window_peak(moments, 1.0) for moments in by_chat.values())
    return [
        Figure(f"broadcast to {CHATS:,} chats", "67 s at 30/s", f"{seconds:.1f} s"),
        Figure("  first message after the order", "", f"{min(notices) - began:.2f} s"),
        Figure("  most in any second, all chats", f"<= {RATE}", str(peak)),
        Figure("  most in any second, one chat", "<= 1", str(of_chat)),
        Figure("  share of the allowed rate", ">= 95 %", f"{100 * share:.1f} %"),
    ]


def _answers(record: list[Any]) -> list[Figure]:
    taken = [
        (at - float(text.rpartition("asked at ")[2])) * 1000
        for _, text, _, at in record
        if "asked at" in text
    ]
    middle, slowest = np.percentile(taken, [50, 99])
    return [
        Figure(
            f"  question to answer meanwhile, {len(taken)} of them",
            "p99 < 300 ms",
            f"p50 {middle:.0f} ms, p99 {slowest:.0f} ms, worst {max(taken):.0f} ms",
        )
    ]
