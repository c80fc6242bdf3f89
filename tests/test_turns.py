"""Turns: one inside at a time, those in haste first, and none is ever lost."""

import asyncio

import pytest

from bot.turns import Turns


class Queue:
    """People who come for a turn; `had` is the order in which they had it."""

    def __init__(self) -> None:
        self.turns, self.had = Turns(), list[str]()
        self.inside = 0

    def come(
        self, *, to_do: asyncio.Event | None = None, name: str, first: bool
    ) -> "asyncio.Task[None]":
        async def have() -> None:
            async with self.turns.turn(first=first, within=5.0):
                self.inside += 1
                assert self.inside == 1
                self.had.append(name)
                if to_do:
                    await to_do.wait()
                await asyncio.sleep(0)
                self.inside -= 1

        return asyncio.create_task(have())


async def test_those_in_haste_go_before_the_others_each_in_order() -> None:
    queue, done = Queue(), asyncio.Event()
    tasks = [queue.come(name="now", first=False, to_do=done)]
    for name in ("b", "c"):
        tasks.append(queue.come(name=name, first=False))
    for name in ("x", "y"):
        tasks.append(queue.come(name=name, first=True))
    await asyncio.sleep(0)
    done.set()
    await asyncio.gather(*tasks)
    assert queue.had == ["now", "x", "y", "b", "c"]


async def test_whoever_comes_in_while_a_turn_ends_goes_before_the_others() -> None:
    queue, done = Queue(), asyncio.Event()
    now = queue.come(name="now", first=False, to_do=done)
    last = queue.come(name="last", first=False)
    await asyncio.sleep(0)
    done.set()
    await now
    for _ in range(3):  # what is read from a wire does not ask at once
        await asyncio.sleep(0)
    hasty = queue.come(name="hasty", first=True)
    await asyncio.gather(last, hasty)
    assert queue.had == ["now", "hasty", "last"]


async def test_those_in_haste_who_never_end_leave_turns_to_the_others() -> None:
    turns, had = Turns(), list[str]()

    async def hurry() -> None:
        while had.count("other") < 3:
            async with turns.turn(first=True, within=5.0):
                had.append("hasty")
                await asyncio.sleep(0)

    async def work() -> None:
        for _ in range(3):
            async with turns.turn(first=False, within=5.0):
                had.append("other")

    async with asyncio.timeout(5.0):
        await asyncio.gather(hurry(), hurry(), work())
    assert had.count("hasty") < 12


async def test_whoever_comes_again_at_once_overtakes_nobody() -> None:
    turns, had = Turns(), list[str]()

    async def come_often(name: str) -> None:
        for _ in range(3):
            async with turns.turn(first=False, within=5.0):
                had.append(name)
                await asyncio.sleep(0)

    await asyncio.gather(come_often("a"), come_often("b"))
    assert had == ["a", "b"] * 3


async def test_one_who_gives_up_keeps_nobody_waiting() -> None:
    queue, done = Queue(), asyncio.Event()
    busy = queue.come(name="now", first=False, to_do=done)
    gone = queue.come(name="gone", first=True)
    last = queue.come(name="last", first=False)
    await asyncio.sleep(0)
    gone.cancel()
    done.set()
    await asyncio.gather(busy, last)
    assert queue.had == ["now", "last"]
    assert gone.cancelled()


async def test_a_turn_that_comes_to_one_who_has_just_given_up_is_passed_on() -> None:
    turns = Turns()
    gone = asyncio.create_task(_come(turns))
    async with turns.turn(first=False, within=5.0):
        await asyncio.sleep(0)
    gone.cancel()  # it was given the turn, and has not run since
    with pytest.raises(asyncio.CancelledError):
        await gone
    async with turns.turn(first=False, within=0.01):
        pass


async def _come(turns: Turns) -> None:
    async with turns.turn(first=False, within=5.0):
        await asyncio.sleep(5.0)


async def test_a_turn_that_does_not_come_is_given_up() -> None:
    turns = Turns()
    async with turns.turn(first=False, within=5.0):
        with pytest.raises(TimeoutError):
            async with turns.turn(first=True, within=0.01):
                pass
    async with turns.turn(first=False, within=0.01):
        pass


async def test_what_fails_inside_passes_the_turn_on() -> None:
    turns = Turns()
    with pytest.raises(ValueError, match="no"):
        async with turns.turn(first=False, within=5.0):
            raise ValueError("no")
    async with turns.turn(first=False, within=0.01):
        pass
