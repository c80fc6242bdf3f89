"""kill -9 at every commit and send: the exact state left, and what becomes of it."""

import asyncio
from dataclasses import dataclass

import pytest
from harness.points import CODE
from harness.scene import STORES, MakeScene, Scene
from sqlalchemy import func, select

from bot.model import Delivery, DeliveryStatus, Letter, LetterStatus

pytest_plugins = ["harness.fixtures"]

ONE_BY_ONE = {"in_flight": 1, "answers_in_flight": 1}
TELEGRAM = {"telegram": ONE_BY_ONE}
WECOM = {"wecom": {**ONE_BY_ONE, "drops": 1800.0}}
CROWD = {"wecom": {**ONE_BY_ONE, "drops": 1800.0, "at_once": 4}}


@dataclass(frozen=True)
class Left:
    """What the crash leaves of the messages: in the ledger, and on the platform."""

    waiting: int = 0
    claimed: int = 0
    sending: int = 0
    sent: int = 0
    arrived: int = 0


# The four are sent one by one, and the crash comes at the third of them, or at the
# first claim, which takes three. One transaction records the end of a send, marks the
# next one and claims another: so one before it is committed undoes all three.
POINTS = {
    "before-claim:1": Left(waiting=4),
    "after-claim:1": Left(waiting=1, claimed=3),
    "before-mark:3": Left(waiting=1, claimed=1, sending=1, sent=1, arrived=2),
    "after-mark:3": Left(claimed=1, sending=1, sent=2, arrived=2),
    "before-send:3": Left(claimed=1, sending=1, sent=2, arrived=2),
    "after-send:3": Left(claimed=1, sending=1, sent=2, arrived=3),
    "before-settle:3": Left(claimed=1, sending=1, sent=2, arrived=3),
    "after-settle:3": Left(sending=1, sent=3, arrived=3),
}

# Eight go by two calls, four by each, and the crash comes at the second of them.
POINTS_OF_CROWDS = {
    "before-claim:1": Left(waiting=8),
    "after-claim:1": Left(waiting=4, claimed=4),
    "before-mark:2": Left(claimed=4, sending=4, arrived=4),
    "after-mark:2": Left(sending=4, sent=4, arrived=4),
    "before-send:2": Left(sending=4, sent=4, arrived=4),
    "after-send:2": Left(sending=4, sent=4, arrived=8),
    "before-settle:2": Left(sending=4, sent=4, arrived=8),
    "after-settle:2": Left(sent=8, arrived=8),
}


async def left_in(scene: Scene) -> Left:
    async with scene.database.reading() as session:
        rows = await session.execute(
            select(Delivery.status, func.count()).group_by(Delivery.status)
        )
        counts = {status.value: many for status, many in rows}
    return Left(**counts, arrived=await scene.delivered())


async def crash_at(scene: Scene, point: str, expected: Left, *, heals: bool) -> None:
    """Crash, look at what is left, start again, and look at what becomes of it.

    What was SENDING is UNKNOWN in the end, whether it arrived or not; where copies are
    dropped it is sent once more, which does no harm if it arrived.
    """
    many = sum((expected.waiting, expected.claimed, expected.sending, expected.sent))
    async with scene:
        await scene.notice(many)
        worker = await scene.begin("the only one", crash_at=point)
        assert await worker.wait() == CODE, point
        await asyncio.sleep(0.1)  # what was on its way arrives
        left = await left_in(scene)
        assert left == expected, point

        await scene.begin("the only one")
        await scene.drained()
        verdict = await scene.verdict()
        unknown = 0 if heals else left.sending
        most = dict.fromkeys(scene.lanes, unknown)
        assert verdict.complaints(unknown_at_most=most) == [], point
        assert verdict.unknown.total() == unknown, point
        assert verdict.by_status[DeliveryStatus.SENT] == many - unknown, point
        in_doubt = left.arrived - left.sent  # arrived, and nobody had written it down
        assert verdict.healed == (in_doubt if heals else 0), point
        assert await scene.delivered() == many - unknown + in_doubt * unknown, point


