"""The doorbell: the same cases in memory and on PostgreSQL, then what only one has."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from postgres import PostgresServer, postgres_server
from sqlalchemy import make_url

from bot.database import SchemaState, migrate, schema_state
from bot.errors import NotFound, StoreError
from bot.mail.doorbell import AT_ONCE, Doorbell, QueueDoorbell
from bot.mail.queue_tables import QueueState, install, queue_state
from bot.mail.wires import NAMES, MemoryWire, PostgresWire, connect_to

ROOT = Path(__file__).parents[2]
SOON = 20.0  # seconds, for machines that are busy with something else
A_MOMENT = 0.3  # in which what must not happen would have happened
QUICK = timedelta(seconds=2)
Answer = Callable[[str], Awaitable[None]]

WORKER = """
import asyncio, sys
from bot.mail.doorbell import QueueDoorbell

async def answer(name):
    print(name, flush=True)
    await asyncio.sleep(3600)

async def main():
    bell = await QueueDoorbell.on_postgres(sys.argv[1])
    print("ready", flush=True)
    await bell.run(answer)

asyncio.run(main())
"""


class Worker:
    """Answers rings and notes them; what `held` names waits until it is let go."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.held: dict[str, asyncio.Event] = {}
        self._changed = asyncio.Condition()

    async def answer(self, name: str) -> None:
        async with self._changed:
            self.heard.append(name)
            self._changed.notify_all()
        if name in self.held:
            await self.held[name].wait()

    async def wait_for(self, *names: str) -> None:
        """Wait until exactly these were heard, in any order."""
        async with self._changed, asyncio.timeout(SOON):
            await self._changed.wait_for(lambda: sorted(self.heard) == sorted(names))

    def hold(self, name: str) -> asyncio.Event:
        self.held[name] = asyncio.Event()
        return self.held[name]


@asynccontextmanager
async def at_work(bell: Doorbell, answer: Answer) -> AsyncIterator[None]:
    """Have a bell answered until the block ends."""
    task = asyncio.create_task(bell.run(answer))
    try:
        yield
    finally:
        await bell.close()
        await task


async def make_queue(server: PostgresServer) -> str:
    url = await server.create(f"plan_{uuid4().hex}")
    await install(url)
    return url


@pytest.fixture
def queue_url(postgres: PostgresServer) -> Iterator[str]:
    """Give a database that has the queue's tables and nothing else."""
    url = asyncio.run(make_queue(postgres))
    yield url
    asyncio.run(postgres.drop(make_url(url).database or ""))


@pytest.fixture(params=["memory", "postgres"])
async def bell(request: pytest.FixtureRequest) -> AsyncIterator[QueueDoorbell]:
    """Give a bell of either kind, which nobody answers yet."""
    if request.param == "memory":
        bell = QueueDoorbell.in_memory()
    else:
        server = request.getfixturevalue("postgres")
        bell = await QueueDoorbell.on_postgres(await make_queue(server))
    yield bell
    await bell.close()


async def test_a_ring_is_answered(bell: QueueDoorbell) -> None:
    worker = Worker()
    async with at_work(bell, worker.answer):
        await bell.ring("chat:telegram:-100：一号群")
        await worker.wait_for("chat:telegram:-100：一号群")


async def test_a_ring_before_anybody_listens_is_kept(bell: QueueDoorbell) -> None:
    worker = Worker()
    await bell.ring("lane:telegram")
    async with at_work(bell, worker.answer):
        await worker.wait_for("lane:telegram")


async def test_rings_of_one_name_that_waits_are_one(bell: QueueDoorbell) -> None:
    worker = Worker()
    for name in ("a", "a", "b", "a"):
        await bell.ring(name)
    await asyncio.gather(*(bell.ring("b") for _ in range(20)))
    async with at_work(bell, worker.answer):
        await worker.wait_for("a", "b")
        await asyncio.sleep(A_MOMENT)
        assert sorted(worker.heard) == ["a", "b"]


