"""Three processes hear the same clock: each occurrence is issued once."""

import asyncio

from harness.scene import MakeScene

pytest_plugins = ["harness.fixtures"]

PERIOD = 0.2  # seconds
SECONDS = 5.0


async def test_three_ticking_processes_issue_each_occurrence_once(
    make_scene: MakeScene,
) -> None:
    async with await make_scene("postgres") as scene:
        await asyncio.gather(*(scene.start(ticks=PERIOD) for _ in range(3)))
        await asyncio.sleep(SECONDS)
        for name in [*scene.workers]:
            assert await scene.stop(name) == 0
        await scene.start()
        await scene.drained()
        evidence, verdict = await scene.evidence(), await scene.verdict()
        assert verdict.complaints(unknown_at_most={}) == []
        assert len(evidence.audiences) >= SECONDS / PERIOD * 0.2
        told = sum(len(one["delivered"]) for one in evidence.record.values())
        assert told == len(evidence.rows) == len(evidence.audiences) * 2 * 3