@pytest.mark.parametrize(
    "lanes", [TELEGRAM, WECOM], ids=lambda lanes: next(iter(lanes))
)
@pytest.mark.parametrize("store", STORES)
async def test_each_point_leaves_exactly_what_is_promised(
    make_scene: MakeScene, store: str, lanes: dict[str, dict[str, float]]
) -> None:
    runs = [
        crash_at(
            await make_scene(store, lanes=lanes), point, left, heals=lanes is WECOM
        )
        for point, left in POINTS.items()
    ]
    await asyncio.gather(*runs)


@pytest.mark.parametrize("store", STORES)
async def test_each_point_leaves_the_calls_to_many_whole(
    make_scene: MakeScene, store: str
) -> None:
    runs = [
        crash_at(await make_scene(store, lanes=CROWD), point, left, heals=True)
        for point, left in POINTS_OF_CROWDS.items()
    ]
    await asyncio.gather(*runs)


# What a crash leaves of a letter: kept or not, answered or not.
LETTER_POINTS = {
    "before-keep:1": (0, 0),
    "after-keep:1": (1, 0),
    "before-answer:1": (1, 0),
    "after-answer:1": (1, 1),
}


async def crash_at_letter(scene: Scene, point: str, kept: int, answered: int) -> None:
    async with scene:
        worker = await scene.start("the only one", crash_at=point)
        await scene.say("telegram", ("someone", "who leads this task?"))
        assert await worker.wait() == CODE, point
        async with scene.database.reading() as session:
            letters = (await session.scalars(select(Letter))).all()
            answers = (await session.scalars(select(Delivery))).all()
        assert len(letters) == kept, point
        done = [one for one in letters if one.status is LetterStatus.ANSWERED]
        assert len(done) == len(answers) == answered, point

        await scene.begin("the only one")
        await scene.drained()
        assert (await scene.verdict()).complaints(unknown_at_most={}) == [], point
        assert await scene.delivered() == 1, point


@pytest.mark.parametrize("store", STORES)
async def test_a_letter_is_answered_once_wherever_the_crash_was(
    make_scene: MakeScene, store: str
) -> None:
    runs = [
        crash_at_letter(await make_scene(store, lanes=TELEGRAM), point, kept, answered)
        for point, (kept, answered) in LETTER_POINTS.items()
    ]
    await asyncio.gather(*runs)


# Answers that are marked in the transaction that writes them: undone with it, or as
# unknown as any other of which nobody knows whether it was sent.
HURRIED_POINTS = {"before-hurry:1": 0, "after-hurry:1": 1}


async def crash_at_hurried_answer(scene: Scene, point: str, unknown: int) -> None:
    async with scene:
        worker = await scene.start("the only one", crash_at=point)
        end = asyncio.create_task(worker.wait())

        async def has_settled() -> bool:
            record = await scene.record()  # first: what is confirmed is kept
            is_heard = not any(lane["unconfirmed"] for lane in record.values())
            return end.done() or (is_heard and await scene.unfinished() == 0)

        while not end.done():  # until one comes while the postman is still there
            await scene.say("telegram", (f"chat {scene.letters}", "who leads this?"))
            await scene.until(has_settled, within=20, what="settled")
        assert end.result() == CODE, point

        await scene.begin("the only one")
        await scene.drained()
        verdict = await scene.verdict()
        assert verdict.complaints(unknown_at_most={"telegram": unknown}) == [], point
        assert verdict.unknown.total() == unknown, point
        assert await scene.delivered() == scene.letters - unknown, point


@pytest.mark.parametrize("store", STORES)
async def test_an_answer_that_goes_at_once_is_never_sent_twice(
    make_scene: MakeScene, store: str
) -> None:
    runs = [
        crash_at_hurried_answer(await make_scene(store, lanes=TELEGRAM), point, unknown)
        for point, unknown in HURRIED_POINTS.items()
    ]
    async with asyncio.timeout(60):
        await asyncio.gather(*runs)
