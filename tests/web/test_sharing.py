"""However many ask how the machine is, the store is looked at once."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import httpx
import pytest

from bot.errors import StoreError
from bot.web.metrics import Metrics
from bot.web.server import doors
from bot.web.sharing import FRESH, SharedLook
from handlers.health import BeatHealth, Health

ZERO = timedelta(0)


def health(*, late: bool = False) -> Health:
    beat = BeatHealth(age=ZERO, late=late)
    return Health(
        beats={"ring": beat}, lanes={}, letters={}, oldest_letter=ZERO, alarms=()
    )


class Store:
    """Counts how often it is looked at, and how often at the same time."""

    def __init__(self) -> None:
        self.looks = self.now = self.most = 0
        self.told: Callable[[], Health] = health

    async def look(self) -> Health:
        self.looks += 1
        self.now += 1
        self.most = max(self.most, self.now)
        await asyncio.sleep(0.01)
        self.now -= 1
        return self.told()


@pytest.fixture
def store() -> Store:
    return Store()


async def get(store: Store, *paths: str) -> list[int]:
    door = httpx.ASGITransport(doors(store.look, Metrics()))
    async with httpx.AsyncClient(transport=door, base_url="http://bot") as client:
        asked: list[Awaitable[httpx.Response]] = [client.get(path) for path in paths]
        return [response.status_code for response in await asyncio.gather(*asked)]


async def test_a_hundred_questions_are_one_look(store: Store) -> None:
    told = await get(store, *(["/healthz", "/metrics"] * 50))

    assert told == [200] * 100
    assert store.looks == 1


async def test_a_red_state_is_hidden_no_longer_than_a_look_is_fresh(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    moment, late, found = [0.0], [False], []

    async def look() -> Health:
        return health(late=late[0])

    shared = SharedLook(look)
    monkeypatch.setattr(asyncio.get_running_loop(), "time", lambda: moment[0])
    for seconds in (0.0, FRESH - 0.1, FRESH):
        moment[0] = seconds
        found.append((await shared()).is_good)
        late[0] = True

    assert found == [True, True, False]
    assert FRESH <= 5


async def test_who_gives_up_stops_no_look_and_begins_no_second_one(
    store: Store,
) -> None:
    shared = SharedLook(store.look)
    first = asyncio.create_task(shared())
    await asyncio.sleep(0)
    second = asyncio.create_task(shared())
    await asyncio.sleep(0)
    first.cancel()

    assert (await second).is_good
    assert (store.looks, store.most) == (1, 1)


async def test_a_failure_is_told_to_all_and_looked_at_again(store: Store) -> None:
    def fail() -> Health:
        raise StoreError("away")

    store.told = fail
    assert await get(store, "/healthz", "/metrics") == [503, 503]
    assert store.looks == 1
