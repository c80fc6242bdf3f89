"""PostgreSQL is stopped at once and started again, while three workers send."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from harness.scene import MakeScene, Scene
from postgres import PostgresServer

pytest_plugins = ["harness.fixtures"]

RESTARTS = 4
WORKERS = 3


@asynccontextmanager
async def supervised(scene: Scene) -> AsyncIterator[None]:
    """Start a worker again whenever one has ended, as systemd would."""
    task = asyncio.create_task(_supervise(scene))
    yield
    task.cancel()


async def _supervise(scene: Scene) -> None:
    number = WORKERS
    while True:
        for name, worker in [*scene.workers.items()]:
            if not worker.is_alive:
                del scene.workers[name]
                number += 1
                await scene.begin(f"again-{number}")
        await asyncio.sleep(0.1)


async def test_nothing_is_lost_or_doubled_when_postgres_restarts(
    make_scene: MakeScene, own_server: PostgresServer
) -> None:
    async with await make_scene("postgres") as scene:
        await scene.notice(60)
        for _ in range(WORKERS):
            await scene.start()
        async with supervised(scene):
            for _ in range(RESTARTS):
                await scene.top_up(50)
                await scene.say("telegram", ("someone", "still there?"))
                await scene.progress(10)
                scene.kills.update([*scene.lanes])
                await own_server.restart()
            await scene.drained()
        verdict = await scene.verdict()
        print(f"now {[*scene.workers]}: {verdict}")
        assert verdict.complaints(unknown_at_most=await scene.unknown_at_most()) == []
