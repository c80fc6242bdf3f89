"""The clock of the machine jumps: nothing is sent early, nothing twice."""

import asyncio
import signal
from datetime import timedelta

import pytest
from harness.scene import STORES, MakeScene, bound

from bot.model import DeliveryStatus

pytest_plugins = ["harness.fixtures"]

ON, BACK = signal.SIGUSR1, signal.SIGUSR2


@pytest.mark.parametrize("store", STORES)
async def test_a_jump_of_the_clock_loses_and_doubles_nothing(
    make_scene: MakeScene, store: str
) -> None:
    async with await make_scene(store) as scene:
        await scene.notice(40)
        await scene.notice(2, due_in=timedelta(hours=10))
        worker = await scene.start("the only one")
        for jump in (ON, BACK):
            await scene.progress(10)
            worker.signal(jump)
            await scene.top_up(60)
        await scene.progress(10)
        for jump in (BACK, ON):  # three hours ago nothing was due
            worker.signal(jump)
            await asyncio.sleep(0.5)
        await scene.drained(but=2 * len(scene.lanes))
        verdict = await scene.verdict()
        assert len(verdict.lost) == 2 * len(scene.lanes)  # not due: still waiting
        verdict.lost.clear()
        assert verdict.complaints(unknown_at_most={}) == []


@pytest.mark.parametrize("store", STORES)
async def test_a_crash_under_a_clock_set_back_holds_up_no_lane(
    make_scene: MakeScene, store: str
) -> None:
    async with await make_scene(store) as scene:
        await scene.notice(60)
        await scene.start("the only one", hours=3)
        await scene.progress(10)
        await scene.kill("the only one")

        await scene.start("the only one")
        await scene.drained()
        most = {lane: bound(lane) for lane in scene.lanes}  # no window is trusted now
        assert (await scene.verdict()).complaints(unknown_at_most=most) == []


@pytest.mark.parametrize("store", STORES)
async def test_what_is_too_late_after_a_jump_expires(
    make_scene: MakeScene, store: str
) -> None:
    async with await make_scene(store) as scene:
        await scene.notice(3, expires_in=timedelta(hours=1))
        await scene.start("the only one", hours=3)

        await scene.drained()
        rows = await scene.rows_in(DeliveryStatus.EXPIRED)
        assert rows.total() == 3 * len(scene.lanes)
        assert await scene.delivered() == 0
        assert (await scene.verdict()).complaints(unknown_at_most={}) == []
