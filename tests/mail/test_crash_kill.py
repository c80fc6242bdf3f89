"""kill -9 at random moments: nothing is lost, nothing arrives twice."""

import asyncio
import random

import pytest
from harness.scene import LANES, MakeScene, Scene, bound

from bot.model import DeliveryStatus

pytest_plugins = ["harness.fixtures"]

FAULTS = {"faults": {"busy": 0.03, "half_answer": 0.004, "swallow": 0.004}}


async def feed(scene: Scene, chance: random.Random) -> None:
    """Leave something to be sent, and let people say something meanwhile."""
    await scene.top_up(60)
    for lane in scene.lanes:
        chats = [f"{lane}-{chance.randrange(40)}" for _ in range(2)]
        await scene.say(
            lane, *[(chat, f"question {chance.random()}") for chat in chats]
        )


async def victim_of(scene: Scene, chance: random.Random) -> str:
    """Choose a worker: nearly always one that holds a lane, if any does."""
    holders = {
        name for name in (await scene.holders()).values() if name in scene.workers
    }
    if holders and chance.random() < 0.9:
        return chance.choice(sorted(holders))
    return chance.choice(sorted(scene.workers))


async def kill_often(scene: Scene, *, kills: int, workers: int, seed: int) -> None:
    """Kill workers at random moments while they send; each is replaced at once."""
    chance = random.Random(seed)
    alone = workers == 1
    async with scene:
        await feed(scene, chance)
        for _ in range(workers):
            await scene.start("the only one" if alone else "")
        for _ in range(kills):
            await feed(scene, chance)
            await scene.progress(chance.randrange(1, 20))
            await asyncio.sleep(chance.uniform(0, 0.25))
            await scene.kill(await victim_of(scene, chance))
            if alone:
                left = await scene.rows_in(DeliveryStatus.SENDING)
                assert all(many <= bound(lane) for lane, many in left.items()), left
            await scene.begin("the only one" if alone else "")
        await scene.drained()
        verdict = await scene.verdict()
        print(f"{dict(scene.kills)}: {verdict}")
        assert verdict.complaints(unknown_at_most=await scene.unknown_at_most()) == []
        assert not verdict.unknown["wecom"]  # it drops copies, so it heals by itself
        assert set(scene.lanes) == set(LANES)


@pytest.mark.parametrize(
    ("store", "workers", "kills"), [("sqlite", 1, 9), ("postgres", 3, 9)]
)
async def test_nothing_is_lost_or_doubled_by_kill_9(
    make_scene: MakeScene, store: str, workers: int, kills: int
) -> None:
    scenes = [await make_scene(store, rules=FAULTS, seed=n) for n in range(3)]
    runs = [
        kill_often(scene, kills=kills, workers=workers, seed=seed)
        for seed, scene in enumerate(scenes)
    ]
    await asyncio.gather(*runs)
    together = sum((scene.kills for scene in scenes), scenes[0].kills.__class__())
    assert together["all"] >= 25
    assert together["of a holder"] / together["all"] > 0.6, together
