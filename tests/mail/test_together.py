"""What many ask for at one moment is done in one go."""

import asyncio
from collections.abc import Sequence

import pytest

from bot.errors import StoreError
from bot.mail.together import Portion, Together


class Work:
    """Doubles numbers; negative ones are wrong, and zero finds the store gone."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.begun, self.may = asyncio.Event(), asyncio.Event()
        self.may.set()

    async def double(self, numbers: Sequence[int]) -> list[int]:
        self.batches.append([*numbers])
        self.begun.set()
        await self.may.wait()
        if any(one < 0 for one in numbers):
            raise ValueError("negative")
        if 0 in numbers:
            raise StoreError("gone")
        return [2 * one for one in numbers]


@pytest.fixture
def work() -> Work:
    return Work()


async def test_what_comes_meanwhile_makes_the_next_batch(work: Work) -> None:
    together = Together(work.double, most=9)
    work.may.clear()
    first = asyncio.create_task(together.ask(1))
    await work.begun.wait()
    others = asyncio.gather(together.ask(2), together.ask(3))
    await asyncio.sleep(0)
    work.may.set()
    assert await others == [4, 6]
    assert await first == 2
    assert work.batches == [[1], [2, 3]]


async def test_no_batch_is_larger_than_the_most(work: Work) -> None:
    together = Together(work.double, most=2)
    assert await asyncio.gather(*map(together.ask, range(1, 6))) == [2, 4, 6, 8, 10]
    assert work.batches == [[1, 2], [3, 4], [5]]


async def test_who_is_wrong_hurts_nobody_else(work: Work) -> None:
    together = Together(work.double, most=9)
    asked = [together.ask(one) for one in (1, -1, 2)]
    one, wrong, two = await asyncio.gather(*asked, return_exceptions=True)
    assert (one, two) == (2, 4)
    assert isinstance(wrong, ValueError)


async def test_a_store_that_is_gone_is_asked_once(work: Work) -> None:
    together = Together(work.double, most=9)
    asked = [together.ask(one) for one in (1, 0, 2)]
    results = await asyncio.gather(*asked, return_exceptions=True)
    assert all(isinstance(one, StoreError) for one in results)
    assert len(work.batches) == 1


async def test_who_no_longer_waits_is_left_out(work: Work) -> None:
    together = Together(work.double, most=9)
    work.may.clear()
    first = asyncio.create_task(together.ask(1))
    await work.begun.wait()
    gone, stays = (asyncio.create_task(together.ask(one)) for one in (2, 3))
    await asyncio.sleep(0)
    gone.cancel()
    work.may.set()
    assert await asyncio.gather(first, stays) == [2, 6]
    assert work.batches[-1] == [3]


async def test_whoever_is_to_go_first_overtakes_those_who_wait(work: Work) -> None:
    together = Together(work.double, most=1)
    work.may.clear()
    asked = [asyncio.create_task(together.ask(one)) for one in (1, 2, 3)]
    await work.begun.wait()
    asked.append(asyncio.create_task(together.ask(4, first=True)))
    await asyncio.sleep(0)
    work.may.set()
    await asyncio.gather(*asked)
    assert work.batches == [[1], [4], [2], [3]]


@pytest.mark.parametrize(("asked", "sizes"), [(4, [2, 2]), (160, [5, 4, 4])])
async def test_a_portion_grows_where_many_wait(
    work: Work, asked: int, sizes: list[int]
) -> None:
    together = Together(work.double, most=9, portion=lambda: 2)
    await asyncio.gather(*map(together.ask, range(1, asked + 1)))
    assert [len(one) for one in work.batches][: len(sizes)] == sizes


def test_a_portion_is_as_large_as_its_time_allows() -> None:
    portion = Portion(seconds=0.02)
    for _ in range(50):
        portion.note(5, took=0.01)
    assert portion() == 10
    for _ in range(50):
        portion.note(1, took=1.0)
    assert portion() == 1
