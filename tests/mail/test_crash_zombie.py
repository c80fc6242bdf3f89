"""A worker that stands still beyond its lease and then goes on changes nothing."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from harness.scene import STORES, MakeScene

from bot.database import Database
from bot.errors import StoreError
from bot.mail.lanes import lane_is_ours, open_lane, take_lane

pytest_plugins = ["harness.fixtures"]

STOPS = 3


@pytest.mark.parametrize("store", STORES)
async def test_a_holder_that_sleeps_beyond_its_lease_sends_nothing_twice(
    make_scene: MakeScene, store: str
) -> None:
    async with await make_scene(store) as scene:
        for _ in range(2 if store == "postgres" else 1):
            await scene.start("" if store == "postgres" else "the only one")
        for _ in range(STOPS):
            await scene.top_up(80)
            await scene.say("telegram", ("someone", "still there?"))
            await scene.progress(20)
            holders = set((await scene.holders()).values()) & set(scene.workers)
            assert holders
            await scene.stand_still(sorted(holders)[0])
        await scene.drained()
        verdict = await scene.verdict()
        print(f"{dict(scene.kills)}: {verdict}")
        assert verdict.complaints(unknown_at_most=await scene.unknown_at_most()) == []


async def test_a_holder_that_freezes_in_a_transaction_holds_up_no_lane(
    make_scene: MakeScene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.database.FROZEN", 1)
    async with await make_scene("postgres") as scene:
        frozen, now = await Database.open(scene.url), datetime.now(UTC)
        async with frozen.writing() as session:
            await open_lane(session, "telegram")
            lease = timedelta(seconds=0.1)
            hold = await take_lane(
                session, "telegram", owner="frozen", now=now, lease=lease
            )
            assert hold
        with suppress(StoreError):  # the server has ended it
            async with frozen.writing() as session:
                assert await lane_is_ours(session, hold)  # locked, and never let go
                await scene.notice(3, lanes=["telegram"])
                await scene.start()
                await scene.drained()
        await frozen.close()
        assert (await scene.verdict()).complaints(unknown_at_most={}) == []