async def test_rings_while_it_is_answered_are_answered_once_more_afterwards(
    bell: QueueDoorbell,
) -> None:
    worker = Worker()
    let_go = worker.hold("a")
    async with at_work(bell, worker.answer):
        await bell.ring("a")
        await worker.wait_for("a")
        for _ in range(3):
            await bell.ring("a")
        await asyncio.sleep(A_MOMENT)
        assert worker.heard == ["a"]  # never twice at a time
        let_go.set()
        await worker.wait_for("a", "a")
        await asyncio.sleep(A_MOMENT)
        assert worker.heard == ["a", "a"]


@pytest.mark.parametrize("pause", [0, 0.001, 0.005, 0.02, 0.06])
async def test_a_ring_soon_after_the_answer_is_answered_too(
    bell: QueueDoorbell, pause: float
) -> None:
    worker = Worker()
    async with at_work(bell, worker.answer):
        for times in range(1, 9):
            await bell.ring("a")
            await worker.wait_for(*["a"] * times)
            await asyncio.sleep(pause)


async def test_names_are_answered_at_the_same_time(bell: QueueDoorbell) -> None:
    barrier = asyncio.Barrier(AT_ONCE + 1)

    async def meet(name: str) -> None:
        await barrier.wait()

    async with at_work(bell, meet):
        for number in range(AT_ONCE):
            await bell.ring(f"chat:{number}")
        async with asyncio.timeout(SOON):
            await barrier.wait()


async def test_no_more_names_than_agreed_are_answered_at_a_time(
    bell: QueueDoorbell,
) -> None:
    worker = Worker()
    names = [f"chat:{number}" for number in range(AT_ONCE + 1)]
    events = [worker.hold(name) for name in names]
    async with at_work(bell, worker.answer):
        await asyncio.gather(*(bell.ring(name) for name in names))
        await worker.wait_for(*names[:AT_ONCE])
        await asyncio.sleep(A_MOMENT)
        assert len(worker.heard) == AT_ONCE
        for event in events:
            event.set()
        await worker.wait_for(*names)


async def test_a_ring_to_go_first_goes_before_the_others(bell: QueueDoorbell) -> None:
    worker = Worker()
    await bell.ring("chat:1")
    await bell.ring("chat:2")
    await bell.ring("lane:telegram", first=True)
    async with at_work(bell, worker.answer):
        await worker.wait_for("chat:1", "chat:2", "lane:telegram")
    assert worker.heard == ["lane:telegram", "chat:1", "chat:2"]


