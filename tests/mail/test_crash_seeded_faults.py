"""Faults that are put in on purpose are caught by the same judge."""

from harness.judge import Verdict
from harness.scene import MakeScene, Scene

pytest_plugins = ["harness.fixtures"]

KILLS = 4
TRIES = 6


async def killed_often(scene: Scene, fault: str) -> Verdict:
    """Kill a faulty service while it sends, and see what comes of it."""
    async with scene:
        await scene.notice(60)
        await scene.start("the only one", fault=fault)
        for _ in range(KILLS):
            await scene.progress(8)
            await scene.kill("the only one")
            await scene.start("the only one", fault=fault)
        await scene.drained()
        return await scene.verdict()


async def test_sending_again_after_the_lease_is_caught(make_scene: MakeScene) -> None:
    verdict = await killed_often(await make_scene("sqlite"), "lease ends, send again")
    assert verdict.twice


async def test_an_acknowledgement_before_the_send_is_caught(
    make_scene: MakeScene,
) -> None:
    async with await make_scene("sqlite") as scene:
        await scene.notice(20)
        fault = "acknowledge before send"
        worker = await scene.begin(
            "the only one", fault=fault, crash_at="before-send:5"
        )
        await worker.wait()
        await scene.start("the only one", fault=fault)
        await scene.drained()
        assert (await scene.verdict()).false_sent


async def test_a_holder_without_epochs_is_caught(make_scene: MakeScene) -> None:
    slow = {"limits": [{"count": 8, "seconds": 1.0}]}
    lanes = {"telegram": {"in_flight": 4, "answers_in_flight": 2, **slow}}
    async with await make_scene("postgres", lanes=lanes) as scene:
        for _ in range(2):
            await scene.start(fault="no epoch")
        for _ in range(TRIES):  # one that stops within a transaction forgets its stock
            await scene.notice(20)
            await scene.progress(4)
            await scene.stand_still((await scene.holders())["telegram"])
            await scene.drained()
            if (await scene.verdict()).twice:
                return
    raise AssertionError("the judge found nothing")