@pytest.mark.parametrize("error", [ValueError("broken"), NotFound("gone")])
async def test_an_answer_that_raises_harms_nobody(
    bell: QueueDoorbell, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    worker = Worker()

    async def answer(name: str) -> None:
        await worker.answer(name)
        if worker.heard == ["bad"]:
            raise error

    async with at_work(bell, answer):
        await bell.ring("bad")
        await worker.wait_for("bad")
        await bell.ring("good")
        await worker.wait_for("bad", "good")
        await bell.ring("bad")
        await worker.wait_for("bad", "good", "bad")
    assert [record.getMessage() for record in caplog.records] == [
        f"bad was not answered{f': {error}' if isinstance(error, NotFound) else ''}"
    ]


async def test_closing_lets_answers_end_for_a_moment(bell: QueueDoorbell) -> None:
    ended: list[str] = []
    worker = Worker()

    async def answer(name: str) -> None:
        await worker.answer(name)
        await asyncio.sleep(0.1 if name == "short" else 3600)
        ended.append(name)

    task = asyncio.create_task(bell.run(answer))
    await bell.ring("long")
    await worker.wait_for("long")
    await bell.ring("short")
    await worker.wait_for("long", "short")
    async with asyncio.timeout(SOON):
        await bell.close()
        await task
    assert ended == ["short"]


async def test_a_closed_bell_neither_rings_nor_runs(bell: QueueDoorbell) -> None:
    worker = Worker()
    await bell.close()
    await bell.close()
    await bell.ring("a")
    async with asyncio.timeout(SOON):
        await bell.run(worker.answer)
    assert worker.heard == []


async def test_who_cancels_the_work_ends_it(bell: QueueDoorbell) -> None:
    worker = Worker()
    worker.hold("a")
    task = asyncio.create_task(bell.run(worker.answer))
    await bell.ring("a")
    await worker.wait_for("a")
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(task, SOON)


async def test_the_queue_keeps_no_log_for_ever(queue_url: str) -> None:
    for wire in (MemoryWire(), PostgresWire(queue_url)):
        worker = Worker()
        bell = QueueDoorbell(wire)
        async with at_work(bell, worker.answer):
            await bell.ring("a")
            await worker.wait_for("a")
            async with asyncio.timeout(SOON):
                while not await (await wire.queries()).queue_log():  # noqa: ASYNC110
                    await asyncio.sleep(0.02)
            await wire.sweep()
            assert await (await wire.queries()).queue_log() == []


async def test_of_two_workers_one_answers(queue_url: str) -> None:
    worker = Worker()
    names = [f"chat:{number}" for number in range(40)]
    one = await QueueDoorbell.on_postgres(queue_url)
    two = await QueueDoorbell.on_postgres(queue_url)
    async with at_work(one, worker.answer), at_work(two, worker.answer):
        await asyncio.gather(
            *(bell.ring(name) for name in names for bell in (one, two))
        )
        await worker.wait_for(*names)


async def test_who_only_rings_is_heard_elsewhere(queue_url: str) -> None:
    worker = Worker()
    web = await QueueDoorbell.on_postgres(queue_url)
    async with at_work(await QueueDoorbell.on_postgres(queue_url), worker.answer):
        await web.ring("chat:telegram:1")
        await worker.wait_for("chat:telegram:1")
    await web.close()


async def test_a_ring_while_another_process_answers_it_is_skipped(
    queue_url: str,
) -> None:
    worker = Worker()
    let_go = worker.hold("a")
    web = await QueueDoorbell.on_postgres(queue_url)
    async with at_work(await QueueDoorbell.on_postgres(queue_url), worker.answer):
        await web.ring("a")
        await worker.wait_for("a")
        await web.ring("a")
        let_go.set()
        await asyncio.sleep(A_MOMENT)
        assert worker.heard == ["a"]
        async with asyncio.timeout(SOON):
            while len(worker.heard) == 1:
                await web.ring("a")  # as the clock does every second
                await asyncio.sleep(A_MOMENT)
        assert worker.heard == ["a", "a"]
    await web.close()


async def test_what_a_killed_worker_had_in_hand_goes_to_another(
    queue_url: str,
) -> None:
    command = [sys.executable, "-c", WORKER, queue_url]
    process = await asyncio.create_subprocess_exec(
        *command, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout
    assert await process.stdout.readline() == b"ready\n"
    bell = await QueueDoorbell.on_postgres(queue_url, heartbeat=QUICK)
    await bell.ring("lane:telegram")
    assert await process.stdout.readline() == b"lane:telegram\n"
    process.kill()
    await process.wait()
    worker = Worker()
    async with at_work(bell, worker.answer):
        await worker.wait_for("lane:telegram")


async def test_what_is_long_in_hand_is_not_given_to_another(queue_url: str) -> None:
    worker = Worker()
    worker.hold("a")
    one = await QueueDoorbell.on_postgres(queue_url, heartbeat=QUICK)
    two = await QueueDoorbell.on_postgres(queue_url, heartbeat=QUICK)
    async with at_work(one, worker.answer), at_work(two, worker.answer):
        await one.ring("a")
        await worker.wait_for("a")
        await asyncio.sleep(3 * QUICK.total_seconds())
        assert worker.heard == ["a"]


async def test_a_bell_outlives_a_crash_of_its_server(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with postgres_server(own=True, synchronous_commit="on") as server:
        worker = Worker()
        bell = await QueueDoorbell.on_postgres(await make_queue(server))
        async with at_work(bell, worker.answer):
            let_go = worker.hold("long")
            await bell.ring("long")
            await worker.wait_for("long")
            await server.restart()
            async with asyncio.timeout(SOON):
                while "after" not in worker.heard:
                    await bell.ring("after")
                    await asyncio.sleep(0.05)
            let_go.set()  # and what was under way went on
    assert [record.levelname for record in caplog.records].count("WARNING") == 1
    assert not [record for record in caplog.records if record.exc_info]


async def test_a_bell_can_be_closed_while_its_server_is_gone() -> None:
    with postgres_server(own=True) as server:
        bell = await QueueDoorbell.on_postgres(await make_queue(server))
        task = asyncio.create_task(bell.run(Worker().answer))
    await bell.ring("a")
    async with asyncio.timeout(SOON):
        await bell.close()
        await task


async def test_a_bell_without_tables_says_what_to_do(postgres: PostgresServer) -> None:
    url = await postgres.create(f"plan_{uuid4().hex}")
    with pytest.raises(StoreError) as caught:
        await QueueDoorbell.on_postgres(url)
    assert "bot migrate" in caught.value.reply


async def test_a_bell_without_a_server_tells_no_password() -> None:
    url = "postgresql+asyncpg://bot:s3cret@127.0.0.1:1/plans"
    with pytest.raises(StoreError) as caught:
        await QueueDoorbell.on_postgres(url)
    assert "s3cret" not in str(caught.value) + caught.value.reply


async def test_the_tables_are_laid_once_by_many_at_once(
    postgres: PostgresServer,
) -> None:
    url = await postgres.create(f"plan_{uuid4().hex}")
    assert await queue_state(url) is QueueState.MISSING
    await asyncio.gather(*(install(url) for _ in range(3)))
    assert await queue_state(url) is QueueState.CURRENT


async def test_older_tables_are_brought_up_to_date(queue_url: str) -> None:
    connection = await connect_to(queue_url)
    await connection.execute("ALTER TABLE pgqueuer DROP COLUMN dedupe_key CASCADE")
    await connection.close()
    assert await queue_state(queue_url) is QueueState.OLDER
    await install(queue_url)
    assert await queue_state(queue_url) is QueueState.CURRENT


async def test_beside_sqlite_no_tables_are_needed(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'plans.sqlite3'}"
    await install(url)
    assert await queue_state(url) is QueueState.NONE_NEEDED
    assert not os.listdir(tmp_path)


async def test_the_tables_stand_beside_ours_in_either_order(queue_url: str) -> None:
    assert await schema_state(queue_url) is SchemaState.EMPTY
    await migrate(queue_url)
    assert await schema_state(queue_url) is SchemaState.CURRENT
    await install(queue_url)
    await migrate(queue_url)
    assert await queue_state(queue_url) is QueueState.CURRENT


async def test_a_user_with_no_right_but_to_rows_can_ring_and_answer(
    queue_url: str, postgres: PostgresServer
) -> None:
    user = f"bot_{uuid4().hex}"
    owner = await connect_to(queue_url)
    await owner.execute(
        f"""
        CREATE ROLE {user} LOGIN PASSWORD 'bell';
        GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {user};
        GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {user};
        """
    )
    place = make_url(queue_url).set(username=user, password="bell")
    wire = PostgresWire(place.render_as_string(hide_password=False))
    worker = Worker()
    bell = QueueDoorbell(wire)
    async with at_work(bell, worker.answer):
        for times in (1, 2):
            await bell.ring("a")
            await worker.wait_for(*["a"] * times)
            await asyncio.sleep(A_MOMENT)
        await wire.sweep()
    await owner.execute(f"DROP OWNED BY {user}; DROP ROLE {user};")
    await owner.close()


def test_the_environment_has_no_say(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CHANNEL", "TRIGGER", "PGQUEUER_PREFIX", "PGQUEUER_QUEUE_TABLE"):
        monkeypatch.setenv(name, "elsewhere")
    assert type(NAMES)() == NAMES
    assert NAMES.queue_table == "pgqueuer"
